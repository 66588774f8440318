/* The figures of an evaluation, on recordings whose figures are known. */
#include "folder.h"
#include "learn/evaluate.h"
#include "learn/tally.h"
#include "learn/two_bar.h"
#include "made_score.h"
#include "suites.h"

#include <math.h>

static struct model *open_model(const char *name)
{
    struct error err = {.text = ""};
    struct checkpoint *checkpoint = model_pretrained(name, &err);
    ck_assert_msg(checkpoint != NULL, "%s", err.text);
    struct model *model = model_open(checkpoint, &err);
    ck_assert_msg(model != NULL, "%s", err.text);
    checkpoint_free(checkpoint);
    return model;
}

/* Hats on every eighth, the snare with every second of them: offsets of the caller's choice. */
enum { STEPS = 48 };

static struct piece piece_in(int numerator, int log2_denominator)
{
    struct smf_bytes *bytes = malloc(sizeof *bytes);
    ck_assert_ptr_nonnull(bytes);
    smf_begin(bytes, numerator, log2_denominator, 120);
    for (int i = 0; i < STEPS; i++) {
        smf_hit(bytes, 240 * i, 42, 60);
        if (i % 2)
            smf_hit(bytes, 240 * i, 38, 90);
    }
    struct piece piece = {.score = smf_finish(bytes), .beat = true};
    piece.velocity = calloc(STEPS * DRUM_COUNT, sizeof(float));
    piece.offset_ms = calloc(STEPS * DRUM_COUNT, sizeof(float));
    piece.guitar_ms = calloc(STEPS, sizeof(float));
    ck_assert(piece.velocity && piece.offset_ms && piece.guitar_ms);
    free(bytes);
    return piece;
}

static void free_piece(struct piece *piece)
{
    score_free(piece->score);
    free(piece->velocity);
    free(piece->offset_ms);
    free(piece->guitar_ms);
}

/* Step means that alternate correlate with -1 a step on and with 1 two or eight steps on, but for
 * the pairs that the end cuts off. */
START_TEST(coherence_is_that_of_the_step_means)
{
    static struct tally tally;
    struct humanising_error result;
    struct piece piece = piece_in(4, 2);
    float made[STEPS * DRUM_COUNT] = {0}, velocity[STEPS * DRUM_COUNT] = {0};
    for (int i = 0; i < STEPS; i++) {
        float mean = i % 2 ? 10 : -10, apart = i % 2 ? 3 : 0;
        piece.offset_ms[i * DRUM_COUNT + DRUM_CLOSED_HAT] = mean + apart + 5;
        piece.offset_ms[i * DRUM_COUNT + DRUM_SNARE] = mean - apart + 5;
        made[i * DRUM_COUNT + DRUM_CLOSED_HAT] = i % 4 < 2 ? 1 : -1;
        made[i * DRUM_COUNT + DRUM_SNARE] = i % 4 < 2 ? 1 : -1;
        velocity[i * DRUM_COUNT + DRUM_CLOSED_HAT] = 60;
    }
    tally_piece(&tally, &piece, made, velocity);
    tally_conclude(&tally, &result);
    ck_assert_double_eq_tol(result.played.autocorrelation[0], -47.0 / 48, 1e-6);
    ck_assert_double_eq_tol(result.played.autocorrelation[1], 46.0 / 48, 1e-6);
    ck_assert_double_eq_tol(result.played.autocorrelation[2], 40.0 / 48, 1e-6);
    ck_assert_double_eq_tol(result.played.within_step_ms, sqrt(18), 1e-6);
    ck_assert_double_eq_tol(result.made.autocorrelation[0], 1.0 / 48, 1e-6);
    ck_assert_double_eq_tol(result.made.autocorrelation[1], -46.0 / 48, 1e-6);
    ck_assert_double_eq_tol(result.made.autocorrelation[2], 40.0 / 48, 1e-6);
    ck_assert_double_eq_tol(result.made.within_step_ms, 0, 1e-6);
    free_piece(&piece);
}
END_TEST

