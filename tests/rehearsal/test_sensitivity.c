#include "rehearsal/sensitivity.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], file[128];

static void set_up(void)
{
    strcpy(folder, "/tmp/rolypoly-config-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/rolypoly/listening.json", folder);
    setenv("XDG_CONFIG_HOME", folder, 1);
}

static void tear_down(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

START_TEST(it_is_kept)
{
    struct error err = {.text = ""};
    ck_assert_double_eq(sensitivity_load(), 0);
    for (double db = -12; db <= 12; db += 1.5) {
        ck_assert_msg(sensitivity_save(db, &err), "%s", err.text);
        ck_assert_double_eq(sensitivity_load(), db);
    }
}
END_TEST

START_TEST(rubbish_keeps_nobody_from_playing)
{
    static const struct {
        const char *text;
        double db;
    } files[] = {{"", 0},     {"\x01\x02", 0},
                 {"[]", 0},   {"{\"sensitivity_db\":\"loud\"}", 0},
                 {"null", 0}, {"{\"sensitivity_db\":900}", 12},
                 {"{\"x", 0}, {"{\"sensitivity_db\":-1e300}", -12}};
    ck_assert(sensitivity_save(3, NULL));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        FILE *out = fopen(file, "wb");
        ck_assert(out && fputs(files[i].text, out) >= 0 && fclose(out) == 0);
        ck_assert_double_eq(sensitivity_load(), files[i].db);
    }
}
END_TEST

START_TEST(a_pipe_in_its_place_is_not_waited_for)
{
    ck_assert(sensitivity_save(3, NULL));
    ck_assert_int_eq(remove(file), 0);
    ck_assert_int_eq(mkfifo(file, 0600), 0);
    ck_assert_double_eq(sensitivity_load(), 0);
}
END_TEST

START_TEST(what_cannot_be_kept_is_said)
{
    struct error err = {.text = ""};
    ck_assert(sensitivity_save(3, NULL));
    ck_assert_int_eq(remove(file), 0);
    ck_assert_int_eq(mkdir(file, 0700), 0); /* in its place */
    ck_assert(!sensitivity_save(4, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "cannot write"));
    ck_assert_double_eq(sensitivity_load(), 0);
}
END_TEST

Suite *sensitivity_suite(void)
{
    Suite *suite = suite_create("sensitivity");
    TCase *tests = tcase_create("sensitivity");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, it_is_kept);
    tcase_add_test(tests, rubbish_keeps_nobody_from_playing);
    tcase_add_test(tests, a_pipe_in_its_place_is_not_waited_for);
    tcase_add_test(tests, what_cannot_be_kept_is_said);
    suite_add_tcase(suite, tests);
    return suite;
}
