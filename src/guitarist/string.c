#include "guitarist/string.h"

#include "base/rng.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define STRINGS 6
#define QUEUE 4 /* strums asked for within one block */
#define LOWEST_HZ 50.0
#define HIGHEST_HZ 600.0   /* of the root */
#define CROSSING_S 0.003   /* the pick's way from string to string */
#define PICK_PLACE 0.13    /* of the string's length, from the bridge */
#define RING_S 3.0         /* 60 dB of decay of a string at LOWEST_HZ; higher ones ring shorter */
#define DAMPED_S 0.008     /* time constant of a string that the hand of the next strum touches */
#define MELLOW 0.35        /* weight of the older sample in the loop's low-pass, 0 to 0.5 */
#define SOFT_HZ 1500.0     /* the pick's brightness from the softest strum ... */
#define LOUD_HZ 7000.0     /* ... to the loudest */
#define STRING_LEVEL 0.055 /* RMS of one string just struck, at loudness 1 */

/* An open major chord over the root: root, fifth, octave, tenth, twelfth, double octave. */
static const int chord[STRINGS] = {0, 7, 12, 16, 19, 24};

/* A string is a loop as long as its period: a delay line, a low-pass of two neighbours by which it
 * darkens as it rings, and an all-pass for the part of a sample that tunes it. A strike fills the
 * delay line with the noise of the pick.
 *
 *        +--> line[length] --> low-pass --> all-pass --+--> out
 *        +------------------ x keep <------------------+
 */
struct one_string {
    float *line; /* (room) */
    int length, at;
    float keep, tune;
    float line_before, in_before, out_before; /* the filters' memories */
    int wait; /* frames until the pick comes to it; -1: it does not */
};

struct strum {
    int wait; /* frames until the first string */
    double root_hz, loudness;
};

struct guitar_string {
    int rate, room;
    struct rng rng;
    struct one_string strings[STRINGS];
    struct strum queue[QUEUE];
    int queued;
    double root_hz, loudness; /* of the chord being struck */
    float *pick;              /* (room) the burst in the making */
};

struct guitar_string *string_new(int rate, unsigned seed)
{
    assert(rate >= 8000);
    struct guitar_string *g = calloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->rate = rate;
    g->room = (int)(rate / LOWEST_HZ) + 1;
    rng_seed(&g->rng, seed);
    g->pick = calloc((size_t)g->room, sizeof *g->pick);
    bool whole = g->pick != NULL;
    for (int s = 0; s < STRINGS; s++) {
        g->strings[s].wait = -1;
        g->strings[s].length = 1;
        g->strings[s].line = calloc((size_t)g->room, sizeof *g->strings[s].line);
        whole = whole && g->strings[s].line;
    }
    if (whole)
        return g;
    string_free(g);
    return NULL;
}

void string_free(struct guitar_string *g)
{
    if (!g)
        return;
    for (int s = 0; s < STRINGS; s++)
        free(g->strings[s].line);
    free(g->pick);
    free(g);
}

void string_strum(struct guitar_string *g, int delay, double root_hz, double loudness)
{
    assert(delay >= 0 && loudness >= 0);
    if (g->queued == QUEUE)
        return;
    root_hz = fmin(fmax(root_hz, LOWEST_HZ), HIGHEST_HZ);
    g->queue[g->queued++] = (struct strum){delay, root_hz, fmin(loudness, 1)};
}

/* The pick comes down: the hand damps what rings, the strings will be struck one by one. */
static void begin(struct guitar_string *g, const struct strum *strum)
{
    g->root_hz = strum->root_hz;
    g->loudness = strum->loudness;
    for (int s = 0; s < STRINGS; s++) {
        struct one_string *string = &g->strings[s];
        string->wait = (int)lround(s * CROSSING_S * g->rate);
        string->keep *= (float)exp(-string->length / (DAMPED_S * g->rate)); /* until it is struck */
    }
}

/* One period of noise, darker when soft, with the comb of the place where the string is picked. The
 * comb goes round the period, so the burst has no DC, which would not ring but hang. */
static void pick_burst(struct guitar_string *g, struct one_string *string)
{
    int length = string->length, place = (int)ceil(PICK_PLACE * length);
    double corner = SOFT_HZ * pow(LOUD_HZ / SOFT_HZ, g->loudness);
    float old = (float)exp(-2 * M_PI * corner / g->rate), before = 0, sum = 0;
    for (int i = 0; i < length; i++) {
        before = old * before + (1 - old) * (float)rng_between(&g->rng, -1, 1);
        g->pick[i] = before;
    }
    for (int i = 0; i < length; i++) {
        float sample = g->pick[i] - g->pick[(i - place + length) % length];
        string->line[i] = sample;
        sum += sample * sample;
    }
    float gain = (float)(STRING_LEVEL * g->loudness) / sqrtf(sum / (float)length + 1e-12f);
    for (int i = 0; i < length; i++)
        string->line[i] *= gain;
}

static void strike(struct guitar_string *g, int s)
{
    struct one_string *string = &g->strings[s];
    double hz = g->root_hz * exp2(chord[s] / 12.0), period = g->rate / hz;
    /* The all-pass stays well behaved with a delay of 0.1 to 1.1 samples. */
    string->length = (int)(period - MELLOW - 0.1);
    double part = period - MELLOW - string->length;
    string->tune = (float)((1 - part) / (1 + part));
    string->keep = (float)pow(10, -3 * sqrt(hz / LOWEST_HZ) / (hz * RING_S));
    string->line_before = string->in_before = string->out_before = 0;
    string->at = 0;
    pick_burst(g, string);
}

static float ring(struct one_string *string)
{
    float fresh = string->line[string->at];
    float dark = (float)(1 - MELLOW) * fresh + (float)MELLOW * string->line_before;
    float out = string->tune * (dark - string->out_before) + string->in_before;
    string->line_before = fresh;
    string->in_before = dark;
    string->out_before = out;
    string->line[string->at] = out * string->keep;
    string->at = string->at + 1 < string->length ? string->at + 1 : 0;
    return fresh; /* not `out`: that is most of a sample late */
}

static void run_queue(struct guitar_string *g)
{
    while (g->queued > 0 && g->queue[0].wait <= 0) {
        begin(g, &g->queue[0]);
        g->queued--;
        for (int i = 0; i < g->queued; i++)
            g->queue[i] = g->queue[i + 1];
    }
    for (int i = 0; i < g->queued; i++)
        g->queue[i].wait--;
}

void string_render(struct guitar_string *g, float *out, int count)
{
    for (int i = 0; i < count; i++) {
        run_queue(g);
        for (int s = 0; s < STRINGS; s++) {
            struct one_string *string = &g->strings[s];
            if (string->wait >= 0 && string->wait-- == 0)
                strike(g, s);
            out[i] += ring(string);
        }
    }
}
