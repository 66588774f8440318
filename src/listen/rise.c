#include "listen/rise.h"

#include "listen/spectrum.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A band's rise is its level now over its loudest level between 14 and 25 ms ago, in dB, both on
 * the floor of now (a floor that has just been learnt anew is no rise):
 *
 *          MEMORY       SKIP     now          The gap lets a slow attack add up; the
 *      |-----------|--------------|           maximum forgives the beating of strings.
 *         loudest ...................> rise
 *
 * What is under the floor cannot rise. It is the sum of four: some times the band's noise, a part
 * of the band's own recent peak (what is that far below the playing is no playing), a small part of
 * the loudest band's (a finger is heard in bands that the string leaves empty), and next to
 * nothing. */
#define SKIP_S 0.014
#define MEMORY_S 0.011
#define MOST_RISE_DB 11.0f /* of one band: no band decides alone */
#define EMPHASIS 1.5f      /* exponent of the mean: many bands up a little are mostly noise */

#define NOISE_TIMES 10.0f
#define NEAR 2             /* bands to each side */
#define NOISE_MOST 0.2f    /* of the peak: a chord held for long must not pass for noise */
#define PEAK_PART 6.3e-4f  /* -32 dB */
#define LOUDEST_PART 4e-6f /* -54 dB */
#define NOTHING 1e-11f
#define NOVEL_FLOOR 2.0f /* of noise nothing is foretold: what is new in it is twice itself */
#define PEAK_FALL_DB_S 1.0

/* Noise is the least that the smoothed energy was within the last few cells of time (minimum
 * statistics, Martin 2001): playing has gaps, noise has none. It is also whatever stays the same,
 * over all bands, for longer than a string can: so an amplifier switched on is learnt at once. */
#define SMOOTH_S 0.05
#define CELL_S 2.0
#define CELLS 4
#define STEADY_S 0.7
#define STEADY_DB 1.5f
#define STEADY_FRAMES 8 /* how often to look */

#define MOST_PAST 32 /* a power of two, more than the frames in SKIP + MEMORY */

struct band {
    float smooth, noise, peak;
    float cell, cells[CELLS];                     /* least of this cell, and of those before */
    float past[MOST_PAST], past_novel[MOST_PAST]; /* energies, rings */
};

/* How long the mean level over the bands has stayed within STEADY_DB. */
struct steady {
    float low, high;
    int64_t since;
};

struct rise {
    int bands, high, skip, memory, settling, cell_frames, steady_frames;
    float smoothing, peak_fall; /* a frame's share */
    float loudest;              /* peak of all bands */
    int64_t frames;
    struct steady steady;
    struct band band[SPECTRUM_MOST_BANDS];
};

struct rise *rise_new(double frames_per_s, int bands)
{
    assert(bands > 0 && bands <= SPECTRUM_MOST_BANDS);
    struct rise *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->bands = bands;
    r->high = bands - bands / 3;
    r->skip = (int)lround(SKIP_S * frames_per_s);
    r->memory = (int)lround(MEMORY_S * frames_per_s);
    assert(r->skip + r->memory < MOST_PAST);
    r->settling = 2 * (r->skip + r->memory);
    r->cell_frames = (int)lround(CELL_S * frames_per_s);
    r->steady_frames = (int)lround(STEADY_S * frames_per_s);
    r->smoothing = (float)(1 - exp(-1 / (SMOOTH_S * frames_per_s)));
    r->peak_fall = (float)pow(10, -PEAK_FALL_DB_S / 10 / frames_per_s);
    return r;
}

void rise_free(struct rise *r)
{
    free(r);
}

void rise_reset(struct rise *r)
{
    memset(r->band, 0, sizeof r->band);
    r->steady = (struct steady){0};
    r->loudest = 0;
    r->frames = 0;
}

static void set_noise(struct band *band, float energy)
{
    band->noise = band->cell = energy;
    for (int i = 0; i < CELLS; i++)
        band->cells[i] = energy;
}

static void learn_noise(const struct rise *r, struct band *band, float energy)
{
    band->smooth += r->smoothing * (energy - band->smooth);
    band->cell = fminf(band->cell, band->smooth);
    band->noise = fminf(band->noise, band->cell);
    if ((r->frames + 1) % r->cell_frames)
        return;
    band->cells[r->frames / r->cell_frames % CELLS] = band->cell;
    band->noise = band->cell = band->smooth;
    for (int i = 0; i < CELLS; i++)
        band->noise = fminf(band->noise, band->cells[i]);
}

