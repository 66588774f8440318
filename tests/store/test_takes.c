/* Takes in and out, and takes that are none. */
#include "fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct score *score;
static struct session *session;
static struct error err;

static void set_up(void)
{
    folder_make();
    score = make_score("song", 60);
    session = session_create(in_folder("a.db"), score, &err);
    ck_assert_msg(session != NULL, "%s", err.text);
}

static void tear_down(void)
{
    session_close(session);
    score_free(score);
    folder_remove();
}

START_TEST(a_take_comes_out_as_it_went_in)
{
    for (int number = 1; number <= 20; number++) {
        struct take *take = make_take(score, (uint64_t)number);
        ck_assert_int_eq(session_take_add(session, take, score, 0, &err), number);
        take_free(take);
    }
    session_close(session);
    session = session_open(in_folder("a.db"), &err);
    for (int number = 1; number <= 20; number++) {
        struct take *want = make_take(score, (uint64_t)number);
        struct take *got = session_take_get(session, number, score, &err);
        ck_assert_msg(got != NULL, "%s", err.text);
        const char *difference = take_difference(want, got);
        ck_assert_msg(!difference, "take %d: %s", number, difference);
        take_free(want);
        take_free(got);
    }
}
END_TEST

START_TEST(a_recording_comes_out_as_it_went_in)
{
    for (int number = 1; number <= 6; number++) {
        struct take *take = make_take(score, (uint64_t)number);
        ck_assert_int_eq(session_take_add(session, take, score, 0, &err), number);
        take_free(take);
    }
    for (int number = 1; number <= 6; number++) {
        struct take *want = make_take(score, (uint64_t)number);
        struct take_recording got;
        struct session_take info;
        ck_assert_msg(session_recording(session, number, &got, &err), "%s", err.text);
        ck_assert(session_take_info(session, number, &info, &err));
        ck_assert_int_eq(want->recording.size > 0, number % 3 == 0);
        ck_assert_uint_eq(info.recording_size, want->recording.size);
        ck_assert_uint_eq(got.size, want->recording.size);
        ck_assert_int_eq(got.first_frame, want->recording.first_frame);
        ck_assert(got.size ? memcmp(got.bytes, want->recording.bytes, got.size) == 0 : !got.bytes);
        free(got.bytes);
        take_free(want);
    }
    struct take_recording none;
    edit(in_folder("a.db"), "UPDATE take_recording SET first_frame = 1 << 62");
    ck_assert(!session_recording(session, 3, &none, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "is damaged: take 3: its recording begins out of"));
    ck_assert_ptr_null(none.bytes);
}
END_TEST

START_TEST(an_empty_take_is_a_take)
{
    struct take_settings settings = {.model = "straight", .tempo_percent = 100, .rate = 48000};
    struct take *take = take_new(score, &settings, 0, 0);
    ck_assert_int_eq(session_take_add(session, take, score, 0, &err), 1);
    struct take *got = session_take_get(session, 1, score, &err);
    ck_assert_msg(got != NULL, "%s", err.text);
    ck_assert_ptr_null(take_difference(take, got));
    take_free(got);
    take_free(take);
}
END_TEST

