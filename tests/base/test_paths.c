#include "base.h"
#include "base/paths.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int paths_probe(const char *asset)
{
    char path[PATH_MAX];
    struct error err = {0};
    puts(paths_root(path, sizeof path) ? path : "no root");
    puts(paths_sessions(path, sizeof path, &err) ? path : err.text);
    puts(asset && paths_asset(asset, path, sizeof path, &err) ? path : err.text);
    return 0;
}

static char home[64]; /* of one test, removed after it */

static void set_up(void)
{
    strcpy(home, "/tmp/rolypoly-paths-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(home));
}

static void tear_down(void)
{
    char command[PATH_MAX];
    snprintf(command, sizeof command, "rm -rf '%s'", home);
    ck_assert_int_eq(system(command), 0);
}

/* Runs `format` in a shell within the test's folder; H is the folder's path there. */
static void shell(const char *script, char *output, size_t size)
{
    char command[2 * PATH_MAX];
    snprintf(command, sizeof command, "cd '%s' && H='%s' && { %s; }", home, home, script);
    FILE *pipe = popen(command, "r");
    ck_assert_ptr_nonnull(pipe);
    size_t length = fread(output, 1, size - 1, pipe);
    output[length] = '\0';
    ck_assert_int_eq(pclose(pipe), 0);
}

/* A copy of this executable at `place`, run with `environment`, must print `want` ('@' is the
 * folder). */
static void check_probe(const char *place, const char *environment, const char *want)
{
    char self[PATH_MAX] = "", script[2 * PATH_MAX], got[4096], expected[4096];
    ck_assert_int_gt(readlink("/proc/self/exe", self, sizeof self - 1), 0);
    snprintf(script, sizeof script,
             "mkdir -p \"$(dirname %s)\" && cp '%s' %s && env -i %s ./%s paths drum.mid", place,
             self, place, environment, place);
    shell(script, got, sizeof got);
    size_t length = 0;
    for (; *want; want++)
        length += (size_t)(*want == '@' ? sprintf(expected + length, "%s", home)
                                        : sprintf(expected + length, "%c", *want));
    ck_assert_str_eq(got, expected);
}

START_TEST(a_checkout_is_found_from_its_build_folder)
{
    char nothing[8];
    shell("mkdir -p src assets other && touch assets/drum.mid", nothing, sizeof nothing);
    check_probe("build/san/rolypoly", "XDG_DATA_HOME=/elsewhere",
                "@\n@/sessions\n@/assets/drum.mid\n");
    struct stat info;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/sessions", home);
    ck_assert_int_eq(stat(path, &info), 0);
}
END_TEST

START_TEST(an_installed_program_finds_its_share)
{
    char nothing[8];
    shell("mkdir -p share/rolypoly/assets && touch share/rolypoly/assets/drum.mid", nothing,
          sizeof nothing);
    check_probe("bin/rolypoly", "HOME=\"$H/me\"",
                "no root\n@/me/.local/share/rolypoly/sessions\n"
                "@/bin/../share/rolypoly/assets/drum.mid\n");
    check_probe("bin/rolypoly", "HOME=\"$H/me\" XDG_DATA_HOME=\"$H/data\"",
                "no root\n@/data/rolypoly/sessions\n@/bin/../share/rolypoly/assets/drum.mid\n");
    check_probe("bin/rolypoly", "HOME=\"$H/me\" XDG_DATA_HOME=not/absolute",
                "no root\n@/me/.local/share/rolypoly/sessions\n"
                "@/bin/../share/rolypoly/assets/drum.mid\n");
    struct stat info;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/data/rolypoly/sessions", home);
    ck_assert_int_eq(stat(path, &info), 0);
    ck_assert_int_eq(info.st_mode & 0777, 0700);
}
END_TEST

START_TEST(the_environment_comes_first)
{
    char nothing[8];
    shell("mkdir -p src assets mine && touch assets/drum.mid mine/drum.mid", nothing,
          sizeof nothing);
    check_probe("build/rolypoly", "ROLYPOLY_ASSETS=\"$H/mine\"",
                "@\n@/sessions\n@/mine/drum.mid\n");
    check_probe("build/rolypoly", "ROLYPOLY_ASSETS=\"$H/none\"",
                "@\n@/sessions\n@/assets/drum.mid\n");
}
END_TEST

START_TEST(what_is_missing_is_said)
{
    check_probe("bin/rolypoly", "A=b",
                "no root\ncannot tell where to keep sessions: HOME is not set\n"
                "cannot find 'drum.mid' among the program's assets\n");
    char nothing[8];
    shell("touch file", nothing, sizeof nothing);
    check_probe("bin/rolypoly", "HOME=\"$H/file\"",
                "no root\ncannot make folder '@/file/.local': Not a directory\n"
                "cannot find 'drum.mid' among the program's assets\n");
}
END_TEST

START_TEST(settings_have_a_folder_of_their_own)
{
    char path[PATH_MAX], wanted[PATH_MAX];
    struct error err = {0};
    struct stat info;
    setenv("HOME", home, 1);
    setenv("XDG_CONFIG_HOME", "not/absolute", 1);
    ck_assert_msg(paths_config("a.json", path, sizeof path, &err), "%s", err.text);
    snprintf(wanted, sizeof wanted, "%s/.config/rolypoly/a.json", home);
    ck_assert_str_eq(path, wanted);
    snprintf(wanted, sizeof wanted, "%s/mine", home);
    setenv("XDG_CONFIG_HOME", wanted, 1);
    ck_assert_msg(paths_config("a.json", path, sizeof path, &err), "%s", err.text);
    snprintf(wanted, sizeof wanted, "%s/mine/rolypoly/a.json", home);
    ck_assert_str_eq(path, wanted);
    *strrchr(path, '/') = '\0';
    ck_assert(stat(path, &info) == 0 && (info.st_mode & 0777) == 0700);
    ck_assert(!paths_config("a.json", path, 8, &err));
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("HOME");
    ck_assert(!paths_config("a.json", path, sizeof path, &err));
    ck_assert_str_eq(err.text, "cannot tell where settings are kept: HOME is not set");
}
END_TEST

START_TEST(short_buffers_are_respected)
{
    char path[9] = "--------";
    struct error err = {0};
    setenv("ROLYPOLY_ASSETS", home, 1);
    ck_assert(!paths_asset("drum.mid", path, 8, &err));
    ck_assert_str_eq(err.hint, "set ROLYPOLY_ASSETS to the folder that holds it");
    ck_assert_int_eq(path[8], '\0');
    ck_assert(!paths_root(path, 2) || strlen(path) < 2);
}
END_TEST

Suite *paths_suite(void)
{
    Suite *suite = suite_create("paths");
    TCase *tests = tcase_create("paths");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 30);
    tcase_add_test(tests, a_checkout_is_found_from_its_build_folder);
    tcase_add_test(tests, an_installed_program_finds_its_share);
    tcase_add_test(tests, the_environment_comes_first);
    tcase_add_test(tests, what_is_missing_is_said);
    tcase_add_test(tests, settings_have_a_folder_of_their_own);
    tcase_add_test(tests, short_buffers_are_respected);
    suite_add_tcase(suite, tests);
    return suite;
}
