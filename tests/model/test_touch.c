#include "made_score.h"
#include "model/touch.h"
#include "suite.h"

static struct prediction some_prediction(double guitar_ms)
{
    struct prediction prediction = {.guitar_ms = (float)guitar_ms, .guitar_sd_ms = 10};
    for (int drum = 0; drum < DRUM_COUNT; drum++) {
        prediction.offset_ms[drum] = (float)(2 * drum - 5);
        prediction.offset_scale_ms[drum] = 8;
        prediction.velocity[drum] = 70;
        prediction.velocity_scale[drum] = 9;
    }
    return prediction;
}

static const struct controls free_hands = {.follow = 1, .expression = 0, .leash_ms = 1000};

START_TEST(the_step_meets_the_guitar_and_keeps_its_shape)
{
    struct score *score = made_score(16, 80, 1);
    struct touch touch;
    struct stroke strokes[16];
    touch_init(&touch, 1);
    for (int i = 0; i < score->step_count; i++) {
        const struct step *step = &score->steps[i];
        struct prediction prediction = some_prediction(12);
        touch_play(&touch, score, step, &prediction, &free_hands, strokes);
        double mean = 0;
        for (int k = 0; k < step->hit_count; k++)
            mean += strokes[k].offset_ms / step->hit_count;
        ck_assert_double_eq_tol(mean, 12, 1e-6);
        for (int k = 1; k < step->hit_count; k++) {
            const struct hit *hits = &score->hits[step->first_hit];
            ck_assert_double_eq_tol(strokes[k].offset_ms - strokes[0].offset_ms,
                                    2 * (hits[k].drum - hits[0].drum), 1e-6);
        }
    }
    score_free(score);
}
END_TEST

START_TEST(follow_goes_from_own_feel_to_the_guitar)
{
    struct score *score = made_score(4, 80, 2);
    const struct step *step = &score->steps[2];
    struct prediction prediction = some_prediction(20);
    struct touch touch;
    struct stroke own[16], half[16], full[16];
    struct controls controls = free_hands;
    touch_init(&touch, 1);
    touch_play(&touch, score, step, &prediction, &controls, full);
    controls.follow = 0;
    touch_play(&touch, score, step, &prediction, &controls, own);
    controls.follow = 0.5;
    touch_play(&touch, score, step, &prediction, &controls, half);
    int drum = score->hits[step->first_hit].drum;
    ck_assert_double_eq_tol(own[0].offset_ms, prediction.offset_ms[drum], 1e-6);
    ck_assert_double_eq_tol(half[0].offset_ms, (own[0].offset_ms + full[0].offset_ms) / 2, 1e-6);
    score_free(score);
}
END_TEST

/* Whatever is asked of them, hits stay on the leash, before the next step, and MIDI. */
START_TEST(nothing_goes_out_of_reach)
{
    struct score *score = made_score(64, 200, 3);
    struct rng rng;
    struct touch touch;
    struct stroke strokes[16];
    rng_seed(&rng, 4);
    touch_init(&touch, 5);
    for (int i = 0; i < score->step_count; i++) {
        const struct step *step = &score->steps[i];
        struct prediction prediction = some_prediction(200 * rng_normal(&rng));
        struct controls controls = {.follow = rng_uniform(&rng),
                                    .expression = 4 * rng_uniform(&rng),
                                    .leash_ms = rng_between(&rng, 0, 60)};
        double early, late;
        touch_play(&touch, score, step, &prediction, &controls, strokes);
        touch_reach(step, &controls, &early, &late);
        ck_assert(early >= 0 && early <= controls.leash_ms && early < 500 * step->gap_s[0]);
        ck_assert(late >= 0 && late <= controls.leash_ms && late < 500 * step->gap_s[1]);
        for (int k = 0; k < step->hit_count; k++) {
            ck_assert(strokes[k].offset_ms >= -early && strokes[k].offset_ms <= late);
            ck_assert(strokes[k].velocity >= 1 && strokes[k].velocity <= 127);
        }
    }
    score_free(score);
}
END_TEST

