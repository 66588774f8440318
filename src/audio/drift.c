#include "audio/drift.h"

#include "audio/pace.h"

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    RING = 65536, /* frames, a power of two; a third of a second at the highest rate */
    TAPS = 32,    /* of the interpolation */
    HALF = TAPS / 2,
    PHASES = 256
};

static const double SURE_S = 120e-6; /* standard deviation of where the input lies, once locked */
static const double MOST_BEND = 0.0005; /* of the speed: what brings the input back to its place, */
static const double JUMP_S = 0.02;      /* unless it is further off than this */
static const double KAISER = 9, PASS = 0.9; /* of half the rate */

/* The writer's line as the reader sees it. */
struct shown {
    atomic_uint version; /* odd while it is being written */
    _Atomic double frames, time_s, frame_s, time_var, count;
};

struct drift {
    int rate;
    _Atomic float ring[RING];
    atomic_llong written;
    struct pace writer; /* the writer's thread's */
    struct shown shown;

    /* The reader's thread's. */
    struct pace reader;
    struct line {
        double frames, time_s, frame_s, time_var, count;
    } line;          /* the writer's, as it was last seen */
    int last;        /* frames of the last call */
    double position; /* in the input, of the next frame to be read */
    double delay;
    bool running, ever_sure;

    float table[PHASES + 1][TAPS];
    _Atomic double shown_ppm, shown_delay;
    atomic_bool locked;
    atomic_uint slips;
};

/* ---- the interpolation ---- */

static double bessel(double x)
{
    double sum = 1, term = 1;
    for (int k = 1; term > 1e-12 * sum; k++) {
        term *= x * x / (4.0 * k * k);
        sum += term;
    }
    return sum;
}

/* A windowed sinc at every 256th of a frame, and straight lines in between. A library would do, but
 * none says at which instant it takes each sample, and here that is the point. */
static void fill_table(float table[PHASES + 1][TAPS])
{
    for (int p = 0; p <= PHASES; p++) {
        double sum = 0, row[TAPS];
        for (int k = 0; k < TAPS; k++) {
            double x = k - (HALF - 1) - (double)p / PHASES, y = x / HALF;
            double window = fabs(y) < 1 ? bessel(KAISER * sqrt(1 - y * y)) : 0;
            row[k] = window * (fabs(x) < 1e-9 ? PASS : sin(M_PI * PASS * x) / (M_PI * x));
            sum += row[k];
        }
        for (int k = 0; k < TAPS; k++)
            table[p][k] = (float)(row[k] / sum);
    }
}

static float sample_at(const struct drift *drift, double position)
{
    int64_t whole = (int64_t)floor(position);
    double phase = (position - (double)whole) * PHASES;
    int p = (int)phase;
    float part = (float)(phase - p), sum = 0;
    const float *a = drift->table[p], *b = drift->table[p + 1 <= PHASES ? p + 1 : PHASES];
    for (int k = 0; k < TAPS; k++) {
        uint64_t place = (uint64_t)(whole + k - (HALF - 1)) % RING;
        float x = atomic_load_explicit(&drift->ring[place], memory_order_relaxed);
        sum += x * (a[k] + part * (b[k] - a[k]));
    }
    return sum;
}

/* ---- the writer ---- */

static void show_line(struct shown *shown, const struct pace *pace)
{
    atomic_fetch_add(&shown->version, 1);
    atomic_store(&shown->frames, pace->frames);
    atomic_store(&shown->time_s, pace->time_s);
    atomic_store(&shown->frame_s, pace->frame_s);
    atomic_store(&shown->time_var, pace->time_var);
    atomic_store(&shown->count, pace->count);
    atomic_fetch_add(&shown->version, 1);
}

void drift_write(struct drift *drift, const float *samples, int stride, int count, bool lost,
                 double now_s)
{
    int64_t at = atomic_load_explicit(&drift->written, memory_order_relaxed);
    for (int i = 0; i < count; i++, samples += stride)
        atomic_store_explicit(&drift->ring[(uint64_t)(at + i) % RING],
                              isfinite(*samples) ? *samples : 0, memory_order_relaxed);
    atomic_store_explicit(&drift->written, at + count, memory_order_release);
    pace_step(&drift->writer, count, lost, now_s);
    if (pace_is_settled(&drift->writer))
        show_line(&drift->shown, &drift->writer);
}

