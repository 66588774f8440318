/* The panel: what it learns of a player, whom it trusts, what it remembers. */
#include "guitarist/guitarist.h"
#include "made_score.h"
#include "model/ear.h"
#include "suite.h"

/* One take with the guitarist, drums on the prediction. Means: |prediction - guitar|, and of the
 * squares of it in predicted SDs. */
static double rehearse(struct ear *ear, const struct score *score, struct guitarist *guitarist,
                       int take, double *calibration)
{
    double missed = 0, squares = 0, mean, sd, guitar;
    int heard = 0;
    guitarist_start(guitarist, take);
    ear_start_take(ear);
    for (int i = 0; i < score->step_count; i++) {
        ear_predict(ear, i, 0, &mean, &sd);
        if (!guitarist_play(guitarist, i, &guitar))
            continue;
        guitarist_hear(guitarist, i, mean);
        missed += fabs(mean - guitar);
        squares += (mean - guitar) * (mean - guitar) / (sd * sd);
        heard++;
        ear_hear(ear, i, guitar, mean);
    }
    if (calibration)
        *calibration = squares / heard;
    return missed / heard;
}

static struct guitarist *hire(const struct score *score, const char *name, uint64_t seed)
{
    struct guitarist_options options = {.name = name, .seed = seed};
    struct guitarist *guitarist = guitarist_new(score, &options, NULL);
    ck_assert_ptr_nonnull(guitarist);
    return guitarist;
}

START_TEST(it_learns_a_player_and_knows_how_well)
{
    struct score *score = made_score(48, 100, 5);
    struct ear *ear = ear_new(score);
    struct guitarist *guitarist = hire(score, guitarist_name(_i), 21 + (uint64_t)_i);
    double calibration, last = 0, floor = 0, guitar;
    for (int take = 0; take < 4; take++)
        last = rehearse(ear, score, guitarist, take, &calibration);
    int heard = 0;
    guitarist_start(guitarist, 3);
    for (int i = 0; i < score->step_count; i++)
        if (guitarist_play(guitarist, i, &guitar)) {
            floor += fabs(guitar - guitarist_intent_ms(guitarist));
            heard++;
        }
    ck_assert_double_lt(last, floor / heard + 2.5);
    ck_assert_double_gt(calibration, 0.5);
    ck_assert_double_lt(calibration, 2.5); /* slips are no matter of SDs */
    guitarist_free(guitarist);
    ear_free(ear);
    score_free(score);
}
END_TEST

START_TEST(a_late_onset_counts_the_same)
{
    struct score *score = made_score(8, 120, 6);
    struct ear *prompt = ear_new(score), *late = ear_new(score);
    double a, b, sd_a, sd_b;
    for (int i = 0; i + 1 < score->step_count; i++) {
        double guitar = 10 + i % 7, drums = i % 5;
        ear_predict(prompt, i, 3, &a, &sd_a);
        ear_hear(prompt, i, guitar, drums);
        ear_predict(late, i, 3, &b, &sd_b);
        ear_predict(late, i + 1, 3, &b, &sd_b);
        ear_hear(late, i, guitar, drums);
    }
    int last = score->step_count - 1;
    ear_predict(prompt, last, 3, &a, &sd_a);
    ear_predict(late, last, 3, &b, &sd_b);
    ck_assert(a == b && sd_a == sd_b);
    ear_free(prompt);
    ear_free(late);
    score_free(score);
}
END_TEST

START_TEST(what_is_no_note_changes_nothing)
{
    struct score *score = made_score(8, 120, 7);
    struct ear *ear = ear_new(score);
    double before, after, sd_before, sd_after;
    for (int i = 0; i < 20; i++)
        ear_hear(ear, i, 12, 0);
    ear_predict(ear, 21, 0, &before, &sd_before);
    ck_assert(!ear_hear(ear, 5, -40, 0)); /* heard before */
    ck_assert(!ear_hear(ear, 20, NAN, 0));
    ck_assert(!ear_hear(ear, 20, INFINITY, 0));
    ck_assert(!ear_hear(ear, 20, 1e300, 0));
    ck_assert(!ear_hear(ear, 20, 12, NAN));
    ear_predict(ear, 21, 0, &after, &sd_after);
    ck_assert(before == after && sd_before == sd_after);
    ear_predict(ear, 21, NAN, &after, &sd_after);
    ck_assert(before == after);
    ck_assert(ear_hear(ear, 20, 300, 0)); /* a slip */
    ear_predict(ear, 21, 0, &after, &sd_after);
    ck_assert_double_lt(fabs(after - before), 8);
    ear_free(ear);
    score_free(score);
}
END_TEST