/* A drum with a leash of its own stays on it; a step reaches as far as its loosest drum. */
START_TEST(each_drum_stays_on_its_own_leash)
{
    struct score *score = made_score(64, 90, 3);
    struct rng rng;
    struct touch touch;
    struct stroke strokes[16];
    int at_the_end[DRUM_COUNT] = {0};
    rng_seed(&rng, 4);
    touch_init(&touch, 5);
    struct controls controls = {.follow = 1,
                                .expression = 1,
                                .leash_ms = 60,
                                .leashed = 1u << DRUM_KICK | 1u << DRUM_SNARE | 1u << DRUM_CRASH,
                                .drum_leash_ms = {[DRUM_KICK] = 10, [DRUM_SNARE] = 25}};
    for (int i = 0; i < score->step_count; i++) {
        const struct step *step = &score->steps[i];
        struct prediction prediction = some_prediction(40 * rng_normal(&rng));
        double early, late, loosest = 0;
        touch_play(&touch, score, step, &prediction, &controls, strokes);
        for (int k = 0; k < step->hit_count; k++) {
            int drum = score->hits[step->first_hit + k].drum;
            double leash = drum == DRUM_KICK    ? 10
                           : drum == DRUM_SNARE ? 25
                           : drum == DRUM_CRASH ? 0
                                                : 60;
            ck_assert_double_le(fabs(strokes[k].offset_ms), leash);
            at_the_end[drum] += fabs(strokes[k].offset_ms) == leash;
            loosest = fmax(loosest, leash);
        }
        touch_reach(step, &controls, &early, &late);
        ck_assert_double_eq(early, fmin(loosest, 450 * step->gap_s[0]));
        ck_assert_double_eq(late, fmin(loosest, 450 * step->gap_s[1]));
    }
    ck_assert(at_the_end[DRUM_KICK] > 10 && at_the_end[DRUM_SNARE] > 10); /* it did bind them */
    score_free(score);
}
END_TEST

START_TEST(a_robot_plays_what_is_written)
{
    struct score *score = made_score(16, 90, 3);
    struct touch robot, human;
    struct stroke written[16], a[16], b[16];
    touch_init(&robot, 5);
    touch_init(&human, 5);
    struct controls free_hand = {.follow = 1, .expression = 1, .leash_ms = 60};
    struct controls stiff = free_hand;
    stiff.robot = true;
    struct prediction prediction = some_prediction(20);
    for (int i = 0; i < score->step_count; i++) {
        const struct step *step = &score->steps[i];
        bool now = i % 8 < 4;
        touch_play(&robot, score, step, &prediction, now ? &stiff : &free_hand, written);
        touch_play(&human, score, step, &prediction, &free_hand, a);
        for (int k = 0; k < step->hit_count; k++) {
            b[k] = now ? (struct stroke){0, score->hits[step->first_hit + k].velocity} : a[k];
            ck_assert_double_eq(written[k].offset_ms, b[k].offset_ms);
            ck_assert_int_eq(written[k].velocity, b[k].velocity);
        }
    }
    score_free(score);
}
END_TEST

START_TEST(controls_change_no_draw)
{
    struct score *score = made_score(32, 100, 6);
    struct touch tight, loose;
    struct stroke a[16], b[16];
    touch_init(&tight, 7);
    touch_init(&loose, 7);
    struct controls stiff = {.follow = 0, .expression = 0, .leash_ms = 0};
    struct controls wild = {.follow = 1, .expression = 2, .leash_ms = 80};
    struct prediction prediction = some_prediction(3);
    for (int i = 0; i + 1 < score->step_count; i++) {
        touch_play(&tight, score, &score->steps[i], &prediction, &stiff, a);
        touch_play(&loose, score, &score->steps[i], &prediction, &wild, b);
    }
    const struct step *last = &score->steps[score->step_count - 1];
    touch_play(&tight, score, last, &prediction, &wild, a);
    touch_play(&loose, score, last, &prediction, &wild, b);
    for (int k = 0; k < last->hit_count; k++)
        ck_assert(a[k].offset_ms == b[k].offset_ms && a[k].velocity == b[k].velocity);
    score_free(score);
}
END_TEST

static const struct controls expressive = {.follow = 0, .expression = 1, .leash_ms = 1000};

