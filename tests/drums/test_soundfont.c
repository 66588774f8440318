#include "suite.h"
#include "support/tiny_sf2.h"

#include "base/rng.h"
#include "drums/kit.h"
#include "drums/soundfont.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const bool kick_and_snare[128] = {[36] = true, [38] = true};

static bool refused(const uint8_t *bytes, size_t size, const char *reason)
{
    char *path = tiny_file(bytes, size);
    struct error err = {.text = ""};
    bool fine = soundfont_check(path, &err);
    struct kit *kit = kit_load(path, kick_and_snare, TINY_RATE, NULL);
    bool result = !fine && !kit && strstr(err.text, path) && strstr(err.text, reason);
    if (!result)
        fprintf(stderr, "wanted '%s', have '%s'\n", reason, err.text);
    kit_free(kit);
    unlink(path);
    free(path);
    return result;
}

START_TEST(a_whole_file_passes)
{
    size_t size;
    uint8_t *bytes = tiny_sf2(128, &size);
    char *path = tiny_file(bytes, size);
    struct error err = {.text = ""};
    ck_assert_msg(soundfont_check(path, &err), "%s", err.text);
    unlink(path);
    free(path);
    free(bytes);
}
END_TEST

START_TEST(what_is_no_soundfont_is_refused)
{
    size_t size;
    uint8_t *bytes = tiny_sf2(128, &size);
    ck_assert(refused(bytes, 0, "this is no SoundFont"));
    ck_assert(refused(bytes, 11, "this is no SoundFont"));
    ck_assert(refused(bytes, size / 2, "cut off"));
    ck_assert(refused(bytes, size - 1, "cut off"));
    ck_assert(refused((const uint8_t *)"MThd\0\0\0\6\0\0\0\0", 12, "this is no SoundFont"));
    uint8_t *wave = malloc(size);
    memcpy(wave, bytes, size);
    memcpy(wave + 8, "WAVE", 4);
    ck_assert(refused(wave, size, "this is no SoundFont"));
    free(wave);
    free(bytes);
    struct error err;
    ck_assert(!soundfont_check("/no/such.sf2", &err));
    ck_assert_ptr_nonnull(strstr(err.text, "No such file"));
    ck_assert(!soundfont_check("/tmp", &err));
    ck_assert_ptr_nonnull(strstr(err.text, "folder"));
    ck_assert(!soundfont_check("/dev/zero", &err));
    ck_assert_ptr_nonnull(strstr(err.text, "no regular file"));
}
END_TEST

static uint8_t *find(uint8_t *bytes, size_t size, const char *id)
{
    for (size_t i = 0; i + 4 <= size; i++)
        if (memcmp(bytes + i, id, 4) == 0)
            return bytes + i;
    abort();
}