/* Tensors that no lesson would write, but that are an ear's; a network gone mad. */
START_TEST(no_checkpoint_and_no_network_drives_it_mad)
{
    struct score *score = made_score(8, 120, 16);
    struct ear *ear = ear_new(score);
    struct checkpoint *checkpoint = checkpoint_new();
    double mean, sd, trust, sum = 0;
    ear_store(ear, checkpoint);
    checkpoint_put(checkpoint, "ear.trust", TENSOR_F64, 1, (int64_t[]){6},
                   (double[]){-1e6, -1e6, -1e6, -1e6, -1e6, -1e6});
    ck_assert(ear_load(ear, checkpoint, NULL));
    for (int i = 0; ear_trust(ear, i, &trust); i++)
        sum += trust;
    ck_assert_double_eq_tol(sum, 1, 1e-9);
    for (int i = 0; i < score->step_count; i++) {
        ear_predict(ear, i, i % 2 ? 9e39 : -1e30, &mean, &sd);
        ck_assert_msg(isfinite(mean) && isfinite(sd), "step %d: %g +- %g", i, mean, sd);
        ck_assert(ear_hear(ear, i, 10, 0));
    }
    checkpoint_free(checkpoint);
    ear_free(ear);
    score_free(score);
}
END_TEST

static double trust_in(const struct ear *ear, const char *name)
{
    double trust = 0;
    const char *here;
    for (int i = 0; (here = ear_trust(ear, i, &trust)); i++)
        if (strcmp(here, name) == 0)
            return trust;
    ck_abort_msg("no filter '%s'", name);
    return 0;
}

static double trust_in_network(const struct ear *ear)
{
    return trust_in(ear, "correcting") + trust_in(ear, "trusting");
}

START_TEST(a_network_is_trusted_as_far_as_it_is_right)
{
    struct score *score = made_score(40, 120, 8);
    struct ear *right = ear_new(score), *wrong = ear_new(score);
    struct rng rng;
    rng_seed(&rng, 9);
    double mean, sd, missed = 0;
    for (int i = 0; i < score->step_count; i++) {
        double meant = 25 * rng_normal(&rng), guitar = meant + 5 * rng_normal(&rng);
        ear_predict(wrong, i, 25 * rng_normal(&rng), &mean, &sd);
        ear_predict(right, i, meant, &mean, &sd);
        missed += fabs(mean - guitar) / score->step_count;
        ear_hear(right, i, guitar, 0);
        ear_hear(wrong, i, meant / 5, 0);
    }
    ck_assert_double_lt(missed, 8);
    ck_assert_double_gt(trust_in_network(right), 0.9);
    ck_assert_double_lt(trust_in_network(wrong), 0.3);
    ear_free(right);
    ear_free(wrong);
    score_free(score);
}
END_TEST

/* A network that was right for an hour and is no more. */
START_TEST(trust_of_long_ago_does_not_last)
{
    struct score *score = made_score(160, 120, 21);
    struct ear *ear = ear_new(score);
    struct rng rng;
    rng_seed(&rng, 22);
    double mean, sd;
    int turn = score->step_count - 150;
    for (int i = 0; i < score->step_count; i++) {
        double guess = 25 * rng_normal(&rng), guitar = i < turn ? guess : 0;
        ear_predict(ear, i, guess, &mean, &sd);
        ear_hear(ear, i, guitar + 5 * rng_normal(&rng), 0);
        if (i == turn - 1)
            ck_assert_double_gt(trust_in_network(ear), 0.9);
    }
    ck_assert_double_lt(trust_in_network(ear), 0.5);
    ear_free(ear);
    score_free(score);
}
END_TEST

/* A player who comes back with other habits is met by the one filter that expects it. */
START_TEST(a_changed_player_is_noticed_within_the_take)
{
    struct score *score = made_score(24, 120, 23);
    struct ear *knows = ear_new(score), *stranger = ear_new(score);
    struct rng rng;
    rng_seed(&rng, 24);
    double mean, sd, error[2] = {0};
    int count = 0;
    for (int take = 0; take < 4; take++) {
        double early = take == 3 ? -25 : 20; /* off the beats */
        ear_start_take(knows);
        for (int i = 0; i < score->step_count; i++) {
            double guitar = (score->steps[i].bin % 12 ? early : 0) + 6 * rng_normal(&rng);
            ear_predict(knows, i, 0, &mean, &sd);
            ear_hear(knows, i, guitar, mean);
            if (take < 3)
                continue;
            double late = i >= score->step_count / 2;
            error[0] += late * fabs(mean - guitar);
            ear_predict(stranger, i, 0, &mean, &sd);
            ear_hear(stranger, i, guitar, mean);
            error[1] += late * fabs(mean - guitar);
            count += late > 0;
        }
    }
    ck_assert_double_lt(error[0] / count, error[1] / count + 1);
    ear_free(knows);
    ear_free(stranger);
    score_free(score);
}
END_TEST

