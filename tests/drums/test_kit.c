#include "suite.h"
#include "support/tiny_sf2.h"

#include "base/rng.h"
#include "drums/kit.h"
#include "drums/kit_parts.h"
#include "drums/striker.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const real_soundfont = "/usr/share/sounds/sf2/FluidR3_GM.sf2";

static struct kit *tiny_kit_at(int rate, int bank, const bool pitches[128], struct error *err)
{
    size_t size;
    uint8_t *bytes = tiny_sf2(bank, &size);
    char *path = tiny_file(bytes, size);
    struct kit *kit = kit_load(path, pitches, rate, err);
    unlink(path);
    free(path);
    free(bytes);
    return kit;
}

static struct kit *tiny_kit(int bank, const bool pitches[128], struct error *err)
{
    return tiny_kit_at(TINY_RATE, bank, pitches, err);
}

static struct kit *whole_tiny_kit(void)
{
    bool all[128];
    memset(all, true, sizeof all);
    struct error err = {.text = ""};
    struct kit *kit = tiny_kit(128, all, &err);
    ck_assert_msg(kit != NULL, "%s", err.text);
    return kit;
}

static double level(struct kit_sound sound)
{
    double sum = 0;
    int count = sound.count < 2880 ? sound.count : 2880;
    for (int i = 0; i < 2 * count; i++)
        sum += (double)sound.frames[i] * sound.frames[i];
    return sound.gain * sqrt(sum / (2 * count));
}

START_TEST(attacks_are_where_they_are)
{
    struct kit *kit = whole_tiny_kit();
    ck_assert_int_eq(kit_sound(kit, 36, 100).attack, TINY_KICK_LEAD);
    ck_assert_int_eq(kit_sound(kit, 38, 30).attack, 20);
    ck_assert_int_eq(kit_sound(kit, 38, 100).attack, 30);
    ck_assert_int_eq(kit_sound(kit, 42, 1).attack, 5);
    ck_assert_int_eq(kit_longest_attack(kit), TINY_KICK_LEAD);
    kit_free(kit);
}
END_TEST

START_TEST(timbres_follow_the_velocity)
{
    struct kit *kit = whole_tiny_kit();
    const float *soft = kit_sound(kit, 38, 1).frames, *hard = kit_sound(kit, 38, 127).frames;
    ck_assert_ptr_ne(soft, hard);
    for (int v = 1; v < 128; v++) {
        ck_assert_ptr_eq(kit_sound(kit, 36, v).frames, kit_sound(kit, 36, 127).frames);
        if (v < TINY_SNARE_SPLIT - 8)
            ck_assert_ptr_eq(kit_sound(kit, 38, v).frames, soft);
        if (v > TINY_SNARE_SPLIT + 8)
            ck_assert_ptr_eq(kit_sound(kit, 38, v).frames, hard);
    }
    kit_free(kit);
}
END_TEST

START_TEST(loud_is_loud_and_soft_is_soft)
{
    struct kit *kit = whole_tiny_kit();
    static const int keys[] = {36, 38, 42, 46, 49};
    for (int k = 0; k < 5; k++)
        for (int v = 2; v < 128; v++) {
            if (keys[k] != 38 || v < TINY_SNARE_SPLIT - 8 || v > TINY_SNARE_SPLIT + 8)
                ck_assert_double_gt(level(kit_sound(kit, keys[k], v)),
                                    level(kit_sound(kit, keys[k], v - 1)));
            double law = pow(v / 127.0, 2); /* what FluidSynth makes of the SoundFont's default */
            if (keys[k] == 36)
                ck_assert_double_lt(fabs(kit_sound(kit, 36, v).gain / law - 1), 0.03);
        }
    struct kit_sound loudest = kit_sound(kit, 36, 127);
    float peak = 0;
    for (int i = 0; i < 2 * loudest.count; i++)
        peak = fmaxf(peak, fabsf(loudest.frames[i]));
    ck_assert_float_eq_tol(peak, 0.45f, 0.05f);
    kit_free(kit);
}
END_TEST

