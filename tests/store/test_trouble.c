/* Kills, full disks, read-only files and other programs: nothing that was stored is lost. */
#include "fixture.h"

#include "base/rng.h"
#include "store/sql.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct score *score;
static struct error err;

static void set_up(void)
{
    folder_make();
    score = make_score("song", 60);
}

static void tear_down(void)
{
    score_free(score);
    folder_remove();
}

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* Every take must be the one that was made from the seed of its number. Returns how many there are.
 * A session that was not yet made whole is none, and made anew. */
static int check_takes(const char *path)
{
    struct session *session = session_create(path, score, &err);
    ck_assert_msg(session != NULL, "%s", err.text);
    ck_assert_msg(session_check(session, &err), "%s", err.text);
    struct session_take *list;
    int count;
    ck_assert_msg(session_takes(session, &list, &count, &err), "%s", err.text);
    for (int i = 0; i < count; i++) {
        struct take *got = session_take_get(session, list[i].number, score, &err);
        ck_assert_msg(got != NULL, "%s", err.text);
        struct take *want = make_take(score, (uint64_t)i + 1);
        const char *difference = take_difference(want, got);
        ck_assert_msg(!difference, "take %d: %s", i + 1, difference);
        take_free(got);
        take_free(want);
    }
    free(list);
    session_close(session);
    return count;
}

/* Adds the takes after those that are there until it is killed, telling each by a byte in the pipe.
 */
static void add_for_ever(const char *path, int pipe_end)
{
    struct session *session = session_create(path, score, NULL);
    struct session_take *list;
    int number;
    if (!session || !session_takes(session, &list, &number, NULL))
        _exit(1);
    for (;;) {
        struct take *take = make_take(score, (uint64_t)number + 1);
        if (session_take_add(session, take, score, 0, NULL) != ++number)
            _exit(1);
        if (write(pipe_end, "x", 1) != 1)
            _exit(1);
    }
}

START_TEST(a_kill_at_any_moment_loses_no_take)
{
    const char *path = in_folder("a.db");
    struct rng rng;
    rng_seed(&rng, 1);
    int told = 0;
    for (int round = 0; round < 20; round++) {
        int ends[2];
        ck_assert_int_eq(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            add_for_ever(path, ends[1]);
        }
        close(ends[1]);
        sleep_ms((long)rng_below(&rng, 60));
        ck_assert_int_eq(kill(child, SIGKILL), 0);
        int status;
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert_msg(WIFSIGNALED(status), "the writing child failed");
        char byte;
        while (read(ends[0], &byte, 1) == 1)
            told++;
        close(ends[0]);
        if (file_size(path) > 0) {
            int count = check_takes(path);
            ck_assert_int_ge(count, told); /* what was said to be stored is */
            ck_assert_int_le(count, told + 1 + round);
        }
    }
    ck_assert_int_gt(told, 0);
}
END_TEST

/* Adds takes until one does not go in; then what was there before must be whole, and the file
 * usable. */
static int fill_up(const char *path, const char *why)
{
    struct session *session = session_open(path, &err);
    ck_assert_msg(session != NULL, "%s", err.text);
    int stored = 0;
    for (;;) {
        struct take *take = make_take(score, (uint64_t)stored + 1);
        int number = session_take_add(session, take, score, 0, &err);
        take_free(take);
        if (number == 0)
            break;
        ck_assert_int_eq(number, ++stored);
        ck_assert_int_lt(stored, 5000);
    }
    ck_assert_msg(strstr(err.text, why) != NULL, "%s", err.text);
    struct take *first = session_take_get(session, 1, score, &err);
    ck_assert_msg(first != NULL, "%s", err.text);
    take_free(first);
    session_close(session);
    return stored;
}

START_TEST(a_file_that_may_not_grow_keeps_what_it_has)
{
    char path[512];
    snprintf(path, sizeof path, "%s", make_session("a.db", score, 0));
    struct rlimit before, limit;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 300000;
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    int stored = fill_up(path, "cannot use session");
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_int_eq(check_takes(path), stored);
    struct session *session = session_open(path, &err);
    struct take *take = make_take(score, (uint64_t)stored + 1);
    ck_assert_int_eq(session_take_add(session, take, score, 0, &err), stored + 1);
    take_free(take);
    session_close(session);
    ck_assert_int_eq(check_takes(path), stored + 1);
}
END_TEST