START_TEST(a_checkpoint_brings_it_back)
{
    struct score *score = made_score(24, 120, 10), *other = made_score(30, 90, 11);
    struct ear *ear = ear_new(score), *again = ear_new(score), *abroad = ear_new(other);
    struct ear *fresh = ear_new(other);
    struct guitarist *guitarist = hire(score, "swinger", 5);
    struct checkpoint *checkpoint = checkpoint_new();
    struct error err = {.text = ""};
    ck_assert(ear_load(again, checkpoint, &err)); /* holds no ear */
    for (int take = 0; take < 2; take++)
        rehearse(ear, score, guitarist, take, NULL);
    ear_store(ear, checkpoint);
    ck_assert_msg(ear_load(again, checkpoint, &err), "%s", err.text);
    ck_assert_msg(ear_load(abroad, checkpoint, &err), "%s", err.text);
    ear_start_take(ear);
    ear_start_take(again);
    double a, b, sd_a, sd_b, sd_fresh;
    for (int i = 0; i < score->step_count; i++) {
        ear_predict(ear, i, 2, &a, &sd_a);
        ear_predict(again, i, 2, &b, &sd_b);
        ck_assert(a == b && sd_a == sd_b);
    }
    /* Swing goes with the player into another song; how sure that is lies between knowing and not.
     */
    int offbeat = 0;
    while (other->steps[offbeat].bin % 12 != 6)
        offbeat++;
    ear_predict(abroad, offbeat, 0, &b, &sd_b);
    ear_predict(fresh, offbeat, 0, &a, &sd_fresh);
    ck_assert_double_gt(b, 8);
    ck_assert_double_eq_tol(a, 0, 1e-9);
    ck_assert_double_gt(sd_b, sd_a);
    ck_assert_double_lt(sd_b, sd_fresh);
    checkpoint_free(checkpoint);
    guitarist_free(guitarist);
    ear_free(ear);
    ear_free(again);
    ear_free(abroad);
    ear_free(fresh);
    score_free(score);
    score_free(other);
}
END_TEST

/* Spoils one tensor of the checkpoint; how it is spoilt depends on `way`. */
static bool spoil(struct checkpoint *checkpoint, int index, int way)
{
    struct tensor tensor = *checkpoint_at(checkpoint, index);
    int64_t count = tensor.shape[0];
    double *data = malloc((size_t)count * sizeof *data);
    memcpy(data, tensor.data, (size_t)count * sizeof *data);
    data[0] = way == 0 ? NAN : way == 1 ? -1e9 : way == 4 ? 1e300 : data[0];
    tensor.shape[0] -= way == 2;
    if (way == 3)
        checkpoint_remove(checkpoint, tensor.name);
    else
        checkpoint_put(checkpoint, tensor.name, TENSOR_F64, 1, tensor.shape, data);
    free(data);
    return way != 3 || strcmp(tensor.name, "ear.trust") != 0; /* without it there is no ear */
}

START_TEST(damage_is_refused)
{
    struct score *score = made_score(8, 120, 12);
    struct ear *ear = ear_new(score);
    struct checkpoint *whole = checkpoint_new();
    ear_hear(ear, 0, 20, 0);
    ear_store(ear, whole);
    ck_assert(ear_load(ear, whole, NULL));
    for (int index = 0; index < checkpoint_count(whole); index++)
        for (int way = 0; way < 5; way++) {
            struct checkpoint *spoilt = checkpoint_copy(whole);
            bool refused = spoil(spoilt, index, way);
            struct error err = {.text = ""};
            ck_assert_int_eq(ear_load(ear, spoilt, &err), !refused);
            ck_assert_int_eq(err.text[0] != '\0', refused);
            ck_assert_int_eq(strstr(err.hint, "roll back") != NULL, refused);
            checkpoint_free(spoilt);
        }
    checkpoint_free(whole);
    ear_free(ear);
    score_free(score);
}
END_TEST

Suite *ear_suite(void);

Suite *ear_suite(void)
{
    Suite *suite = suite_create("ear");
    TCase *panel = tcase_create("panel");
    tcase_set_timeout(panel, 60);
    tcase_add_loop_test(panel, it_learns_a_player_and_knows_how_well, 0, 7);
    tcase_add_test(panel, a_late_onset_counts_the_same);
    tcase_add_test(panel, what_is_no_note_changes_nothing);
    tcase_add_test(panel, no_checkpoint_and_no_network_drives_it_mad);
    tcase_add_test(panel, a_network_is_trusted_as_far_as_it_is_right);
    tcase_add_test(panel, trust_of_long_ago_does_not_last);
    tcase_add_test(panel, a_changed_player_is_noticed_within_the_take);
    tcase_add_test(panel, a_checkpoint_brings_it_back);
    tcase_add_test(panel, damage_is_refused);
    suite_add_tcase(suite, panel);
    return suite;
}