/* SD 1.2 scales; .58 of the variance is a drift shared by all, .85 of which is left a step later.
 */
START_TEST(expression_has_the_spread_it_says)
{
    struct score *score = made_score(400, 60, 8);
    struct touch touch;
    struct stroke strokes[16];
    touch_init(&touch, 9);
    struct prediction prediction = some_prediction(0);
    struct touch_spread spread = touch_spread(&prediction, &expressive);
    ck_assert_double_eq_tol(spread.offset_ms[DRUM_KICK], 1.2 * 8, 1e-9);
    ck_assert_double_eq_tol(spread.velocity[DRUM_KICK], 1.3 * 9, 1e-9);
    double squares = 0, together = 0, velocity = 0, later = 0, before = 0, far = 0;
    int count = 0, pairs = 0;
    for (int i = 0; i < score->step_count; i++) {
        const struct step *step = &score->steps[i];
        touch_play(&touch, score, step, &prediction, &expressive, strokes);
        double first = 0;
        for (int k = 0; k < step->hit_count; k++) {
            const struct hit *hit = &score->hits[step->first_hit + k];
            double noise = strokes[k].offset_ms - prediction.offset_ms[hit->drum];
            squares += noise * noise;
            far += fabs(noise) > 3 * 1.2 * 8;
            velocity += (strokes[k].velocity - 70) * (strokes[k].velocity - 70);
            count++;
            if (k == 1) {
                together += first * noise;
                pairs++;
            } else if (k == 0) {
                later += before * noise;
                before = first = noise;
            }
        }
    }
    double variance = squares / count;
    ck_assert_double_eq_tol(sqrt(variance), 1.2 * 8, 0.6);
    ck_assert_double_eq_tol(sqrt(velocity / count), 1.3 * 9, 0.8);
    ck_assert_double_eq_tol(together / pairs / variance, 0.58, 0.08);
    ck_assert_double_eq_tol(later / score->step_count / variance, 0.58 * 0.85, 0.08);
    /* Beyond three SDs: .0027 of a normal distribution, .0086 of a logistic one. */
    ck_assert_double_eq_tol(far / count, 0.0086, 0.004);
    score_free(score);
}
END_TEST

START_TEST(half_the_expression_moves_half_as_far)
{
    struct score *score = made_score(16, 80, 2);
    struct touch one, other;
    struct stroke full[16], half[16];
    struct controls controls = expressive;
    controls.expression = 0.5;
    touch_init(&one, 4);
    touch_init(&other, 4);
    struct prediction prediction = some_prediction(0);
    for (int i = 0; i < score->step_count; i++) {
        const struct step *step = &score->steps[i];
        touch_play(&one, score, step, &prediction, &expressive, full);
        touch_play(&other, score, step, &prediction, &controls, half);
        for (int k = 0; k < step->hit_count; k++) {
            int drum = score->hits[step->first_hit + k].drum;
            double alone = prediction.offset_ms[drum];
            ck_assert_double_eq_tol(half[k].offset_ms - alone, (full[k].offset_ms - alone) / 2,
                                    1e-9);
        }
    }
    score_free(score);
}
END_TEST

/* Half of what sets a velocity apart comes back in the next bar, and nothing of it two beats on. */
START_TEST(a_drummer_has_habits)
{
    enum { TAKES = 400, HATS_A_BAR = 4 };
    struct smf_bytes *bytes = malloc(sizeof *bytes);
    smf_begin(bytes, 4, 2, 60);
    for (int i = 0; i < 2 * HATS_A_BAR; i++)
        smf_hit(bytes, 480 * i, 42, 70);
    struct score *score = smf_finish(bytes);
    struct prediction prediction = some_prediction(0);
    double square = 0, same = 0, other = 0;
    for (int take = 0; take < TAKES; take++) {
        struct touch touch;
        double moved[2 * HATS_A_BAR];
        touch_init(&touch, (uint64_t)take);
        for (int i = 0; i < 2 * HATS_A_BAR; i++) {
            struct stroke stroke;
            touch_play(&touch, score, &score->steps[i], &prediction, &expressive, &stroke);
            moved[i] = stroke.velocity - 70;
            square += moved[i] * moved[i] / (2 * HATS_A_BAR);
        }
        for (int i = 0; i < HATS_A_BAR; i++) {
            same += moved[i] * moved[i + HATS_A_BAR] / HATS_A_BAR;
            other += moved[i] * moved[i + 2] / HATS_A_BAR;
        }
    }
    ck_assert_double_eq_tol(same / square, 0.5, 0.08);
    ck_assert_double_eq_tol(other / square, 0, 0.08);
    free(bytes);
    score_free(score);
}
END_TEST