/* ---- the reader ---- */

/* Keeps the line seen last where the writer is just about it. */
static void look_at_line(struct drift *drift)
{
    const struct shown *shown = &drift->shown;
    unsigned version = atomic_load(&shown->version);
    struct line line = {atomic_load(&shown->frames), atomic_load(&shown->time_s),
                        atomic_load(&shown->frame_s), atomic_load(&shown->time_var),
                        atomic_load(&shown->count)};
    if (version % 2 == 0 && atomic_load(&shown->version) == version)
        drift->line = line;
}

/* Where in the input the output is at `time_s`. */
static double wanted(const struct drift *drift, double time_s)
{
    const struct line *line = &drift->line;
    return line->frames + (time_s - line->time_s) / line->frame_s - drift->delay;
}

static void begin_reading(struct drift *drift, int count)
{
    /* The writer may be two of its periods behind its line, and a whole block is read ahead. */
    drift->delay = 2 * drift->line.count + 1.5 * fmax(count, drift->reader.count) + TAPS;
    drift->position = wanted(drift, drift->reader.time_s);
    drift->running = true;
    atomic_store(&drift->shown_delay, drift->delay);
}

static void jump(struct drift *drift, double position)
{
    drift->position = position;
    atomic_fetch_add(&drift->slips, 1);
}

/* Input frames for one of the output, so that the next `count` end where they should. */
static double speed(struct drift *drift, int count)
{
    double usual = drift->reader.frame_s / drift->line.frame_s;
    double end = wanted(drift, drift->reader.time_s + count * drift->reader.frame_s);
    double off = end - drift->position - count * usual;
    if (fabs(off) > JUMP_S * drift->rate) {
        jump(drift, end - count * usual);
        off = 0;
    }
    return usual * (1 + fmax(-MOST_BEND, fmin(off / (count * usual), MOST_BEND)));
}

/* Whether all that is to be read has been written, and not yet written over. */
static bool is_there(const struct drift *drift, double first, double last)
{
    double written = (double)atomic_load_explicit(&drift->written, memory_order_acquire);
    return last + HALF + 1 < written && first - HALF - 1 > written - RING / 2.0;
}

static void tell(struct drift *drift)
{
    bool sure = drift->line.time_var + drift->reader.time_var < SURE_S * SURE_S;
    if (sure && !drift->ever_sure) /* what was lost while the lines were sought is no loss */
        atomic_store(&drift->slips, 0);
    drift->ever_sure = drift->ever_sure || sure;
    atomic_store(&drift->locked, sure);
    atomic_store(&drift->shown_ppm, 1e6 * (drift->reader.frame_s / drift->line.frame_s - 1));
}

void drift_read(struct drift *drift, float *samples, int count, bool lost, double now_s)
{
    memset(samples, 0, (size_t)count * sizeof *samples);
    pace_step(&drift->reader, drift->last, lost, now_s);
    drift->last = count;
    look_at_line(drift);
    if (drift->line.frames <= 0 || !pace_is_settled(&drift->reader))
        return;
    if (!drift->running)
        begin_reading(drift, count);
    double step = speed(drift, count);
    if (is_there(drift, drift->position, drift->position + (count - 1) * step))
        for (int i = 0; i < count; i++)
            samples[i] = sample_at(drift, drift->position + i * step);
    else
        atomic_fetch_add(&drift->slips, 1);
    drift->position += count * step;
    tell(drift);
}

/* ---- both ---- */

struct drift *drift_new(int rate)
{
    struct drift *drift = calloc(1, sizeof *drift);
    if (!drift)
        return NULL;
    drift->rate = rate;
    fill_table(drift->table);
    pace_reset(&drift->writer, rate);
    pace_reset(&drift->reader, rate);
    return drift;
}

void drift_free(struct drift *drift)
{
    free(drift);
}

struct device_drift drift_state(const struct drift *drift)
{
    return (struct device_drift){
        .locked = atomic_load(&drift->locked),
        .ppm = atomic_load(&drift->shown_ppm),
        .slips = atomic_load(&drift->slips),
    };
}

double drift_delay_frames(const struct drift *drift)
{
    return atomic_load(&drift->shown_delay);
}
