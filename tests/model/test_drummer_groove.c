/* The default drummer: network and ear together. */
#include "made_score.h"
#include "model/drummer_groove.h"
#include "model/groove.h"
#include "suite.h"

static struct checkpoint *some_groove(void)
{
    struct groove_config config = groove_defaults();
    config.width = 16;
    config.heads = 2;
    config.hidden = 32;
    struct groove *groove = groove_new(config, 13);
    struct checkpoint *checkpoint = checkpoint_new();
    groove_store(groove, groove->params, checkpoint);
    groove_free(groove);
    return checkpoint;
}

static void *begin(void *mind, const struct score *score)
{
    struct error err = {.text = ""};
    void *performance = model_groove.begin(mind, score, &err);
    ck_assert_msg(performance != NULL, "%s", err.text);
    return performance;
}

/* The drummer's own feel is a matter of the score; the guitar is learnt, and kept. */
START_TEST(the_drummer_learns_the_guitar_and_keeps_himself)
{
    struct score *score = made_score(12, 110, 14);
    struct checkpoint *checkpoint = some_groove();
    struct prediction first, later, again;
    void *mind = model_groove.open(checkpoint, NULL);
    ck_assert_ptr_nonnull(mind);
    void *performance = begin(mind, score);
    model_groove.predict(performance, 40, &first);
    for (int i = 0; i < 40; i++) {
        model_groove.predict(performance, i, &later);
        model_groove.hear(performance, i, 18, later.guitar_ms, 1);
    }
    model_groove.predict(performance, 40, &later);
    ck_assert_double_lt(fabs(first.guitar_ms), 8);
    ck_assert_double_eq_tol(later.guitar_ms, 18, 4);
    ck_assert_double_lt(later.guitar_sd_ms, first.guitar_sd_ms);
    ck_assert_mem_eq(first.offset_ms, later.offset_ms, sizeof first.offset_ms);
    ck_assert_mem_eq(first.velocity, later.velocity, sizeof first.velocity);
    ck_assert(model_groove.keep(performance, checkpoint, NULL));
    model_groove.end(performance);
    model_groove.close(mind);

    mind = model_groove.open(checkpoint, NULL);
    performance = begin(mind, score);
    model_groove.predict(performance, 40, &again);
    ck_assert_double_gt(again.guitar_ms, 9);
    ck_assert_mem_eq(first.offset_ms, again.offset_ms, sizeof first.offset_ms);
    model_groove.end(performance);
    model_groove.close(mind);
    checkpoint_free(checkpoint);
    score_free(score);
}
END_TEST

/* Whatever the ear does not believe, the network is not told. */
START_TEST(what_is_no_note_does_not_reach_the_network)
{
    struct score *score = made_score(4, 110, 17);
    struct checkpoint *checkpoint = some_groove();
    struct prediction before, after;
    void *mind = model_groove.open(checkpoint, NULL);
    void *performance = begin(mind, score);
    model_groove.hear(performance, 0, 10, 0, 1);
    model_groove.predict(performance, 2, &before);
    model_groove.hear(performance, 0, 400, 0, 1); /* heard before */
    model_groove.hear(performance, 1, 1e300, 0, 1);
    model_groove.predict(performance, 2, &after);
    ck_assert(before.guitar_ms == after.guitar_ms && before.guitar_sd_ms == after.guitar_sd_ms);
    model_groove.end(performance);
    model_groove.close(mind);
    checkpoint_free(checkpoint);
    score_free(score);
}
END_TEST

static struct prediction predicted_with(const float *bias, float weight, const struct score *score,
                                        int step)
{
    struct error err = {.text = ""};
    struct checkpoint *checkpoint = some_groove();
    struct prediction out;
    float weights[16 * GROOVE_OUTPUTS];
    for (int i = 0; i < 16 * GROOVE_OUTPUTS; i++)
        weights[i] = i % 2 ? weight : -weight;
    checkpoint_put(checkpoint, "output.bias", TENSOR_F32, 1, (int64_t[]){GROOVE_OUTPUTS}, bias);
    checkpoint_put(checkpoint, "output.weight", TENSOR_F32, 2, (int64_t[]){16, GROOVE_OUTPUTS},
                   weights);
    struct model *model = model_open(checkpoint, &err);
    struct performance *performance = model ? model_begin(model, score, &err) : NULL;
    ck_assert_msg(performance != NULL, "%s", err.text);
    performance_predict(performance, step, &out);
    performance_end(performance);
    model_close(model);
    checkpoint_free(checkpoint);
    return out;
}

/* Velocities stay MIDI, and outputs that are no numbers give way to the grid. */
START_TEST(a_mad_network_still_plays)
{
    struct score *score = made_score(4, 110, 18);
    float bias[GROOVE_OUTPUTS] = {0};
    bias[GROOVE_DELTA + DRUM_KICK] = 100;
    bias[GROOVE_DELTA + DRUM_SNARE] = -100;
    struct prediction loud = predicted_with(bias, 0, score, 0);
    ck_assert_float_eq(loud.velocity[DRUM_KICK], 127);
    ck_assert_float_eq(loud.velocity[DRUM_SNARE], 1);
    struct prediction mad = predicted_with(bias, 3e38F, score, 0);
    for (int c = 0; c < DRUM_COUNT; c++) {
        ck_assert_float_eq(mad.offset_ms[c], 0);
        ck_assert_float_eq(mad.velocity[c], fmaxf(1, score->steps[0].velocity[c]));
    }
    ck_assert(isfinite(mad.guitar_ms) && isfinite(mad.guitar_sd_ms));
    score_free(score);
}
END_TEST

