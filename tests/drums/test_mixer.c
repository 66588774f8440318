#include "suite.h"
#include "support/rt_guard.h"

#include "base/rng.h"
#include "drums/kit_parts.h"
#include "drums/mixer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { RATE = 48000, MOST = 4096, PLANS = 500 };

static const char *const real_soundfont = "/usr/share/sounds/sf2/FluidR3_GM.sf2";

/* Keys 36..43: noise with a lead-in of its own length; 42 and 43 choke each other. */
static struct kit *made_kit(int seconds)
{
    struct kit *kit = kit_new();
    struct rng rng;
    rng_seed(&rng, 9);
    for (int pitch = 36; pitch < 44; pitch++) {
        int count = seconds * RATE, lead = 3 + 17 * (pitch - 36);
        float *frames = malloc(sizeof *frames * 2 * (size_t)count);
        for (int i = 0; i < 2 * count; i++) {
            double decay = exp(-(i / 2 - lead) / (0.2 * seconds * RATE));
            frames[i] = i / 2 < lead ? 0.002f : (float)(rng_between(&rng, 0.05, 0.1) * decay);
        }
        struct kit_key key = {.layers = {{frames, count, kit_attack(frames, count, RATE)}},
                              .layer_count = 1,
                              .choke_group = pitch >= 42 ? 1 : 0};
        ck_assert_int_eq(key.layers[0].attack, lead);
        for (int v = 0; v < 128; v++)
            key.gain[v] = (float)v / 127;
        kit_put(kit, pitch, &key);
    }
    return kit;
}

static struct kit *real_kit(void)
{
    if (access(real_soundfont, R_OK) != 0) {
        fprintf(stderr, "skipped: no '%s'\n", real_soundfont);
        return NULL;
    }
    bool pitches[128] = {false};
    for (int pitch = 35; pitch < 60; pitch++)
        pitches[pitch] = true;
    return kit_load(real_soundfont, pitches, RATE, NULL);
}

/* Renders `count` frames in blocks of random length up to `most`. */
static void render(struct mixer *mixer, float *out, int count, int most, struct rng *rng)
{
    for (int done = 0; done < count;) {
        int block = 1 + (int)rng_below(rng, (uint32_t)most);
        if (block > count - done)
            block = count - done;
        mixer_render(mixer, out + 2 * done, block);
        done += block;
    }
}

/* Every hit alone, its time and the blocks drawn: what is heard first is its attack, at its frame.
 */
static void hits_on_their_frame(const struct kit *kit, int low, int high)
{
    struct mixer *mixer = mixer_new(kit, RATE, MOST);
    struct rng rng;
    rng_seed(&rng, 77);
    enum { LENGTH = 3 * MOST };
    float *out = malloc(sizeof *out * 2 * LENGTH);
    int wrong = 0;
    for (int plan = 0; plan < PLANS; plan++) {
        int64_t origin = (int64_t)rng_below(&rng, 1u << 30) - (1 << 29);
        int pitch = low + (int)rng_below(&rng, (uint32_t)(high - low));
        int planned = kit_longest_attack(kit) + (int)rng_below(&rng, MOST), late;
        mixer_reset(mixer, origin);
        ck_assert(
            mixer_strike(mixer, pitch, 20 + (int)rng_below(&rng, 108), origin + planned, &late));
        ck_assert_int_eq(late, 0);
        render(mixer, out, LENGTH, 1 << (1 + rng_below(&rng, 12)), &rng);
        int first = 0;
        while (first < LENGTH && out[2 * first] == 0 && out[2 * first + 1] == 0)
            first++;
        int attack = first + kit_attack(out + 2 * first, LENGTH - first, RATE);
        wrong += attack != planned;
    }
    ck_assert_msg(wrong == 0, "%d of %d hits off their frame", wrong, PLANS);
    free(out);
    mixer_free(mixer);
}