START_TEST(tables_that_point_astray_are_refused)
{
    static const struct {
        const char *table;
        int offset; /* after the chunk's 8 bytes */
        const char *reason;
    } cases[] = {
        {"phdr", 24, "outside of its tables"},
        {"pbag", 1, "outside of its tables"},
        {"inst", 20, "outside of its tables"},
        {"ibag", 5, "outside of its tables"},
        {"shdr", 27, "outside of the file"},
        {"phdr", -4, "damaged"},
        {"igen", -8, "missing"},
        {"shdr", -2, "cut off"},
        {"LIST", -6, "beyond its end"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t size;
        uint8_t *bytes = tiny_sf2(128, &size);
        if (strcmp(cases[i].table, "LIST") == 0)
            find(bytes, size, "LIST")[7] = 0x7f;
        else
            find(bytes, size, cases[i].table)[8 + cases[i].offset] ^= 0x7f;
        ck_assert(refused(bytes, size, cases[i].reason));
        free(bytes);
    }
}
END_TEST

/* The closing record is the one that says how far the others may reach. */
START_TEST(tables_that_close_too_far_out_are_refused)
{
    static const struct {
        const char *table;
        int record, offset;
    } cases[] = {{"phdr", 38, 24}, {"pbag", 4, 0}, {"pbag", 4, 2},
                 {"inst", 22, 20}, {"ibag", 4, 0}, {"ibag", 4, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t size;
        uint8_t *bytes = tiny_sf2(128, &size), *at = find(bytes, size, cases[i].table);
        size_t length = at[4] | (size_t)at[5] << 8;
        at[8 + length - (size_t)cases[i].record + (size_t)cases[i].offset + 1] = 0x7f;
        ck_assert(refused(bytes, size, "outside of its tables"));
        free(bytes);
    }
}
END_TEST

/* Damage in the tables goes through to FluidSynth where it could be meant: it must then sound or
 * fail. */
START_TEST(random_damage_never_crashes)
{
    size_t size;
    uint8_t *bytes = tiny_sf2(128, &size);
    size_t tables = (size_t)(find(bytes, size, "pdta") - bytes);
    struct rng rng;
    rng_seed(&rng, 42);
    int loaded = 0, failed = 0;
    for (int round = 0; round < 60; round++) {
        uint8_t *damaged = malloc(size);
        memcpy(damaged, bytes, size);
        for (uint32_t n = 1 + rng_below(&rng, 5); n > 0; n--)
            damaged[tables + rng_below(&rng, (uint32_t)(size - tables))] = (uint8_t)rng_next(&rng);
        char *path = tiny_file(damaged, size);
        struct error err = {.text = ""};
        struct kit *kit = kit_load(path, kick_and_snare, TINY_RATE, &err);
        ck_assert(kit || err.text[0]);
        *(kit ? &loaded : &failed) += 1;
        for (int v = 1; kit && v < 128; v++) {
            float gain = kit_sound(kit, 38, v).gain;
            ck_assert(gain >= 0 && gain <= 2);
        }
        kit_free(kit);
        unlink(path);
        free(path);
        free(damaged);
    }
    ck_assert_int_gt(loaded, 0);
    ck_assert_int_gt(failed, 0);
    free(bytes);
}
END_TEST

START_TEST(a_soundfont_is_found_in_order)
{
    char path[512];
    struct error err;
    setenv("ROLYPOLY_SOUNDFONT", "/no/such.sf2", 1);
    ck_assert(!kit_find_soundfont(NULL, path, sizeof path, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "/no/such.sf2"));
    ck_assert_ptr_nonnull(strstr(err.text, "ROLYPOLY_SOUNDFONT"));
    ck_assert(kit_find_soundfont("/dev/null", path, sizeof path, &err));
    ck_assert_str_eq(path, "/dev/null");
    setenv("ROLYPOLY_SOUNDFONT", "/dev/zero", 1);
    ck_assert(kit_find_soundfont(NULL, path, sizeof path, &err));
    ck_assert_str_eq(path, "/dev/zero");
    ck_assert(!kit_find_soundfont("/no/such.sf2", path, sizeof path, &err));
    ck_assert(!kit_find_soundfont(NULL, path, 4, &err));
    unsetenv("ROLYPOLY_SOUNDFONT");
    err.hint[0] = '\0';
    if (kit_find_soundfont(NULL, path, sizeof path, &err))
        ck_assert_int_eq(access(path, R_OK), 0);
    else
        ck_assert_ptr_nonnull(strstr(err.hint, "apt-get install"));
}
END_TEST

Suite *soundfont_suite(void);
Suite *soundfont_suite(void)
{
    Suite *suite = suite_create("soundfont");
    TCase *tcase = tcase_create("soundfont");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_whole_file_passes);
    tcase_add_test(tcase, what_is_no_soundfont_is_refused);
    tcase_add_test(tcase, tables_that_point_astray_are_refused);
    tcase_add_test(tcase, tables_that_close_too_far_out_are_refused);
    tcase_add_test(tcase, random_damage_never_crashes);
    tcase_add_test(tcase, a_soundfont_is_found_in_order);
    suite_add_tcase(suite, tcase);
    return suite;
}
