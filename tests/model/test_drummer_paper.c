/* The paper's drummer at play: step by step he says what the network says of the window around each
 * step, and he is not put out by anything. */
#include "made_score.h"
#include "model/drummer_paper.h"
#include "model/paper.h"
#include "model/paper_step.h"
#include "suite.h"

enum { WINDOW = 8, BEFORE = 5 };

static struct paper *small_paper(void)
{
    const struct paper_config config = {.width = 16,
                                        .heads = 4,
                                        .hidden = 32,
                                        .encoders = 2,
                                        .decoders = 2,
                                        .window = WINDOW,
                                        .before = BEFORE};
    struct paper *paper = paper_new(config, 13);
    struct rng rng;
    rng_seed(&rng, 2);
    for (size_t i = 0; i < paper->size; i++)
        paper->params[i] += (float)(.1 * rng_normal(&rng));
    return paper;
}

static struct checkpoint *checkpoint_of(const struct paper *paper)
{
    struct checkpoint *checkpoint = checkpoint_new();
    paper_store(paper, paper->params, checkpoint);
    return checkpoint;
}

/* The outputs of `step` by one forward pass over its window. */
static void by_window(const struct paper *paper, struct paper_pass *pass, const struct score *score,
                      int step, const float *outputs, const float *g, const bool *heard, float *out)
{
    const int T = score->step_count < WINDOW ? score->step_count : WINDOW;
    int first = step - BEFORE < 0 ? 0 : step - BEFORE;
    first = first > score->step_count - T ? score->step_count - T : first;
    float rows[WINDOW * PAPER_SCORE], past[WINDOW * PAPER_PAST] = {0};
    for (int t = 0; t < T; t++) {
        paper_read_step(&score->steps[first + t], rows + t * PAPER_SCORE);
        const int before = first + t - 1;
        if (t == 0)
            paper_recall_nothing(rows, past);
        else if (before < step)
            paper_recall(rows + (t - 1) * PAPER_SCORE, outputs + before * PAPER_OUTPUTS,
                         heard[before] ? &g[before] : NULL, rows + t * PAPER_SCORE,
                         past + t * PAPER_PAST);
    }
    const struct paper_batch batch = {.B = 1, .T = T, .score = rows, .past = past};
    const float *made =
        paper_decode(paper, pass, &batch, paper_encode(paper, pass, &batch, 0, NULL), 0, NULL);
    memcpy(out, made + (step - first) * PAPER_OUTPUTS, PAPER_OUTPUTS * sizeof *out);
}

START_TEST(plays_what_the_windows_say)
{
    struct error err;
    struct paper *paper = small_paper();
    struct paper_pass *pass = paper_pass_new(paper, 1, WINDOW, false);
    struct score *score = made_score(_i ? 6 : 1, 110, 14);
    const int n = score->step_count;
    float *outputs = calloc((size_t)n * PAPER_OUTPUTS, sizeof *outputs);
    float *g = calloc((size_t)n, sizeof *g), want[PAPER_OUTPUTS];
    bool *heard = calloc((size_t)n, sizeof *heard);
    struct paper_player *player = paper_player_new(paper, score, &err);
    ck_assert_msg(player != NULL, "%s", err.text);
    for (int i = 0; i < n; i++) {
        const float *made = paper_player_predict(player, i);
        by_window(paper, pass, score, i, outputs, g, heard, want);
        for (int k = 0; k < PAPER_OUTPUTS; k++)
            ck_assert_float_eq_tol(made[k], want[k], 1e-5F);
        memcpy(outputs + (ptrdiff_t)i * PAPER_OUTPUTS, made, sizeof want);
        int late = i - i % 3; /* some onsets come after later steps were told */
        if (i % 4 != 1 && !heard[late]) {
            heard[late] = true;
            g[late] = (float)(i % 5) - 2;
            paper_player_hear(player, late, g[late]);
            paper_player_hear(player, late, 9); /* the first word counts */
        }
        ck_assert_ptr_eq(paper_player_predict(player, i), made);
    }
    free(outputs);
    free(g);
    free(heard);
    paper_player_free(player);
    paper_pass_free(pass);
    score_free(score);
    paper_free(paper);
}
END_TEST

static struct performance *begin(struct model **model, const struct checkpoint *checkpoint,
                                 const struct score *score)
{
    struct error err = {.text = ""};
    *model = model_open(checkpoint, &err);
    struct performance *performance = *model ? model_begin(*model, score, &err) : NULL;
    ck_assert_msg(performance != NULL, "%s", err.text);
    return performance;
}

/* Milliseconds are those of the step's bar, in any metre and tempo; scales and spread are there. */
START_TEST(speaks_in_milliseconds)
{
    struct paper *paper = small_paper();
    struct checkpoint *checkpoint = checkpoint_of(paper);
    struct score *score = made_score(2, 60, 14);
    struct model *model;
    struct prediction out;
    struct performance *performance = begin(&model, checkpoint, score);
    struct paper_player *player = paper_player_new(paper, score, NULL);
    const float *made = paper_player_predict(player, 0);
    performance_predict(performance, 0, &out);
    ck_assert_float_eq_tol(out.offset_ms[0], 50 * made[PAPER_OFFSET], 1e-4F);
    ck_assert_float_eq_tol(out.guitar_ms, 50 * made[PAPER_GUITAR], 1e-4F);
    ck_assert_float_eq_tol(out.velocity[0], score->steps[0].velocity[0] + 25 * made[PAPER_DELTA],
                           1e-4F);
    ck_assert(out.offset_scale_ms[0] > 0 && out.velocity_scale[0] > 0 && out.guitar_sd_ms > 0);
    ck_assert(performance_keep(performance, checkpoint, NULL));
    paper_player_free(player);
    performance_end(performance);
    model_close(model);
    checkpoint_free(checkpoint);
    score_free(score);
    paper_free(paper);
}
END_TEST

