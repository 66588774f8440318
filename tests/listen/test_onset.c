#include "suite.h"

#include "base/rng.h"
#include "listen/onset.h"
#include "support/rt_guard.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

Suite *onset_suite(void);

enum { MOST_ONSETS = 400 };

/* A recording made for the test: where it was plucked, and the sound. */
struct recording {
    int rate, count;
    float *samples;
    int truth[MOST_ONSETS], plucks;
};

static struct recording silence(int rate, double seconds)
{
    struct recording r = {.rate = rate, .count = (int)(rate * seconds)};
    r.samples = calloc((size_t)r.count, sizeof *r.samples);
    ck_assert_ptr_nonnull(r.samples);
    return r;
}

static void add_noise(struct recording *r, struct rng *rng, int from, double rms_db)
{
    double rms = pow(10, rms_db / 20);
    for (int i = from; i < r->count; i++)
        r->samples[i] += (float)(rms * rng_normal(rng));
}

/* A picked string: partials that ring, the higher ones shorter, after the scratch of the pick. */
static void add_pluck(struct recording *r, struct rng *rng, int at, double hz, double gain,
                      double ring_s)
{
    for (int p = 1; p <= 16 && p * hz < 0.4 * r->rate; p++) {
        double w = 2 * M_PI * hz * p / r->rate, keep = exp(-sqrt(p) / (ring_s * r->rate));
        double now = gain / p * keep * sin(w), before = 0, turn = 2 * keep * cos(w);
        int end = at + (int)(6 * ring_s * r->rate);
        for (int i = at; i < r->count && i < end; i++) {
            double next = turn * now - keep * keep * before;
            r->samples[i] += (float)before;
            before = now;
            now = next;
        }
    }
    double scratch = 0.3 * gain, decay = exp(-1 / (0.003 * r->rate));
    for (int i = at; i < r->count && scratch > 1e-6; i++, scratch *= decay)
        r->samples[i] += (float)(scratch * rng_between(rng, -1, 1));
}

/* Notes `gap_s` apart, more or less, over the room's noise. */
static struct recording notes(int rate, int count, double gap_s, double ring_s, double level_db,
                              double noise_db, uint64_t seed)
{
    struct recording r = silence(rate, 0.7 + (count + 1) * gap_s);
    struct rng rng;
    rng_seed(&rng, seed);
    add_noise(&r, &rng, 0, noise_db);
    for (int n = 0; n < count; n++) {
        int at = (int)(rate * (0.5 + gap_s * (n + rng_between(&rng, -0.15, 0.15))));
        double gain = pow(10, (level_db - rng_between(&rng, 0, 10)) / 20);
        add_pluck(&r, &rng, at, 82 * exp2(rng_below(&rng, 30) / 12.0), 0.5 * gain, ring_s);
        r.truth[r.plucks++] = at;
    }
    return r;
}

/* A drum struck every `gap_s`: noise that dies away. */
static struct recording drum_hits(int rate, double seconds, double gap_s, uint64_t seed)
{
    struct recording r = silence(rate, seconds);
    struct rng rng;
    rng_seed(&rng, seed);
    for (double at_s = 0.3; at_s + 0.2 < seconds; at_s += gap_s) {
        int at = (int)(rate * at_s);
        for (int i = 0; i < rate / 5; i++)
            r.samples[at + i] += (float)(0.3 * exp(-i / (0.03 * rate)) * rng_between(&rng, -1, 1));
    }
    return r;
}

/* All that the detector says, with the drums it is told of. */
static int listen(const struct recording *r, const float *drums, struct onset *onsets, int limit)
{
    struct onset_detector *d = onset_new(r->rate);
    ck_assert_ptr_nonnull(d);
    int count = onset_process(d, r->samples, drums, r->count, onsets, limit);
    onset_free(d);
    return count;
}

/* Keeps those of one verdict; returns how many. */
static int keep(struct onset *onsets, int count, enum onset_verdict verdict)
{
    int kept = 0;
    for (int i = 0; i < count; i++)
        if (onsets[i].verdict == verdict)
            onsets[kept++] = onsets[i];
    return kept;
}