START_TEST(the_list_shows_what_the_takes_are)
{
    struct session_checkpoint first = {.model = "groove"};
    ck_assert_int_eq(session_checkpoint_add(session, &first, "w", 1, &err), 1);
    for (int i = 1; i <= 3; i++) {
        struct take *take = make_take(score, (uint64_t)i);
        session_take_add(session, take, score, i == 2, &err);
        take_free(take);
    }
    ck_assert(session_take_set_status(session, 1, TAKE_REJECTED, &err));
    ck_assert(session_take_set_status(session, 3, TAKE_ACCEPTED, &err));
    struct session_take *list;
    int count;
    ck_assert(session_takes(session, &list, &count, &err));
    ck_assert_int_eq(count, 3);
    static const enum take_status want[] = {TAKE_REJECTED, TAKE_UNDECIDED, TAKE_ACCEPTED};
    for (int i = 0; i < 3; i++) {
        struct take *take = make_take(score, (uint64_t)i + 1);
        struct take_summary summary = take_summarise(take);
        ck_assert_int_eq(list[i].number, i + 1);
        ck_assert_int_eq(list[i].status, want[i]);
        ck_assert_int_eq(list[i].checkpoint, i == 1);
        ck_assert_int_gt(list[i].date_s, 1700000000);
        ck_assert_uint_eq(list[i].settings.seed, take->settings.seed);
        ck_assert_int_eq(list[i].stop_frame, take->stop_frame);
        ck_assert_int_eq(list[i].xruns, take->xruns);
        ck_assert_int_eq(list[i].summary.steps, summary.steps);
        ck_assert_int_eq(list[i].summary.hits, summary.hits);
        ck_assert_int_eq(list[i].summary.onsets, summary.onsets);
        ck_assert_int_eq(list[i].summary.matched, summary.matched);
        ck_assert_int_eq(list[i].summary.deadline_misses, summary.deadline_misses);
        ck_assert_double_eq(list[i].summary.prediction_mae_ms, summary.prediction_mae_ms);
        ck_assert_double_eq(list[i].summary.asynchrony_mae_ms, summary.asynchrony_mae_ms);
        ck_assert_double_eq(list[i].summary.asynchrony_mean_ms, summary.asynchrony_mean_ms);
        take_free(take);
    }
    free(list);
    ck_assert_str_eq(take_status_name(TAKE_REJECTED), "rejected");
}
END_TEST

START_TEST(an_empty_list_is_no_error)
{
    struct session_take *list;
    int count = -1;
    ck_assert(session_takes(session, &list, &count, &err));
    ck_assert_int_eq(count, 0);
    free(list);
}
END_TEST

START_TEST(what_is_not_there_is_said)
{
    struct session_take info;
    ck_assert_ptr_null(session_take_get(session, 7, score, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "has no take 7"));
    ck_assert(!session_take_info(session, 0, &info, &err));
    ck_assert(!session_take_set_status(session, 7, TAKE_ACCEPTED, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "has no take 7"));
    struct take *take = make_take(score, 1);
    ck_assert_int_eq(session_take_add(session, take, score, 9, &err), 0);
    ck_assert_ptr_nonnull(strstr(err.text, "has no checkpoint 9"));
    ck_assert_int_eq(session_take_add(session, take, score, 0, &err), 1);
    take_free(take);
}
END_TEST

/* Takes that nobody could read again must not be stored, and leave nothing behind. */
static void spoil(struct take *take, int how)
{
    switch (how) {
    case 0:
        take->steps[1].predicted_ms = NAN;
        break;
    case 1:
        take->steps[1].step = take->steps[0].step;
        break;
    case 2:
        take->steps[take->step_count - 1].step = score->step_count;
        break;
    case 3:
        take->hits[0].hit = -1;
        break;
    case 4:
        take->hits[take->hit_count - 1].hit = score->hit_count;
        break;
    case 5:
        take->hits[0].velocity = 128;
        break;
    case 6:
        take->hits[0].frame = INT64_MAX;
        break;
    case 7:
        take->onsets[0].step = score->step_count;
        break;
    case 8:
        take->onsets[0].strength = INFINITY;
        break;
    case 9:
        take->settings.rate = 0;
        break;
    case 10:
        take->settings.controls.leash_ms = NAN;
        break;
    case 11:
        memset(take->settings.model, 'x', sizeof take->settings.model);
        break;
    case 12:
        take->stop_frame = INT64_MIN;
        break;
    case 13:
        take->changes[3].frame = take->changes[2].frame - 1;
        break;
    case 14:
        take->changes[0] = (struct change){.kind = CHANGE_FOLLOW, .drum = -1, .value = NAN};
        break;
    case 15:
        take->changes[0] = (struct change){.kind = CHANGE_LEASH, .drum = DRUM_COUNT};
        break;
    case 16:
        take->changes[0] = (struct change){
            .kind = CHANGE_FLUB, .drum = -1, .bar = score->bar_count + 1, .frame = -48000};
        break;
    case 17:
        take->settings.controls.robot = true;
        break;
    case 18:
        take->settings.controls.leashed = 1;
        take->settings.controls.drum_leash_ms[0] = -1;
        break;
    }
}