/* A real full disk: a small file system in memory, where the tests may mount one. */
START_TEST(a_full_disk_keeps_what_it_has)
{
    ck_assert_int_eq(mkdir(in_folder("disk"), 0755), 0);
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tmpfs", in_folder("disk"), "tmpfs", 0, "size=400k") != 0)
        return;
    char path[512];
    snprintf(path, sizeof path, "%s", make_session("disk/a.db", score, 0));
    int stored = fill_up(path, "the disk is full");
    ck_assert_str_ne(err.hint, "");
    ck_assert_int_eq(check_takes(path), stored);
    ck_assert_int_eq(mount(NULL, in_folder("disk"), NULL, MS_REMOUNT, "size=4m"), 0);
    struct session *session = session_open(path, &err);
    struct take *take = make_take(score, (uint64_t)stored + 1);
    ck_assert_int_eq(session_take_add(session, take, score, 0, &err), stored + 1);
    take_free(take);
    session_close(session);
    ck_assert_int_eq(check_takes(path), stored + 1);
    ck_assert_int_eq(umount(in_folder("disk")), 0);
}
END_TEST

START_TEST(a_read_only_session_can_be_read)
{
    char path[512];
    snprintf(path, sizeof path, "%s", make_session("a.db", score, 2));
    ck_assert_int_eq(chmod(path, 0444), 0);
    ck_assert_int_eq(chmod(folder, 0555), 0);
    bool root = geteuid() == 0; /* whom no permission stops */
    ck_assert(!root || seteuid(65534) == 0);
    struct session *session = session_create(path, score, &err);
    ck_assert_msg(session != NULL, "%s", err.text);
    ck_assert(session_info(session)->read_only);
    struct take *take = make_take(score, 3);
    ck_assert_int_eq(session_take_add(session, take, score, 0, &err), 0);
    ck_assert_ptr_nonnull(strstr(err.text, "it is read-only"));
    ck_assert_str_ne(err.hint, "");
    take_free(take);
    session_close(session);
    ck_assert_int_eq(check_takes(path), 2);
    ck_assert_ptr_null(session_create(in_folder("new.db"), score, &err));
    ck_assert(!root || seteuid(0) == 0);
    ck_assert_int_eq(chmod(folder, 0755), 0);
    ck_assert_int_eq(chmod(path, 0644), 0);
    session = session_open(path, &err);
    ck_assert(session && !session_info(session)->read_only);
    session_close(session);
}
END_TEST

/* One of the first version too, though nothing can bring it up to date. */
START_TEST(a_read_only_old_session_can_be_read)
{
    char path[512];
    snprintf(path, sizeof path, "%s", make_session("a.db", score, 2));
    make_old(path);
    ck_assert_int_eq(chmod(path, 0444), 0);
    ck_assert_int_eq(chmod(folder, 0555), 0);
    bool root = geteuid() == 0;
    ck_assert(!root || seteuid(65534) == 0);
    struct session *session = session_open(path, &err);
    ck_assert_msg(session != NULL, "%s", err.text);
    struct take *want = make_take(score, 2), *got = session_take_get(session, 2, score, &err);
    ck_assert_msg(got != NULL, "%s", err.text);
    ck_assert_ptr_null(take_difference(want, got));
    ck_assert_int_eq(session_take_add(session, want, score, 0, &err), 0);
    ck_assert_ptr_nonnull(strstr(err.text, "it is read-only"));
    take_free(want);
    take_free(got);
    session_close(session);
    ck_assert(!root || seteuid(0) == 0);
    ck_assert_int_eq(chmod(folder, 0755), 0);
}
END_TEST

