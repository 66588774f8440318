#include "base/median.h"
#include "learn/judgement.h"

#include <math.h>
#include <stdlib.h>

enum { LEAST_NOTES = 3, LEAST_BARS = 8 }; /* of a bar that is judged; of a part of the take */

static const double SD_OF_MAD = 1.4826;      /* of normal noise */
static const double FAR_SD = 4, FAR_MS = 12; /* that far off, a bar sticks out */
static const double USUAL = 0.5;             /* of what it sticks out by, in earlier takes too */
static const double TURN_MS = 6, TURN_RATIO = 1.6, TURN_SD = 5;

/* What the bars of a take, or of a part of it, are like that have enough notes. */
struct crowd {
    double middle_ms, sd_ms; /* robust; NaN where there is no bar */
};

static bool judged(const struct take_bars *bars, int bar)
{
    return bar < bars->count && bars->bars[bar].notes >= LEAST_NOTES;
}

/* Of the bars from `first` up to, but not including, `end`. */
static struct crowd crowd_of(const struct take_bars *bars, int first, int end, double *scratch)
{
    struct crowd crowd;
    int count = 0;
    for (int bar = first; bar < end; bar++)
        if (judged(bars, bar))
            scratch[count++] = (double)bars->bars[bar].apart_ms;
    crowd.middle_ms = median(scratch, count);
    for (int i = 0; i < count; i++)
        scratch[i] = fabs(scratch[i] - crowd.middle_ms);
    crowd.sd_ms = SD_OF_MAD * median(scratch, count);
    return crowd;
}

/* Further out than this, a bar sticks out. */
static double limit_ms(const struct crowd *crowd)
{
    return crowd->middle_ms + fmax(FAR_MS, FAR_SD * crowd->sd_ms);
}

static double excess_ms(const struct take_bars *bars, const struct crowd *crowd, int bar)
{
    return (double)bars->bars[bar].apart_ms - crowd->middle_ms;
}

/* Takes as the search for odd bars sees them. */
struct gallery {
    const struct take_bars *bars, *earlier;
    int earlier_count;
    int turn;             /* the bar, from 0, with which the second part of the take begins */
    struct crowd part[2]; /* the same crowd twice where the take is even */
    struct crowd *earlier_crowds;
    double *scratch; /* room for every bar, and for every earlier take */
    int *order;      /* the bars that are judged */
};

static const struct crowd *crowd_at(const struct gallery *gallery, int bar)
{
    return &gallery->part[bar >= gallery->turn];
}

static bool sticks_out(const struct gallery *gallery, int bar)
{
    return judged(gallery->bars, bar) &&
           (double)gallery->bars->bars[bar].apart_ms > limit_ms(crowd_at(gallery, bar));
}

/* Whether the bar sticks out of the earlier takes, too. */
static bool is_usual(const struct gallery *gallery, int bar)
{
    int count = 0;
    for (int i = 0; i < gallery->earlier_count; i++)
        if (judged(&gallery->earlier[i], bar))
            gallery->scratch[count++] =
                excess_ms(&gallery->earlier[i], &gallery->earlier_crowds[i], bar);
    return count && median(gallery->scratch, count) >
                        USUAL * excess_ms(gallery->bars, crowd_at(gallery, bar), bar);
}

/* Keeps the worst, in order. */
static void insert(struct judgement *judgement, const struct odd_bars *odd)
{
    int place = judgement->odd_count;
    while (place > 0 && judgement->odd[place - 1].apart_ms < odd->apart_ms)
        place--;
    if (judgement->odd_count < MOST_ODD_BARS)
        judgement->odd_count++;
    for (int i = judgement->odd_count - 1; i > place; i--)
        judgement->odd[i] = judgement->odd[i - 1];
    if (place < judgement->odd_count)
        judgement->odd[place] = *odd;
}

/* Where the guitar was in the bars, or in all the others: mean g. */
static double guitar_ms(const struct take_bars *bars, int first, int last, bool within)
{
    double sum = 0;
    int notes = 0;
    for (int bar = 0; bar < bars->count; bar++)
        if (bars->bars[bar].notes && (bar >= first && bar <= last) == within) {
            sum += (double)bars->bars[bar].guitar_ms * bars->bars[bar].notes;
            notes += bars->bars[bar].notes;
        }
    return notes ? sum / notes : NAN;
}

static void find_odd(const struct gallery *gallery, struct judgement *judgement)
{
    const struct take_bars *bars = gallery->bars;
    for (int first = 0, last; first < bars->count; first = last + 1) {
        last = first;
        if (!sticks_out(gallery, first))
            continue;
        const bool usual = is_usual(gallery, first);
        while (sticks_out(gallery, last + 1) && is_usual(gallery, last + 1) == usual)
            last++;
        struct odd_bars odd = {
            .first = first + 1,
            .last = last + 1,
            .apart_ms = take_bars_apart_ms(bars, first + 1, last + 1),
            .guitar_ms = guitar_ms(bars, first, last, true) - guitar_ms(bars, first, last, false),
            .usual = usual,
        };
        insert(judgement, &odd);
    }
}