START_TEST(hats_choke_each_other)
{
    struct kit *kit = whole_tiny_kit();
    int group = kit_sound(kit, 42, 100).choke_group;
    static const int hats[] = {22, 26, 44, 46};
    ck_assert_int_ne(group, 0);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(kit_sound(kit, hats[i], 100).choke_group, group);
    ck_assert_int_eq(kit_sound(kit, 36, 100).choke_group, 0);
    ck_assert_int_eq(kit_sound(kit, 49, 100).choke_group, 0);
    kit_free(kit);
}
END_TEST

START_TEST(long_sounds_are_faded_out)
{
    struct kit *kit = whole_tiny_kit();
    struct kit_sound crash = kit_sound(kit, 49, 127);
    ck_assert_int_eq(crash.count, 6 * TINY_RATE);
    ck_assert_float_lt(fabsf(crash.frames[2 * crash.count - 2]), 1e-4f);
    ck_assert_float_gt(fabsf(crash.frames[2 * (crash.count - TINY_RATE)]), 1e-2f);
    struct kit_sound closed = kit_sound(kit, 42, 127);
    ck_assert_int_lt(closed.count, 4800);
    ck_assert_int_gt(closed.count, 2400);
    kit_free(kit);
}
END_TEST

START_TEST(every_drum_has_a_sound)
{
    struct kit *kit = whole_tiny_kit();
    static const int same[][2] = {{22, 42}, {26, 46}, {44, 42}, {35, 36},
                                  {40, 38}, {57, 49}, {51, 42}};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        ck_assert_ptr_eq(kit_sound(kit, same[i][0], 90).frames,
                         kit_sound(kit, same[i][1], 90).frames);
    ck_assert_int_eq(kit_sound(kit, 5, 100).count, 0);
    kit_free(kit);
}
END_TEST

START_TEST(only_what_is_needed_is_loaded)
{
    bool pitches[128] = {[38] = true};
    struct error err = {.text = ""};
    struct kit *kit = tiny_kit(128, pitches, &err);
    ck_assert_ptr_nonnull(kit);
    ck_assert_int_gt(kit_sound(kit, 38, 100).count, 0);
    ck_assert_int_eq(kit_sound(kit, 36, 100).count, 0);
    kit_free(kit);
    bool none[128] = {false};
    kit = tiny_kit(128, none, &err);
    ck_assert_ptr_nonnull(kit);
    ck_assert_int_eq(kit_longest_attack(kit), 0);
    kit_free(kit);
    bool unknown[128] = {[5] = true};
    ck_assert_ptr_null(tiny_kit(128, unknown, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "no sound for any drum"));
}
END_TEST

/* Twice as fast as FluidSynth goes: the same sounds, with a frame more between any two. */
START_TEST(a_kit_at_192_kHz_sounds_like_one_at_96)
{
    static const int keys[] = {36, 38, 42, 49};
    bool pitches[128] = {[36] = true, [38] = true, [42] = true, [49] = true};
    struct error err = {.text = ""};
    struct kit *slow = tiny_kit_at(96000, 128, pitches, &err);
    struct kit *fast = tiny_kit_at(192000, 128, pitches, &err);
    ck_assert_msg(slow && fast, "%s", err.text);
    for (int k = 0; k < 4; k++) {
        struct kit_sound a = kit_sound(slow, keys[k], 110), b = kit_sound(fast, keys[k], 110);
        ck_assert_int_eq(b.count, 2 * a.count);
        ck_assert_int_le(abs(b.attack - 2 * a.attack), 2);
        ck_assert_float_eq(b.gain, a.gain);
        ck_assert_int_eq(b.choke_group, a.choke_group);
        double energy = 0, between = 0;
        for (int i = 0; i < 2 * a.count; i++) {
            int at = 4 * (i / 2) + i % 2;
            ck_assert_float_eq(b.frames[at], a.frames[i]);
            energy += a.frames[i] * a.frames[i];
            between += b.frames[at + 2] * b.frames[at + 2];
        }
        ck_assert_double_lt(fabs(10 * log10(between / energy)), 0.2);
    }
    kit_free(slow);
    kit_free(fast);
}
END_TEST

