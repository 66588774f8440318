#include "score/clock.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* Bars are counted in sixteenths of a tick: with denominators up to 64 every bar is then a whole
 * number of them, whatever the resolution, and no bar line can drift. */
#define PARTS 16
#define MOST_DENOMINATOR 64

struct tempo {
    int64_t tick;
    double seconds;      /* at which it begins */
    double tick_seconds; /* length of a tick from here on */
    double bpm;
};

struct metre {
    int64_t tick;
    int first_bar;
    int numerator, denominator;
    int64_t bar_parts; /* length of a bar */
};

struct clock {
    int ppq;
    double tempo_scale;
    struct tempo *tempos; /* at least one, the first at tick 0; so with metres */
    int tempo_count, tempo_room;
    struct metre *metres;
    int metre_count, metre_room;
};

static bool make_room(void **items, size_t size, int count, int *room)
{
    if (count < *room)
        return true;
    int wanted = *room ? 2 * *room : 8;
    void *larger = realloc(*items, (size_t)wanted * size);
    if (!larger)
        return false;
    *items = larger;
    *room = wanted;
    return true;
}

struct clock *clock_new(int ppq, double tempo_percent)
{
    assert(ppq > 0 && tempo_percent > 0);
    struct clock *clock = calloc(1, sizeof *clock);
    if (!clock)
        return NULL;
    clock->ppq = ppq;
    clock->tempo_scale = tempo_percent / 100;
    if (!clock_add_tempo(clock, 0, 500000) || !clock_add_metre(clock, 0, 4, 4)) {
        clock_free(clock);
        return NULL;
    }
    return clock;
}

void clock_free(struct clock *clock)
{
    if (!clock)
        return;
    free(clock->tempos);
    free(clock->metres);
    free(clock);
}

/* The last change at a tick wins. */
static bool push_tempo(struct clock *clock, struct tempo next)
{
    struct tempo *last = clock->tempo_count ? &clock->tempos[clock->tempo_count - 1] : NULL;
    assert(!last || next.tick >= last->tick);
    next.seconds = last ? clock_seconds(clock, (double)next.tick) : 0;
    if (last && last->tick == next.tick) {
        *last = next;
        return true;
    }
    if (!make_room((void **)&clock->tempos, sizeof next, clock->tempo_count, &clock->tempo_room))
        return false;
    clock->tempos[clock->tempo_count++] = next;
    return true;
}

static bool push_metre(struct clock *clock, struct metre next)
{
    struct metre *last = clock->metre_count ? &clock->metres[clock->metre_count - 1] : NULL;
    assert(!last || next.tick >= last->tick);
    if (last && last->tick == next.tick) {
        *last = next;
        return true;
    }
    if (!make_room((void **)&clock->metres, sizeof next, clock->metre_count, &clock->metre_room))
        return false;
    clock->metres[clock->metre_count++] = next;
    return true;
}

bool clock_add_tempo(struct clock *clock, int64_t tick, double us_per_quarter)
{
    assert(tick >= 0 && us_per_quarter > 0);
    return push_tempo(clock,
                      (struct tempo){
                          .tick = tick,
                          .tick_seconds = us_per_quarter / 1e6 / clock->ppq / clock->tempo_scale,
                          .bpm = 60e6 / us_per_quarter * clock->tempo_scale,
                      });
}

/* The bar that begins at `tick`; one that the change cuts short counts as a bar. */
static int bar_from(const struct metre *last, int64_t tick)
{
    int64_t parts = (tick - last->tick) * PARTS;
    return last->first_bar + (int)((parts + last->bar_parts - 1) / last->bar_parts);
}

/* A signature that repeats the one in force changes nothing: notation programs write it again
 * wherever they like. */
bool clock_add_metre(struct clock *clock, int64_t tick, int numerator, int denominator)
{
    assert(tick >= 0 && numerator > 0);
    assert(denominator > 0 && MOST_DENOMINATOR % denominator == 0);
    const struct metre *last = clock->metre_count ? &clock->metres[clock->metre_count - 1] : NULL;
    struct metre next = {
        .tick = tick,
        .first_bar = last ? bar_from(last, tick) : 0,
        .numerator = numerator,
        .denominator = denominator,
        .bar_parts = (int64_t)numerator * clock->ppq * (4 * PARTS / denominator),
    };
    if (last && last->tick != tick && last->numerator == numerator &&
        last->denominator == denominator)
        return true;
    return push_metre(clock, next);
}

