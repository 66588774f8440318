/* Notes, and what is deleted: whole, alone, for good, and never what something else has need of. */
#include "fixture.h"

#include "base/rng.h"
#include "store/sql.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct score *score;
static struct session *session;
static struct error err;

enum { WEIGHTS = 200000 };
static const char weights[WEIGHTS];

static void add_take(int number, int checkpoint)
{
    struct take *take = make_take(score, (uint64_t)number);
    ck_assert_int_eq(session_take_add(session, take, score, checkpoint, &err), number);
    take_free(take);
}

static void add_drummer(int number, int parent, int take)
{
    struct session_checkpoint lesson = {.parent = parent, .take = take, .model = "groove"};
    ck_assert_int_eq(session_checkpoint_add(session, &lesson, weights, WEIGHTS, &err), number);
}

/* #1 played takes 1 and 2; #2 learnt from 1, played 3 and 4; #3 from 3, #4 too, but grew from #1;
 * #5, which grew from #3, plays now and played 5. */
static void set_up(void)
{
    folder_make();
    score = make_score("song", 60);
    session = session_create(in_folder("a.db"), score, &err);
    ck_assert_msg(session != NULL, "%s", err.text);
    add_drummer(1, 0, 0);
    add_take(1, 1);
    add_take(2, 1);
    add_drummer(2, 1, 1);
    add_take(3, 2);
    add_take(4, 2);
    add_drummer(3, 2, 3);
    add_drummer(4, 1, 3);
    add_drummer(5, 3, 0);
    add_take(5, 5);
}

static void tear_down(void)
{
    session_close(session);
    score_free(score);
    folder_remove();
}

