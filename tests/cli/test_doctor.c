#include "suite.h"

#include "cli/doctor.h"

#include <stdio.h>
#include <string.h>

static struct doctor_line lines[DOCTOR_LINES];

static struct doctor_facts healthy(void)
{
    return (struct doctor_facts){
        .device = {.name = "JACK: system", .rate = 48000, .period = 128},
        .trip = {.source = ROUND_TRIP_MEASURED, .ms = 5.3, .spread_ms = 0.02},
        .work = {.count = 700, .p50 = 0.01, .p99 = 0.03, .max = 0.1},
        .late = {.count = 699, .p50 = 0.01, .p99 = 0.05, .max = 0.3},
        .realtime = REALTIME_LIMITS,
        .memory_locked = true,
        .governor = "performance",
        .soundfont = "/usr/share/sounds/sf2/FluidR3_GM.sf2",
        .sessions = "/home/she/.local/share/rolypoly/sessions",
        .free_bytes = INT64_C(1) << 34,
        .terminal = true,
        .utf8 = true,
        .rows = 40,
        .cols = 120,
    };
}

/* The line about a topic, NULL when there is none. */
static const struct doctor_line *about(const struct doctor_facts *facts, const char *topic)
{
    int count = doctor_examine(facts, lines);
    ck_assert_int_le(count, DOCTOR_LINES);
    for (int i = 0; i < count; i++) {
        ck_assert(lines[i].topic && lines[i].text[0]);
        if (strcmp(lines[i].topic, topic) == 0)
            return &lines[i];
    }
    return NULL;
}

static void expect(const struct doctor_facts *facts, const char *topic, enum doctor_grade grade,
                   const char *remedy)
{
    const struct doctor_line *line = about(facts, topic);
    ck_assert_msg(line != NULL, "nothing about %s", topic);
    ck_assert_msg(line->grade == grade, "%s is %s: %s", topic, doctor_grade_name(line->grade),
                  line->text);
    ck_assert_msg(strstr(line->remedy, remedy) != NULL, "%s: %s", topic, line->remedy);
    ck_assert((grade == DOCTOR_OK) == (line->remedy[0] == '\0'));
}

START_TEST(a_healthy_machine_needs_nothing)
{
    struct doctor_facts facts = healthy();
    int count = doctor_examine(&facts, lines);
    ck_assert_int_eq(count, 11);
    for (int i = 0; i < count; i++)
        ck_assert_msg(lines[i].grade == DOCTOR_OK && !lines[i].remedy[0], "%s: %s", lines[i].topic,
                      lines[i].text);
}
END_TEST

START_TEST(silence_is_bad)
{
    struct doctor_facts facts = healthy();
    facts.device.silent = true;
    expect(&facts, "sound", DOCTOR_BAD, "JACK");
    ck_assert_ptr_null(about(&facts, "round trip"));
    ck_assert_ptr_null(about(&facts, "punctuality"));
    facts = healthy();
    snprintf(facts.no_device, sizeof facts.no_device, "cannot find 'x'");
    expect(&facts, "sound", DOCTOR_BAD, "rolypoly devices");
}
END_TEST

START_TEST(long_ways_are_told)
{
    struct doctor_facts facts = healthy();
    facts.trip.ms = 18;
    expect(&facts, "round trip", DOCTOR_BETTER, "--period");
    facts.trip.ms = 60;
    facts.device.period = 1024;
    expect(&facts, "round trip", DOCTOR_BAD, "--period 512");
}
END_TEST

START_TEST(a_round_trip_is_to_be_measured)
{
    struct doctor_facts facts = healthy();
    facts.trip.source = ROUND_TRIP_REPORTED;
    expect(&facts, "calibration", DOCTOR_BETTER, "rolypoly calibrate");
    facts.trip.source = ROUND_TRIP_STALE;
    snprintf(facts.stale, sizeof facts.stale, "at another rate");
    expect(&facts, "calibration", DOCTOR_BETTER, "rolypoly calibrate");
    ck_assert_ptr_nonnull(strstr(about(&facts, "calibration")->text, "at another rate"));
}
END_TEST