START_TEST(made_hits_sound_at_their_frame)
{
    struct kit *kit = made_kit(1);
    hits_on_their_frame(kit, 36, 44);
    kit_free(kit);
}
END_TEST

START_TEST(real_hits_sound_at_their_frame)
{
    struct kit *kit = real_kit();
    if (kit)
        hits_on_their_frame(kit, 35, 60);
    kit_free(kit);
}
END_TEST

/* Many at once: the mix is the sum of the sounds, each laid down at its frame. */
START_TEST(the_mix_is_the_sum_of_its_hits)
{
    struct kit *kit = made_kit(1);
    struct mixer *mixer = mixer_new(kit, RATE, MOST);
    struct rng rng;
    rng_seed(&rng, 78);
    enum { LENGTH = 2 * RATE, HITS = 40 };
    float *out = malloc(sizeof *out * 2 * LENGTH);
    double *sum = calloc(2 * LENGTH, sizeof *sum);
    mixer_reset(mixer, -1000);
    for (int h = 0; h < HITS; h++) {
        int pitch = 36 + (int)rng_below(&rng, 6), velocity = 1 + (int)rng_below(&rng, 40), late;
        int64_t frame = -800 + rng_below(&rng, RATE);
        ck_assert(mixer_strike(mixer, pitch, velocity, frame, &late));
        struct kit_sound sound = kit_sound(kit, pitch, velocity);
        int64_t at = frame - sound.attack + 1000;
        for (int i = 0; i < 2 * sound.count && 2 * at + i < 2 * LENGTH; i++)
            sum[2 * at + i] += (double)sound.gain * sound.frames[i];
    }
    render(mixer, out, LENGTH, 300, &rng);
    for (int i = 0; i < 2 * LENGTH; i++)
        ck_assert_double_lt(fabs(sum[i] - out[i]), 1e-5);
    free(sum);
    free(out);
    mixer_free(mixer);
    kit_free(kit);
}
END_TEST

/* Chokes, stolen voices, the room and clicks: the same bits however time is cut. */
START_TEST(blocks_cannot_be_heard)
{
    struct kit *kit = made_kit(3);
    enum { LENGTH = 2 * RATE };
    float *out[3];
    static const int most[3] = {1, 64, MOST};
    for (int run = 0; run < 3; run++) {
        struct rng rng;
        rng_seed(&rng, 79);
        struct mixer *mixer = mixer_new(kit, RATE, MOST);
        mixer_reset(mixer, 0);
        mixer_set_reverb(mixer, 0.5f);
        for (int h = 0; h < 240; h++) {
            int late, pitch = 36 + (int)rng_below(&rng, 8),
                      velocity = 1 + (int)rng_below(&rng, 127);
            ck_assert(mixer_strike(mixer, pitch, velocity, 200 + rng_below(&rng, RATE), &late));
        }
        ck_assert(mixer_click(mixer, 3000, true) && mixer_click(mixer, 27000, false));
        out[run] = malloc(sizeof(float) * 2 * LENGTH);
        render(mixer, out[run], LENGTH, most[run], &rng);
        mixer_free(mixer);
    }
    ck_assert(memcmp(out[0], out[1], sizeof(float) * 2 * LENGTH) == 0);
    ck_assert(memcmp(out[0], out[2], sizeof(float) * 2 * LENGTH) == 0);
    for (int run = 0; run < 3; run++)
        free(out[run]);
    kit_free(kit);
}
END_TEST