/* Cuts the take before even bar `at`: the means of both parts, and the standard error of their
 * difference. */
struct cut {
    double before_ms, after_ms, error_ms;
};

static struct cut cut_at(const double *ms, int count, int at)
{
    struct cut cut = {0};
    double squares = 0;
    for (int i = 0; i < count; i++)
        *(i < at ? &cut.before_ms : &cut.after_ms) += ms[i];
    cut.before_ms /= at;
    cut.after_ms /= count - at;
    for (int i = 0; i < count; i++)
        squares += pow(ms[i] - (i < at ? cut.before_ms : cut.after_ms), 2);
    cut.error_ms = sqrt(squares / (count - 2) * (1.0 / at + 1.0 / (count - at)));
    return cut;
}

/* Where the take is best cut in two, if the parts differ by more than chance. Bars that stick out
 * count as much as they may without. */
static void find_turn(struct gallery *gallery, struct judgement *judgement)
{
    const struct take_bars *bars = gallery->bars;
    const double most_ms = limit_ms(&gallery->part[0]);
    double *ms = gallery->scratch, best = TURN_SD;
    int *order = gallery->order, count = 0;
    for (int bar = 0; bar < bars->count; bar++)
        if (judged(bars, bar)) {
            ms[count] = fmin((double)bars->bars[bar].apart_ms, most_ms);
            order[count++] = bar;
        }
    for (int at = LEAST_BARS; at <= count - LEAST_BARS; at++) {
        const struct cut cut = cut_at(ms, count, at);
        const double low = fmin(cut.before_ms, cut.after_ms);
        const double high = fmax(cut.before_ms, cut.after_ms);
        if (high - low < fmax(TURN_MS, best * cut.error_ms) || high < TURN_RATIO * low)
            continue;
        best = (high - low) / cut.error_ms;
        gallery->turn = order[at];
        judgement->turn = order[at] + 1;
        judgement->before_turn_ms = cut.before_ms;
        judgement->after_turn_ms = cut.after_ms;
    }
}

static double drift_ms(const struct take_bars *bars)
{
    int first = -1, last = -1, count = 0;
    for (int bar = 0; bar < bars->count; bar++)
        if (bars->bars[bar].notes) {
            first = first < 0 ? bar : first;
            last = bar;
            count++;
        }
    const int quarter = (last - first + 1) / 4;
    if (count < 2 * LEAST_BARS)
        return NAN;
    return guitar_ms(bars, last - quarter + 1, last, true) -
           guitar_ms(bars, first, first + quarter - 1, true);
}

static void judge_gallery(struct gallery *gallery, struct judgement *judgement)
{
    const struct take_bars *bars = gallery->bars;
    gallery->part[0] = gallery->part[1] = crowd_of(bars, 0, bars->count, gallery->scratch);
    find_turn(gallery, judgement);
    if (gallery->turn) {
        gallery->part[0] = crowd_of(bars, 0, gallery->turn, gallery->scratch);
        gallery->part[1] = crowd_of(bars, gallery->turn, bars->count, gallery->scratch);
    }
    for (int i = 0; i < gallery->earlier_count; i++)
        gallery->earlier_crowds[i] =
            crowd_of(&gallery->earlier[i], 0, gallery->earlier[i].count, gallery->scratch);
    find_odd(gallery, judgement);
}

bool judgement_of_bars(const struct take_bars *bars, const struct take_bars *earlier,
                       int earlier_count, struct judgement *judgement, struct error *err)
{
    int room = bars->count > earlier_count ? bars->count : earlier_count;
    for (int i = 0; i < earlier_count; i++)
        room = earlier[i].count > room ? earlier[i].count : room;
    struct gallery gallery = {
        .bars = bars,
        .earlier = earlier,
        .earlier_count = earlier_count,
        .earlier_crowds = calloc((size_t)earlier_count + 1, sizeof *gallery.earlier_crowds),
        .scratch = calloc((size_t)room + 1, sizeof *gallery.scratch),
        .order = calloc((size_t)room + 1, sizeof *gallery.order),
    };
    bool good = gallery.earlier_crowds && gallery.scratch && gallery.order;
    if (good) {
        judge_gallery(&gallery, judgement);
        judgement->drift_ms = drift_ms(bars);
    } else {
        error_set(err, "out of memory");
    }
    free(gallery.earlier_crowds);
    free(gallery.scratch);
    free(gallery.order);
    return good;
}
