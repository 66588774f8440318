#include "listen/loop.h"

#include "base/rng.h"

#include <assert.h>
#include <kiss_fft.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CLICK_S 0.016
#define TOP_HZ 16000.0
#define BOTTOM_HZ 400.0
#define EARLY_S 0.005  /* looked at before each click: a loop cannot be shorter than nothing */
#define WINDOW_S 0.315 /* looked at after it; a good deal more than the longest loop */
#define GAP_S 0.42     /* between clicks, and up to as much again */
#define MORE_GAP_S 0.2

static const double STANDS_OUT = 8;     /* the mean of all clicks, above its own floor */
static const double ONE_STANDS_OUT = 5; /* a single click */
static const double LEAST_USED = 0.7;   /* of the clicks */
static const double MOST_OFF_S = 0.0005, MOST_SPREAD_S = 0.00005;
static const double FIRST_PART = 0.5; /* of the strongest way: surely the sound itself */
static const double DOUBT_PART = 0.1; /* an earlier, weaker one: is it the sound? */
static const float FULL = 0.999f;

int loop_click(int rate, float out[LOOP_LONGEST_CLICK])
{
    int count = (int)lround(CLICK_S * rate);
    double top = fmin(TOP_HZ, rate / 3.0), fall = (top - BOTTOM_HZ) / CLICK_S;
    for (int i = 0; i < count; i++) {
        double t = (double)i / rate;
        double window = 0.5 - 0.5 * cos(2 * M_PI * (i + 0.5) / count);
        out[i] = (float)(window * sin(2 * M_PI * (top * t - fall * t * t / 2)));
    }
    return count;
}

struct loop_plan loop_plan_make(int rate, int clicks, uint64_t seed)
{
    struct loop_plan plan = {.rate = rate, .clicks = clicks};
    struct rng rng;
    rng_seed(&rng, seed);
    double at_s = LOOP_SILENCE_S;
    for (int i = 0; i < clicks; i++) {
        plan.frame[i] = llround(at_s * rate);
        at_s += GAP_S + rng_between(&rng, 0, MORE_GAP_S);
    }
    plan.length = llround(at_s * rate);
    return plan;
}

/* What came back of each click, squeezed by the click's matched filter into a pulse a fifth of a
 * millisecond wide, as the complex (analytic) signal: its size does not care for polarity and
 * little for what a loudspeaker does to the phase. */
struct search {
    const struct loop_plan *plan;
    const float *input;
    int size;   /* of the transforms */
    int length; /* of the click */
    int early;  /* lag 0 is this index */
    int lags;
    kiss_fft_cfg forward, back;
    kiss_fft_cpx *click; /* conjugate spectrum */
    kiss_fft_cpx *time, *spectrum;
    float *pulses; /* clicks x lags: size of each */
    kiss_fft_cpx *sum;
    float *mean; /* lags */
    float *scratch;
};

static bool search_open(struct search *s, const struct loop_plan *plan, const float *input)
{
    float click[LOOP_LONGEST_CLICK];
    *s = (struct search){.plan = plan, .input = input, .length = loop_click(plan->rate, click)};
    s->early = (int)(EARLY_S * plan->rate);
    s->lags = s->early + (int)(WINDOW_S * plan->rate);
    for (s->size = 1; s->size < s->lags + s->length;)
        s->size *= 2;
    size_t size = (size_t)s->size, lags = (size_t)s->lags;
    s->forward = kiss_fft_alloc(s->size, 0, NULL, NULL);
    s->back = kiss_fft_alloc(s->size, 1, NULL, NULL);
    s->click = malloc(size * sizeof *s->click);
    s->time = malloc(size * sizeof *s->time);
    s->spectrum = malloc(size * sizeof *s->spectrum);
    s->sum = calloc(lags, sizeof *s->sum);
    s->pulses = calloc((size_t)plan->clicks * lags, sizeof *s->pulses);
    s->mean = calloc(lags, sizeof *s->mean);
    s->scratch = malloc(lags * sizeof *s->scratch);
    if (!s->forward || !s->back || !s->click || !s->time || !s->spectrum || !s->sum || !s->pulses ||
        !s->mean || !s->scratch)
        return false;
    for (int i = 0; i < s->size; i++)
        s->time[i] = (kiss_fft_cpx){i < s->length ? click[i] : 0, 0};
    kiss_fft(s->forward, s->time, s->click);
    for (int i = 0; i < s->size; i++) /* half of the spectrum makes the signal analytic */
        s->click[i] =
            i <= s->size / 2 ? (kiss_fft_cpx){s->click[i].r, -s->click[i].i} : (kiss_fft_cpx){0, 0};
    return true;
}

