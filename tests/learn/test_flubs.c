#include "band.h"
#include "suites.h"

/* Of the next take, played clean. */
static double next_error_ms(const struct checkpoint *drummer, const struct score *score,
                            struct guitarist *guitarist)
{
    guitarist_start(guitarist, 1);
    struct take *take = band_take(drummer, score, band_guitarist, guitarist, NULL, 0);
    double error = take_summarise(take).prediction_mae_ms;
    take_free(take);
    return error;
}

/* Every tenth note is wrong and nobody says so: what the drummer learns is hardly worse for it. */
START_TEST(a_tenth_of_wrong_notes_costs_little)
{
    struct checkpoint *drummer = band_small_drummer();
    struct rng rng;
    double clean = 0, flubbed = 0;
    int players = 0;
    rng_seed(&rng, 9);
    for (int seed = 0; seed < 3; seed++) {
        struct score *score = made_score(32, 96 + 24 * seed, (uint64_t)seed + 1);
        for (int kind = 0; guitarist_name(kind); kind++)
            for (int odd = 0; odd < 2; odd++, players++) {
                struct guitarist *guitarist =
                    band_hire(score, guitarist_name(kind), odd, (uint64_t)seed + 40);
                guitarist_start(guitarist, 0);
                struct take *take = band_take(drummer, score, band_guitarist, guitarist, NULL, 0);
                struct checkpoint *from_clean = band_lesson(drummer, score, take);
                band_flub(take, score, 0.1, &rng);
                struct checkpoint *from_flubbed = band_lesson(drummer, score, take);
                clean += next_error_ms(from_clean, score, guitarist);
                flubbed += next_error_ms(from_flubbed, score, guitarist);
                checkpoint_free(from_clean);
                checkpoint_free(from_flubbed);
                take_free(take);
                guitarist_free(guitarist);
            }
        score_free(score);
    }
    checkpoint_free(drummer);
    clean /= players;
    flubbed /= players;
    ck_assert_msg(flubbed < clean + 0.5, "%.2f ms, without wrong notes %.2f ms", flubbed, clean);
}
END_TEST

Suite *flubs_suite(void)
{
    Suite *suite = suite_create("flubs");
    TCase *tests = tcase_create("flubs");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_tenth_of_wrong_notes_costs_little);
    suite_add_tcase(suite, tests);
    return suite;
}
