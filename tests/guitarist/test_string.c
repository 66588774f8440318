#include "suite.h"

#include "base/rng.h"
#include "guitarist/string.h"
#include "listen/onset.h"

#include <math.h>
#include <string.h>

Suite *string_suite(void);

enum { RATE = 48000, STRUMS = 32, MOST_FRAMES = RATE * 17 };

static float sound[MOST_FRAMES];
static int truth[STRUMS];

static struct guitar_string *string_at(int rate)
{
    struct guitar_string *string = string_new(rate, 7);
    ck_assert_ptr_nonnull(string);
    return string;
}

/* Strums about `gap_s` apart, asked for in blocks of 128 frames as a sound card would. Returns the
 * length. */
static int play(double gap_s, double loudness, double level, struct rng *rng)
{
    static const double roots[] = {82.41, 110.0, 146.83, 123.47};
    struct guitar_string *string = string_at(RATE);
    int length = (int)(RATE * (1 + gap_s * (STRUMS + 1))), next = 0;
    ck_assert_int_lt(length, MOST_FRAMES);
    for (int i = 0; i < STRUMS; i++)
        truth[i] = (int)(RATE * (0.6 + gap_s * (i + rng_between(rng, -0.1, 0.1))));
    memset(sound, 0, sizeof sound);
    for (int at = 0; at + 128 <= length; at += 128) {
        for (; next < STRUMS && truth[next] < at + 128; next++)
            string_strum(string, truth[next] - at, roots[next / 8],
                         loudness * rng_between(rng, 0.6, 1));
        string_render(string, sound + at, 128);
    }
    for (int i = 0; i < length; i++)
        sound[i] = (float)(level * (sound[i] + 0.0002 * rng_normal(rng)));
    string_free(string);
    return length;
}

struct tally {
    int struck, heard, right;
};

static void check_hearing(struct tally *tally, double gap_s, double loudness, double level,
                          struct rng *rng)
{
    int length = play(gap_s, loudness, level, rng), right = 0;
    struct onset heard[16 * STRUMS];
    struct onset_detector *detector = onset_new(RATE);
    int said = onset_process(detector, sound, NULL, length, heard, 16 * STRUMS), count = 0;
    for (int i = 0; i < said; i++)
        if (heard[i].verdict == ONSET_HEARD)
            heard[count++] = heard[i];
    onset_free(detector);
    double error_ms = 0;
    for (int i = 0, h = 0; i < STRUMS; i++) {
        while (h < count && heard[h].frame < truth[i] - RATE / 50)
            h++;
        if (h == count || heard[h].frame > truth[i] + RATE / 50)
            continue;
        error_ms += fabs((double)(heard[h++].frame - truth[i])) * 1000 / RATE;
        right++;
    }
    error_ms /= right ? right : 1;
    tally->struck += STRUMS;
    tally->heard += count;
    tally->right += right;
    ck_assert_msg(right > 0.9 * STRUMS && right > 0.9 * count && error_ms < 1,
                  "every %g s, loudness %g, level %g: %d of %d heard, %d onsets, %.2f ms off",
                  gap_s, loudness, level, right, STRUMS, count, error_ms);
}

START_TEST(the_detector_hears_every_strum_where_it_is)
{
    static const double gaps[] = {0.11, 0.2, 0.45};
    struct rng rng;
    rng_seed(&rng, 12);
    struct tally all = {0};
    for (int g = 0; g < 3; g++)
        for (double loudness = 1; loudness > 0.3; loudness -= 0.3)
            for (double level = 1; level > 0.005; level /= 14)
                check_hearing(&all, gaps[g], loudness, level, &rng);
    ck_assert_msg(all.right > 0.99 * all.struck && all.right > 0.99 * all.heard,
                  "%d struck, %d heard, %d right", all.struck, all.heard, all.right);
}
END_TEST