/* Each recording counts around its own mean: a drummer who is late throughout drifts no more. */
START_TEST(a_constant_is_no_drift)
{
    static struct tally tally;
    struct humanising_error result;
    struct piece pieces[2] = {piece_in(4, 2), piece_in(4, 2)};
    float none[STEPS * DRUM_COUNT] = {0};
    for (int p = 0; p < 2; p++) {
        for (int i = 0; i < STEPS; i++)
            for (int c = 0; c < DRUM_COUNT; c++)
                pieces[p].offset_ms[i * DRUM_COUNT + c] = (p ? 30.0F : -30.0F) + (i % 2 ? 1 : -1);
        tally_piece(&tally, &pieces[p], none, none);
    }
    tally_conclude(&tally, &result);
    ck_assert_double_eq_tol(result.played.autocorrelation[0], -47.0 / 48, 1e-6);
    ck_assert_double_eq_tol(result.made.autocorrelation[0], 0, 1e-12);
    free_piece(&pieces[0]);
    free_piece(&pieces[1]);
}
END_TEST

/* Six bars of 4/4, eight of 3/4 and one more recording in 4/4: by metre the most frequent first, by
 * place up to the eighth bar, and whatever the parts, together they are the whole. */
START_TEST(parts_add_up)
{
    static struct tally tally;
    struct humanising_error result;
    struct piece pieces[3] = {piece_in(3, 2), piece_in(4, 2), piece_in(2, 3)};
    float none[STEPS * DRUM_COUNT] = {0};
    for (int p = 0; p < 3; p++) {
        for (int i = 0; i < STEPS * DRUM_COUNT; i++)
            pieces[p].offset_ms[i] = (float)(3 * p + 1);
        tally_piece(&tally, &pieces[p], none, none);
        if (p == 1)
            tally_piece(&tally, &pieces[p], none, none);
    }
    tally_conclude(&tally, &result);
    ck_assert_int_eq(result.files, 4);
    ck_assert_int_eq(result.metre_count, 3);
    ck_assert_int_eq(result.metres[0].numerator, 4);
    ck_assert_int_eq(result.metres[0].error.hits, 2 * 72);
    ck_assert_double_eq_tol(result.metres[0].error.offset_mae_ms, 4, 1e-6);
    long by_metre = 0, by_place = 0;
    double error = 0;
    for (int i = 0; i < 3; i++)
        by_metre += result.metres[i].error.hits;
    for (int i = 0; i < EVALUATE_STRETCHES; i++) {
        by_place += result.stretches[i].error.hits;
        if (result.stretches[i].error.hits)
            error += result.stretches[i].error.offset_mae_ms *
                     (double)result.stretches[i].error.hits / (double)result.hits;
    }
    ck_assert_int_eq(by_metre, result.hits);
    ck_assert_int_eq(by_place, result.hits);
    ck_assert_double_eq_tol(error, result.offset_mae_ms, 1e-9);
    /* 2/8 has 24 bars of two eighths: eight of them come first, the other 16 after. */
    ck_assert_int_eq(result.stretches[0].first_bar, 1);
    ck_assert_int_eq(result.stretches[0].last_bar, 8);
    ck_assert_int_eq(result.stretches[1].error.hits, 16 * 3);
    ck_assert(isnan(result.stretches[2].error.offset_mae_ms));
    for (int p = 0; p < 3; p++)
        free_piece(&pieces[p]);
}
END_TEST

/* The same hits with the same spread in other company: as spread out as expression, and nothing of
 * it shared within a step or from step to step. */
START_TEST(independent_noise_shares_nothing)
{
    struct folder folder = folder_make();
    struct error err = {.text = ""};
    struct corpus corpus;
    ck_assert(corpus_load(&corpus, folder.path, "train", &err));
    struct model *model = open_model("groove");
    struct humanising_error calm, drummer, noise, again;
    struct evaluate_options options = {.fills = true, .seed = 3};
    ck_assert(evaluate_model(model, &corpus, &options, &calm, &err));
    options.independent = true; /* of no spread */
    ck_assert(evaluate_model(model, &corpus, &options, &again, &err));
    ck_assert(calm.offset_mae_ms == again.offset_mae_ms);
    ck_assert(calm.velocity_mae == again.velocity_mae);
    options.expression = 1;
    ck_assert(evaluate_model(model, &corpus, &options, &noise, &err));
    ck_assert(evaluate_model(model, &corpus, &options, &again, &err));
    options.independent = false;
    ck_assert(evaluate_model(model, &corpus, &options, &drummer, &err));
    ck_assert(noise.offset_mae_ms == again.offset_mae_ms);
    ck_assert_double_gt(noise.offset_sd_ratio, 1.2 * calm.offset_sd_ratio);
    ck_assert_double_eq_tol(noise.offset_sd_ratio / drummer.offset_sd_ratio, 1, 0.3);
    ck_assert_double_lt(noise.made.autocorrelation[0], drummer.made.autocorrelation[0] - 0.1);
    ck_assert_double_gt(noise.made.within_step_ms, drummer.made.within_step_ms);
    model_close(model);
    corpus_clear(&corpus);
    folder_remove(&folder);
}
END_TEST