START_TEST(an_impossible_take_is_not_stored)
{
    struct take *take = make_take(score, 3);
    spoil(take, _i);
    ck_assert_int_eq(session_take_add(session, take, score, 0, &err), 0);
    ck_assert_ptr_nonnull(strstr(err.text, "cannot store a take in session"));
    take_free(take);
    take = make_take(score, 3);
    ck_assert_int_eq(session_take_add(session, take, score, 0, &err), 1);
    take_free(take);
}
END_TEST

/* What a stranger may write into a file whose tables are in order. */
static const struct {
    const char *sql, *why;
} hostile[] = {
    {"UPDATE take_hit SET hit = 60 WHERE hit = (SELECT max(hit) FROM take_hit)", "hit "},
    {"UPDATE take_hit SET hit = -9223372036854775807 WHERE hit = (SELECT max(hit) FROM take_hit)",
     "hit 0"},
    {"UPDATE take_hit SET velocity = 1 << 40", "hit 0"},
    {"UPDATE take_hit SET frame = 9223372036854775807", "hit 0"},
    {"UPDATE take_step SET step = 4294967296 WHERE step = (SELECT max(step) FROM take_step)",
     "step "},
    {"UPDATE take_step SET predicted_ms = 9e999", "step 0"},
    {"UPDATE take_step SET drums_ms = -9e999", "step 0"},
    {"UPDATE take_step SET predicted_sd_ms = -1", "step 0"},
    {"UPDATE take_onset SET step = -2", "onset 0"},
    {"UPDATE take_onset SET step = 60", "onset 0"},
    {"UPDATE take_onset SET strength = 1e300", "onset 0"},
    {"UPDATE take_practice SET passes = -1", "passes"},
    {"UPDATE take_practice SET played = passes + 1", "passes"},
    {"UPDATE take_practice SET passes = 1 << 40", "passes"},
    {"UPDATE take_practice SET ramp_percent = 9e999", "ramp"},
    {"UPDATE take_practice SET out_bars = -1", "drill"},
    {"UPDATE take_practice SET out_bars = 0", "drill"},
    {"UPDATE take_practice SET vamp_last = 1", "a vamp needs"},
    {"UPDATE take_sound SET period = -1", "sound card"},
    {"UPDATE take_sound SET round_trip_ms = 9e999", "sound card"},
    {"UPDATE take_sound SET drift_ppm = -9e999", "sound card"},
    {"UPDATE take_sound SET round_trip = 'guessed'", "no known kind"},
    {"DELETE FROM take_hit WHERE hit = (SELECT min(hit) FROM take_hit)", "has not the"},
    {"DELETE FROM take_step", "has not the"},
    {"INSERT INTO take_onset VALUES (1, 1000, 0, 0, 0, 0, 0)", "has not the"},
    {"UPDATE take SET hits = 1000000000", "is longer than the score"},
    {"UPDATE take SET onsets = 1000000000", "a count is out of range"},
    {"UPDATE take SET steps = -1", "a count is out of range"},
    {"UPDATE take SET rate = 0", "rate"},
    {"UPDATE take SET tempo_percent = 9e999", "tempo"},
    {"UPDATE take SET tempo_percent = 'fast', leash_ms = 9e999", "control"},
    {"UPDATE take SET first_bar = -5", "bars"},
    {"UPDATE take SET stop_frame = -9223372036854775807 - 1", "end"},
    {"UPDATE take_change SET kind = 'louder'", "change 0"},
    {"UPDATE take_change SET value = 9e999", "change 0"},
    {"UPDATE take_change SET drum = 9 WHERE kind = 'leash'", "change "},
    {"UPDATE take_change SET bar = 1 << 40 WHERE kind = 'flub'", "change "},
    {"UPDATE take_change SET frame = -place", "change 1"},
    {"UPDATE take_change SET frame = -9223372036854775807", "change 0"},
    {"DELETE FROM take_change WHERE place = 7", "its changes are not one after the other"},
    {"INSERT INTO take_change WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n"
     " WHERE i < 18000) SELECT 1, i, 0, 'robot', -1, 0, 1 FROM n",
     "has 17041 changes"},
    {"INSERT INTO take_leash VALUES (1, 9, 10)", "a drum's leash is out of range"},
    {"INSERT INTO take_leash VALUES (1, 3, -10)", "a drum's leash is out of range"},
    {"PRAGMA ignore_check_constraints = 1; UPDATE take SET status = 'loved'", "status"},
};

