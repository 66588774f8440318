/* Checkpoints: the drummer's family tree. */
#include "fixture.h"

#include "base/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct score *score;
static struct session *session;
static struct error err;

static void set_up(void)
{
    folder_make();
    score = make_score("song", 30);
    session = session_create(in_folder("a.db"), score, &err);
    ck_assert_msg(session != NULL, "%s", err.text);
}

static void tear_down(void)
{
    session_close(session);
    score_free(score);
    folder_remove();
}

START_TEST(a_lesson_is_stored_whole)
{
    int current = -1;
    ck_assert(session_current(session, &current, &err));
    ck_assert_int_eq(current, 0);
    const struct session_checkpoint born = {
        .model = "groove", .loss_before = NAN, .loss_after = NAN};
    ck_assert_int_eq(session_checkpoint_add(session, &born, "first", 5, &err), 1);
    struct take *take = make_take(score, 1);
    ck_assert_int_eq(session_take_add(session, take, score, 1, &err), 1);
    take_free(take);

    enum { SIZE = 3000000 };
    uint8_t *weights = malloc(SIZE);
    struct rng rng;
    rng_seed(&rng, 4);
    for (int i = 0; i < SIZE; i++)
        weights[i] = (uint8_t)rng_next(&rng);
    const struct session_checkpoint lesson = {.parent = 1,
                                              .take = 1,
                                              .model = "groove",
                                              .epochs = 20,
                                              .loss_before = 0.5,
                                              .loss_after = -0.0,
                                              .seconds = 1.25};
    ck_assert_int_eq(session_checkpoint_add(session, &lesson, weights, SIZE, &err), 2);
    session_close(session);
    session = session_open(in_folder("a.db"), &err);

    ck_assert(session_current(session, &current, &err));
    ck_assert_int_eq(current, 2);
    struct session_take learnt;
    ck_assert(session_take_info(session, 1, &learnt, &err));
    ck_assert_int_eq(learnt.status, TAKE_ACCEPTED);
    size_t size;
    uint8_t *bytes = session_checkpoint_get(session, 2, &size, &err);
    ck_assert_uint_eq(size, SIZE);
    ck_assert_mem_eq(bytes, weights, SIZE);
    free(bytes);
    free(weights);

    struct session_checkpoint *list;
    int count;
    ck_assert(session_checkpoints(session, &list, &count, &err));
    ck_assert_int_eq(count, 2);
    ck_assert(list[0].number == 1 && list[0].parent == 0 && list[0].take == 0);
    ck_assert(isnan(list[0].loss_before) && isnan(list[0].loss_after));
    ck_assert(list[1].number == 2 && list[1].parent == 1 && list[1].take == 1);
    ck_assert_str_eq(list[1].model, "groove");
    ck_assert_int_eq(list[1].epochs, 20);
    ck_assert(list[1].loss_before == 0.5 && list[1].seconds == 1.25);
    ck_assert(signbit(list[1].loss_after));
    ck_assert_uint_eq(list[1].size, SIZE);
    ck_assert_int_gt(list[1].date_s, 1700000000);
    free(list);
}
END_TEST

START_TEST(rolling_back_keeps_everything)
{
    const struct session_checkpoint info = {.model = "groove"};
    session_checkpoint_add(session, &info, "a", 1, &err);
    session_checkpoint_add(session, &info, "b", 1, &err);
    ck_assert(session_set_current(session, 1, &err));
    int current;
    ck_assert(session_current(session, &current, &err));
    ck_assert_int_eq(current, 1);
    ck_assert(!session_set_current(session, 3, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "has no checkpoint 3"));
    ck_assert(session_current(session, &current, &err));
    ck_assert_int_eq(current, 1);
    size_t size;
    uint8_t *bytes = session_checkpoint_get(session, 2, &size, &err);
    ck_assert(size == 1 && bytes[0] == 'b');
    free(bytes);
    ck_assert_ptr_null(session_checkpoint_get(session, 3, &size, &err));
    struct session_checkpoint row;
    ck_assert(!session_checkpoint_info(session, -1, &row, &err));
}
END_TEST

START_TEST(a_lesson_from_nothing_changes_nothing)
{
    const struct session_checkpoint first = {.model = "groove"}, orphan = {.parent = 5},
                                    untaken = {.parent = 1, .take = 3};
    session_checkpoint_add(session, &first, "a", 1, &err);
    ck_assert_int_eq(session_checkpoint_add(session, &orphan, "b", 1, &err), 0);
    ck_assert_ptr_nonnull(strstr(err.text, "has no checkpoint 5"));
    ck_assert_int_eq(session_checkpoint_add(session, &untaken, "b", 1, &err), 0);
    ck_assert_ptr_nonnull(strstr(err.text, "has no take 3"));
    struct session_checkpoint *list;
    int count, current;
    ck_assert(session_checkpoints(session, &list, &count, &err));
    ck_assert_int_eq(count, 1);
    free(list);
    ck_assert(session_current(session, &current, &err));
    ck_assert_int_eq(current, 1);
}
END_TEST

START_TEST(a_hostile_family_tree_is_refused)
{
    const struct session_checkpoint info = {.model = "groove"};
    session_checkpoint_add(session, &info, "a", 1, &err);
    edit(in_folder("a.db"), "PRAGMA foreign_keys = 0; PRAGMA ignore_check_constraints = 1;"
                            "UPDATE checkpoint SET parent = 1; UPDATE state SET current = 77");
    struct session_checkpoint *list, row;
    int count;
    ck_assert(!session_checkpoints(session, &list, &count, &err));
    ck_assert(!session_checkpoint_info(session, 1, &row, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "is damaged"));
    ck_assert(!session_check(session, &err));
    edit(in_folder("a.db"), "UPDATE state SET current = -1");
    ck_assert(!session_current(session, &count, &err));
}
END_TEST

Suite *checkpoints_suite(void)
{
    Suite *suite = suite_create("checkpoints");
    TCase *tests = tcase_create("checkpoints");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_lesson_is_stored_whole);
    tcase_add_test(tests, rolling_back_keeps_everything);
    tcase_add_test(tests, a_lesson_from_nothing_changes_nothing);
    tcase_add_test(tests, a_hostile_family_tree_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