/* Share of hits of a class played between two velocities, at full expression. */
static double share(float median, float scale, int low, int high)
{
    struct score *score = made_score(200, 80, 5);
    struct prediction prediction = some_prediction(0);
    struct touch touch;
    double count = 0, between = 0;
    touch_init(&touch, 6);
    prediction.velocity[DRUM_CLOSED_HAT] = median;
    prediction.velocity_scale[DRUM_CLOSED_HAT] = scale;
    for (int i = 0; i < score->step_count; i++) {
        const struct step *step = &score->steps[i];
        struct stroke strokes[16];
        touch_play(&touch, score, step, &prediction, &expressive, strokes);
        for (int k = 0; k < step->hit_count; k++) {
            if (score->hits[step->first_hit + k].drum != DRUM_CLOSED_HAT)
                continue;
            count++;
            between += strokes[k].velocity >= low && strokes[k].velocity <= high;
        }
    }
    score_free(score);
    return between / count;
}

/* A median of 127 is that of hits of which most are as hard as can be; a soft hit never vanishes.
 */
START_TEST(expression_knows_the_ends_of_the_scale)
{
    ck_assert_double_gt(share(127, 8, 127, 127), 0.8);
    ck_assert_double_lt(share(127, 8, 127, 127), 0.99);
    ck_assert_double_lt(share(105, 8, 127, 127), 0.1);
    ck_assert_double_lt(share(30, 15, 1, 2), 0.01); /* a symmetric noise: .066 */
    ck_assert_double_gt(share(30, 15, 3, 15), 0.05);
}
END_TEST

/* Two kicks 12 ms apart are one step: one feel, and the ghost stays a ghost. */
START_TEST(a_flam_keeps_its_accent)
{
    struct smf_bytes *bytes = malloc(sizeof *bytes);
    smf_begin(bytes, 4, 2, 120);
    smf_hit(bytes, 480, 38, 40);
    smf_hit(bytes, 492, 38, 100);
    smf_hit(bytes, 960, 38, 90);
    struct score *score = smf_finish(bytes);
    ck_assert_int_eq(score->step_count, 2);
    struct touch touch;
    struct stroke strokes[16];
    touch_init(&touch, 1);
    struct prediction prediction = some_prediction(6);
    prediction.velocity[DRUM_SNARE] = 100;
    touch_play(&touch, score, &score->steps[0], &prediction, &free_hands, strokes);
    ck_assert(strokes[0].offset_ms == strokes[1].offset_ms);
    ck_assert_int_eq(strokes[0].velocity, 40);
    ck_assert_int_eq(strokes[1].velocity, 100);
    free(bytes);
    score_free(score);
}
END_TEST

Suite *touch_suite(void);

Suite *touch_suite(void)
{
    Suite *suite = suite_create("touch");
    TCase *tcase = tcase_create("strokes");
    tcase_add_test(tcase, the_step_meets_the_guitar_and_keeps_its_shape);
    tcase_add_test(tcase, follow_goes_from_own_feel_to_the_guitar);
    tcase_add_test(tcase, nothing_goes_out_of_reach);
    tcase_add_test(tcase, each_drum_stays_on_its_own_leash);
    tcase_add_test(tcase, a_robot_plays_what_is_written);
    tcase_add_test(tcase, controls_change_no_draw);
    tcase_add_test(tcase, expression_has_the_spread_it_says);
    tcase_add_test(tcase, half_the_expression_moves_half_as_far);
    tcase_add_test(tcase, a_drummer_has_habits);
    tcase_add_test(tcase, expression_knows_the_ends_of_the_scale);
    tcase_add_test(tcase, a_flam_keeps_its_accent);
    suite_add_tcase(suite, tcase);
    return suite;
}