static int hear(const struct recording *r, struct onset *onsets, int limit)
{
    struct onset all[MOST_ONSETS];
    int count = keep(all, listen(r, NULL, all, MOST_ONSETS), ONSET_HEARD);
    ck_assert_int_le(count, limit);
    memcpy(onsets, all, (size_t)count * sizeof *all);
    return count;
}

struct result {
    double recall, precision, error_ms, latency_ms; /* means */
};

static struct result score_hearing(const struct recording *r)
{
    struct onset heard[MOST_ONSETS];
    int count = hear(r, heard, MOST_ONSETS), right = 0;
    struct result result = {0};
    for (int t = 0, h = 0; t < r->plucks; t++) {
        while (h < count && heard[h].frame < r->truth[t] - 0.02 * r->rate)
            h++;
        if (h == count || heard[h].frame > r->truth[t] + 0.02 * r->rate)
            continue;
        ck_assert_int_gt(heard[h].decided, heard[h].frame);
        ck_assert_float_gt(heard[h].strength, 0);
        result.error_ms += 1000.0 * (double)(heard[h].frame - r->truth[t]) / r->rate;
        result.latency_ms += 1000.0 * (double)(heard[h].decided - r->truth[t]) / r->rate;
        right++;
        h++;
    }
    result.recall = right / (double)r->plucks;
    result.precision = count ? right / (double)count : 0;
    result.error_ms /= right ? right : 1;
    result.latency_ms /= right ? right : 1;
    return result;
}

static void check_notes(int rate, double gap_s, double ring_s, double level_db, double noise_db)
{
    struct recording r = notes(rate, 24, gap_s, ring_s, level_db, noise_db, 1 + (uint64_t)rate);
    struct result got = score_hearing(&r);
    double finest_ms = 0.04 + 1500.0 / rate; /* a sample or two */
    free(r.samples);
    ck_assert_msg(got.recall >= 0.95 && got.precision >= 0.95 && fabs(got.error_ms) < finest_ms &&
                      got.latency_ms < 5,
                  "%d Hz, every %g s, %g dB over %g dB: recall %.3f, precision %.3f, "
                  "%.2f ms off, known after %.2f ms",
                  rate, gap_s, level_db, noise_db, got.recall, got.precision, got.error_ms,
                  got.latency_ms);
}

START_TEST(near_and_far_with_one_setting)
{
    for (double level = 0; level >= -40; level -= 20)
        check_notes(48000, 0.3, 0.3, level, level - 55);
    check_notes(48000, 0.3, 0.3, -6, -50);
    check_notes(48000, 0.3, 0.3, -6, -200);
}
END_TEST

START_TEST(at_every_rate)
{
    static const int rates[] = {8000, 11025, 22050, 44100, 96000, 192000};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        check_notes(rates[i], 0.25, 0.3, -6, -70);
}
END_TEST

START_TEST(notes_that_ring_long_are_heard_once)
{
    check_notes(48000, 1.2, 1.0, -6, -60);
    check_notes(48000, 1.2, 1.0, -30, -80);
}
END_TEST

START_TEST(a_strum_is_one_onset_at_its_first_string)
{
    struct recording r = silence(48000, 14);
    struct rng rng;
    rng_seed(&rng, 5);
    add_noise(&r, &rng, 0, -70);
    for (int n = 0; n < 30; n++) {
        int at = (int)(48000 * (0.5 + 0.43 * n));
        for (int s = 0; s < 6; s++)
            add_pluck(&r, &rng, at + (int)(s * 48 * rng_between(&rng, 2, 5)), 110 * exp2(s / 3.0),
                      0.08, 0.25);
        r.truth[r.plucks++] = at;
    }
    struct result got = score_hearing(&r);
    free(r.samples);
    ck_assert_msg(got.recall == 1 && got.precision == 1 && fabs(got.error_ms) < 2,
                  "recall %.3f, precision %.3f, %.2f ms off", got.recall, got.precision,
                  got.error_ms);
}
END_TEST

