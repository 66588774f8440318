#include "folder.h"
#include "learn/corpus.h"
#include "learn/export_corpus.h"
#include "model/checkpoint.h"
#include "model/features.h"
#include "model/paper.h"
#include "suites.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct checkpoint *export(const struct folder *folder, struct export_counts *counts)
{
    struct error err = {.text = ""};
    char path[128];
    snprintf(path, sizeof path, "%s/export.safetensors", folder->path);
    ck_assert_msg(export_corpus(folder->path, path, counts, &err), "%s", err.text);
    struct checkpoint *file = checkpoint_load(path, &err);
    ck_assert_msg(file != NULL, "%s", err.text);
    return file;
}

static const float *column(const struct checkpoint *file, const char *name, int64_t rows, int width)
{
    const struct tensor *t = checkpoint_find(file, name);
    ck_assert_msg(t != NULL, "no tensor %s", name);
    ck_assert_int_eq(t->rank, width > 1 ? 2 : 1);
    ck_assert_int_eq(t->shape[0], rows);
    ck_assert(width == 1 || t->shape[1] == width);
    return t->data;
}

static long steps_of(const struct corpus *corpus)
{
    long steps = 0;
    for (int p = 0; p < corpus->count; p++)
        steps += corpus->pieces[p].score->step_count;
    return steps;
}

START_TEST(holds_every_step_of_all_parts)
{
    struct folder folder = folder_make();
    struct error err = {.text = ""};
    struct export_counts counts;
    struct checkpoint *file = export(&folder, &counts);
    struct corpus train, validation, sixteenths;
    ck_assert(corpus_load(&train, folder.path, "train", &err));
    ck_assert(corpus_load(&validation, folder.path, "validation", &err));
    ck_assert(corpus_load_sixteenths(&sixteenths, folder.path, "train", &err));
    const long fine = steps_of(&sixteenths);
    ck_assert_int_eq(counts.recordings, 5);
    ck_assert_int_eq(counts.steps, steps_of(&train) + steps_of(&validation) + fine);
    const float *bin = column(file, "sixteenths.bin", fine, 1);
    for (long n = 0; n < fine; n++)
        ck_assert(fmodf(bin[n], 3) == 0);
    corpus_clear(&sixteenths);
    ck_assert_int_gt(checkpoint_find(file, "validation.x")->shape[0], 0);
    column(file, "validation.x", steps_of(&validation), FEATURE_COUNT);
    const float *start = column(file, "train.start", 2, 1);
    const float *beat = column(file, "train.beat", 2, 1);
    ck_assert(start[0] == 0 && start[1] == (float)train.pieces[0].score->step_count);
    ck_assert(beat[0] == 1 && beat[1] == 0);
    corpus_clear(&train);
    corpus_clear(&validation);
    checkpoint_free(file);
    folder_remove(&folder);
}
END_TEST

/* The second recording's steps, as the corpus and the features have them. */
START_TEST(says_what_the_corpus_says)
{
    struct folder folder = folder_make();
    struct error err = {.text = ""};
    struct export_counts counts;
    struct checkpoint *file = export(&folder, &counts);
    struct corpus train;
    ck_assert(corpus_load(&train, folder.path, "train", &err));
    const long N = steps_of(&train);
    const struct piece *piece = &train.pieces[1];
    const int first = train.pieces[0].score->step_count;
    for (int i = 0; i < piece->score->step_count; i++) {
        const struct step *step = &piece->score->steps[i];
        const long n = first + i;
        float x[FEATURE_COUNT], score[PAPER_SCORE];
        features_compute(piece->score, i, 1, NULL, x);
        ck_assert_mem_eq(column(file, "train.x", N, FEATURE_COUNT) + n * FEATURE_COUNT, x,
                         sizeof x);
        paper_read_step(step, score);
        ck_assert_mem_eq(column(file, "train.score", N, PAPER_SCORE) + n * PAPER_SCORE, score,
                         sizeof score);
        ck_assert_float_eq(column(file, "train.bar_ms", N, 1)[n], (float)(1000 * step->at.bar_s));
        ck_assert(column(file, "train.bin", N, 1)[n] == (float)step->bin);
        ck_assert(column(file, "train.bar", N, 1)[n] == (float)step->at.bar);
        ck_assert(column(file, "train.guitar_ms", N, 1)[n] == piece->guitar_ms[i]);
        const float *reach = column(file, "train.reach_ms", N, 2) + 2 * n;
        ck_assert_float_eq_tol(reach[0], fmin(1000, 450 * step->gap_s[0]), 1e-2);
        ck_assert_float_eq_tol(reach[1], fmin(1000, 450 * step->gap_s[1]), 1e-2);
        for (int c = 0; c < DRUM_COUNT; c++) {
            const long cell = n * DRUM_COUNT + c;
            const float *scored = column(file, "train.scored", N, DRUM_COUNT);
            ck_assert((scored[cell] > 0) == (step->drums >> c & 1));
            ck_assert(scored[cell] == 0 || scored[cell] == step->velocity[c]);
            ck_assert(column(file, "train.velocity", N, DRUM_COUNT)[cell] ==
                      piece->velocity[i * DRUM_COUNT + c]);
            ck_assert(column(file, "train.offset_ms", N, DRUM_COUNT)[cell] ==
                      piece->offset_ms[i * DRUM_COUNT + c]);
        }
    }
    corpus_clear(&train);
    checkpoint_free(file);
    folder_remove(&folder);
}
END_TEST

START_TEST(tells_what_it_cannot_do)
{
    struct folder folder = folder_make();
    struct error err = {.text = ""};
    struct export_counts counts;
    char path[128];
    snprintf(path, sizeof path, "%s/no/such/folder", folder.path);
    ck_assert(!export_corpus(folder.path, path, &counts, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "no/such/folder"));
    ck_assert(!export_corpus(path, "unwritten", &counts, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "info.csv"));
    folder_remove(&folder);
}
END_TEST

Suite *export_corpus_suite(void)
{
    Suite *suite = suite_create("export corpus");
    TCase *tests = tcase_create("export");
    tcase_add_test(tests, holds_every_step_of_all_parts);
    tcase_add_test(tests, says_what_the_corpus_says);
    tcase_add_test(tests, tells_what_it_cannot_do);
    suite_add_tcase(suite, tests);
    return suite;
}
