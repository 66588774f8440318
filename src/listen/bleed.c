#include "listen/bleed.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Per bin, and for the drums of now and of a little before (the way through the air, the room):
 *
 *     together = sum X conj(R)      X heard, R sounded
 *     power    = sum |R|^2
 *     chance   = sum |X|^2 |R|^2    what |together|^2 is by chance, were the two strangers
 *
 * over the last seconds in which drums sounded. |together|^2 - chance is the part in common; the
 * gain of a band is that over power^2, summed over its bins, at the delay where it is greatest. */
#define UPDATE_S 0.0107
#define DELAY_S 0.0027 /* from one to the next */
enum { DELAYS = 6, PAST = 32, RECENT = 32 };
#define FORGET_S 8.0
#define CHANCE 2.0f  /* frames overlap: by chance more is in common than in strangers' frames */
#define CERTAIN 4.0f /* times chance */
#define LEAST_CERTAIN 0.2f /* of the bands */
#define TINY 1e-9f
#define MARGIN 4.0f   /* the gain is a mean; drums differ */
#define LINGER_S 0.02 /* the drums of now can be heard until then */

struct common {
    float re, im, chance, power;
};

struct bleed {
    int bands, window, bins, interval, delay, linger;
    float keep;
    struct spectrum *spectrum;
    float *past[PAST]; /* (bins, 2): the last spectra of the drums, a ring */
    struct common *common[DELAYS];
    float gain[SPECTRUM_MOST_BANDS];
    float recent[RECENT][SPECTRUM_MOST_BANDS];
    int64_t frames;
};

struct bleed *bleed_new(int rate, double frames_per_s)
{
    struct bleed *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->spectrum = spectrum_new(rate);
    if (b->spectrum) {
        b->window = spectrum_window(b->spectrum);
        b->bands = spectrum_bands(b->spectrum);
        b->bins = spectrum_edge(b->spectrum, b->bands);
    }
    bool whole = b->spectrum;
    for (int i = 0; whole && i < PAST; i++)
        whole = (b->past[i] = calloc(2 * (size_t)b->bins, sizeof(float)));
    for (int d = 0; whole && d < DELAYS; d++)
        whole = (b->common[d] = calloc((size_t)b->bins, sizeof(struct common)));
    if (!whole) {
        bleed_free(b);
        return NULL;
    }
    b->interval = (int)lround(UPDATE_S * frames_per_s);
    b->delay = (int)lround(DELAY_S * frames_per_s);
    b->linger = (int)lround(LINGER_S * frames_per_s);
    assert(DELAYS * b->delay < PAST && b->linger < RECENT);
    b->keep = (float)exp(-UPDATE_S / FORGET_S);
    bleed_reset(b);
    return b;
}

void bleed_free(struct bleed *b)
{
    if (!b)
        return;
    spectrum_free(b->spectrum);
    for (int i = 0; i < PAST; i++)
        free(b->past[i]);
    for (int d = 0; d < DELAYS; d++)
        free(b->common[d]);
    free(b);
}

void bleed_reset(struct bleed *b)
{
    memset(b->gain, 0, sizeof b->gain);
    memset(b->recent, 0, sizeof b->recent);
    for (int i = 0; i < PAST; i++)
        memset(b->past[i], 0, 2 * (size_t)b->bins * sizeof(float));
    for (int d = 0; d < DELAYS; d++)
        memset(b->common[d], 0, (size_t)b->bins * sizeof(struct common));
    b->frames = 0;
}

/* A frame counts the more, the less of the guitar is in it: its noise is what we fight. */
static void weigh(const struct bleed *b, const float *heard, float *weight)
{
    for (int band = 0; band < b->bands; band++) {
        int first = spectrum_edge(b->spectrum, band), end = spectrum_edge(b->spectrum, band + 1);
        float energy = TINY;
        for (int k = first; k < end; k++)
            energy += heard[2 * k] * heard[2 * k] + heard[2 * k + 1] * heard[2 * k + 1];
        weight[band] = (float)(end - first) / energy;
    }
}