static void search_close(struct search *s)
{
    kiss_fft_free(s->forward);
    kiss_fft_free(s->back);
    free(s->click);
    free(s->time);
    free(s->spectrum);
    free(s->sum);
    free(s->pulses);
    free(s->mean);
    free(s->scratch);
}

static float size_of(kiss_fft_cpx x)
{
    return hypotf(x.r, x.i);
}

static int compare(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* The middle one of every eighth value: the floor that pulses stand on. */
static float floor_of(struct search *s, const float *values)
{
    int count = 0;
    for (int i = 0; i < s->lags; i += 8)
        s->scratch[count++] = values[i];
    qsort(s->scratch, (size_t)count, sizeof *s->scratch, compare);
    return s->scratch[count / 2];
}

/* One click: its pulses, and their part of the sum. Each counts by its size against its own floor,
 * so that a door that slams during one of them does not drown the others. */
static void squeeze(struct search *s, int k)
{
    float *pulses = s->pulses + (size_t)k * (size_t)s->lags;
    int64_t first = s->plan->frame[k] - s->early;
    for (int i = 0; i < s->size; i++) {
        int64_t at = first + i;
        bool there = i < s->lags + s->length && at >= 0 && at < s->plan->length;
        float x = there && isfinite(s->input[at]) ? s->input[at] : 0;
        s->time[i] = (kiss_fft_cpx){x, 0};
    }
    kiss_fft(s->forward, s->time, s->spectrum);
    for (int i = 0; i < s->size; i++) {
        kiss_fft_cpx a = s->spectrum[i], b = s->click[i];
        s->spectrum[i] = (kiss_fft_cpx){a.r * b.r - a.i * b.i, a.r * b.i + a.i * b.r};
    }
    kiss_fft(s->back, s->spectrum, s->time);
    for (int i = 0; i < s->lags; i++)
        pulses[i] = size_of(s->time[i]);
    float floor = floor_of(s, pulses);
    for (int i = 0; floor > 0 && i < s->lags; i++) {
        pulses[i] /= floor;
        s->sum[i].r += s->time[i].r / floor;
        s->sum[i].i += s->time[i].i / floor;
    }
}

static int highest(const float *values, int first, int end)
{
    int best = first;
    for (int i = first; i < end; i++)
        if (values[i] > values[best])
            best = i;
    return best;
}

/* The top of the parabola through a highest value and its neighbours. */
static double top_of(const float *values, int i, int count)
{
    if (i < 1 || i + 1 >= count)
        return i;
    double a = values[i - 1], b = values[i], c = values[i + 1], bend = a - 2 * b + c;
    return bend < 0 ? i + fmax(-0.5, fmin((a - c) / (2 * bend), 0.5)) : i;
}

/* The single clicks around the mean's pulse. */
struct singles {
    int used, elsewhere; /* elsewhere: they stand out, but at another time */
    double sum, squares;
};

static struct singles compare_singles(const struct search *s, int peak)
{
    struct singles singles = {0};
    int reach = (int)(MOST_OFF_S * s->plan->rate);
    for (int k = 0; k < s->plan->clicks; k++) {
        const float *pulses = s->pulses + (size_t)k * (size_t)s->lags;
        int own = highest(pulses, 0, s->lags);
        int first = peak - reach > 0 ? peak - reach : 0;
        int end = peak + reach + 1 < s->lags ? peak + reach + 1 : s->lags;
        int near = highest(pulses, first, end);
        if (pulses[near] >= ONE_STANDS_OUT && pulses[near] >= FIRST_PART * pulses[own]) {
            double off = top_of(pulses, near, s->lags) - peak;
            singles.used++;
            singles.sum += off;
            singles.squares += off * off;
        } else if (pulses[own] >= STANDS_OUT) {
            singles.elsewhere++;
        }
    }
    return singles;
}

/* The sound itself comes first, but an echo can be louder: the earliest pulse that is half as high
 * as the highest. An earlier one that is lower yet may be the sound behind a corner, or nothing:
 * then *doubt. */
static int first_way(const struct search *s, int highest_lag, float floor, bool *doubt)
{
    float top = s->mean[highest_lag];
    float least = fmaxf((float)DOUBT_PART * top, 4 * floor);
    int first = highest_lag;
    *doubt = false;
    for (int i = highest_lag - 1; i > 0; i--) {
        if (s->mean[i] < least || s->mean[i] < s->mean[i - 1] || s->mean[i] <= s->mean[i + 1])
            continue;
        *doubt = s->mean[i] < FIRST_PART * top; /* unless a higher one comes before it still */
        if (!*doubt)
            first = i;
    }
    return first;
}

static double db(double amplitude)
{
    return amplitude > 1e-10 ? 20 * log10(amplitude) : -200;
}

static void measure_levels(const struct search *s, struct loop_result *result, bool *clipped)
{
    double squares = 0;
    float peak = 0;
    int full = 0;
    for (int64_t i = 0; i < s->plan->length; i++) {
        float x = isfinite(s->input[i]) ? fabsf(s->input[i]) : 0;
        if (i < s->plan->frame[0]) {
            squares += (double)x * x;
        } else {
            peak = fmaxf(peak, x);
            full += x >= FULL;
        }
    }
    result->noise_db = db(sqrt(squares / (double)s->plan->frame[0]));
    result->level_db = db(peak);
    *clipped = full > 2;
}

static enum loop_verdict judge(struct search *s, struct loop_result *result)
{
    assert(s->lags > 0);
    bool clipped, doubt;
    measure_levels(s, result, &clipped);
    for (int i = 0; i < s->lags; i++)
        s->mean[i] = size_of(s->sum[i]);
    float floor = floor_of(s, s->mean);
    int loudest = highest(s->mean, 0, s->lags);
    if (clipped)
        return LOOP_CLIPPED;
    if (floor <= 0 || s->mean[loudest] < STANDS_OUT * floor)
        return result->noise_db > -50 ? LOOP_NOISY : LOOP_NOTHING;
    int peak = first_way(s, loudest, floor, &doubt);
    struct singles singles = compare_singles(s, peak);
    if (singles.elsewhere > 1)
        return LOOP_UNEVEN;
    if (singles.used < LEAST_USED * s->plan->clicks)
        return LOOP_NOISY;
    double mean = singles.sum / singles.used;
    double spread = sqrt(fmax(singles.squares / singles.used - mean * mean, 0));
    result->spread_ms = 1000 * spread / s->plan->rate;
    if (spread > MOST_SPREAD_S * s->plan->rate)
        return LOOP_UNEVEN;
    if (doubt)
        return LOOP_ECHOES;
    result->latency_frames = top_of(s->mean, peak, s->lags) - s->early;
    result->used = singles.used;
    bool fits =
        result->latency_frames >= 0 && result->latency_frames <= LOOP_LONGEST_S * s->plan->rate;
    return fits ? LOOP_MEASURED : LOOP_TOO_LONG;
}

bool loop_measure(const struct loop_plan *plan, const float *input, struct loop_result *result,
                  struct error *err)
{
    struct search search;
    *result = (struct loop_result){0};
    bool opened = search_open(&search, plan, input);
    if (opened) {
        for (int k = 0; k < plan->clicks; k++)
            squeeze(&search, k);
        result->verdict = judge(&search, result);
        if (result->verdict != LOOP_MEASURED) {
            result->latency_frames = result->spread_ms = 0;
            result->used = 0;
        }
    }
    search_close(&search);
    return opened || error_set(err, "out of memory");
}

const char *loop_reason(enum loop_verdict verdict)
{
    static const char *const reasons[LOOP_VERDICTS] = {
        [LOOP_MEASURED] = "measured",
        [LOOP_NOTHING] = "no click came back",
        [LOOP_NOISY] = "too few clicks stand out of the noise",
        [LOOP_CLIPPED] = "the clicks come back too loud: the input is overdriven",
        [LOOP_UNEVEN] = "the clicks do not all take the same time",
        [LOOP_ECHOES] =
            "the clicks come back by several ways, and which is the short one cannot be told",
        [LOOP_TOO_LONG] =
            "the clicks come back sooner than they were played, or after more than 250 ms",
    };
    return reasons[verdict];
}

const char *loop_remedy(enum loop_verdict verdict)
{
    static const char *const remedies[LOOP_VERDICTS] = {
        [LOOP_MEASURED] = "",
        [LOOP_NOTHING] = "connect output and input, and turn both up; the right --channel?",
        [LOOP_NOISY] = "make it quieter, or turn the output up; a cable is best",
        [LOOP_CLIPPED] = "turn the input's gain, or the output, down",
        [LOOP_UNEVEN] = "is all quiet but the clicks? does another program slow this one down?",
        [LOOP_ECHOES] = "bring the microphone close to one loudspeaker, or use a cable",
        [LOOP_TOO_LONG] = "does an effect, or a wireless link, hold the sound back?",
    };
    return remedies[verdict];
}
