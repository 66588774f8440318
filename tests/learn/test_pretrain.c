#include "folder.h"
#include "learn/corpus.h"
#include "learn/pretrain.h"
#include "made_score.h"
#include "model/groove_layout.h"
#include "model/model.h"
#include "suites.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct watcher {
    int steps, stop_at; /* stop_at 0: never */
    double first_loss, last_loss;
    struct pretrain_progress last;
};

static bool watch(void *context, const struct pretrain_progress *progress)
{
    struct watcher *watcher = context;
    if (watcher->steps++ == 0)
        watcher->first_loss = progress->loss;
    watcher->last_loss = progress->loss;
    watcher->last = *progress;
    return watcher->steps != watcher->stop_at;
}

static struct pretrain_options training_of(const char *model, const struct folder *folder,
                                           const char *output, struct watcher *watcher)
{
    struct pretrain_options options = pretrain_defaults(model);
    options.folder = folder->path;
    options.output = output;
    options.threads = 2;
    options.batch = 4;
    options.window = 32;
    options.epochs = 40;
    options.validate_every = 100;
    options.groove.width = 16;
    options.groove.heads = 2;
    options.groove.hidden = 32;
    options.groove.encoders = options.groove.decoders = 1;
    options.paper.width = 16;
    options.paper.heads = 4;
    options.paper.hidden = 32;
    options.paper.encoders = options.paper.decoders = 1;
    if (!strcmp(model, "paper")) {
        options.batch = 8;
        options.window = options.paper.window;
    }
    options.watch = watch;
    options.context = watcher;
    return options;
}

static struct pretrain_options small_training(const struct folder *folder, const char *output,
                                              struct watcher *watcher)
{
    return training_of("groove", folder, output, watcher);
}

static struct checkpoint *load(const char *path)
{
    struct error err = {.text = ""};
    struct checkpoint *checkpoint = checkpoint_load(path, &err);
    ck_assert_msg(checkpoint != NULL, "%s", err.text);
    return checkpoint;
}

static bool same_weights(const struct checkpoint *a, const struct checkpoint *b)
{
    if (checkpoint_count(a) != checkpoint_count(b))
        return false;
    for (int i = 0; i < checkpoint_count(a); i++) {
        const struct tensor *x = checkpoint_at(a, i), *y = checkpoint_find(b, x->name);
        size_t size = sizeof(float);
        for (int k = 0; k < x->rank; k++)
            size *= (size_t)x->shape[k];
        if (!y || memcmp(x->data, y->data, size) != 0)
            return false;
    }
    return true;
}

START_TEST(training_lowers_the_error_and_survives_a_stop)
{
    const char *model = (const char *[]){"groove", "paper"}[_i];
    struct folder folder = folder_make();
    struct error err = {.text = ""};
    char whole[128], parts[128], state[160];
    snprintf(whole, sizeof whole, "%s/whole.safetensors", folder.path);
    snprintf(parts, sizeof parts, "%s/parts.safetensors", folder.path);
    snprintf(state, sizeof state, "%s.state", parts);

    struct watcher watcher = {0};
    struct pretrain_options options = training_of(model, &folder, whole, &watcher);
    ck_assert_msg(pretrain(&options, &err), "%s", err.text);
    ck_assert_double_lt(watcher.last_loss, watcher.first_loss - 0.1);
    ck_assert(watcher.last.validated);
    ck_assert_double_lt(watcher.last.offset_mae_ms, 11.0);

    struct watcher stopped = {.stop_at = 13};
    options = training_of(model, &folder, parts, &stopped);
    ck_assert(!pretrain(&options, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "stopped"));
    checkpoint_free(load(state));
    struct watcher resumed = {0};
    options = training_of(model, &folder, parts, &resumed);
    ck_assert_msg(pretrain(&options, &err), "%s", err.text);
    ck_assert_int_lt(resumed.steps, watcher.steps - 10);
    ck_assert_double_eq(resumed.last_loss, watcher.last_loss);

    struct checkpoint *a = load(whole), *b = load(parts);
    ck_assert_msg(same_weights(a, b), "a stop changed the outcome");
    checkpoint_free(a);
    checkpoint_free(b);
    ck_assert_msg(fopen(state, "rb") == NULL, "the state is gone when all is done");
    folder_remove(&folder);
}
END_TEST

/* Mean difference of two grooves' own offsets on a recording, ms. */
static double apart_ms(const struct checkpoint *a, const struct checkpoint *b,
                       const struct score *score)
{
    struct error err = {.text = ""};
    const struct checkpoint *checkpoints[2] = {a, b};
    struct model *models[2];
    struct performance *performances[2];
    double sum = 0;
    for (int m = 0; m < 2; m++) {
        models[m] = model_open(checkpoints[m], &err);
        ck_assert_msg(models[m] != NULL, "%s", err.text);
        performances[m] = model_begin(models[m], score, &err);
    }
    for (int i = 0; i < score->step_count; i++) {
        struct prediction predictions[2];
        for (int m = 0; m < 2; m++)
            performance_predict(performances[m], i, &predictions[m]);
        for (int c = 0; c < DRUM_COUNT; c++)
            if (score->steps[i].drums >> c & 1)
                sum += fabs((double)predictions[0].offset_ms[c] - predictions[1].offset_ms[c]);
    }
    for (int m = 0; m < 2; m++) {
        performance_end(performances[m]);
        model_close(models[m]);
    }
    return sum / score->hit_count;
}

