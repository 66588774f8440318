#include "folder.h"
#include "learn/evaluate.h"
#include "suites.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

START_TEST(recordings_become_scores_and_what_was_played)
{
    struct folder folder = folder_make();
    struct error err = {.text = ""};
    struct corpus corpus;
    ck_assert_msg(corpus_load(&corpus, folder.path, "train", &err), "%s", err.text);
    ck_assert_int_eq(corpus.count, 2);
    ck_assert(corpus.pieces[0].beat && !corpus.pieces[1].beat);
    const struct piece *piece = &corpus.pieces[0];
    ck_assert_int_eq(piece->score->step_count, 64);
    double hats = 0, velocity = 0;
    for (int i = 0; i < 64; i++) {
        hats += piece->offset_ms[i * DRUM_COUNT + DRUM_CLOSED_HAT] / 64;
        velocity += piece->velocity[i * DRUM_COUNT + DRUM_CLOSED_HAT] / 64;
    }
    ck_assert_double_eq_tol(hats, FOLDER_HATS_MS, 1.0);
    ck_assert_double_eq_tol(velocity, 70.0, 0.01);
    ck_assert_int_eq(piece->score->steps[5].velocity[DRUM_CLOSED_HAT], 70);
    ck_assert_int_eq(
        piece->score->hits[3].velocity,
        piece->score->steps[piece->score->hits[3].step].velocity[piece->score->hits[3].drum]);
    double both = (piece->offset_ms[2 * DRUM_COUNT + DRUM_SNARE] +
                   piece->offset_ms[2 * DRUM_COUNT + DRUM_CLOSED_HAT]) /
                  2;
    ck_assert_double_eq_tol(piece->guitar_ms[2], both, 1e-4);
    corpus_clear(&corpus);
    folder_remove(&folder);
}
END_TEST

START_TEST(a_folder_without_recordings_says_so)
{
    struct error err = {.text = ""};
    struct corpus corpus;
    ck_assert(!corpus_load(&corpus, "/nonexistent", "train", &err));
    ck_assert_ptr_nonnull(strstr(err.text, "/nonexistent/info.csv"));
    ck_assert_str_ne(err.hint, "");
    struct folder folder = folder_make();
    ck_assert(!corpus_load(&corpus, folder.path, "test", &err));
    ck_assert_ptr_nonnull(strstr(err.text, "split 'test'"));
    char path[128];
    snprintf(path, sizeof path, "%s/a.mid", folder.path);
    ck_assert_int_eq(remove(path), 0);
    ck_assert(!corpus_load(&corpus, folder.path, "train", &err));
    ck_assert_ptr_nonnull(strstr(err.text, "a.mid"));
    folder_remove(&folder);
}
END_TEST

START_TEST(the_table_knows_the_feel_and_the_grid_does_not)
{
    struct folder folder = folder_make();
    struct error err = {.text = ""};
    struct corpus train, validation;
    ck_assert(corpus_load(&train, folder.path, "train", &err));
    ck_assert(corpus_load(&validation, folder.path, "validation", &err));
    struct corpus_table table;
    corpus_tabulate(&train, &table);
    struct humanising_error grid, tabulated;
    ck_assert(evaluate_grid(&validation, false, &grid, &err));
    ck_assert(evaluate_table(&validation, false, &table, &tabulated, &err));
    ck_assert_int_eq(grid.hits, 96);
    ck_assert_int_eq(grid.files, 1);
    ck_assert_double_eq_tol(grid.offset_mae_ms, (64 * 12.0 + 32 * 9.0) / 96, 0.6);
    ck_assert_double_lt(tabulated.offset_mae_ms, 3.0);
    ck_assert_double_eq(grid.offset_sd_ratio, 0.0);
    ck_assert_double_eq_tol(tabulated.offset_sd_ratio, 1.0, 0.15);
    ck_assert_double_lt(tabulated.velocity_mae, grid.velocity_mae);
    /* On the grid every 16th is 125 ms: the error in 16ths follows from that in ms. */
    ck_assert_double_eq_tol(sqrt(grid.offset_mse_16th2) * 125, 11.3, 0.8);
    ck_assert_double_gt(grid.timing_kl, tabulated.timing_kl);
    corpus_clear(&train);
    corpus_clear(&validation);
    folder_remove(&folder);
}
END_TEST

Suite *corpus_suite(void)
{
    Suite *suite = suite_create("corpus");
    TCase *tests = tcase_create("corpus");
    tcase_add_test(tests, recordings_become_scores_and_what_was_played);
    tcase_add_test(tests, a_folder_without_recordings_says_so);
    tcase_add_test(tests, the_table_knows_the_feel_and_the_grid_does_not);
    suite_add_tcase(suite, tests);
    return suite;
}
