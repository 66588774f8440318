#include "rehearsal/suites.h"

#include "rehearsal/round_trip.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/rolypoly-config-XXXXXX";
static char path[80];

static const int64_t now_s = 1700000000, day_s = 86400;

static const struct device_info card = {.input = "ALSA: Scarlett 2i2 USB",
                                        .output = "ALSA: Scarlett 2i2 USB",
                                        .rate = 48000,
                                        .period = 128,
                                        .round_trip_s = 0.0087};

static void make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    setenv("XDG_CONFIG_HOME", folder, 1);
    snprintf(path, sizeof path, "%s/rolypoly/calibration.json", folder);
}

static void remove_folder(void)
{
    unlink(path);
    *strrchr(path, '/') = '\0';
    ck_assert_int_eq(rmdir(path), 0); /* nothing half-written is left */
    rmdir(folder);
}

static void found(const struct device_info *device, int64_t at_s, enum round_trip_source source,
                  double ms, const char *why)
{
    char words[64];
    struct round_trip trip = round_trip_find(device, at_s);
    ck_assert_str_eq(round_trip_source_name(trip.source), round_trip_source_name(source));
    ck_assert_double_eq_tol(trip.ms, ms, 1e-9);
    round_trip_why(&trip, device, at_s, words, sizeof words);
    ck_assert_str_eq(words, why);
}

static void keep(const struct device_info *device, double ms, int64_t at_s)
{
    struct error err = {.text = ""};
    ck_assert_msg(round_trip_keep(device, ms, 0.01, at_s, &err), "%s", err.text);
}

START_TEST(what_was_measured_is_used)
{
    found(&card, now_s, ROUND_TRIP_REPORTED, 8.7, "");
    keep(&card, 9.3, now_s);
    found(&card, now_s + 59 * day_s, ROUND_TRIP_MEASURED, 9.3, "");
    keep(&card, 9.4, now_s + 1);
    found(&card, now_s + 2, ROUND_TRIP_MEASURED, 9.4, "");
    struct round_trip trip = round_trip_find(&card, now_s);
    ck_assert_double_eq(trip.spread_ms, 0.01);
    ck_assert_double_eq_tol(trip.reported_ms, 8.7, 1e-9);
    ck_assert_int_eq((int)(trip.date_s - now_s), 1);
}
END_TEST

START_TEST(what_has_changed_makes_it_stale)
{
    keep(&card, 9.3, now_s);
    found(&card, now_s + 61 * day_s, ROUND_TRIP_STALE, 9.3, "measured 61 days ago");
    struct device_info other = card;
    other.round_trip_s = 0.0091; /* within what a driver may waver */
    found(&other, now_s, ROUND_TRIP_MEASURED, 9.3, "");
    other.round_trip_s = 0.0107;
    found(&other, now_s, ROUND_TRIP_STALE, 11.3, "the driver's report has changed by +2.0 ms");
    other.period = 256;
    other.round_trip_s = 0.014;
    found(&other, now_s, ROUND_TRIP_STALE, 14.6, "measured at 48000 Hz, 128 frames");
    keep(&other, 14.7, now_s);
    found(&other, now_s, ROUND_TRIP_MEASURED, 14.7, "");
    found(&card, now_s, ROUND_TRIP_MEASURED, 9.3, "");
    other.round_trip_s = 0.001; /* never less than nothing */
    other.rate = 96000;
    found(&other, now_s, ROUND_TRIP_STALE, 1.7, "measured at 48000 Hz, 256 frames");
}
END_TEST

START_TEST(another_card_is_another_matter)
{
    keep(&card, 9.3, now_s);
    struct device_info other = card;
    strcpy(other.input, "ALSA: UMC204HD 192k");
    found(&other, now_s, ROUND_TRIP_REPORTED, 8.7, "");
    other.input[0] = '\0';
    found(&other, now_s, ROUND_TRIP_NONE, 0, "");
    struct device_info silent = {.silent = true, .rate = 48000, .period = 128};
    found(&silent, now_s, ROUND_TRIP_NONE, 0, "");
}
END_TEST

START_TEST(the_oldest_makes_room)
{
    struct device_info one = card;
    for (int i = 0; i < 70; i++) {
        one.period = 16 + i;
        keep(&one, 5 + i, now_s + i);
    }
    found(&one, now_s, ROUND_TRIP_MEASURED, 74, "");
    one.period = 16;
    ck_assert_int_eq(round_trip_find(&one, now_s).source, ROUND_TRIP_STALE);
    one.period = 16 + 6;
    ck_assert_int_eq(round_trip_find(&one, now_s).source, ROUND_TRIP_MEASURED);
}
END_TEST

START_TEST(a_damaged_file_counts_as_none)
{
    static const char *const texts[] = {
        "",
        "no json",
        "[]",
        "{\"loops\":5}",
        "{\"loops\":[1,null,{},{\"input\":\"ALSA: Scarlett 2i2 USB\"}]}",
        "{\"loops\":[{\"input\":\"ALSA: Scarlett 2i2 USB\",\"output\":\"ALSA: Scarlett 2i2 USB\","
        "\"rate\":48000,\"period\":128,\"date_s\":1,\"measured_ms\":-5,\"spread_ms\":0,"
        "\"reported_ms\":8.7}]}",
    };
    keep(&card, 9.3, now_s);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        FILE *file = fopen(path, "wb");
        fputs(texts[i], file);
        fclose(file);
        found(&card, now_s, ROUND_TRIP_REPORTED, 8.7, "");
    }
    keep(&card, 9.3, now_s);
    found(&card, now_s, ROUND_TRIP_MEASURED, 9.3, "");
}
END_TEST

START_TEST(what_cannot_be_kept_is_told)
{
    struct error err = {.text = ""};
    keep(&card, 9.3, now_s);
    unlink(path);
    mkdir(path, 0700);
    ck_assert(!round_trip_keep(&card, 9.3, 0, now_s, &err));
    ck_assert_msg(strstr(err.text, "calibration.json"), "%s", err.text);
    rmdir(path);
    setenv("XDG_CONFIG_HOME", "/proc/nowhere", 1);
    ck_assert(!round_trip_keep(&card, 9.3, 0, now_s, &err));
    ck_assert_msg(strstr(err.text, "/proc/nowhere"), "%s", err.text);
}
END_TEST

Suite *round_trip_suite(void)
{
    Suite *suite = suite_create("round_trip");
    TCase *tcase = tcase_create("round_trip");
    tcase_add_checked_fixture(tcase, make_folder, remove_folder);
    tcase_add_test(tcase, what_was_measured_is_used);
    tcase_add_test(tcase, what_has_changed_makes_it_stale);
    tcase_add_test(tcase, another_card_is_another_matter);
    tcase_add_test(tcase, the_oldest_makes_room);
    tcase_add_test(tcase, a_damaged_file_counts_as_none);
    tcase_add_test(tcase, what_cannot_be_kept_is_told);
    suite_add_tcase(suite, tcase);
    return suite;
}
