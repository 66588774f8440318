#include "suite.h"

#include "base/rng.h"
#include "listen/bleed.h"
#include "support/rt_guard.h"

#include <math.h>
#include <string.h>

Suite *bleed_suite(void);

enum { RATE = 48000, HOP = 64, MOST = RATE * 12 };

static float drums[MOST], heard[MOST];

/* Bursts of noise, as of a hat, `gap` frames apart. */
static void play_drums(struct rng *rng, int gap)
{
    memset(drums, 0, sizeof drums);
    for (int at = RATE / 4; at + RATE / 4 < MOST; at += gap)
        for (int i = 0; i < RATE / 4; i++)
            drums[at + i] += (float)(0.3 * exp(-i / (0.03 * RATE)) * rng_between(rng, -1, 1));
}

/* A chord in heard[] that begins with every drum hit, 20 dB above what comes back of them. */
static void play_guitar(struct rng *rng, int gap)
{
    for (int at = RATE / 4; at + gap < MOST; at += gap) {
        double hz = 110 * exp2(rng_below(rng, 12) / 12.0);
        for (int p = 1; p <= 40; p++) {
            double phase = rng_between(rng, 0, 6), w = 2 * M_PI * hz * p / RATE;
            for (int i = 0; i < gap; i++)
                heard[at + i] +=
                    (float)(0.2 / sqrt(p) * exp(-i / (0.3 * RATE)) * sin(w * i + phase));
        }
    }
}

/* The drums in heard[], `delay` frames later. */
static void return_drums(double gain, int delay)
{
    for (int i = delay; i < MOST; i++)
        heard[i] += (float)(gain * drums[i - delay]);
}

struct outcome {
    double gain_db; /* of what is said to be the drums' own to what they sounded */
    int masked;     /* frames in which anything was */
};

static struct outcome listen(int from)
{
    struct spectrum *spectrum = spectrum_new(RATE), *reference = spectrum_new(RATE);
    struct bleed *bleed = bleed_new(RATE, RATE / (double)HOP);
    ck_assert(spectrum && reference && bleed);
    int window = spectrum_window(spectrum), bands = spectrum_bands(spectrum);
    struct outcome outcome = {0};
    double said = 0, sounded = 0;
    for (int at = window; at < MOST; at += HOP) {
        float energy[SPECTRUM_MOST_BANDS], own[SPECTRUM_MOST_BANDS];
        spectrum_measure(spectrum, heard + at - window, energy);
        bool masked = bleed_next(bleed, drums + at - window, spectrum, own);
        if (at < from)
            continue;
        outcome.masked += masked;
        spectrum_measure(reference, drums + at - window, energy);
        for (int b = bands / 2; b < bands; b++) {
            said += masked ? own[b] : 0;
            sounded += energy[b];
        }
    }
    outcome.gain_db = 10 * log10(said / sounded + 1e-12);
    spectrum_free(spectrum);
    spectrum_free(reference);
    bleed_free(bleed);
    return outcome;
}

/* The bound must lie above what comes back, and not far above: what lingers, and a margin. */
static void check_gain(double gain_db, int delay, bool guitar)
{
    struct rng rng;
    rng_seed(&rng, 3);
    memset(heard, 0, sizeof heard);
    play_drums(&rng, RATE / 4);
    return_drums(pow(10, gain_db / 20), delay);
    if (guitar)
        play_guitar(&rng, RATE / 4);
    struct outcome outcome = listen(4 * RATE);
    ck_assert_msg(outcome.gain_db > gain_db && outcome.gain_db < gain_db + 14,
                  "%g dB come back after %d frames, guitar %d: taken for %.1f dB", gain_db, delay,
                  guitar, outcome.gain_db);
}

START_TEST(the_gain_is_found)
{
    for (double gain_db = -40; gain_db <= 0; gain_db += 20)
        for (int delay = 0; delay <= 600; delay += 100)
            check_gain(gain_db, delay, false);
}
END_TEST

START_TEST(a_guitar_that_strikes_with_every_drum_is_not_taken_for_one)
{
    check_gain(-20, 0, true);
    check_gain(-20, 240, true);
}
END_TEST

START_TEST(a_guitar_alone_has_nothing_in_common_with_the_drums)
{
    struct rng rng;
    rng_seed(&rng, 4);
    memset(heard, 0, sizeof heard);
    play_drums(&rng, RATE / 4);
    play_guitar(&rng, RATE / 4);
    ck_assert_int_eq(listen(0).masked, 0);
    memset(drums, 0, sizeof drums);
    ck_assert_int_eq(listen(0).masked, 0);
}
END_TEST

START_TEST(learning_is_real_time_safe)
{
    if (!rt_guard_works())
        return;
    struct rng rng;
    rng_seed(&rng, 5);
    play_drums(&rng, RATE / 4);
    struct spectrum *spectrum = spectrum_new(RATE);
    struct bleed *bleed = bleed_new(RATE, RATE / (double)HOP);
    int window = spectrum_window(spectrum);
    float energy[SPECTRUM_MOST_BANDS], own[SPECTRUM_MOST_BANDS];
    rt_guard_begin();
    for (int at = window; at < MOST / 4; at += HOP) {
        spectrum_measure(spectrum, drums + at - window, energy);
        bleed_next(bleed, drums + at - window, spectrum, own);
    }
    bleed_reset(bleed);
    ck_assert_int_eq(rt_guard_end(), 0);
    spectrum_free(spectrum);
    bleed_free(bleed);
}
END_TEST

Suite *bleed_suite(void)
{
    Suite *suite = suite_create("bleed");
    TCase *tests = tcase_create("bleed");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_gain_is_found);
    tcase_add_test(tests, a_guitar_that_strikes_with_every_drum_is_not_taken_for_one);
    tcase_add_test(tests, a_guitar_alone_has_nothing_in_common_with_the_drums);
    tcase_add_test(tests, learning_is_real_time_safe);
    suite_add_tcase(suite, tests);
    return suite;
}