START_TEST(noise_alone_is_no_guitar)
{
    struct onset heard[64];
    for (double level = -80; level <= -20; level += 30) {
        struct recording r = silence(48000, 12);
        struct rng rng;
        rng_seed(&rng, 6);
        add_noise(&r, &rng, 0, level);
        ck_assert_int_eq(hear(&r, heard, 64), 0);
        free(r.samples);
    }
}
END_TEST

START_TEST(an_amplifier_switched_on_is_got_used_to)
{
    struct onset heard[64];
    struct recording r = silence(48000, 12);
    struct rng rng;
    rng_seed(&rng, 7);
    add_noise(&r, &rng, 48000, -45);
    ck_assert_int_le(hear(&r, heard, 64), 1);
    free(r.samples);
}
END_TEST

/* A direct current, a tone, a hum that begins and stays is struck once: that its level is learnt to
 * be the room's, a second later, is no sound. */
START_TEST(what_begins_and_stays_is_struck_once)
{
    static const int rates[] = {8000, 44100, 48000, 192000};
    static const double tones[][2] = {{0, 0}, {1000, 0}, {50, 150}, {82, 12000}};
    struct onset heard[64];
    for (int i = 0; i < 16; i++) {
        struct recording r = silence(rates[i / 4], 8);
        for (int n = 2 * r.rate; n < r.count; n++) {
            double turn = 2 * M_PI * n / r.rate;
            const double *hz = tones[i % 4];
            r.samples[n] = (float)(0.2 * cos(hz[0] * turn) + 0.05 * sin(hz[1] * turn));
        }
        ck_assert_int_eq(hear(&r, heard, 64), 1);
        ck_assert_int_le(llabs(heard[0].frame - 2 * r.rate), r.rate / 1000);
        free(r.samples);
    }
}
END_TEST

START_TEST(a_direct_current_or_a_clipped_wave_is_no_guitar)
{
    struct onset heard[64];
    for (int kind = 0; kind < 4; kind++) {
        struct recording r = silence(kind % 2 ? 8000 : 96000, 6);
        for (int n = 0; n < r.count; n++)
            r.samples[n] = kind < 2 ? 0.7f : sin(2 * M_PI * 110.0 * n / r.rate) > 0 ? 1 : -1;
        ck_assert_int_eq(hear(&r, heard, 64), 0);
        free(r.samples);
    }
}
END_TEST

/* With drums as without: all that is said, heard or ignored. */
static void check_cuts(const struct recording *r, const float *drums)
{
    static struct onset whole[MOST_ONSETS], cut[MOST_ONSETS];
    int count = listen(r, drums, whole, MOST_ONSETS);
    ck_assert_int_gt(count, 20);
    struct onset_detector *d = onset_new(r->rate);
    struct rng rng;
    rng_seed(&rng, 9);
    for (int round = 0; round < 6; round++) {
        int most = 1 << (3 * round), found = 0;
        onset_reset(d);
        for (int at = 0, n; at < r->count; at += n) {
            n = (int)rng_below(&rng, (uint32_t)most) + (round > 0 ? 0 : 1);
            n = n < r->count - at ? n : r->count - at;
            found += onset_process(d, r->samples + at, drums ? drums + at : NULL, n, cut + found,
                                   MOST_ONSETS - found);
        }
        ck_assert_int_eq(found, count);
        for (int i = 0; i < count; i++) {
            ck_assert_int_eq(cut[i].frame, whole[i].frame);
            ck_assert_int_eq(cut[i].decided, whole[i].decided);
            ck_assert_int_eq(cut[i].verdict, whole[i].verdict);
            ck_assert_float_eq(cut[i].strength, whole[i].strength);
        }
    }
    onset_free(d);
}

