/* Opening and making sessions, and what is not one. */
#include "fixture.h"

#include "base/rng.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The sentence that opening gives must hold `want`. */
static void check_refused(const char *path, const char *want)
{
    struct error err = {0};
    struct session *session = session_open(path, &err);
    ck_assert_msg(session == NULL, "opened: %s", want);
    ck_assert_msg(strstr(err.text, want) != NULL, "'%s' does not say '%s'", err.text, want);
}

START_TEST(a_new_session_holds_its_score)
{
    struct score *score = make_score("My Song", 40);
    const char *path = in_folder("a.db");
    struct error err = {0};
    struct session *session = session_create(path, score, &err);
    ck_assert_msg(session != NULL, "%s", err.text);
    session_close(session);

    session = session_open(path, &err);
    ck_assert_msg(session != NULL, "%s", err.text);
    const struct session_info *info = session_info(session);
    ck_assert_str_eq(info->path, path);
    ck_assert_str_eq(info->score_name, "My Song");
    ck_assert_str_eq(info->score_id, score->id);
    ck_assert(!info->quantised);
    ck_assert_int_gt(info->created_s, 1700000000);

    struct score *stored = session_score(session, 100, &err);
    ck_assert_msg(stored != NULL, "%s", err.text);
    ck_assert_str_eq(stored->id, score->id);
    ck_assert_str_eq(stored->name, score->name);
    ck_assert_uint_eq(stored->file_size, score->file_size);
    ck_assert_mem_eq(stored->file, score->file, score->file_size);
    struct score *slow = session_score(session, 50, &err);
    ck_assert_double_eq_tol(slow->duration_s, 2 * score->duration_s, 1e-9);
    score_free(slow);
    score_free(stored);
    ck_assert(session_check(session, &err));
    session_close(session);
    session_close(NULL);
    score_free(score);
}
END_TEST

START_TEST(a_quantised_score_stays_quantised)
{
    struct score *plain = make_score("song", 12);
    const struct score_options options = {.quantise = true};
    struct score *score = score_parse(plain->file, plain->file_size, plain->name, &options, NULL);
    struct session *session = session_create(in_folder("q.db"), score, NULL);
    struct score *stored = session_score(session, 100, NULL);
    ck_assert(stored->quantised);
    ck_assert_str_eq(stored->id, score->id);
    ck_assert_str_ne(stored->id, plain->id);
    score_free(stored);
    session_close(session);
    score_free(score);
    score_free(plain);
}
END_TEST

START_TEST(making_again_opens_and_another_score_is_refused)
{
    struct score *score = make_score("song", 12), *other = make_score("song", 13);
    const char *path = make_session("a.db", score, 1);
    struct error err = {0};
    struct session *session = session_create(path, score, &err);
    ck_assert_msg(session != NULL, "%s", err.text);
    struct session_take *list;
    int count;
    ck_assert(session_takes(session, &list, &count, &err));
    ck_assert_int_eq(count, 1);
    free(list);
    session_close(session);
    ck_assert_ptr_null(session_create(path, other, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "belongs to another score ('song')"));
    score_free(score);
    score_free(other);
}
END_TEST

/* A crash while the file was being made leaves it empty. */
START_TEST(an_empty_file_becomes_a_session)
{
    struct score *score = make_score("song", 12);
    write_file(in_folder("a.db"), "", 0);
    check_refused(in_folder("a.db"), "it is empty");
    make_session("a.db", score, 1);
    score_free(score);
}
END_TEST

START_TEST(names_that_sqlite_reads_otherwise_are_files)
{
    struct score *score = make_score("song", 12);
    static const char *const names[] = {":memory:", "file:x.db?mode=memory", "a b?c#d%20.db"};
    for (int i = 0; i < 3; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s", in_folder(names[i]));
        make_session(names[i], score, 1);
        ck_assert_int_gt(file_size(path), 0);
    }
    score_free(score);
}
END_TEST