/* Eight bars of eighths that begin on the second eighth have nine bars, and eight windows of two.
 */
START_TEST(two_bars_at_a_time)
{
    struct folder folder = folder_make();
    struct error err = {.text = ""};
    struct corpus train, corpus;
    ck_assert(corpus_load_sixteenths(&train, folder.path, "train", &err));
    ck_assert(corpus_load_sixteenths(&corpus, folder.path, "validation", &err));
    struct model *model = open_model("straight");
    struct two_bar_error result, without;
    ck_assert(evaluate_two_bar(model, &corpus, &train, NULL, NULL, &result, &err));
    ck_assert_int_eq(result.windows, 8);
    ck_assert_int_eq(result.grid.hits,
                     2 * 96 - 10 - 2); /* all twice but the first bar and the last */
    ck_assert_int_eq(result.model.hits, result.grid.hits);
    ck_assert_double_eq_tol(result.grid.offset_mae_ms, (64 * 12.0 + 32 * 9.0) / 96, 0.6);
    ck_assert_double_eq_tol(result.model.offset_mae_ms, result.grid.offset_mae_ms, 1e-9);
    ck_assert_double_lt(result.mean.offset_mae_ms, 3);
    ck_assert_double_lt(result.mean.velocity_mae, result.grid.velocity_mae);
    struct corpus none = {0};
    ck_assert(evaluate_two_bar(model, &corpus, &none, NULL, NULL, &without, &err));
    ck_assert_double_eq_tol(without.mean.offset_mae_ms, result.grid.offset_mae_ms, 1e-9);
    model_close(model);
    corpus_clear(&train);
    corpus_clear(&corpus);
    folder_remove(&folder);
}
END_TEST

/* A window is a song to the drummer: two equal bars in the middle of a recording are played as when
 * there is nothing else. */
START_TEST(a_window_knows_nothing_of_its_surroundings)
{
    struct error err = {.text = ""};
    struct model *model = open_model("groove");
    struct piece pieces[2] = {piece_in(4, 2), piece_in(4, 2)};
    struct corpus none = {0}, whole = {.pieces = pieces, .count = 1},
                  cut = {.pieces = pieces + 1, .count = 1};
    struct two_bar_error all, one;
    pieces[1].score->bar_count = 2; /* the rest of it is there, and not looked at */
    ck_assert(evaluate_two_bar(model, &whole, &none, NULL, NULL, &all, &err));
    ck_assert(evaluate_two_bar(model, &cut, &none, NULL, NULL, &one, &err));
    ck_assert_int_eq(all.windows, 5);
    ck_assert_int_eq(one.windows, 1);
    ck_assert_double_gt(one.model.offset_mae_ms, 0.1);
    ck_assert_double_eq_tol(all.model.offset_mae_ms, one.model.offset_mae_ms, 1e-3);
    free_piece(&pieces[0]);
    free_piece(&pieces[1]);
    model_close(model);
}
END_TEST

Suite *evaluate_suite(void)
{
    Suite *suite = suite_create("evaluate");
    TCase *tests = tcase_create("figures");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, coherence_is_that_of_the_step_means);
    tcase_add_test(tests, a_constant_is_no_drift);
    tcase_add_test(tests, parts_add_up);
    tcase_add_test(tests, independent_noise_shares_nothing);
    tcase_add_test(tests, two_bars_at_a_time);
    tcase_add_test(tests, a_window_knows_nothing_of_its_surroundings);
    suite_add_tcase(suite, tests);
    return suite;
}