static void learn_steady_noise(struct rise *r)
{
    float mean = 0;
    for (int b = 0; b < r->bands; b++)
        mean += 10 * log10f(r->band[b].smooth + NOTHING) / (float)r->bands;
    struct steady *steady = &r->steady;
    steady->low = fminf(steady->low, mean);
    steady->high = fmaxf(steady->high, mean);
    bool moved = steady->high - steady->low > STEADY_DB;
    if (!moved && r->frames - steady->since < r->steady_frames)
        return;
    *steady = (struct steady){mean, mean, r->frames};
    for (int b = 0; b < r->bands && !moved; b++)
        set_noise(&r->band[b], r->band[b].smooth);
}

/* The loudest of a ring of the past, and then its newest is `now`. */
static float loudest_before(const struct rise *r, float *past, float now)
{
    unsigned at = (unsigned)r->frames;
    float loudest = 0;
    for (int i = 0; i < r->memory; i++) {
        float then = past[(at - (unsigned)(r->skip + i)) % MOST_PAST];
        loudest = then > loudest ? then : loudest;
    }
    past[at % MOST_PAST] = now;
    return loudest;
}

static float floor_of(const struct rise *r, const struct band *band)
{
    float noise = fminf(NOISE_TIMES * band->noise, NOISE_MOST * band->peak);
    return noise + PEAK_PART * band->peak + LOUDEST_PART * r->loudest + NOTHING;
}

static float above(float energy, float before, float floor)
{
    if (energy <= before)
        return 0;
    return fminf(10 * log10f((energy + floor) / (before + floor)), MOST_RISE_DB);
}

/* Quicker than powf(rise, EMPHASIS). */
static float emphasised(float rise)
{
    return rise * sqrtf(rise);
}

static float mean_of(const struct rise *r, float sum)
{
    return powf(sum / (float)r->bands, 1 / EMPHASIS);
}

static void learn(struct rise *r, const float *energy)
{
    /* The window fills with sound in the first half of the settling time, the memory in the second.
     */
    bool filled = 2 * r->frames >= r->settling;
    r->loudest *= r->peak_fall;
    for (int b = 0; b < r->bands; b++) {
        struct band *band = &r->band[b];
        if (!filled) {
            band->smooth = energy[b];
            set_noise(band, energy[b]);
        }
        learn_noise(r, band, energy[b]);
        band->peak = fmaxf(energy[b], band->peak * r->peak_fall);
        r->loudest = fmaxf(r->loudest, energy[b]);
    }
    if (r->frames % STEADY_FRAMES == 0)
        learn_steady_noise(r);
}

void rise_next(struct rise *r, const float *energy, const float *novel, const float *drums,
               struct rising *rising)
{
    float sound = 0, fresh = 0, high = 0, whole = 0, whole_fresh = 0;
    learn(r, energy);
    for (int b = 0; b < r->bands; b++) {
        struct band *band = &r->band[b];
        float floor = floor_of(r, band), own = drums ? drums[b] : 0;
        float before = loudest_before(r, band->past, energy[b]);
        float before_novel = loudest_before(r, band->past_novel, novel[b]);
        float rise = above(energy[b], fmaxf(before, own), floor);
        float rise_novel = above(novel[b], fmaxf(before_novel, own), NOVEL_FLOOR * floor);
        sound += emphasised(rise);
        fresh += emphasised(rise_novel);
        high += b >= r->high ? rise : 0;
        whole += emphasised(own > 0 ? above(energy[b], before, floor) : rise);
        whole_fresh +=
            emphasised(own > 0 ? above(novel[b], before_novel, NOVEL_FLOOR * floor) : rise_novel);
    }
    *rising = (struct rising){0};
    if (r->frames++ < r->settling)
        return;
    rising->mean_db = mean_of(r, sound);
    rising->novel_db = mean_of(r, fresh);
    rising->high_db = high / (float)(r->bands - r->high);
    rising->own_db =
        mean_of(r, whole) - rising->mean_db + mean_of(r, whole_fresh) - rising->novel_db;
}