static const struct tempo *tempo_at_tick(const struct clock *clock, double tick)
{
    int low = 0, high = clock->tempo_count - 1;
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if ((double)clock->tempos[middle].tick <= tick)
            low = middle;
        else
            high = middle - 1;
    }
    return &clock->tempos[low];
}

static const struct tempo *tempo_at_seconds(const struct clock *clock, double seconds)
{
    int low = 0, high = clock->tempo_count - 1;
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if (clock->tempos[middle].seconds <= seconds)
            low = middle;
        else
            high = middle - 1;
    }
    return &clock->tempos[low];
}

static const struct metre *metre_at_tick(const struct clock *clock, double tick)
{
    int low = 0, high = clock->metre_count - 1;
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if ((double)clock->metres[middle].tick <= tick)
            low = middle;
        else
            high = middle - 1;
    }
    return &clock->metres[low];
}

static const struct metre *metre_at_bar(const struct clock *clock, int bar)
{
    int low = 0, high = clock->metre_count - 1;
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if (clock->metres[middle].first_bar <= bar)
            low = middle;
        else
            high = middle - 1;
    }
    return &clock->metres[low];
}

bool clock_add_stretch(struct clock *clock, int64_t at, int bar, const struct clock *source,
                       int64_t from, int64_t end, double speed)
{
    assert(clock->ppq == source->ppq && speed > 0);
    const struct tempo *tempo = tempo_at_tick(source, (double)from);
    const struct metre *metre = metre_at_tick(source, (double)from);
    bool added = true;
    for (; added && tempo < source->tempos + source->tempo_count && tempo->tick < end; tempo++) {
        struct tempo next = *tempo;
        next.tick = at + (tempo->tick > from ? tempo->tick - from : 0);
        next.tick_seconds /= speed;
        next.bpm *= speed;
        added = push_tempo(clock, next);
    }
    int before = bar_from(metre, from);
    for (; added && metre < source->metres + source->metre_count && metre->tick < end; metre++) {
        struct metre next = *metre;
        next.tick = at + (metre->tick > from ? metre->tick - from : 0);
        next.first_bar = bar + (metre->tick > from ? metre->first_bar - before : 0);
        added = push_metre(clock, next);
    }
    return added;
}

double clock_seconds(const struct clock *clock, double tick)
{
    const struct tempo *tempo = tempo_at_tick(clock, tick);
    return tempo->seconds + (tick - (double)tempo->tick) * tempo->tick_seconds;
}

double clock_tick(const struct clock *clock, double seconds)
{
    const struct tempo *tempo = tempo_at_seconds(clock, seconds);
    return (double)tempo->tick + (seconds - tempo->seconds) / tempo->tick_seconds;
}

struct position clock_position(const struct clock *clock, double tick)
{
    const struct metre *metre = metre_at_tick(clock, tick);
    double parts = (tick - (double)metre->tick) * PARTS, length = (double)metre->bar_parts;
    /* The quotient is rounded, so it may name the bar after; the remainder tells. */
    double bars = floor(parts / length), rest = parts - bars * length;
    if (rest < 0) {
        bars--;
        rest += length;
    }
    double bpm = tempo_at_tick(clock, tick)->bpm;
    return (struct position){
        .bar = metre->first_bar + (int)bars,
        .quarter = rest / ((double)clock->ppq * PARTS),
        .phase = fmin(rest / length, nextafter(1, 0)),
        .bpm = bpm,
        .numerator = metre->numerator,
        .denominator = metre->denominator,
        .bar_s = 240.0 * metre->numerator / metre->denominator / bpm,
    };
}

int64_t clock_bar_tick(const struct clock *clock, int bar)
{
    const struct metre *metre = metre_at_bar(clock, bar);
    int64_t parts = (int64_t)(bar - metre->first_bar) * metre->bar_parts;
    return metre->tick + (parts + PARTS / 2) / PARTS;
}