START_TEST(a_hostile_take_is_refused)
{
    struct take *take = make_take(score, 3);
    ck_assert_int_eq(session_take_add(session, take, score, 0, &err), 1);
    take_free(take);
    edit(in_folder("a.db"), hostile[_i].sql);
    ck_assert_ptr_null(session_take_get(session, 1, score, &err));
    ck_assert_msg(strstr(err.text, "is damaged: take 1") && strstr(err.text, hostile[_i].why),
                  "%s: %s", hostile[_i].sql, err.text);
}
END_TEST

/* What a take of the first version was: all but what was changed while it was played, and through
 * what sound card. */
static void expect_old_take(struct take *want, const struct take *got)
{
    ck_assert_str_eq(got->sound.input, "");
    ck_assert(isnan(got->sound.drift_ppm));
    want->sound = got->sound;
    const char *difference = take_difference(want, got);
    ck_assert_msg(!difference || strcmp(difference, "change_count") == 0, "%s", difference);
}

START_TEST(an_old_session_is_read_as_it_is_and_brought_up_to_date_by_the_next_take)
{
    char path[512];
    snprintf(path, sizeof path, "%s", make_session("old.db", score, 3));
    make_old(path);
    long size = file_size(path);
    for (int round = 0; round < 2; round++) {
        struct session *old = session_open(path, &err);
        ck_assert_msg(old != NULL, "%s", err.text);
        for (int number = 1; number <= 3; number++) {
            struct take *want = make_take(score, (uint64_t)number);
            struct take *got = session_take_get(old, number, score, &err);
            ck_assert_msg(got != NULL, "%s", err.text);
            ck_assert_int_eq(got->change_count, 0);
            ck_assert_uint_eq(got->settings.controls.leashed, 0);
            expect_old_take(want, got);
            take_free(want);
            take_free(got);
        }
        if (round == 0)
            ck_assert_int_eq(file_size(path), size); /* reading wrote nothing */
        struct take *take = make_take(score, 5);
        ck_assert_int_eq(session_take_add(old, take, score, 0, &err), 4 + round);
        struct take *got = session_take_get(old, 4 + round, score, &err);
        ck_assert_msg(got != NULL, "%s", err.text);
        ck_assert_ptr_null(take_difference(take, got));
        ck_assert_int_eq(got->change_count, TAKE_CHANGES);
        take_free(got);
        take_free(take);
        ck_assert_msg(session_check(old, &err), "%s", err.text);
        session_close(old);
    }
}
END_TEST