START_TEST(cuts_change_nothing)
{
    struct recording r = notes(44100, 30, 0.2, 0.3, -6, -60, 8);
    struct recording drums = drum_hits(44100, 7, 0.31, 13);
    check_cuts(&r, NULL);
    drums.count = r.count;
    check_cuts(&r, drums.samples);
    free(drums.samples);
    free(r.samples);
}
END_TEST

START_TEST(what_no_converter_sends_does_no_harm)
{
    struct recording r = notes(48000, 30, 0.3, 0.3, -6, -60, 10), broken = r;
    broken.samples = malloc((size_t)r.count * sizeof *r.samples);
    memcpy(broken.samples, r.samples, (size_t)r.count * sizeof *r.samples);
    static const float bad[] = {NAN, INFINITY, -INFINITY};
    for (int i = 0; i < 20; i++) {
        r.samples[1000 + 9000 * i] = 0;
        broken.samples[1000 + 9000 * i] = bad[i % 3];
    }
    struct onset clean[64], heard[64];
    int count = hear(&r, clean, 64);
    ck_assert_int_eq(hear(&broken, heard, 64), count);
    for (int i = 0; i < count; i++)
        ck_assert_int_eq(heard[i].frame, clean[i].frame);

    for (int i = 0; i < r.count / 2; i++)
        broken.samples[i] = i / 3000 % 2 ? 3e38f : -3e38f;
    struct onset all[MOST_ONSETS];
    count = listen(&broken, NULL, all, MOST_ONSETS);
    for (int i = 0; i < count; i++)
        ck_assert(isfinite(all[i].strength));
    free(broken.samples);
    free(r.samples);
}
END_TEST

/* Notes and drums at a microphone, half of the notes struck together with a drum. */
static struct recording notes_with_drums(double drums_db, struct recording *drums)
{
    struct recording r = silence(48000, 24);
    struct rng rng;
    rng_seed(&rng, 14);
    *drums = drum_hits(48000, 24, 0.25, 15);
    add_noise(&r, &rng, 0, -65);
    for (int n = 0; n < 40; n++) {
        int at = (int)(48000 * (0.3 + 0.5 * n + (n % 2 ? 0.125 : 0)));
        add_pluck(&r, &rng, at, 82 * exp2(rng_below(&rng, 30) / 12.0), 0.15, 0.3);
        r.truth[r.plucks++] = at;
    }
    for (int i = 240; i < r.count; i++)
        r.samples[i] += (float)(pow(10, drums_db / 20) * drums->samples[i - 240]);
    return r;
}

START_TEST(the_own_drums_are_not_heard_and_the_guitar_is)
{
    for (double db = -24; db <= -6; db += 6) {
        struct recording drums, r = notes_with_drums(db, &drums);
        struct onset without[MOST_ONSETS], with[MOST_ONSETS], ignored[MOST_ONSETS];
        int unaware = hear(&r, without, MOST_ONSETS), right = 0;
        int count = listen(&r, drums.samples, with, MOST_ONSETS);
        memcpy(ignored, with, sizeof with);
        int own = keep(ignored, count, ONSET_OWN_DRUMS);
        count = keep(with, count, ONSET_HEARD);
        for (int t = 0, h = 0; t < r.plucks; t++) {
            while (h < count && with[h].frame < r.truth[t] - 960)
                h++;
            right += h < count && with[h].frame <= r.truth[t] + 960;
        }
        ck_assert_msg(right >= 38 && count <= 44 && unaware > 60 && own > 20,
                      "drums at %g dB: %d of 40 right, %d heard, %d known for drums; unaware: %d",
                      db, right, count, own, unaware);
        free(drums.samples);
        free(r.samples);
    }
}
END_TEST

START_TEST(drums_that_cannot_be_heard_change_nothing)
{
    struct recording r = notes(48000, 40, 0.25, 0.3, -6, -60, 16);
    struct recording drums = drum_hits(48000, (double)r.count / 48000, 0.25, 17);
    struct onset with[MOST_ONSETS], without[MOST_ONSETS];
    int count = listen(&r, NULL, without, MOST_ONSETS);
    ck_assert_int_eq(listen(&r, drums.samples, with, MOST_ONSETS), count);
    ck_assert_int_eq(memcmp(with, without, (size_t)count * sizeof *with), 0);
    free(drums.samples);
    free(r.samples);
}
END_TEST