START_TEST(a_choke_is_quick_and_a_repeat_lets_ring)
{
    struct kit *kit = made_kit(2);
    struct mixer *mixer = mixer_new(kit, RATE, MOST);
    struct rng rng;
    rng_seed(&rng, 80);
    enum { LENGTH = RATE };
    float *both = malloc(sizeof *both * 2 * LENGTH), *alone = malloc(sizeof *alone * 2 * LENGTH);
    int late;
    for (int same = 0; same < 2; same++) {
        mixer_reset(mixer, 0);
        mixer_strike(mixer, 42, 100, 1000, &late);
        mixer_strike(mixer, same ? 42 : 43, 50, 13000, &late);
        render(mixer, both, LENGTH, 500, &rng);
        mixer_reset(mixer, 0);
        mixer_strike(mixer, same ? 42 : 43, 50, 13000, &late);
        render(mixer, alone, LENGTH, 500, &rng);
        for (int i = 0; i < 2 * LENGTH; i++)
            both[i] -= alone[i]; /* what is left of the first hit */
        struct kit_sound first = kit_sound(kit, 42, 100);
        for (int ms = 0; ms < 600; ms += 10) {
            int at = 13000 + ms * RATE / 1000;
            double left = 20 * log10((fabs(both[2 * at]) + 1e-9) /
                                     (first.gain * first.frames[2 * (at - 1000 + first.attack)]));
            if (same)
                ck_assert_double_lt(fabs(left), 0.1);
            else if (ms <= 50)
                ck_assert_double_gt(left, -0.7 * ms - 3); /* no click */
            else if (ms >= 170)
                ck_assert_float_eq(both[2 * at], 0); /* the voice is free */
            else if (ms >= 100)
                ck_assert_double_lt(left, -45);
        }
    }
    free(both);
    free(alone);
    mixer_free(mixer);
    kit_free(kit);
}
END_TEST

/* 43 is heard after 42, though its longer lead-in begins before it. */
START_TEST(the_last_attack_of_a_choke_group_rings)
{
    struct kit *kit = made_kit(2);
    struct mixer *mixer = mixer_new(kit, RATE, MOST);
    struct rng rng;
    rng_seed(&rng, 82);
    enum { LENGTH = RATE / 2 };
    float *both = malloc(sizeof *both * 2 * LENGTH), *alone = malloc(sizeof *alone * 2 * LENGTH);
    int late;
    for (int swapped = 0; swapped < 2; swapped++) {
        mixer_reset(mixer, 0);
        mixer_strike(mixer, swapped ? 43 : 42, 100, swapped ? 1010 : 1000, &late);
        mixer_strike(mixer, swapped ? 42 : 43, 100, swapped ? 1000 : 1010, &late);
        render(mixer, both, LENGTH, 500, &rng);
        mixer_reset(mixer, 0);
        mixer_strike(mixer, 43, 100, 1010, &late);
        render(mixer, alone, LENGTH, 500, &rng);
        ck_assert_float_gt(both[2 * 1000], 1.2f * alone[2 * 1000]); /* 42 is heard, for a moment */
        int gone = 1000 + RATE / 5;
        ck_assert_mem_eq(both + 2 * gone, alone + 2 * gone, sizeof *both * 2 * (LENGTH - gone));
    }
    free(both);
    free(alone);
    mixer_free(mixer);
    kit_free(kit);
}
END_TEST

START_TEST(a_lead_in_is_not_taken_for_a_tail)
{
    struct kit *kit = made_kit(1);
    struct mixer *mixer = mixer_new(kit, RATE, MOST);
    static float out[2 * MOST];
    int late;
    mixer_reset(mixer, 0);
    for (int i = 0; i < 64; i++)
        ck_assert(mixer_strike(mixer, 39, 10, 100 + i, &late));
    ck_assert(mixer_strike(mixer, 43, 127, 1000, &late)); /* from frame 878, at 0.002 */
    ck_assert(mixer_strike(mixer, 36, 10, 885, &late));   /* finds no free voice */
    mixer_render(mixer, out, MOST);
    struct kit_sound sound = kit_sound(kit, 43, 127);
    ck_assert_float_gt(out[2 * 1000] - out[2 * 999], 0.9f * sound.frames[2 * sound.attack]);
    mixer_free(mixer);
    kit_free(kit);
}
END_TEST