static sqlite3 *lock(const char *path)
{
    sqlite3 *handle;
    ck_assert_int_eq(sqlite3_open(path, &handle), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(handle, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    return handle;
}

START_TEST(a_second_program_waits_its_turn)
{
    char path[512];
    snprintf(path, sizeof path, "%s", make_session("a.db", score, 0));
    pid_t child = fork();
    if (child == 0) {
        struct session *session = session_create(path, score, NULL);
        int number = 0;
        for (int i = 0; session && i < 20; i++) {
            struct take *take = make_take(score, 1);
            number = session_take_add(session, take, score, 0, NULL);
            take_free(take);
        }
        session_close(session);
        _exit(number > 0 ? 0 : 1);
    }
    struct session *session = session_open(path, &err);
    struct take *take = make_take(score, 1);
    for (int i = 0; i < 20; i++)
        ck_assert_msg(session_take_add(session, take, score, 0, &err) > 0, "%s", err.text);
    int status, count;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert(session_check(session, &err));
    struct session_take *list;
    ck_assert(session_takes(session, &list, &count, &err));
    ck_assert_int_eq(count, 40);
    free(list);
    take_free(take);
    session_close(session);
}
END_TEST

/* Two that read first and write later would find out half-way that only one can. */
START_TEST(a_change_keeps_others_out_from_its_beginning)
{
    const char *path = make_session("two.db", score, 1);
    struct session *one = session_open(path, &err), *other = session_open(path, &err);
    ck_assert(one && other);
    sqlite3_busy_timeout(other->handle, 1);
    ck_assert(sql_begin(one, &err));
    ck_assert(!sql_begin(other, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "in use by another program"));
    ck_assert(!sql_end(one, false, &err));
    ck_assert(sql_begin(other, &err));
    ck_assert(!sql_end(other, false, &err));
    session_close(one);
    session_close(other);
}
END_TEST

START_TEST(a_lock_that_stays_is_an_error)
{
    char path[512];
    snprintf(path, sizeof path, "%s", make_session("a.db", score, 1));
    struct session *session = session_open(path, &err);
    sqlite3_busy_timeout(session->handle, 50); /* not the patience of a user */
    sqlite3 *other = lock(path);
    struct take *take = make_take(score, 2);
    ck_assert_int_eq(session_take_add(session, take, score, 0, &err), 0);
    ck_assert_ptr_nonnull(strstr(err.text, "is in use by another program"));
    sqlite3_close(other);
    ck_assert_int_eq(session_take_add(session, take, score, 0, &err), 2);
    take_free(take);
    session_close(session);
    ck_assert_int_eq(check_takes(path), 2);
}
END_TEST

START_TEST(a_closed_session_is_one_file)
{
    char path[512];
    snprintf(path, sizeof path, "%s", make_session("a.db", score, 3));
    struct session *session = session_open(path, &err);
    struct take *take = make_take(score, 4);
    session_take_add(session, take, score, 0, &err);
    take_free(take);
    char command[1200]; /* even an open one, between two changes */
    snprintf(command, sizeof command, "test \"$(ls %s)\" = a.db && cp %s %s", folder, path,
             in_folder("copy.db"));
    ck_assert_int_eq(system(command), 0);
    session_close(session);
    ck_assert_int_eq(check_takes(in_folder("copy.db")), 4);
}
END_TEST

Suite *trouble_suite(void)
{
    Suite *suite = suite_create("trouble");
    TCase *tests = tcase_create("trouble");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_kill_at_any_moment_loses_no_take);
    tcase_add_test(tests, a_file_that_may_not_grow_keeps_what_it_has);
    tcase_add_test(tests, a_full_disk_keeps_what_it_has);
    tcase_add_test(tests, a_read_only_session_can_be_read);
    tcase_add_test(tests, a_read_only_old_session_can_be_read);
    tcase_add_test(tests, a_second_program_waits_its_turn);
    tcase_add_test(tests, a_change_keeps_others_out_from_its_beginning);
    tcase_add_test(tests, a_lock_that_stays_is_an_error);
    tcase_add_test(tests, a_closed_session_is_one_file);
    suite_add_tcase(suite, tests);
    return suite;
}
