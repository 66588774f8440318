/* Which file belongs to which score. */
#include "fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where session_find puts the score, without the folder. */
static const char *place(const struct score *score)
{
    static char path[512];
    struct error err = {0};
    ck_assert_msg(session_find(folder, score, path, sizeof path, &err), "%s", err.text);
    ck_assert_int_eq(strncmp(path, folder, strlen(folder)), 0);
    return path + strlen(folder) + 1;
}

START_TEST(a_file_is_named_after_its_song)
{
    static const struct {
        const char *name, *slug;
    } names[] = {
        {"My Song (2nd take)", "my-song-2nd-take"},
        {"../../etc/passwd", "etc-passwd"},
        {"\xc3\xbc\xc3\xbc", "song"},
        {"", "song"},
        {"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd-eeee",
         "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct score *score = make_score("x", 12);
        strcpy(score->name, names[i].name);
        char want[128];
        snprintf(want, sizeof want, "%s-%.8s.db", names[i].slug, score->id);
        ck_assert_str_eq(place(score), want);
        score_free(score);
    }
}
END_TEST

START_TEST(two_songs_of_one_name_never_mix)
{
    struct score *a = make_score("song", 12), *b = make_score("song", 13);
    char first[128];
    snprintf(first, sizeof first, "%s", place(a));
    make_session(first, a, 1);
    ck_assert_str_ne(place(b), first);
    ck_assert_str_eq(place(a), first);
    score_free(a);
    score_free(b);
}
END_TEST

START_TEST(a_renamed_session_is_found)
{
    struct score *score = make_score("song", 12);
    struct score *other = make_score("song", 13);
    make_session("other.db", other, 0);
    score_free(other);
    make_session("zz my backup.db", score, 1);
    write_file(in_folder("noise.db"), "noise", 5);
    ck_assert_str_eq(place(score), "zz my backup.db");
    score_free(score);
}
END_TEST

START_TEST(the_wrong_file_of_the_right_name_is_passed_by)
{
    struct score *a = make_score("song", 12), *b = make_score("song", 13);
    char name[128], want[128];
    snprintf(name, sizeof name, "%s", place(a));
    snprintf(want, sizeof want, "song-%s.db", a->id);
    make_session(name, b, 1);
    ck_assert_str_eq(place(a), want);
    score_free(a);
    score_free(b);
}
END_TEST

/* Else the user's takes would silently be replaced by a fresh session. */
START_TEST(a_damaged_file_of_the_right_name_is_not_passed_by)
{
    struct score *score = make_score("song", 12);
    char name[128];
    snprintf(name, sizeof name, "%s", place(score));
    write_file(in_folder(name), "damaged", 7);
    ck_assert_str_eq(place(score), name);
    score_free(score);
}
END_TEST

START_TEST(a_path_too_long_is_an_error)
{
    struct score *score = make_score("song", 12);
    char path[32];
    struct error err = {0};
    ck_assert(!session_find(folder, score, path, sizeof path, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "is too long"));
    char missing[512];
    ck_assert(session_find(in_folder("none"), score, missing, sizeof missing, &err));
    score_free(score);
}
END_TEST

START_TEST(an_edited_score_finds_its_earlier_sessions)
{
    struct score *old = make_score("song", 12), *older = make_score("song", 14),
                 *other = make_score("tune", 12), *edited = make_score("song", 13);
    char oldest[512];
    snprintf(oldest, sizeof oldest, "%s", make_session("b.db", older, 1));
    edit(oldest, "UPDATE take SET date_s = 5; UPDATE checkpoint SET date_s = 6");
    make_session("a.db", old, 3);
    make_session("c.db", other, 1);
    make_session("d.db", edited, 1);
    write_file(in_folder("noise.db"), "noise", 5);
    write_file(in_folder("readme.txt"), "noise", 5);
    struct session_sibling *list;
    int count;
    struct error err;
    ck_assert(session_siblings(folder, edited, &list, &count, &err));
    ck_assert_int_eq(count, 2);
    ck_assert_str_eq(list[0].path, in_folder("a.db"));
    ck_assert(list[0].take_count == 3 && list[0].checkpoint_count == 3);
    ck_assert_int_gt(list[0].last_s, 1700000000);
    ck_assert_str_eq(list[1].path, oldest);
    ck_assert_int_eq(list[1].last_s, 6);
    session_siblings_free(list, count);
    ck_assert(session_siblings(in_folder("none"), edited, &list, &count, &err));
    ck_assert_int_eq(count, 0);
    session_siblings_free(list, count);
    score_free(old);
    score_free(older);
    score_free(other);
    score_free(edited);
}
END_TEST

START_TEST(all_sessions_of_a_folder_newest_first)
{
    struct score *song = make_score("song", 12), *tune = make_score("tune", 12),
                 *fresh = make_score("fresh", 12);
    edit(make_session("a.db", song, 2), "UPDATE take SET date_s = 5, matched = 1,"
                                        " asynchrony_mae_ms = number;"
                                        "UPDATE checkpoint SET date_s = 7");
    edit(make_session("b.db", tune, 1), "UPDATE take SET date_s = 6, matched = 0,"
                                        " asynchrony_mae_ms = 3;"
                                        "UPDATE checkpoint SET date_s = 5");
    edit(make_session("c.db", fresh, 0), "UPDATE checkpoint SET date_s = 1");
    write_file(in_folder("noise.db"), "noise", 5);
    write_file(in_folder("readme.txt"), "noise", 5);
    struct session_summary *list;
    int count;
    struct error err;
    ck_assert(session_list(folder, &list, &count, &err));
    ck_assert_int_eq(count, 4);
    ck_assert(list[0].damaged && list[0].last_s > 1700000000); /* as old as its file */
    ck_assert_str_eq(list[0].path, in_folder("noise.db"));
    ck_assert_str_eq(list[1].score_name, "song");
    ck_assert(!list[1].damaged && list[1].take_count == 2 && list[1].last_s == 7);
    ck_assert_double_eq(list[1].last_ms, 2); /* of the last take, not of all */
    ck_assert_str_eq(list[2].path, in_folder("b.db"));
    ck_assert(list[2].last_s == 6 && isnan(list[2].last_ms));
    ck_assert_int_eq(list[3].take_count, 0);
    session_list_free(list, count);
    ck_assert(session_list(in_folder("none"), &list, &count, &err) && count == 0);
    session_list_free(list, count);
    ck_assert(!session_list(in_folder("a.db"), &list, &count, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "cannot read folder"));
    score_free(song);
    score_free(tune);
    score_free(fresh);
}
END_TEST

Suite *folder_suite(void)
{
    Suite *suite = suite_create("folder");
    TCase *tests = tcase_create("folder");
    tcase_add_checked_fixture(tests, folder_make, folder_remove);
    tcase_add_test(tests, a_file_is_named_after_its_song);
    tcase_add_test(tests, two_songs_of_one_name_never_mix);
    tcase_add_test(tests, a_renamed_session_is_found);
    tcase_add_test(tests, the_wrong_file_of_the_right_name_is_passed_by);
    tcase_add_test(tests, a_damaged_file_of_the_right_name_is_not_passed_by);
    tcase_add_test(tests, a_path_too_long_is_an_error);
    tcase_add_test(tests, an_edited_score_finds_its_earlier_sessions);
    tcase_add_test(tests, all_sessions_of_a_folder_newest_first);
    suite_add_tcase(suite, tests);
    return suite;
}