START_TEST(a_drummer_with_a_damaged_ear_does_not_begin)
{
    struct score *score = made_score(4, 110, 15);
    struct checkpoint *checkpoint = some_groove();
    struct error err = {.text = ""};
    checkpoint_put(checkpoint, "ear.trust", TENSOR_F64, 1, (int64_t[]){1}, (double[]){0});
    void *mind = model_groove.open(checkpoint, &err);
    ck_assert_msg(mind != NULL, "%s", err.text);
    ck_assert_ptr_null(model_groove.begin(mind, score, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "ear"));
    model_groove.close(mind);
    checkpoint_free(checkpoint);
    checkpoint = checkpoint_new();
    ck_assert_ptr_null(model_groove.open(checkpoint, &err));
    checkpoint_free(checkpoint);
    score_free(score);
}
END_TEST

/* He is heard everywhere, 18 ms late; what is predicted on the way is left in `made`, if wanted. */
static void play_take(struct performance *performance, const struct score *score, double weight,
                      float *made)
{
    for (int i = 0; i < score->step_count; i++) {
        struct prediction prediction;
        performance_predict(performance, i, &prediction);
        performance_study(performance, i, 18, prediction.guitar_ms, weight);
        if (made)
            made[i] = prediction.guitar_ms;
    }
}

/* The next take of one performance is that of a new one. */
START_TEST(a_performance_can_begin_its_next_take)
{
    struct score *score = made_score(8, 110, 14);
    struct checkpoint *checkpoint = some_groove();
    struct error err = {.text = ""};
    const size_t bytes = (size_t)score->step_count * sizeof(float);
    float *first = malloc(bytes), *next = malloc(bytes), *again = malloc(bytes);
    struct model *model = model_open(checkpoint, &err);
    struct performance *performance = model_begin(model, score, &err);
    ck_assert_msg(performance && first && next && again, "%s", err.text);
    play_take(performance, score, 1, first);
    ck_assert(performance_restart(performance, RESTART_AS_OPENED, &err));
    play_take(performance, score, 1, again);
    ck_assert_mem_eq(first, again, bytes);
    ck_assert(performance_keep(performance, checkpoint, &err));
    ck_assert(performance_restart(performance, RESTART_NEXT_TAKE, &err));
    play_take(performance, score, 1, next);
    performance_end(performance);
    model_close(model);

    model = model_open(checkpoint, &err);
    performance = model_begin(model, score, &err);
    play_take(performance, score, 1, again);
    ck_assert_mem_eq(next, again, bytes);
    ck_assert_mem_ne(next, first, bytes);
    ck_assert(performance_restart(performance, RESTART_STRANGER, &err));
    play_take(performance, score, 1, again);
    ck_assert_mem_eq(first, again, bytes);
    performance_end(performance);
    model_close(model);
    checkpoint_free(checkpoint);
    score_free(score);
    free(first);
    free(next);
    free(again);
}
END_TEST

/* Of a constant that is a drift to one of the panel, more weight need not say more in the end. */
START_TEST(an_onset_of_less_weight_says_less)
{
    static const double weights[] = {0.02, 0.2, 1};
    struct score *score = made_score(2, 110, 14);
    struct checkpoint *checkpoint = some_groove();
    struct error err = {.text = ""};
    struct model *model = model_open(checkpoint, &err);
    struct performance *performance = model_begin(model, score, &err);
    float expected[3], doubt[3];
    for (int k = 0; k < 3; k++) {
        struct prediction prediction;
        ck_assert(performance_restart(performance, RESTART_AS_OPENED, &err));
        play_take(performance, score, weights[k], NULL);
        ck_assert(performance_restart(performance, RESTART_NEXT_TAKE, &err));
        performance_predict(performance, 0, &prediction);
        expected[k] = prediction.guitar_ms;
        doubt[k] = prediction.guitar_sd_ms;
    }
    for (int k = 1; k < 3; k++) {
        ck_assert_float_gt(expected[k], expected[0] + 2);
        ck_assert_float_lt(doubt[k], doubt[k - 1]);
    }
    performance_end(performance);
    model_close(model);
    checkpoint_free(checkpoint);
    score_free(score);
}
END_TEST

Suite *drummer_groove_suite(void);

Suite *drummer_groove_suite(void)
{
    Suite *suite = suite_create("groove drummer");
    TCase *drummer = tcase_create("drummer");
    tcase_set_timeout(drummer, 60);
    tcase_add_test(drummer, the_drummer_learns_the_guitar_and_keeps_himself);
    tcase_add_test(drummer, what_is_no_note_does_not_reach_the_network);
    tcase_add_test(drummer, a_mad_network_still_plays);
    tcase_add_test(drummer, a_drummer_with_a_damaged_ear_does_not_begin);
    tcase_add_test(drummer, a_performance_can_begin_its_next_take);
    tcase_add_test(drummer, an_onset_of_less_weight_says_less);
    suite_add_tcase(suite, drummer);
    return suite;
}