/* Exactly these takes and drummers are there, as they were made. */
static void check_left(const char *takes, const char *drummers)
{
    struct session_take *list;
    struct session_checkpoint *checkpoints;
    char found[64] = "";
    int count;
    ck_assert_msg(session_check(session, &err), "%s", err.text);
    ck_assert(session_takes(session, &list, &count, &err));
    for (int i = 0; i < count; i++) {
        struct take *want = make_take(score, (uint64_t)list[i].number);
        struct take *got = session_take_get(session, list[i].number, score, &err);
        ck_assert_msg(got != NULL, "%s", err.text);
        ck_assert_ptr_null(take_difference(want, got));
        take_free(want);
        take_free(got);
        snprintf(found + strlen(found), sizeof found - strlen(found), "%d", list[i].number);
    }
    free(list);
    ck_assert_str_eq(found, takes);
    found[0] = '\0';
    ck_assert(session_checkpoints(session, &checkpoints, &count, &err));
    for (int i = 0; i < count; i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%d", checkpoints[i].number);
    free(checkpoints);
    ck_assert_str_eq(found, drummers);
}

static void check_refused(bool done, const char *why)
{
    ck_assert(!done);
    ck_assert_msg(strstr(err.text, why) != NULL, "%s", err.text);
    ck_assert_str_ne(err.hint, "");
    check_left("12345", "12345");
}

START_TEST(a_take_goes_whole_and_alone)
{
    ck_assert(session_note_take(session, 2, "rushed", &err));
    ck_assert_msg(session_take_delete(session, 2, &err), "%s", err.text);
    check_left("1345", "12345");
    ck_assert(!session_take_delete(session, 2, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "has no take 2"));
    int64_t rows;
    ck_assert(sql_integer(session,
                          "SELECT (SELECT count(*) FROM take_onset WHERE take = 2)"
                          " + (SELECT count(*) FROM take_step WHERE take = 2)"
                          " + (SELECT count(*) FROM take_hit WHERE take = 2)"
                          " + (SELECT count(*) FROM take_note WHERE take = 2)",
                          &rows, &err));
    ck_assert_int_eq(rows, 0);
}
END_TEST

START_TEST(a_number_is_not_given_again)
{
    int highest;
    ck_assert(session_take_delete(session, 5, &err));
    ck_assert(session_takes_numbered(session, &highest, &err));
    ck_assert_int_eq(highest, 5);
    session_close(session);
    session = session_open(in_folder("a.db"), &err);
    add_take(6, 1);
    ck_assert(session_set_current(session, 4, &err));
    ck_assert(session_branch_delete(session, 5, &err));
    add_drummer(6, 4, 0);
    check_left("12346", "12346");
}
END_TEST

START_TEST(a_take_that_taught_stays)
{
    check_refused(session_take_deletable(session, 1, &err), "drummer #2 has learnt from it");
    check_refused(session_take_delete(session, 1, &err), "cannot delete take 1");
    check_refused(session_take_delete(session, 3, &err), "has learnt from it");
    ck_assert(session_take_deletable(session, 4, &err));
}
END_TEST

START_TEST(who_plays_now_stays)
{
    struct session_branch branch;
    check_refused(session_branch_delete(session, 5, &err), "#5: it plays now");
    check_refused(session_branch_deletable(session, 3, &branch, &err),
                  "#5, which plays now, grew from it");
    check_refused(session_branch_delete(session, 1, &err), "which plays now");
}
END_TEST

START_TEST(a_teacher_of_another_branch_stays)
{
    ck_assert(session_set_current(session, 1, &err));
    check_refused(session_branch_delete(session, 2, &err), "#4 has learnt from take 3");
    ck_assert_ptr_nonnull(strstr(err.hint, "delete drummer #4 first"));
}
END_TEST

START_TEST(a_drummer_goes_with_all_that_grew_from_it)
{
    struct session_branch branch;
    ck_assert(session_set_current(session, 1, &err));
    ck_assert(session_note_checkpoint(session, 5, "tuesday", &err));
    ck_assert(session_branch_delete(session, 4, &err));
    check_left("12345", "1235");
    ck_assert(session_branch_deletable(session, 2, &branch, &err));
    ck_assert_int_eq(branch.checkpoints, 3);
    ck_assert_int_eq(branch.takes, 3);
    ck_assert_msg(session_branch_delete(session, 2, &err), "%s", err.text);
    check_left("12", "1");
    ck_assert(session_take_delete(session, 1, &err)); /* the one it taught is gone */
    check_left("2", "1");
    ck_assert(!session_branch_delete(session, 2, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "has no checkpoint 2"));
}
END_TEST

/* A session of now, and one from before there were deletions. */
START_TEST(room_is_given_back)
{
    const char *path = in_folder("a.db");
    ck_assert(session_set_current(session, 1, &err));
    session_close(session);
    if (_i)
        make_old(path);
    long before = file_size(path);
    session = session_open(path, &err);
    int64_t shrinks;
    ck_assert(sql_integer(session, "PRAGMA auto_vacuum", &shrinks, &err));
    ck_assert_int_eq(shrinks, _i ? 0 : 1);
    ck_assert(session_branch_delete(session, 4, &err));
    ck_assert(session_branch_delete(session, 2, &err));
    ck_assert(sql_integer(session, "PRAGMA auto_vacuum", &shrinks, &err));
    ck_assert_int_eq(shrinks, 1);
    ck_assert_int_lt(file_size(path), before - 3 * WEIGHTS);
    ck_assert(session_take_delete(session, 1, &err));
    check_left("2", "1");
}
END_TEST

START_TEST(a_note_is_kept)
{
    struct session_take take;
    struct session_checkpoint drummer, *list;
    int count;
    if (_i)
        make_old(in_folder("a.db"));
    ck_assert(session_take_info(session, 3, &take, &err));
    ck_assert_str_eq(take.note, "");
    ck_assert(session_note_take(session, 3, "the bridge", &err));
    ck_assert(session_note_take(session, 3, "rushed the bridge – schön", &err));
    ck_assert(session_note_checkpoint(session, 2, "tuesday", &err));
    session_close(session);
    session = session_open(in_folder("a.db"), &err);
    ck_assert(session_take_info(session, 3, &take, &err));
    ck_assert_str_eq(take.note, "rushed the bridge – schön");
    ck_assert(session_checkpoint_info(session, 2, &drummer, &err));
    ck_assert_str_eq(drummer.note, "tuesday");
    ck_assert(session_checkpoints(session, &list, &count, &err));
    ck_assert_str_eq(list[0].note, "");
    ck_assert_str_eq(list[1].note, "tuesday");
    free(list);
    ck_assert(session_note_take(session, 3, "", &err));
    ck_assert(session_take_info(session, 3, &take, &err));
    ck_assert_str_eq(take.note, "");
}
END_TEST

static const struct {
    const char *text, *why;
} unfit[] = {
    {"two\nlines", "a control character"},
    {"\x1b[31m", "a control character"},
    {"\xc2\x85", "a control character"},
    {"half \xc3", "no UTF-8"},
    {"\xff", "no UTF-8"},
};

START_TEST(what_is_no_line_of_text_is_refused)
{
    char longer[SESSION_NOTE_SIZE + 1];
    struct session_take take;
    for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++) {
        ck_assert(!session_note_take(session, 1, unfit[i].text, &err));
        ck_assert_msg(strstr(err.text, unfit[i].why) != NULL, "%s", err.text);
    }
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    ck_assert(!session_note_take(session, 1, longer, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "longer than 255 bytes"));
    longer[SESSION_NOTE_SIZE - 1] = '\0';
    ck_assert(session_note_take(session, 1, longer, &err));
    ck_assert(session_take_info(session, 1, &take, &err));
    ck_assert_str_eq(take.note, longer);
    ck_assert(!session_note_take(session, 9, "x", &err));
    ck_assert_ptr_nonnull(strstr(err.text, "has no take 9"));
    ck_assert(!session_note_checkpoint(session, 9, "x", &err));
}
END_TEST