/* It knew of no practice. */
START_TEST(a_session_of_the_second_version_is_brought_up_to_date_too)
{
    char path[512];
    snprintf(path, sizeof path, "%s", make_session("second.db", score, 2));
    make_second(path);
    struct session *old = session_open(path, &err);
    ck_assert_msg(old != NULL, "%s", err.text);
    struct take *want = make_take(score, 1), *got = session_take_get(old, 1, score, &err);
    ck_assert_msg(got != NULL, "%s", err.text);
    ck_assert_int_eq(got->change_count, TAKE_CHANGES);
    ck_assert_int_eq(got->settings.practice.passes, 0);
    ck_assert_int_eq(session_take_add(old, want, score, 0, &err), 3);
    take_free(got);
    got = session_take_get(old, 3, score, &err);
    ck_assert_msg(got != NULL, "%s", err.text);
    ck_assert_ptr_null(take_difference(want, got));
    take_free(want);
    take_free(got);
    session_close(old);
}
END_TEST

/* One that was open already sees what another program brought up to date. */
START_TEST(two_programs_may_bring_a_session_up_to_date)
{
    char path[512];
    snprintf(path, sizeof path, "%s", make_session("old.db", score, 1));
    make_old(path);
    struct session *one = session_open(path, &err), *two = session_open(path, &err);
    struct take *take = make_take(score, 5);
    ck_assert_int_eq(session_take_add(one, take, score, 0, &err), 2);
    struct take *got = session_take_get(two, 2, score, &err);
    ck_assert_msg(got != NULL, "%s", err.text);
    ck_assert_ptr_null(take_difference(take, got));
    ck_assert_int_eq(session_take_add(two, take, score, 0, &err), 3);
    take_free(got);
    take_free(take);
    session_close(one);
    session_close(two);
}
END_TEST

/* A take that is refused brings nothing up to date either. */
START_TEST(an_upgrade_is_one_transaction_with_the_take)
{
    char path[512];
    snprintf(path, sizeof path, "%s", make_session("old.db", score, 1));
    make_old(path);
    struct session *old = session_open(path, &err);
    struct take *take = make_take(score, 3);
    ck_assert_int_eq(session_take_add(old, take, score, 9, &err), 0);
    ck_assert_ptr_nonnull(strstr(err.text, "has no checkpoint 9"));
    session_close(old);
    edit(path, "CREATE TABLE take_change (x)"); /* it is still not there */
    take_free(take);
}
END_TEST

START_TEST(hostile_text_is_cut_and_cleaned)
{
    struct take *take = make_take(score, 3);
    ck_assert_int_eq(session_take_add(session, take, score, 0, &err), 1);
    take_free(take);
    edit(in_folder("a.db"), "UPDATE take SET model = char(27) || ']0;' || hex(zeroblob(99999))");
    struct session_take info;
    ck_assert_msg(session_take_info(session, 1, &info, &err), "%s", err.text);
    ck_assert_uint_eq(strlen(info.settings.model), sizeof info.settings.model - 1);
    ck_assert_int_eq(strncmp(info.settings.model, "?]0;00", 6), 0);
}
END_TEST

Suite *takes_suite(void)
{
    Suite *suite = suite_create("takes");
    TCase *tests = tcase_create("takes");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_take_comes_out_as_it_went_in);
    tcase_add_test(tests, a_recording_comes_out_as_it_went_in);
    tcase_add_test(tests, an_empty_take_is_a_take);
    tcase_add_test(tests, the_list_shows_what_the_takes_are);
    tcase_add_test(tests, an_empty_list_is_no_error);
    tcase_add_test(tests, what_is_not_there_is_said);
    tcase_add_loop_test(tests, an_impossible_take_is_not_stored, 0, 19);
    tcase_add_loop_test(tests, a_hostile_take_is_refused, 0, sizeof hostile / sizeof hostile[0]);
    tcase_add_test(tests, an_old_session_is_read_as_it_is_and_brought_up_to_date_by_the_next_take);
    tcase_add_test(tests, a_session_of_the_second_version_is_brought_up_to_date_too);
    tcase_add_test(tests, two_programs_may_bring_a_session_up_to_date);
    tcase_add_test(tests, an_upgrade_is_one_transaction_with_the_take);
    tcase_add_test(tests, hostile_text_is_cut_and_cleaned);
    suite_add_tcase(suite, tests);
    return suite;
}