START_TEST(a_late_hit_says_so)
{
    struct kit *kit = made_kit(1);
    struct mixer *mixer = mixer_new(kit, RATE, MOST);
    int late, attack = kit_sound(kit, 43, 127).attack; /* 122 frames */
    float peak = kit_sound(kit, 43, 127).frames[2 * attack];
    float out[2 * 256];
    static const int ahead[] = {122, 121, 60, 1, 0, -1, -400};
    for (int i = 0; i < 7; i++) {
        mixer_reset(mixer, 5000);
        ck_assert(mixer_strike(mixer, 43, 127, 5000 + ahead[i], &late));
        ck_assert_int_eq(late, ahead[i] < 0 ? -ahead[i] : 0);
        mixer_render(mixer, out, 256);
        int heard = ahead[i] < 0 ? 0 : ahead[i];
        ck_assert_float_eq(out[2 * heard], peak);
        for (int k = 0; k < heard; k++)
            ck_assert_float_lt(out[2 * k], 0.01f);
    }
    mixer_free(mixer);
    kit_free(kit);
}
END_TEST

START_TEST(pools_run_out_politely)
{
    struct kit *kit = made_kit(1);
    struct mixer *mixer = mixer_new(kit, RATE, MOST);
    int late, taken = 0;
    mixer_reset(mixer, 0);
    while (mixer_strike(mixer, 36, 1, 1000 + taken, &late))
        ck_assert_int_lt(++taken, 1000);
    ck_assert_int_ge(taken, 200);
    ck_assert(!mixer_click(mixer, 5000, true));
    /* Three loud voices outlive hundreds of faint ones. */
    mixer_reset(mixer, 0);
    float loud = 0;
    for (int i = 0; i < 3; i++) {
        ck_assert(mixer_strike(mixer, 36 + i, 127, 500, &late));
        struct kit_sound sound = kit_sound(kit, 36 + i, 127);
        loud += sound.frames[2 * (2500 + sound.attack)];
    }
    for (int i = 0; i < 200; i++)
        ck_assert(mixer_strike(mixer, 39, 1, 1000 + i, &late));
    float out[2 * MOST] = {0};
    mixer_render(mixer, out, MOST);
    ck_assert_float_ge(out[2 * 3000], loud);
    /* 64 voices at most: three of them loud, the others 1/127 of 0.1 at most */
    ck_assert_float_lt(out[2 * 3000], loud + 61 * 0.1f / 127);
    mixer_free(mixer);
    kit_free(kit);
}
END_TEST

START_TEST(nothing_struck_is_silence)
{
    struct mixer *mixer = mixer_new(NULL, RATE, MOST);
    int late;
    mixer_reset(mixer, 0);
    mixer_set_reverb(mixer, 1);
    ck_assert(mixer_strike(mixer, 36, 100, 10, &late));
    ck_assert(mixer_click(mixer, 10, true));
    float out[2 * 100], zero[2 * 100] = {0};
    for (int i = 0; i < 2 * 100; i++)
        out[i] = NAN;
    mixer_render(mixer, out, 100);
    ck_assert_mem_eq(out, zero, sizeof zero);
    mixer_free(mixer);
}
END_TEST

/* The room is added to what sounds without it, and not before its nearest wall answers. */
START_TEST(a_room_moves_no_hit)
{
    struct kit *kit = made_kit(1);
    struct mixer *mixer = mixer_new(kit, RATE, MOST);
    static float dry[2 * MOST], wet[2 * MOST];
    int late, start = 700 - kit_sound(kit, 36, 100).attack, first = MOST;
    for (int room = 0; room < 2; room++) {
        mixer_reset(mixer, 0);
        mixer_set_reverb(mixer, (float)room);
        ck_assert(mixer_strike(mixer, 36, 100, 700, &late));
        mixer_render(mixer, room ? wet : dry, MOST);
    }
    for (int i = 0; i < 2 * MOST && first == MOST; i++)
        first = dry[i] != wet[i] ? i / 2 : MOST;
    ck_assert_int_lt(first, MOST);
    ck_assert_int_ge(first - start, RATE / 100);
    mixer_set_reverb(mixer, 0);
    mixer_reset(mixer, 0);
    ck_assert(mixer_strike(mixer, 36, 100, 700, &late));
    mixer_render(mixer, wet, MOST);
    ck_assert_mem_eq(dry, wet, sizeof dry);
    mixer_free(mixer);
    kit_free(kit);
}
END_TEST