START_TEST(a_hostile_note_is_damage)
{
    struct session_take *list;
    int count;
    ck_assert(session_note_take(session, 1, "x", &err));
    edit(in_folder("a.db"), "UPDATE take_note SET text = char(27) || '[2J'");
    ck_assert(!session_takes(session, &list, &count, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "is damaged"));
    edit(in_folder("a.db"), "UPDATE take_note SET text = 'ok'; INSERT INTO numbering VALUES"
                            " ('take', 9223372036854775807), ('checkpoint', -5)");
    struct take *take = make_take(score, 6);
    ck_assert_int_eq(session_take_add(session, take, score, 1, &err), 0);
    ck_assert_ptr_nonnull(strstr(err.text, "its numbers are used up"));
    take_free(take);
    add_drummer(6, 1, 0);
}
END_TEST

/* Adds the takes from `number` on and deletes them again, all but every fourth. */
static void come_and_go(const char *path, int number)
{
    struct session *own = session_open(path, NULL);
    for (; own; number++) {
        struct take *take = make_take(score, (uint64_t)number);
        if (session_take_add(own, take, score, 0, NULL) != number)
            break;
        take_free(take);
        if (number % 4 && !session_take_delete(own, number, NULL))
            break;
    }
    _exit(1);
}

/* Whatever was under way: every other take is there, and nothing of the deleted ones. */
START_TEST(a_kill_at_any_moment_loses_nothing_else)
{
    char path[512];
    struct rng rng;
    rng_seed(&rng, 2);
    snprintf(path, sizeof path, "%s", make_session("b.db", score, 0));
    for (int round = 0; round < 15; round++) {
        int status, count, highest;
        struct session_take *list;
        struct session *before = session_open(path, &err);
        ck_assert(session_takes_numbered(before, &highest, &err));
        session_close(before);
        pid_t child = fork();
        if (child == 0)
            come_and_go(path, highest + 1);
        nanosleep(&(struct timespec){0, 1000000 * (20 + (long)rng_below(&rng, 60))}, NULL);
        ck_assert_int_eq(kill(child, SIGKILL), 0);
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert_msg(WIFSIGNALED(status), "the writing child failed");
        struct session *after = session_open(path, &err);
        ck_assert_msg(after != NULL, "%s", err.text);
        ck_assert_msg(session_check(after, &err), "%s", err.text);
        ck_assert(session_takes_numbered(after, &highest, &err));
        ck_assert(session_takes(after, &list, &count, &err));
        int found = 0;
        for (int i = 0; i < count; i++) {
            struct take *want = make_take(score, (uint64_t)list[i].number);
            struct take *got = session_take_get(after, list[i].number, score, &err);
            ck_assert_msg(got != NULL, "%s", err.text);
            ck_assert_ptr_null(take_difference(want, got));
            take_free(want);
            take_free(got);
            found += list[i].number % 4 == 0;
        }
        ck_assert_int_eq(found, highest / 4);
        free(list);
        session_close(after);
    }
}
END_TEST

Suite *deletion_suite(void)
{
    Suite *suite = suite_create("deletion");
    TCase *tests = tcase_create("deletion");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_take_goes_whole_and_alone);
    tcase_add_test(tests, a_number_is_not_given_again);
    tcase_add_test(tests, a_take_that_taught_stays);
    tcase_add_test(tests, who_plays_now_stays);
    tcase_add_test(tests, a_teacher_of_another_branch_stays);
    tcase_add_test(tests, a_drummer_goes_with_all_that_grew_from_it);
    tcase_add_loop_test(tests, room_is_given_back, 0, 2);
    tcase_add_loop_test(tests, a_note_is_kept, 0, 2);
    tcase_add_test(tests, what_is_no_line_of_text_is_refused);
    tcase_add_test(tests, a_hostile_note_is_damage);
    tcase_add_test(tests, a_kill_at_any_moment_loses_nothing_else);
    suite_add_tcase(suite, tests);
    return suite;
}