START_TEST(what_is_no_session_is_refused)
{
    check_refused(in_folder("none.db"), "No such file or directory");
    check_refused(folder, "it is no file");
    ck_assert_int_eq(mkfifo(in_folder("pipe.db"), 0600), 0);
    check_refused(in_folder("pipe.db"), "it is no file");
    char noise[5000];
    memset(noise, 'x', sizeof noise);
    write_file(in_folder("text.db"), noise, sizeof noise);
    check_refused(in_folder("text.db"), "is no rolypoly session");
    write_file(in_folder("short.db"), "MThd", 4);
    check_refused(in_folder("short.db"), "is no rolypoly session");
    edit(in_folder("other.db"), "CREATE TABLE t (x)");
    check_refused(in_folder("other.db"), "is no rolypoly session");
    struct score *score = make_score("song", 12);
    struct error err;
    ck_assert_ptr_null(session_create(in_folder("other.db"), score, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "is no rolypoly session"));
    ck_assert_ptr_null(session_create(in_folder("text.db"), score, &err));
    ck_assert_int_eq(file_size(in_folder("text.db")), sizeof noise);
    ck_assert_ptr_null(session_create(in_folder("no/folder.db"), score, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "No such file or directory"));
    score_free(score);
}
END_TEST

static const struct {
    const char *sql, *why;
} altered[] = {
    {"PRAGMA user_version = 4", "was made by a newer rolypoly (format 4, this one knows 3)"},
    {"PRAGMA user_version = 2", "its tables are not as rolypoly makes them"},
    {"PRAGMA user_version = 1", "its tables are not as rolypoly makes them"},
    {"DROP TABLE take_change", "its tables are not as rolypoly makes them"},
    {"PRAGMA user_version = 0", "is damaged: format 0 is unknown"},
    {"PRAGMA application_id = 0", "is no rolypoly session"},
    {"DROP TABLE take_hit", "its tables are not as rolypoly makes them"},
    {"ALTER TABLE take ADD COLUMN x ANY", "its tables are not as rolypoly makes them"},
    {"CREATE TABLE more (x)", "its tables are not as rolypoly makes them"},
    {"CREATE TRIGGER t AFTER INSERT ON take BEGIN DELETE FROM take; END",
     "its tables are not as rolypoly makes them"},
    {"DROP TABLE take_hit; CREATE VIEW take_hit AS SELECT 1 AS take, 0 AS hit, 1 AS velocity",
     "its tables are not as rolypoly makes them"},
    {"DELETE FROM score", "it says of no score"},
    {"DELETE FROM state", "it says of no score"},
    {"UPDATE score SET id = '../../../etc/x'", "it says of no score"},
};

START_TEST(a_session_is_known_by_its_head_or_name)
{
    struct score *score = make_score("song", 8);
    struct error err = {0};
    const char *path = in_folder("any.name");
    struct session *session = session_create(path, score, &err);
    ck_assert_msg(session != NULL, "%s", err.text);
    session_close(session);
    score_free(score);
    ck_assert(session_is_file(path));
    ck_assert_int_eq(truncate(path, 100), 0); /* damaged, and still one */
    ck_assert(session_is_file(path));
    ck_assert_int_eq(truncate(path, 10), 0);
    ck_assert(!session_is_file(path));
    path = in_folder("empty.db");
    ck_assert(!session_is_file(path)); /* not there */
    ck_assert(!session_is_file(folder));
    ck_assert_int_eq(mkfifo(in_folder("pipe.db"), 0600), 0);
    ck_assert(!session_is_file(in_folder("pipe.db"))); /* and does not wait for it */
    path = in_folder("empty.db");
    fclose(fopen(path, "wb"));
    ck_assert(session_is_file(path));
}
END_TEST

