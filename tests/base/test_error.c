#include "base.h"
#include "base/error.h"

#include <errno.h>
#include <string.h>

START_TEST(a_sentence_replaces_the_one_before)
{
    struct error err = {"old", "old hint"};
    ck_assert(!error_set(&err, "cannot read '%s': byte %d", "a.mid", 7));
    ck_assert_str_eq(err.text, "cannot read 'a.mid': byte 7");
    ck_assert_str_eq(err.hint, "");
}
END_TEST

START_TEST(errno_is_spelt_out)
{
    struct error err;
    errno = ENOENT;
    ck_assert(!error_errno(&err, "cannot open '%s'", "a"));
    ck_assert_str_eq(err.text, "cannot open 'a': No such file or directory");
}
END_TEST

START_TEST(a_prefix_keeps_the_cause_and_the_hint)
{
    struct error err;
    error_set(&err, "no drums");
    error_hint(&err, "use channel %d", 10);
    ck_assert(!error_prefix(&err, "cannot play '%s'", "a.mid"));
    ck_assert_str_eq(err.text, "cannot play 'a.mid': no drums");
    ck_assert_str_eq(err.hint, "use channel 10");
}
END_TEST

START_TEST(long_sentences_are_cut)
{
    struct error err;
    char name[2000];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    error_set(&err, "%s", name);
    ck_assert_uint_eq(strlen(err.text), sizeof err.text - 1);
    error_prefix(&err, "%s", name);
    ck_assert_uint_eq(strlen(err.text), sizeof err.text - 1);
    errno = EIO;
    error_errno(&err, "%s", name);
    ck_assert_uint_eq(strlen(err.text), sizeof err.text - 1);
    error_hint(&err, "%s", name);
    ck_assert_uint_eq(strlen(err.hint), sizeof err.hint - 1);
}
END_TEST

START_TEST(a_long_name_does_not_hide_the_cause)
{
    static const char errno_end[] = "...: No such file or directory",
                      prefix_end[] = "...: no drums";
    struct error err;
    char name[2001] = "";
    for (int i = 0; i < 1000; i++)
        strcat(name, "é");
    errno = ENOENT;
    error_errno(&err, "cannot read '%s'", name);
    size_t length = strlen(err.text);
    ck_assert_uint_ge(length, sizeof err.text - 3);
    ck_assert_str_eq(err.text + length - strlen(errno_end), errno_end);
    ck_assert_uint_eq((unsigned char)err.text[length - strlen(errno_end) - 1], 0xA9);
    error_set(&err, "no drums");
    error_prefix(&err, "cannot read '%s'", name);
    length = strlen(err.text);
    ck_assert_str_eq(err.text + length - strlen(prefix_end), prefix_end);
}
END_TEST

START_TEST(nobody_has_to_listen)
{
    ck_assert(!error_set(NULL, "x"));
    ck_assert(!error_errno(NULL, "x"));
    ck_assert(!error_prefix(NULL, "x"));
    ck_assert(!error_hint(NULL, "x"));
}
END_TEST

Suite *error_suite(void)
{
    Suite *suite = suite_create("error");
    TCase *tests = tcase_create("error");
    tcase_add_test(tests, a_sentence_replaces_the_one_before);
    tcase_add_test(tests, errno_is_spelt_out);
    tcase_add_test(tests, a_prefix_keeps_the_cause_and_the_hint);
    tcase_add_test(tests, long_sentences_are_cut);
    tcase_add_test(tests, a_long_name_does_not_hide_the_cause);
    tcase_add_test(tests, nobody_has_to_listen);
    suite_add_tcase(suite, tests);
    return suite;
}