/* A file with one preset in the wrong bank can only mean that one. */
START_TEST(a_lone_preset_is_the_kit)
{
    bool pitches[128] = {[36] = true};
    struct error err = {.text = ""};
    struct kit *kit = tiny_kit(0, pitches, &err);
    ck_assert_msg(kit != NULL, "%s", err.text);
    ck_assert_int_gt(kit_sound(kit, 36, 100).count, 0);
    kit_free(kit);
}
END_TEST

/* What the kit plays for a velocity is what FluidSynth plays, up to the kit's one scale. */
START_TEST(a_real_kit_sounds_like_fluidsynth)
{
    if (access(real_soundfont, R_OK) != 0) {
        fprintf(stderr, "skipped: no '%s'\n", real_soundfont);
        return;
    }
    static const int keys[] = {35, 36, 38, 40, 42, 46, 49, 51};
    bool pitches[128] = {false};
    for (int k = 0; k < 8; k++)
        pitches[keys[k]] = true;
    struct error err = {.text = ""};
    struct kit *kit = kit_load(real_soundfont, pitches, 44100, &err);
    ck_assert_msg(kit != NULL, "%s", err.text);
    struct striker *striker = striker_open(real_soundfont, 44100, &err);
    ck_assert_ptr_nonnull(striker);
    enum { LOOK = 4096 };
    static float live[2 * LOOK];
    struct rng rng;
    rng_seed(&rng, 3);
    double scale = 0;
    for (int round = 0; round < 80; round++) {
        int key = keys[rng_below(&rng, 8)], velocity = 10 + (int)rng_below(&rng, 118), group;
        int count = striker_strike(striker, key, velocity, live, LOOK, 0, &group);
        struct kit_sound sound = kit_sound(kit, key, velocity);
        double ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < 2 * count; i++) {
            double a = live[i], b = sound.gain * sound.frames[i];
            ab += a * b, aa += a * a, bb += b * b;
        }
        if (scale == 0)
            scale = sqrt(bb / aa);
        bool near_split = ab * ab / (aa * bb) < 0.9999; /* within 4 of a change of timbre */
        double db = 20 * log10(sqrt(bb / aa) / scale);
        ck_assert_msg(near_split || fabs(db) < 0.3, "key %d velocity %d: %.2f dB", key, velocity,
                      db);
        ck_assert_msg(!near_split || fabs(db) < 3, "key %d velocity %d: %.2f dB", key, velocity,
                      db);
    }
    striker_close(striker);
    kit_free(kit);
}
END_TEST

Suite *kit_suite(void);
Suite *kit_suite(void)
{
    Suite *suite = suite_create("kit");
    TCase *tcase = tcase_create("kit");
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, attacks_are_where_they_are);
    tcase_add_test(tcase, timbres_follow_the_velocity);
    tcase_add_test(tcase, loud_is_loud_and_soft_is_soft);
    tcase_add_test(tcase, hats_choke_each_other);
    tcase_add_test(tcase, long_sounds_are_faded_out);
    tcase_add_test(tcase, every_drum_has_a_sound);
    tcase_add_test(tcase, only_what_is_needed_is_loaded);
    tcase_add_test(tcase, a_kit_at_192_kHz_sounds_like_one_at_96);
    tcase_add_test(tcase, a_lone_preset_is_the_kit);
    tcase_add_test(tcase, a_real_kit_sounds_like_fluidsynth);
    suite_add_tcase(suite, tcase);
    return suite;
}