/* Every other note is hardly more than the noise: ignored by whom does not listen keenly. */
START_TEST(sensitivity_decides_what_is_too_soft)
{
    struct recording r = silence(48000, 12);
    struct rng rng;
    rng_seed(&rng, 18);
    add_noise(&r, &rng, 0, -60);
    for (int n = 0; n < 20; n++)
        add_pluck(&r, &rng, 24000 * (n + 2), 196, n % 2 ? 0.007 : 0.3, 0.1);
    static const int dbs[] = {-12, 12};
    int heard[2], soft[2];
    for (int i = 0; i < 2; i++) {
        struct onset all[MOST_ONSETS], some[MOST_ONSETS];
        struct onset_detector *d = onset_new(r.rate);
        onset_set_sensitivity(d, (float)dbs[i]);
        int count = onset_process(d, r.samples, NULL, r.count, all, MOST_ONSETS);
        memcpy(some, all, sizeof all);
        heard[i] = keep(all, count, ONSET_HEARD);
        soft[i] = keep(some, count, ONSET_TOO_SOFT);
        onset_free(d);
    }
    ck_assert_msg(heard[0] == 10 && heard[1] >= 18 && soft[0] >= 5, "heard %d, %d; too soft %d, %d",
                  heard[0], heard[1], soft[0], soft[1]);
    free(r.samples);
}
END_TEST

START_TEST(listening_is_real_time_safe)
{
    static const int rates[] = {44100, 48000, 96000};
    for (int i = 0; i < 3 && rt_guard_works(); i++) {
        struct recording r = notes(rates[i], 10, 0.3, 0.3, -6, -60, 12);
        struct onset_detector *d = onset_new(r.rate);
        struct onset heard[64];
        rt_guard_begin();
        int count = onset_process(d, r.samples, r.samples, r.count, heard, 64);
        onset_reset(d);
        ck_assert_int_eq(rt_guard_end(), 0);
        ck_assert_int_gt(count, 5);
        onset_free(d);
        free(r.samples);
    }
}
END_TEST

START_TEST(a_full_array_is_not_overrun)
{
    struct recording r = notes(48000, 20, 0.3, 0.3, -6, -60, 11);
    struct onset heard[4] = {{0}};
    heard[3].frame = 77;
    ck_assert_int_eq(listen(&r, NULL, heard, 3), 3);
    ck_assert_int_eq(heard[3].frame, 77);
    free(r.samples);
}
END_TEST

Suite *onset_suite(void)
{
    Suite *suite = suite_create("onset");
    TCase *tests = tcase_create("onset");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, near_and_far_with_one_setting);
    tcase_add_test(tests, at_every_rate);
    tcase_add_test(tests, notes_that_ring_long_are_heard_once);
    tcase_add_test(tests, a_strum_is_one_onset_at_its_first_string);
    tcase_add_test(tests, noise_alone_is_no_guitar);
    tcase_add_test(tests, an_amplifier_switched_on_is_got_used_to);
    tcase_add_test(tests, what_begins_and_stays_is_struck_once);
    tcase_add_test(tests, a_direct_current_or_a_clipped_wave_is_no_guitar);
    tcase_add_test(tests, cuts_change_nothing);
    tcase_add_test(tests, what_no_converter_sends_does_no_harm);
    tcase_add_test(tests, the_own_drums_are_not_heard_and_the_guitar_is);
    tcase_add_test(tests, drums_that_cannot_be_heard_change_nothing);
    tcase_add_test(tests, sensitivity_decides_what_is_too_soft);
    tcase_add_test(tests, listening_is_real_time_safe);
    tcase_add_test(tests, a_full_array_is_not_overrun);
    suite_add_tcase(suite, tests);
    return suite;
}