/* A teacher who plays unlike the recordings: his student plays like him, not like them. */
START_TEST(a_student_learns_what_the_teacher_plays)
{
    struct folder folder = folder_make();
    struct error err = {.text = ""};
    struct watcher watcher = {0};
    char teacher[128], student[128];
    snprintf(teacher, sizeof teacher, "%s/teacher.safetensors", folder.path);
    snprintf(student, sizeof student, "%s/student.safetensors", folder.path);
    struct pretrain_options options = small_training(&folder, student, &watcher);
    struct groove *stranger = groove_new(options.groove, 99);
    struct checkpoint *checkpoint = checkpoint_new();
    const struct named *bias = NULL;
    for (int i = 0; i < stranger->layout->weights.count; i++)
        if (!strcmp(stranger->layout->weights.tensors[i].name, "output.bias"))
            bias = &stranger->layout->weights.tensors[i];
    for (int c = 0; c < DRUM_COUNT; c++) {
        stranger->params[bias->offset + (size_t)(GROOVE_OFFSET + c)] = c % 2 ? .5F : -.5F;
        stranger->params[bias->offset + (size_t)(GROOVE_OFFSET_SCALE + c)] = -1;
    }
    groove_store(stranger, stranger->params, checkpoint);
    ck_assert_msg(checkpoint_save(checkpoint, teacher, &err), "%s", err.text);
    options.teachers[0] = teacher;
    options.dropout = 0;
    options.rate = .02;
    options.epochs = 150;
    ck_assert_msg(pretrain(&options, &err), "%s", err.text);

    struct checkpoint *learnt = load(student);
    struct corpus corpus;
    ck_assert(corpus_load(&corpus, folder.path, "validation", &err));
    ck_assert_double_lt(apart_ms(learnt, checkpoint, corpus.pieces[0].score), 3.0);
    corpus_clear(&corpus);
    checkpoint_free(learnt);
    checkpoint_free(checkpoint);
    groove_free(stranger);

    options.teachers[0] = "nobody.safetensors";
    ck_assert(!pretrain(&options, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "nobody.safetensors"));
    folder_remove(&folder);
}
END_TEST

START_TEST(a_state_of_another_training_is_refused)
{
    struct folder folder = folder_make();
    struct error err = {.text = ""};
    char output[128];
    snprintf(output, sizeof output, "%s/x.safetensors", folder.path);
    struct watcher stopped = {.stop_at = 5};
    struct pretrain_options options = small_training(&folder, output, &stopped);
    ck_assert(!pretrain(&options, &err));
    struct watcher watcher = {0};
    options = small_training(&folder, output, &watcher);
    options.epochs = 20;
    ck_assert(!pretrain(&options, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "another training"));
    ck_assert_str_ne(err.hint, "");
    folder_remove(&folder);
}
END_TEST

START_TEST(not_every_model_is_trained)
{
    struct error err = {.text = ""};
    ck_assert(pretrain_knows("groove", &err) && pretrain_knows("paper", &err));
    ck_assert(!pretrain_knows("straight", &err));
    ck_assert_ptr_nonnull(strstr(err.text, "'straight'"));
    ck_assert_ptr_nonnull(strstr(err.hint, "paper"));
}
END_TEST

START_TEST(a_state_that_cannot_be_kept_is_told)
{
    struct folder folder = folder_make();
    struct error err = {.text = ""};
    struct watcher stopped = {.stop_at = 2};
    char output[128];
    snprintf(output, sizeof output, "%s/x.safetensors", folder.path);
    ck_assert_int_eq(mkdir(output, 0700), 0); /* in the way of the file */
    struct pretrain_options options = small_training(&folder, output, &stopped);
    ck_assert(!pretrain(&options, &err));
    ck_assert_ptr_null(strstr(err.text, "goes on from there"));
    ck_assert_ptr_nonnull(strstr(err.text, "x.safetensors"));
    folder_remove(&folder);
}
END_TEST

START_TEST(recordings_of_a_few_notes_teach_nothing)
{
    struct folder folder = folder_make();
    struct error err = {.text = ""};
    struct watcher watcher = {0};
    char output[128], path[128];
    struct smf_bytes *bytes = malloc(sizeof *bytes);
    ck_assert_ptr_nonnull(bytes);
    smf_begin(bytes, 4, 2, 120);
    for (int i = 0; i < 5; i++)
        smf_hit(bytes, 480 * i, 38, 90);
    score_free(smf_finish(bytes));
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%c.mid", folder.path, "ab"[i]);
        FILE *file = fopen(path, "wb");
        ck_assert(file && fwrite(bytes->data, 1, bytes->size, file) == bytes->size);
        fclose(file);
    }
    snprintf(output, sizeof output, "%s/x.safetensors", folder.path);
    struct pretrain_options options = small_training(&folder, output, &watcher);
    ck_assert(!pretrain(&options, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "too short"));
    ck_assert_int_eq(watcher.steps, 0);
    free(bytes);
    folder_remove(&folder);
}
END_TEST

Suite *pretrain_suite(void)
{
    Suite *suite = suite_create("pretrain");
    TCase *tests = tcase_create("pretrain");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, training_lowers_the_error_and_survives_a_stop, 0, 2);
    tcase_add_test(tests, a_student_learns_what_the_teacher_plays);
    tcase_add_test(tests, a_state_of_another_training_is_refused);
    tcase_add_test(tests, not_every_model_is_trained);
    tcase_add_test(tests, a_state_that_cannot_be_kept_is_told);
    tcase_add_test(tests, recordings_of_a_few_notes_teach_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