START_TEST(what_is_no_onset_is_not_heard)
{
    struct paper *paper = small_paper();
    struct checkpoint *checkpoint = checkpoint_of(paper);
    struct score *score = made_score(4, 110, 17);
    struct model *models[3];
    struct performance *performances[3];
    struct prediction out[3];
    for (int k = 0; k < 3; k++) {
        performances[k] = begin(&models[k], checkpoint, score);
        performance_predict(performances[k], 0, &out[k]);
        if (k == 1)
            performance_hear(performances[k], 0, 1e300, 0);
        if (k == 2)
            performance_hear(performances[k], 0, 0, 0); /* on the grid: that is news */
        performance_predict(performances[k], 1, &out[k]);
        performance_end(performances[k]);
        model_close(models[k]);
    }
    ck_assert(out[0].guitar_ms == out[1].guitar_ms);
    ck_assert(out[0].guitar_ms != out[2].guitar_ms);
    checkpoint_free(checkpoint);
    score_free(score);
    paper_free(paper);
}
END_TEST

START_TEST(the_next_take_begins_as_the_first)
{
    struct error err = {.text = ""};
    struct paper *paper = small_paper();
    struct checkpoint *checkpoint = checkpoint_of(paper);
    struct score *score = made_score(4, 110, 17);
    struct model *model;
    struct performance *performance = begin(&model, checkpoint, score);
    float guitar_ms[2][64];
    for (int take = 0; take < 2; take++) {
        for (int i = 0; i < score->step_count && i < 64; i++) {
            struct prediction prediction;
            performance_predict(performance, i, &prediction);
            guitar_ms[take][i] = prediction.guitar_ms;
            performance_hear(performance, i, take ? 30 : 5, 0);
        }
        ck_assert(performance_restart(performance,
                                      take == 0 ? RESTART_AS_OPENED : RESTART_NEXT_TAKE, &err));
    }
    ck_assert(guitar_ms[0][0] == guitar_ms[1][0]);
    ck_assert(guitar_ms[0][1] != guitar_ms[1][1]);
    performance_end(performance);
    model_close(model);
    checkpoint_free(checkpoint);
    score_free(score);
    paper_free(paper);
}
END_TEST

/* Outputs that are no numbers give way to the grid, and are not what he lives on. A take may begin
 * anywhere. */
START_TEST(a_mad_network_still_plays)
{
    struct paper *paper = small_paper();
    struct score *score = made_score(4, 110, 18);
    struct model *model;
    struct prediction out;
    for (size_t i = 0; i < paper->size; i++)
        paper->params[i] = i % 2 ? 3e38F : -3e38F;
    struct checkpoint *checkpoint = checkpoint_of(paper);
    struct performance *performance = begin(&model, checkpoint, score);
    for (int i = 17; i < score->step_count; i++) {
        performance_predict(performance, i, &out);
        for (int c = 0; c < DRUM_COUNT; c++) {
            ck_assert_float_eq(out.offset_ms[c], 0);
            ck_assert_float_eq(out.velocity[c], fmaxf(1, score->steps[i].velocity[c]));
        }
        ck_assert(isfinite(out.guitar_ms) && out.guitar_sd_ms > 0);
    }
    performance_end(performance);
    model_close(model);
    checkpoint_free(checkpoint);
    score_free(score);
    paper_free(paper);
}
END_TEST

START_TEST(a_song_that_needs_too_much_is_refused)
{
    struct paper_config config = {.width = 1024,
                                  .heads = 4,
                                  .hidden = 8,
                                  .encoders = 1,
                                  .decoders = 0,
                                  .window = 1024,
                                  .before = 1000};
    struct error err = {.text = ""};
    struct paper *paper = paper_new(config, 1);
    struct score *score = made_score(160, 110, 1);
    ck_assert_int_gt(score->step_count, 1024 + 256);
    ck_assert_ptr_null(paper_player_new(paper, score, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "too large"));
    score_free(score);
    paper_free(paper);
}
END_TEST

Suite *drummer_paper_suite(void);

Suite *drummer_paper_suite(void)
{
    Suite *suite = suite_create("paper_drummer");
    TCase *drummer = tcase_create("drummer");
    tcase_set_timeout(drummer, 60);
    tcase_add_loop_test(drummer, plays_what_the_windows_say, 0, 2);
    tcase_add_test(drummer, speaks_in_milliseconds);
    tcase_add_test(drummer, what_is_no_onset_is_not_heard);
    tcase_add_test(drummer, the_next_take_begins_as_the_first);
    tcase_add_test(drummer, a_mad_network_still_plays);
    tcase_add_test(drummer, a_song_that_needs_too_much_is_refused);
    suite_add_tcase(suite, drummer);
    return suite;
}