START_TEST(altered_files_are_refused)
{
    struct score *score = make_score("song", 12);
    const char *path = make_session("a.db", score, 1);
    edit(path, altered[_i].sql);
    check_refused(path, altered[_i].why);
    score_free(score);
}
END_TEST

START_TEST(what_analyze_leaves_is_harmless)
{
    struct score *score = make_score("song", 12);
    const char *path = make_session("a.db", score, 1);
    edit(path, "ANALYZE; VACUUM");
    struct session *session = session_open(path, NULL);
    ck_assert_ptr_nonnull(session);
    session_close(session);
    score_free(score);
}
END_TEST

START_TEST(a_hostile_score_is_an_error)
{
    struct score *score = make_score("song", 12);
    const char *path = make_session("a.db", score, 0);
    edit(path, "UPDATE score SET name = char(27) || '[2J', file = x'4d546864'");
    struct error err;
    struct session *session = session_open(path, &err);
    ck_assert_str_eq(session_info(session)->score_name, "?[2J");
    ck_assert_ptr_null(session_score(session, 100, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "cannot read the score in session"));
    session_close(session);
    score_free(score);
}
END_TEST

/* Whatever a damaged file gives, it gives it in order: a sentence or a value, never a crash. */
static void read_everything(const char *path, const struct score *score)
{
    struct error err = {0};
    struct session *session = session_open(path, &err);
    if (!session) {
        ck_assert_str_ne(err.text, "");
        return;
    }
    struct session_take *takes;
    int count;
    if (session_takes(session, &takes, &count, &err)) {
        for (int i = 0; i < count; i++)
            take_free(session_take_get(session, takes[i].number, score, &err));
        free(takes);
    }
    size_t size;
    int current;
    if (session_current(session, &current, &err))
        free(session_checkpoint_get(session, current, &size, &err));
    score_free(session_score(session, 100, &err));
    session_check(session, &err);
    session_close(session);
}

START_TEST(damaged_files_never_hurt)
{
    struct score *score = make_score("song", 60);
    const char *path = make_session("a.db", score, 2);
    long size = file_size(path);
    uint8_t *whole = malloc((size_t)size), *bytes = malloc((size_t)size);
    FILE *file = fopen(path, "rb");
    ck_assert_uint_eq(fread(whole, 1, (size_t)size, file), size);
    fclose(file);
    struct rng rng;
    rng_seed(&rng, 5);
    for (int round = 0; round < 150; round++) {
        memcpy(bytes, whole, (size_t)size);
        size_t left = rng_below(&rng, 4) ? (size_t)size : 1 + rng_below(&rng, (uint32_t)size);
        for (uint32_t i = 1 + rng_below(&rng, 30); i > 0; i--)
            bytes[rng_below(&rng, (uint32_t)left)] = (uint8_t)rng_next(&rng);
        write_file(path, bytes, left);
        read_everything(path, score);
    }
    free(whole);
    free(bytes);
    score_free(score);
}
END_TEST

Suite *session_suite(void)
{
    Suite *suite = suite_create("session");
    TCase *tests = tcase_create("session");
    tcase_add_checked_fixture(tests, folder_make, folder_remove);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_new_session_holds_its_score);
    tcase_add_test(tests, a_quantised_score_stays_quantised);
    tcase_add_test(tests, making_again_opens_and_another_score_is_refused);
    tcase_add_test(tests, an_empty_file_becomes_a_session);
    tcase_add_test(tests, names_that_sqlite_reads_otherwise_are_files);
    tcase_add_test(tests, what_is_no_session_is_refused);
    tcase_add_loop_test(tests, altered_files_are_refused, 0, sizeof altered / sizeof altered[0]);
    tcase_add_test(tests, a_session_is_known_by_its_head_or_name);
    tcase_add_test(tests, what_analyze_leaves_is_harmless);
    tcase_add_test(tests, a_hostile_score_is_an_error);
    tcase_add_test(tests, damaged_files_never_hurt);
    suite_add_tcase(suite, tests);
    return suite;
}