static void compare(struct bleed *b, const float *heard, const float *weight, int d)
{
    const float *sounded = b->past[(b->frames - d * b->delay + PAST) % PAST];
    for (int band = 0; band < b->bands; band++) {
        float w = weight[band];
        int first = spectrum_edge(b->spectrum, band), end = spectrum_edge(b->spectrum, band + 1);
        for (int k = first; k < end; k++) {
            const float *x = heard + 2 * k, *r = sounded + 2 * k;
            struct common *c = &b->common[d][k];
            float power = r[0] * r[0] + r[1] * r[1];
            c->re = b->keep * c->re + w * (x[0] * r[0] + x[1] * r[1]);
            c->im = b->keep * c->im + w * (x[1] * r[0] - x[0] * r[1]);
            /* a sum of squares of what is summed: it forgets as they do */
            c->chance = b->keep * b->keep * c->chance + w * w * (x[0] * x[0] + x[1] * x[1]) * power;
            c->power = b->keep * c->power + w * power;
        }
    }
}

/* 0 where it is not certain. */
static float band_gain(const struct bleed *b, int band)
{
    float gain = 0;
    int first = spectrum_edge(b->spectrum, band), end = spectrum_edge(b->spectrum, band + 1);
    for (int d = 0; d < DELAYS; d++) {
        float together = 0, chance = 0, power = 0;
        for (int k = first; k < end; k++) {
            const struct common *c = &b->common[d][k];
            together += c->re * c->re + c->im * c->im;
            chance += c->chance;
            power += c->power * c->power;
        }
        if (together > CERTAIN * chance && power > 0)
            gain = fmaxf(gain, (together - CHANCE * chance) / power);
    }
    return gain;
}

/* A loudspeaker and a room are much the same in all bands: those of which nothing is certain follow
 * the others, and none goes far beyond them. Few alone are mistaken. */
static void learn_gains(struct bleed *b)
{
    int certain = 0;
    float mean_db = 0;
    for (int band = 0; band < b->bands; band++) {
        b->gain[band] = band_gain(b, band);
        if (b->gain[band] > 0) {
            certain++;
            mean_db += 10 * log10f(b->gain[band]);
        }
    }
    float usual = powf(10, mean_db / (float)(certain ? certain : 1) / 10);
    for (int band = 0; band < b->bands; band++) {
        float gain = b->gain[band] > 0 ? fminf(b->gain[band], 4 * usual) : usual;
        b->gain[band] = certain < b->bands * LEAST_CERTAIN ? 0 : gain;
    }
}

static void learn(struct bleed *b, const float *heard)
{
    float weight[SPECTRUM_MOST_BANDS];
    weigh(b, heard, weight);
    for (int d = 0; d < DELAYS; d++)
        compare(b, heard, weight, d);
    learn_gains(b);
}

static bool is_silent(const float *samples, int count)
{
    for (int i = 0; i < count; i++)
        if (samples[i] != 0)
            return false;
    return true;
}

bool bleed_next(struct bleed *b, const float *drums, const struct spectrum *heard, float *own)
{
    float *energy = b->recent[b->frames % RECENT], *bins = b->past[b->frames % PAST];
    size_t bytes = 2 * (size_t)b->bins * sizeof *bins;
    if (is_silent(drums, b->window)) {
        memset(energy, 0, (size_t)b->bands * sizeof *energy);
        memset(bins, 0, bytes);
    } else {
        spectrum_measure(b->spectrum, drums, energy);
        memcpy(bins, spectrum_bins(b->spectrum), bytes);
        if (b->frames % b->interval == 0)
            learn(b, spectrum_bins(heard));
    }
    bool any = false;
    for (int band = 0; band < b->bands; band++) {
        float most = 0;
        for (int i = 0; i < b->linger && b->gain[band] > 0; i++)
            most = fmaxf(most, b->recent[(b->frames - i + RECENT) % RECENT][band]);
        own[band] = MARGIN * b->gain[band] * most;
        any = any || own[band] > 0;
    }
    b->frames++;
    return any;
}