START_TEST(a_click_starts_at_its_frame)
{
    struct kit *kit = made_kit(1);
    struct mixer *mixer = mixer_new(kit, RATE, MOST);
    double energy[2] = {0, 0};
    for (int accent = 0; accent < 2; accent++) {
        float out[2 * MOST] = {0};
        mixer_reset(mixer, -100);
        ck_assert(mixer_click(mixer, 777, accent));
        mixer_render(mixer, out, MOST);
        int first = 0;
        while (out[2 * first] == 0)
            first++;
        ck_assert_int_eq(first, 877);
        ck_assert_int_eq(first + kit_attack(out + 2 * first, MOST - first, RATE), 877);
        for (int i = 0; i < 2 * MOST; i++)
            energy[accent] += out[i] * out[i];
        ck_assert_float_eq(out[2 * MOST - 1], 0);
    }
    ck_assert_double_gt(energy[1], energy[0]);
    mixer_free(mixer);
    kit_free(kit);
}
END_TEST

START_TEST(nothing_allocates_or_locks)
{
    struct kit *kit = real_kit();
    if (!kit)
        kit = made_kit(1);
    struct mixer *mixer = mixer_new(kit, RATE, MOST);
    struct rng rng;
    rng_seed(&rng, 81);
    static float out[2 * MOST];
    rt_guard_begin();
    void *volatile kept = malloc(1);
    free(kept);
    int seen = rt_guard_end();
    ck_assert_int_eq(seen, rt_guard_works() ? 2 : 0);
    rt_guard_begin();
    mixer_reset(mixer, 0);
    mixer_set_reverb(mixer, 0.2f);
    int64_t now = 0;
    for (int block = 0; block < 2000; block++, now += 128) {
        int late;
        for (int i = 0; i < 3; i++)
            mixer_strike(mixer, 35 + (int)rng_below(&rng, 25), 1 + (int)rng_below(&rng, 127),
                         now + rng_below(&rng, 2000), &late);
        mixer_click(mixer, now + 50, block & 1);
        mixer_render(mixer, out, 128);
    }
    ck_assert_int_eq(rt_guard_end(), 0);
    mixer_free(mixer);
    kit_free(kit);
}
END_TEST

Suite *mixer_suite(void);
Suite *mixer_suite(void)
{
    Suite *suite = suite_create("mixer");
    TCase *tcase = tcase_create("mixer");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, made_hits_sound_at_their_frame);
    tcase_add_test(tcase, real_hits_sound_at_their_frame);
    tcase_add_test(tcase, the_mix_is_the_sum_of_its_hits);
    tcase_add_test(tcase, blocks_cannot_be_heard);
    tcase_add_test(tcase, a_choke_is_quick_and_a_repeat_lets_ring);
    tcase_add_test(tcase, the_last_attack_of_a_choke_group_rings);
    tcase_add_test(tcase, a_lead_in_is_not_taken_for_a_tail);
    tcase_add_test(tcase, a_late_hit_says_so);
    tcase_add_test(tcase, pools_run_out_politely);
    tcase_add_test(tcase, nothing_struck_is_silence);
    tcase_add_test(tcase, a_room_moves_no_hit);
    tcase_add_test(tcase, a_click_starts_at_its_frame);
    tcase_add_test(tcase, nothing_allocates_or_locks);
    suite_add_tcase(suite, tcase);
    return suite;
}
