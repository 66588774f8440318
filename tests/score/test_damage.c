#include "base/rng.h"
#include "builder.h"
#include "suites.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A file with something of everything, which the tests then damage. */
static struct builder sound_file(void)
{
    struct builder builder = build(1, 2, 96);
    build_track(&builder);
    build_meta(&builder, 0, 0x03, "Song", 4);
    build_metre(&builder, 0, 7, 3);
    build_tempo(&builder, 0, 500000);
    build_event(&builder, 0, "\xF0\x05\x7E\x7F\x09\x01\xF7", 7);
    build_tempo(&builder, 300, 400000);
    build_end(&builder, 400);
    build_track(&builder);
    build_message(&builder, 0, 0xC9, 16, 0);
    for (int i = 0; i < 16; i++)
        build_stroke(&builder, 24 * i, i % 4 ? 42 : 36, 60 + i);
    build_event(&builder, 400, "\xF7\x01\xF8", 3);
    build_end(&builder, 500);
    return builder;
}

static void ck_sound(const struct score *score)
{
    for (int s = 0; s < score->step_count; s++) {
        const struct step *step = &score->steps[s];
        ck_assert(isfinite(step->time_s) && step->time_s >= 0);
        ck_assert(step->at.phase >= 0 && step->at.phase < 1);
        ck_assert(step->at.bpm > 0 && step->at.bar_s > 0);
        ck_assert_int_ge(step->bin, 0);
        ck_assert_int_lt(step->bin, SCORE_BINS);
        ck_assert(step->gap_s[0] > 0 && step->gap_s[1] > 0);
        ck_assert_int_ge(step->hit_count, 1);
    }
    struct error err = {0};
    struct played *played = calloc((size_t)score->hit_count, sizeof *played);
    for (int h = 0; h < score->hit_count; h++)
        played[h] = (struct played){(h % 7 - 3) * 0.01, h % 200};
    size_t size;
    uint8_t *bytes = score_export(score, played, NULL, &size, &err);
    ck_assert_msg(bytes != NULL, "%s", err.text);
    struct score *again = score_parse(bytes, size, "again", NULL, &err);
    ck_assert_msg(again != NULL, "%s", err.text);
    ck_assert_int_eq(again->hit_count, score->hit_count);
    score_free(again);
    free(bytes);
    free(played);
}

/* Either a score that is sound from end to end, or a sentence. */
static int try(const uint8_t *bytes, size_t size, bool thorough)
{
    struct error err = {0};
    uint8_t *copy = malloc(size + 1); /* of its own size, so that reading too far is seen */
    memcpy(copy, bytes, size);
    struct score *score = score_parse(copy, size, "damaged", NULL, &err);
    free(copy);
    if (!score) {
        ck_assert_int_gt(strlen(err.text), strlen("cannot read score 'damaged': "));
        return 0;
    }
    if (thorough)
        ck_sound(score);
    score_free(score);
    return 1;
}

START_TEST(every_cut_gets_a_sentence_or_a_score)
{
    struct builder builder = sound_file();
    for (size_t size = 0; size <= builder.size; size++)
        try(builder.bytes, size, true);
    ck_assert_int_eq(try(builder.bytes, builder.size, true), 1);
    build_free(&builder);
}
END_TEST

START_TEST(random_damage_gets_a_sentence_or_a_score)
{
    struct builder builder = sound_file();
    struct rng rng;
    rng_seed(&rng, (uint64_t)_i);
    int read = 0;
    uint8_t *bytes = malloc(builder.size);
    for (int n = 0; n < 1500; n++) {
        memcpy(bytes, builder.bytes, builder.size);
        for (int damage = 1 + (int)rng_below(&rng, 4); damage > 0; damage--) {
            size_t at = rng_below(&rng, (uint32_t)builder.size);
            bytes[at] = rng_below(&rng, 2) ? (uint8_t)rng_next(&rng)
                                           : (uint8_t)(bytes[at] ^ 1u << rng_below(&rng, 8));
        }
        size_t size = builder.size - (rng_below(&rng, 4) ? 0 : rng_below(&rng, 60));
        read += try(bytes, size, n % 4 == 0);
    }
    ck_assert_int_gt(read, 100); /* else the damage hides the code behind the first check */
    ck_assert_int_lt(read, 1400);
    free(bytes);
    build_free(&builder);
}
END_TEST

START_TEST(noise_gets_a_sentence)
{
    struct rng rng;
    rng_seed(&rng, 77);
    for (int n = 0; n < 3000; n++) {
        uint8_t bytes[200] = "MThd\0\0\0\x06\0\x01\0\x02\0\x60MTrk\0\0\0\x7F";
        size_t size = rng_below(&rng, sizeof bytes);
        for (size_t i = rng_below(&rng, 3) ? 22 : 0; i < size; i++)
            bytes[i] = (uint8_t)rng_next(&rng);
        try(bytes, size, true);
    }
}
END_TEST

Suite *damage_suite(void)
{
    Suite *suite = suite_create("damage");
    TCase *tests = tcase_create("damage");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, every_cut_gets_a_sentence_or_a_score);
    tcase_add_loop_test(tests, random_damage_gets_a_sentence_or_a_score, 0, 4);
    tcase_add_test(tests, noise_gets_a_sentence);
    suite_add_tcase(suite, tests);
    return suite;
}