START_TEST(a_strum_begins_at_exactly_its_frame)
{
    struct rng rng;
    rng_seed(&rng, 13);
    for (int n = 0; n < 50; n++) {
        static const int rates[] = {44100, 48000, 96000};
        struct guitar_string *string = string_at(rates[n % 3]);
        float block[512] = {0};
        int delay = (int)rng_below(&rng, 500), at = 0;
        string_strum(string, delay, rng_between(&rng, 40, 700), 0.5);
        for (int done = 0, count; done < 512; done += count) {
            count = 1 + (int)rng_below(&rng, 200);
            count = count < 512 - done ? count : 512 - done;
            string_render(string, block + done, count);
        }
        while (at < 512 && block[at] == 0)
            at++;
        ck_assert_int_eq(at, delay);
        string_free(string);
    }
}
END_TEST

/* How strongly `hz` sounds in sound[count], windowed. */
static double strength_at(int count, double hz)
{
    double re = 0, im = 0;
    for (int i = 0; i < count; i++) {
        double w = 1 - cos(2 * M_PI * i / count), angle = 2 * M_PI * hz * i / RATE;
        re += w * sound[i] * cos(angle);
        im += w * sound[i] * sin(angle);
    }
    return hypot(re, im);
}

START_TEST(strings_are_in_tune)
{
    static const double roots[] = {82.41, 110.0, 146.83, 164.81, 329.63, 589.4, 596.5};
    for (int r = 0; r < 7; r++) {
        struct guitar_string *string = string_at(RATE);
        memset(sound, 0, sizeof sound);
        string_strum(string, 0, roots[r], 1);
        string_render(string, sound, RATE);
        string_free(string);
        double best = 0, strongest = 0;
        for (double cents = -30; cents <= 30; cents += 2) {
            double strength = strength_at(RATE, roots[r] * exp2(cents / 1200));
            if (strength > strongest) {
                strongest = strength;
                best = cents;
            }
        }
        ck_assert_msg(fabs(best) <= 4, "%g Hz is %g cents off", roots[r], best);
    }
}
END_TEST

static double energy(int from, int count)
{
    double sum = 0;
    for (int i = from; i < from + count; i++)
        sum += sound[i] * sound[i];
    return sum;
}

START_TEST(strings_ring_and_fade_and_stay_in_range)
{
    struct guitar_string *string = string_at(RATE);
    memset(sound, 0, sizeof sound);
    string_strum(string, 0, 110, 5);
    string_render(string, sound, 8 * RATE);
    for (int i = 0; i < 8 * RATE; i++)
        ck_assert(isfinite(sound[i]) && fabsf(sound[i]) < 1);
    double struck = energy(0, RATE / 2);
    ck_assert_double_gt(energy(RATE / 2, RATE / 2), 1e-3 * struck);
    ck_assert_double_lt(energy(7 * RATE, RATE / 2), 1e-6 * struck);
    string_free(string);
}
END_TEST

START_TEST(a_silent_strum_damps_what_rang)
{
    struct guitar_string *string = string_at(RATE);
    memset(sound, 0, sizeof sound);
    string_strum(string, 0, 110, 1);
    string_strum(string, RATE / 2, 110, 0);
    string_render(string, sound, RATE);
    ck_assert_double_lt(energy(RATE / 2 + RATE / 20, RATE / 4), 1e-4 * energy(RATE / 4, RATE / 4));
    string_free(string);
}
END_TEST

Suite *string_suite(void)
{
    Suite *suite = suite_create("string");
    TCase *tests = tcase_create("string");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_detector_hears_every_strum_where_it_is);
    tcase_add_test(tests, a_strum_begins_at_exactly_its_frame);
    tcase_add_test(tests, strings_are_in_tune);
    tcase_add_test(tests, strings_ring_and_fade_and_stay_in_range);
    tcase_add_test(tests, a_silent_strum_damps_what_rang);
    suite_add_tcase(suite, tests);
    return suite;
}