START_TEST(a_slow_or_late_machine_is_told)
{
    struct doctor_facts facts = healthy();
    facts.work.p99 = 0.6;
    expect(&facts, "processor", DOCTOR_BETTER, "--period 256");
    facts.work.p99 = 0.9;
    expect(&facts, "processor", DOCTOR_BAD, "--period 256");
    facts.device.period = 0; /* it varies */
    expect(&facts, "processor", DOCTOR_BAD, "--period 256");
    facts.late.p99 = 0.8;
    expect(&facts, "punctuality", DOCTOR_BETTER, "real-time");
    ck_assert_ptr_nonnull(strstr(about(&facts, "punctuality")->text, "comes 2.1 ms late"));
    facts.xruns = 2;
    expect(&facts, "punctuality", DOCTOR_BAD, "real-time");
}
END_TEST

START_TEST(priority_says_what_is_missing)
{
    struct doctor_facts facts = healthy();
    facts.realtime = REALTIME_KIT;
    expect(&facts, "priority", DOCTOR_OK, "");
    facts.realtime = REALTIME_NONE;
    expect(&facts, "priority", DOCTOR_BETTER, "/etc/security/limits.d/audio.conf");
    facts.has_limits_file = true;
    expect(&facts, "priority", DOCTOR_BETTER, "sudo usermod -aG audio");
    facts.in_audio_group = true;
    expect(&facts, "priority", DOCTOR_BETTER, "log in anew");
}
END_TEST

START_TEST(memory_matters_where_it_is_swapped)
{
    struct doctor_facts facts = healthy();
    facts.memory_locked = false;
    expect(&facts, "memory", DOCTOR_OK, "");
    facts.swappiness = 60;
    expect(&facts, "memory", DOCTOR_BETTER, "memlock");
}
END_TEST

START_TEST(files_and_screen)
{
    struct doctor_facts facts = healthy();
    snprintf(facts.governor, sizeof facts.governor, "powersave");
    expect(&facts, "processor's speed", DOCTOR_BETTER, "scaling_governor");
    facts.governor[0] = '\0';
    ck_assert_ptr_null(about(&facts, "processor's speed"));
    facts.soundfont[0] = '\0';
    expect(&facts, "drums", DOCTOR_BAD, "fluid-soundfont-gm");
    facts.free_bytes = 50 << 20;
    expect(&facts, "takes", DOCTOR_BETTER, "--session");
    facts.free_bytes = 1 << 20;
    expect(&facts, "takes", DOCTOR_BAD, "--session");
    snprintf(facts.sessions_problem, sizeof facts.sessions_problem, "read-only");
    expect(&facts, "takes", DOCTOR_BAD, "--session");
    facts.utf8 = false;
    expect(&facts, "screen", DOCTOR_BETTER, "UTF-8");
    facts.cols = 70;
    expect(&facts, "screen", DOCTOR_BETTER, "80 x 24");
    facts.cols = 50;
    expect(&facts, "screen", DOCTOR_BAD, "80 x 24");
    facts.terminal = false;
    ck_assert_ptr_null(about(&facts, "screen"));
}
END_TEST

Suite *doctor_suite(void);
Suite *doctor_suite(void)
{
    Suite *suite = suite_create("doctor");
    TCase *tests = tcase_create("doctor");
    tcase_add_test(tests, a_healthy_machine_needs_nothing);
    tcase_add_test(tests, silence_is_bad);
    tcase_add_test(tests, long_ways_are_told);
    tcase_add_test(tests, a_round_trip_is_to_be_measured);
    tcase_add_test(tests, a_slow_or_late_machine_is_told);
    tcase_add_test(tests, priority_says_what_is_missing);
    tcase_add_test(tests, memory_matters_where_it_is_swapped);
    tcase_add_test(tests, files_and_screen);
    suite_add_tcase(suite, tests);
    return suite;
}
