#include "learn/casting.h"
#include "made_score.h"
#include "suites.h"

/* Triplets of hats, four bars of them if `bars` is four. */
static struct score *triplet_score(int bars)
{
    struct smf_bytes *bytes = malloc(sizeof *bytes);
    ck_assert_ptr_nonnull(bytes);
    smf_begin(bytes, 4, 2, 100);
    for (int i = 0; i < 12 * bars; i++)
        smf_hit(bytes, 160 * i, 42, 80);
    struct score *score = smf_finish(bytes);
    free(bytes);
    return score;
}

enum { SHORT, LONG, OTHER_LONG, SHORT_TRIPLETS, LONG_TRIPLETS, PIECES };

static struct piece pieces[PIECES];

static void make_pieces(void)
{
    pieces[SHORT] = (struct piece){.score = made_score(8, 100, 1), .beat = true};
    pieces[LONG] = (struct piece){.score = made_score(48, 100, 2), .beat = true};
    pieces[OTHER_LONG] = (struct piece){.score = made_score(48, 120, 3), .beat = true};
    pieces[SHORT_TRIPLETS] = (struct piece){.score = triplet_score(4), .beat = true};
    pieces[LONG_TRIPLETS] = (struct piece){.score = triplet_score(30), .beat = true};
}

static void free_pieces(void)
{
    for (int i = 0; i < PIECES; i++)
        score_free(pieces[i].score);
}

enum { PLAYERS = 60 };

static struct casting *deal(int first, int count, uint64_t seed)
{
    struct corpus corpus = {pieces + first, count};
    struct duet_options options = {.seed = seed};
    struct casting *castings = casting_deal(&corpus, &options, PLAYERS, NULL);
    ck_assert_ptr_nonnull(castings);
    return castings;
}

START_TEST(long_scores_are_dealt_and_triplets_to_the_straightener)
{
    struct casting *castings = deal(0, PIECES, 3);
    int kinds = casting_kinds(), times[PIECES] = {0};
    for (int i = 0; i < PLAYERS; i++) {
        ck_assert_int_eq(castings[i].kind, i % kinds);
        ck_assert_int_eq(castings[i].first, i < kinds);
        ck_assert_str_eq(castings[i].guitarist.name, guitarist_name(i % kinds));
        for (int k = 0; k < PIECES; k++)
            times[k] += castings[i].score == pieces[k].score;
        bool triplets = castings[i].score == pieces[LONG_TRIPLETS].score;
        ck_assert_int_eq(triplets, strcmp(castings[i].guitarist.name, "straightener") == 0);
    }
    ck_assert_int_eq(times[SHORT] + times[SHORT_TRIPLETS], 0);
    ck_assert_int_gt(times[LONG], 10);
    ck_assert_int_gt(times[OTHER_LONG], 10);
    free(castings);
}
END_TEST

START_TEST(where_all_are_short_they_will_do)
{
    struct casting *castings = deal(SHORT, 1, 3);
    for (int i = 0; i < PLAYERS; i++)
        ck_assert_ptr_eq(castings[i].score, pieces[SHORT].score);
    free(castings);
    struct corpus nothing = {NULL, 0};
    struct error err = {.text = ""};
    ck_assert_ptr_null(casting_deal(&nothing, &(struct duet_options){.seed = 1}, 3, &err));
    ck_assert(err.text[0] != '\0');
}
END_TEST

START_TEST(a_seed_deals_the_same_to_as_many_as_are_asked_for)
{
    struct casting *one = deal(0, PIECES, 5), *two = deal(0, PIECES, 5),
                   *three = deal(0, PIECES, 6);
    int differ = 0;
    for (int i = 0; i < PLAYERS; i++) {
        ck_assert_ptr_eq(one[i].score, two[i].score);
        ck_assert(one[i].guitarist.seed == two[i].guitarist.seed);
        differ += one[i].guitarist.seed != three[i].guitarist.seed;
    }
    ck_assert_int_eq(differ, PLAYERS);
    free(one);
    free(two);
    free(three);
}
END_TEST

Suite *casting_suite(void)
{
    Suite *suite = suite_create("casting");
    TCase *tcase = tcase_create("who plays what");
    tcase_add_checked_fixture(tcase, make_pieces, free_pieces);
    tcase_add_test(tcase, long_scores_are_dealt_and_triplets_to_the_straightener);
    tcase_add_test(tcase, where_all_are_short_they_will_do);
    tcase_add_test(tcase, a_seed_deals_the_same_to_as_many_as_are_asked_for);
    suite_add_tcase(suite, tcase);
    return suite;
}
