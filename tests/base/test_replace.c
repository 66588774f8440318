#include "base.h"
#include "base/json.h"
#include "base/replace.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], path[96];

static void set_up(void)
{
    strcpy(folder, "/tmp/rolypoly-replace-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/file", folder);
}

static void tear_down(void)
{
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static void expect_file(const char *text)
{
    char read[256] = "";
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    read[fread(read, 1, sizeof read - 1, file)] = '\0';
    fclose(file);
    ck_assert_str_eq(read, text);
}

/* But for itself. */
static int others_in_folder(void)
{
    int count = 0;
    DIR *listing = opendir(folder);
    ck_assert_ptr_nonnull(listing);
    for (struct dirent *one; (one = readdir(listing));)
        count += one->d_name[0] != '.' && strcmp(one->d_name, "file") != 0;
    closedir(listing);
    return count;
}

START_TEST(a_file_is_made_and_replaced)
{
    struct error err = {.text = ""};
    ck_assert_msg(replace_file(path, "longer than the next", 20, &err), "%s", err.text);
    expect_file("longer than the next");
    ck_assert(replace_file(path, "short", 5, &err));
    expect_file("short");
    ck_assert(replace_file(path, "", 0, &err));
    expect_file("");
    ck_assert_int_eq(others_in_folder(), 0);
}
END_TEST

/* Not even the end of a file that is buffered until it is closed. */
START_TEST(a_file_that_may_not_grow_leaves_the_old_one)
{
    struct error err = {.text = ""};
    struct rlimit before, limit;
    static char bytes[6000];
    ck_assert(replace_file(path, "old", 3, &err));
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 5000;
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    bool replaced = replace_file(path, bytes, sizeof bytes, &err);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert(!replaced);
    ck_assert_ptr_nonnull(strstr(err.text, path));
    expect_file("old");
    ck_assert_int_eq(others_in_folder(), 0);
}
END_TEST

START_TEST(what_cannot_be_replaced_is_told)
{
    struct error err = {.text = ""};
    ck_assert_int_eq(mkdir(path, 0700), 0); /* in its place */
    ck_assert(!replace_file(path, "x", 1, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "cannot write"));
    ck_assert_int_eq(others_in_folder(), 0);
    ck_assert(!replace_file("/proc/nowhere/file", "x", 1, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "/proc/nowhere/file"));
    char endless[5000];
    memset(endless, 'x', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    ck_assert(!replace_file(endless, "x", 1, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "too long"));
}
END_TEST

START_TEST(json_goes_out_and_comes_back)
{
    struct error err = {.text = ""};
    double number = 0;
    ck_assert_ptr_null(json_load(path, &err));
    ck_assert_ptr_nonnull(strstr(err.text, path));
    struct json *root = json_object();
    json_put_number(root, "x", 0.1);
    ck_assert_msg(json_save(root, path, &err), "%s", err.text);
    json_free(root);
    expect_file("{\"x\":0.1}\n");
    root = json_load(path, &err);
    ck_assert(json_number(json_find(root, "x"), &number));
    ck_assert_double_eq(number, 0.1);
    json_free(root);
    ck_assert(replace_file(path, "{\"x\":", 5, &err));
    ck_assert_ptr_null(json_load(path, &err));
    ck_assert(!json_save(NULL, path, &err));
    expect_file("{\"x\":");
}
END_TEST

Suite *replace_suite(void)
{
    Suite *suite = suite_create("replace");
    TCase *tests = tcase_create("replace");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_file_is_made_and_replaced);
    tcase_add_test(tests, a_file_that_may_not_grow_leaves_the_old_one);
    tcase_add_test(tests, what_cannot_be_replaced_is_told);
    tcase_add_test(tests, json_goes_out_and_comes_back);
    suite_add_tcase(suite, tests);
    return suite;
}
