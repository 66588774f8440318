/* Two drummers compared, and a room that plays them back. */
#include "audio/recording.h"
#include "base/paths.h"
#include "drums/mixer.h"
#include "rehearsal/difference.h"
#include "rehearsal/guitar.h"
#include "rehearsal/hearing.h"
#include "rehearsal/listening.h"
#include "rehearsal/playback.h"
#include "rehearsal/room.h"
#include "stand.h"
#include "suites.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static struct error err;

static struct take *written(const struct score *score)
{
    struct take_settings settings = plain_settings(1);
    struct take *take = take_new(score, &settings, 0, 0);
    ck_assert_ptr_nonnull(take);
    for (int h = 0; h < score->hit_count; h++)
        take->hits[take->hit_count++] = (struct take_hit){
            .hit = h, .velocity = 80, .frame = llround(score->hits[h].scored_s * RATE)};
    return take;
}

static int bar_of(const struct score *score, int hit)
{
    return score->steps[score->hits[hit].step].at.bar + 1;
}

START_TEST(the_bars_that_differ_most_are_found)
{
    struct score *score = made_score(8, 120, 5);
    struct take *a = written(score), *b = written(score);
    struct difference *same = difference_new(score, a, b);
    ck_assert_int_eq(same->hits, score->hit_count);
    ck_assert(!difference_is_audible(same));
    ck_assert_int_eq(difference_most(same, 2), 1);
    for (int h = 0; h < score->hit_count; h++) {
        if (bar_of(score, h) == 5)
            b->hits[h].frame += 48 * 2; /* 2 ms: nobody hears that */
        if (bar_of(score, h) == 6)
            b->hits[h].velocity += 5;
    }
    struct difference *close = difference_new(score, a, b);
    ck_assert_double_eq_tol(close->most_ms, 2, 1e-9);
    ck_assert_int_eq(close->most_velocity, 5);
    ck_assert(!difference_is_audible(close));
    ck_assert_int_eq(difference_most(close, 2), 5);
    b->hits[b->hit_count - 1].velocity += 1 + 5;
    struct difference *louder = difference_new(score, a, b);
    ck_assert(difference_is_audible(louder));
    b->hits[b->hit_count - 1].velocity = 80;
    b->hits[0].frame -= 48 * 3;
    struct difference *earlier = difference_new(score, a, b);
    ck_assert(difference_is_audible(earlier));
    difference_free(same);
    difference_free(close);
    difference_free(louder);
    difference_free(earlier);
    take_free(a);
    take_free(b);
    score_free(score);
}
END_TEST

START_TEST(a_hit_of_one_alone_is_a_difference)
{
    struct score *score = made_score(4, 120, 5);
    struct take *a = written(score), *b = written(score);
    b->hit_count--;
    struct difference *c = difference_new(score, a, b);
    ck_assert_int_eq(c->hits, score->hit_count - 1);
    ck_assert(difference_is_audible(c));
    ck_assert_int_eq(difference_most(c, 1), 4);
    difference_free(c);
    b->hit_count = 0;
    c = difference_new(score, b, a);
    ck_assert_int_eq(c->hits, 0);
    difference_free(c);
    take_free(a);
    take_free(b);
    score_free(score);
}
END_TEST

/* How many hits of the score sound at the very frame they are written at, of what is played. */
static int on_the_grid(const struct score *score, struct playback *playback, struct mixer *mixer,
                       int lead)
{
    int count = (int)(score->duration_s * RATE), hits = 0;
    float *left = calloc((size_t)count + HEARING_CHUNK, sizeof *left), block[2 * HEARING_CHUNK];
    ck_assert_ptr_nonnull(left);
    playback_seek(playback, 0);
    playback_go(playback, true);
    for (int at = 0; at < count; at += HEARING_CHUNK) {
        playback_render(playback, mixer, block, HEARING_CHUNK);
        for (int i = 0; i < HEARING_CHUNK; i++)
            left[at + i] = block[2 * i];
    }
    for (int h = 0; h < score->hit_count; h++)
        hits += left[llround(score->hits[h].scored_s * RATE) + lead] > 0.04f;
    free(left);
    return hits;
}

/* The one who is said to be the old drummer is the one who is heard, on whichever side he is. */
START_TEST(a_side_is_whom_it_is_said_to_be)
{
    enum { LEAD = 10 };
    struct score *score = made_score(4, 120, 5);
    struct kit *kit = impulse_kit(LEAD);
    struct mixer *mixer = mixer_new(kit, RATE, HEARING_CHUNK);
    for (uint64_t seed = 0; seed < 6; seed++) {
        struct listening_plan plan = {
            .score = score, .whole = score, .take = written(score), .rate = RATE};
        plan.take->stop_frame = llround(score->duration_s * RATE);
        plan.drummers[LISTENING_OLD] = model_pretrained("straight", &err);
        plan.drummers[LISTENING_NEW] = small_checkpoint();
        plan.seed = seed;
        struct listening *listening = listening_new(&plan, &err);
        ck_assert_msg(listening != NULL, "%s", err.text);
        for (int ms = 0; !listening_ready(listening) && ms < 30000; ms++)
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        struct playback *playback = listening_playback(listening, LEAD);
        for (int side = 0; side < 2; side++) {
            mixer_reset(mixer, side * (int64_t)ceil(score->duration_s * RATE / HEARING_CHUNK) *
                                   HEARING_CHUNK);
            listening_choose(listening, side);
            int hits = on_the_grid(score, playback, mixer, LEAD);
            if (listening_drummer(listening, side) == LISTENING_OLD)
                ck_assert_int_eq(hits, score->hit_count);
            else
                ck_assert_int_lt(hits, score->hit_count / 2);
        }
        listening_free(listening);
    }
    mixer_free(mixer);
    kit_free(kit);
    score_free(score);
}
END_TEST

/* What was plucked at a frame sounds at that frame: the way through the sound card is taken off. */
START_TEST(a_recorded_guitar_has_no_round_trip)
{
    enum { FIRST = -2000, PLUCK = 5000, ROUND_TRIP = 441 };
    struct score *score = made_score(4, 120, 5);
    struct take *take = written(score);
    static float samples[3 * RATE];
    samples[PLUCK + ROUND_TRIP - FIRST] = 0.5f;
    take->settings.round_trip_frames = ROUND_TRIP;
    take->stop_frame = 3 * RATE + FIRST;
    struct recording_writer *writer = recording_begin(RATE, &err);
    ck_assert(recording_put(writer, samples, 3 * RATE, &err));
    take->recording.first_frame = FIRST;
    take->recording.bytes = recording_end(writer, &take->recording.size, &err);
    for (int times = 1; times <= 2; times++) { /* as it was, and at twice the rate */
        struct guitar guitar;
        int loudest = 0;
        ck_assert_msg(guitar_of_take(&guitar, take, &take->recording, times * RATE, &err), "%s",
                      err.text);
        for (int i = 0; i < guitar.sound.count; i++)
            loudest = guitar.sound.samples[i] > guitar.sound.samples[loudest] ? i : loudest;
        ck_assert_int_eq(guitar.sound_frame + loudest, times * PLUCK);
        guitar_close(&guitar);
    }
    take->stop_frame = FIRST + RATE; /* a take of a second has no sound of three */
    struct guitar guitar;
    ck_assert(!guitar_of_take(&guitar, take, &take->recording, 0, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "longer than its take"));
    take_free(take);
    score_free(score);
}
END_TEST

/* A room with a recorded take and a lesson; `room` NULL where there is no drummer or no sound. */
static char folder[64], score_path[96], session_path[96];
static struct room *room;

static void set_up(void)
{
    char path[4096];
    struct device_info info;
    struct device_config device = {.silent = true};
    setenv("ROLYPOLY_ASSETS", "assets", 0);
    strcpy(folder, "/tmp/rolypoly-listen-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(score_path, sizeof score_path, "%s/made.mid", folder);
    snprintf(session_path, sizeof session_path, "%s/made.db", folder);
    if (!paths_asset("groove.safetensors", path, sizeof path, &err) ||
        !kit_find_soundfont(NULL, path, sizeof path, &err)) {
        puts("listening: no room, the drummer or the SoundFont is not here");
        return;
    }
    struct score *score = made_score(4, 160, 7);
    FILE *file = fopen(score_path, "wb");
    ck_assert(file && fwrite(score->file, 1, score->file_size, file) == score->file_size);
    fclose(file);
    score_free(score);
    struct room_options options = {.path = score_path, .session = session_path};
    room = room_open(&options, &err);
    ck_assert_msg(room && room_open_stage(room, &device, &info, &err), "%s", err.text);
    struct room_take_options take = room_take_defaults(room);
    take.guitar = "virtual:laid-back";
    ck_assert_msg(room_take(room, &take, &err) == 1, "%s", err.text);
}

static void tear_down(void)
{
    room_close(room);
    room = NULL;
    remove(score_path);
    remove(session_path);
    ck_assert_int_eq(rmdir(folder), 0);
}

static void wait_ms(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

static void wait_until_ready(struct listening *listening)
{
    for (int ms = 0; !listening_ready(listening); ms++) {
        ck_assert_msg(!listening_failed(listening, &err), "%s", err.text);
        ck_assert_int_lt(ms, 30000);
        wait_ms(1);
    }
}

static struct listening *ready(void)
{
    struct listening *listening = room_listening(room);
    ck_assert_ptr_nonnull(listening);
    wait_until_ready(listening);
    return listening;
}

static double wait_for_time(struct listening *listening, double after_s)
{
    struct listening_place place;
    int ms = 0;
    do {
        ck_assert_int_lt(ms++, 10000);
        wait_ms(1);
        place = listening_place(listening);
    } while (place.time_s <= after_s);
    return place.time_s;
}

START_TEST(a_take_is_played_back)
{
    int first, last;
    if (!room)
        return;
    ck_assert_msg(room_listen(room, 1, &err), "%s", err.text);
    struct listening *listening = ready();
    ck_assert(listening_has_guitar(listening) && !listening_is_blind(listening));
    ck_assert_ptr_null(listening_unheard(listening));
    listening_bars(listening, &first, &last);
    ck_assert_int_eq(first, 1);
    ck_assert_int_eq(last, 4);
    ck_assert_msg(room_start_listening(room, &err), "%s", err.text);
    wait_ms(50);
    ck_assert(!listening_place(listening).going);
    listening_go(listening, true);
    wait_for_time(listening, 0.1);
    listening_loop(listening, 3, 3);
    double third_s = score_bar_s(room_score(room), 3), fourth_s = score_bar_s(room_score(room), 4);
    for (int i = 0; i < 30; i++) {
        double now_s = wait_for_time(listening, third_s - 0.041);
        ck_assert_double_lt(now_s, fourth_s);
        wait_ms(10);
    }
    ck_assert_int_eq(listening_place(listening).bar, 3);
    room_end_listening(room);
    ck_assert_ptr_null(room_listening(room));
    room_end_listening(room);
}
END_TEST

START_TEST(a_take_that_begins_ends_it)
{
    if (!room)
        return;
    struct room_take_options take = room_take_defaults(room);
    ck_assert(room_listen(room, 1, &err));
    ready();
    ck_assert(room_start_listening(room, &err));
    take.unrecorded = true;
    ck_assert_msg(room_begin_take(room, &take, &err), "%s", err.text);
    ck_assert_ptr_null(room_listening(room));
    ck_assert_int_eq(room_end_take(room, &err), 2);
    ck_assert(!room_listen(room, 2, &err)); /* it ended in the count-in */
    ck_assert_ptr_nonnull(strstr(err.text, "before a drum was struck"));
    ck_assert(!room_listen(room, 7, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "has no take 7"));
    ck_assert(room_listen(room, 1, &err));
    room_close_stage(room); /* not even ready yet */
    ck_assert(!room_listen(room, 1, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "no sound"));
}
END_TEST

/* A take cannot begin while another is listened to, nor on a stage that was not there. */
START_TEST(a_guitar_is_awaited_on_one_stage_and_in_silence)
{
    struct device_info info;
    struct device_config device = {.silent = true};
    if (!room)
        return;
    struct room_take_options take = room_take_defaults(room);
    ck_assert_msg(room_await_guitar(room, &take, &err), "%s", err.text);
    ck_assert_msg(room_listen(room, 1, &err), "%s", err.text);
    ck_assert(!room_awaiting(room));
    ck_assert_msg(room_await_guitar(room, &take, &err), "%s", err.text);
    ck_assert_ptr_null(room_listening(room));
    ck_assert_msg(room_open_stage(room, &device, &info, &err), "%s", err.text);
    ck_assert(!room_awaiting(room));
    ck_assert_msg(room_await_guitar(room, &take, &err), "%s", err.text);
    room_close_stage(room);
    ck_assert(!room_awaiting(room));
}
END_TEST

START_TEST(a_take_without_a_recording_says_so)
{
    if (!room)
        return;
    struct room_take_options take = room_take_defaults(room);
    take.guitar = "virtual";
    take.unrecorded = true;
    ck_assert_int_eq(room_take(room, &take, &err), 2);
    ck_assert(room_listen(room, 2, &err));
    struct listening *listening = ready();
    ck_assert(!listening_has_guitar(listening));
    ck_assert_ptr_nonnull(strstr(listening_unheard(listening), "not recorded"));
    ck_assert(!room_export_guitar(room, 2, "/nowhere", &err));
    ck_assert_ptr_nonnull(strstr(err.text, "take 2 was not recorded"));
}
END_TEST

static void learn(void)
{
    struct lesson_options options = lesson_defaults;
    struct lesson_report report;
    options.epochs = 1;
    ck_assert_msg(room_start_lesson(room, 1, &options, &err), "%s", err.text);
    ck_assert_msg(room_finish_lesson(room, &report, &err) == 2, "%s", err.text);
}

static int current(void)
{
    int number;
    ck_assert(session_current(room_session(room), &number, &err));
    return number;
}

/* Whichever side he is drawn for: the old drummer makes the lesson undone, the new one keeps it. */
START_TEST(a_blind_choice_is_heeded)
{
    int on_a = 0;
    bool kept;
    if (!room)
        return;
    ck_assert(!room_listen_blindly(room, 1, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "has had no lesson"));
    learn();
    for (uint64_t seed = 0; seed < 12; seed++) {
        ck_assert_msg(room_listen_blindly(room, seed, &err), "%s", err.text);
        struct listening *listening = ready();
        ck_assert(listening_is_blind(listening) && listening_difference(listening)->hits > 20);
        on_a += listening_drummer(listening, 0) == LISTENING_NEW;
        ck_assert_int_ne(listening_drummer(listening, 0), listening_drummer(listening, 1));
        ck_assert(listening_apart_ms(listening, 0) > 0);
    }
    ck_assert_int_gt(on_a, 0);
    ck_assert_int_lt(on_a, 12);
    for (int side = 0; side < 2; side++) {
        ck_assert(session_set_current(room_session(room), 2, &err));
        ck_assert(room_listen_blindly(room, 3, &err));
        bool is_new = listening_drummer(ready(), side) == LISTENING_NEW;
        ck_assert_msg(room_prefer(room, side, &kept, &err), "%s", err.text);
        ck_assert_int_eq(kept, is_new);
        ck_assert_int_eq(current(), is_new ? 2 : 1);
    }
    ck_assert(session_set_current(room_session(room), 1, &err));
    ck_assert(!room_prefer(room, 0, &kept, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "too late to choose"));
}
END_TEST

/* Bars 2 and 3, three times round: six bars are heard, and compared, one after the other. */
START_TEST(what_was_practised_is_heard_pass_by_pass)
{
    int first, last;
    if (!room)
        return;
    struct room_take_options take = room_take_defaults(room);
    take.guitar = "virtual";
    take.settings.first_bar = 2;
    take.settings.last_bar = 3;
    take.settings.practice.passes = 3;
    ck_assert_msg(room_take(room, &take, &err) == 2, "%s", err.text);
    ck_assert_msg(room_listen(room, 2, &err), "%s", err.text);
    struct listening *listening = ready();
    listening_bars(listening, &first, &last);
    ck_assert_int_eq(first, 1);
    ck_assert_int_eq(last, 6);
    for (int bar = first; bar <= last; bar++)
        ck_assert_int_eq(practice_song_bar(listening_score(listening), bar - 1), 2 - bar % 2);
    ck_assert(listening_has_guitar(listening));
    struct lesson_options options = lesson_defaults;
    options.epochs = 1;
    ck_assert_msg(room_start_lesson(room, 2, &options, &err), "%s", err.text);
    ck_assert_msg(room_finish_lesson(room, NULL, &err) == 2, "%s", err.text);
    ck_assert_msg(room_listen_blindly(room, 1, &err), "%s", err.text);
    listening = ready();
    ck_assert_int_eq(listening_difference(listening)->bar_count, 6);
    ck_assert_int_gt(listening_difference(listening)->hits, 40);
    room_end_listening(room);
}
END_TEST

/* The old drummer's rendering is the take he played, to the frame. */
START_TEST(the_old_drummer_plays_as_he_did)
{
    const struct score *score;
    if (!room)
        return;
    learn();
    struct take *stored = room_stored_take(room, 1, &score, &err);
    struct take *again = room_replay(room, 1, 1, NULL, 0, &err);
    struct take *learnt = room_replay(room, 1, 2, NULL, 0, &err);
    ck_assert(stored && again && learnt);
    ck_assert(same_take(stored, again));
    ck_assert(!same_take(stored, learnt));
    take_free(stored);
    take_free(again);
    take_free(learnt);
}
END_TEST

/* What was heard of a guitar is on the file at the very place where it was played. */
START_TEST(a_recorded_guitar_is_heard_again)
{
    char wav[96];
    if (!room)
        return;
    snprintf(wav, sizeof wav, "%s/guitar.wav", folder);
    ck_assert_msg(room_export_guitar(room, 1, wav, &err), "%s", err.text);
    struct room_take_options take = room_take_defaults(room);
    take.guitar = wav;
    ck_assert_msg(room_take(room, &take, &err) == 2, "%s", err.text);
    const struct score *score;
    struct take *first = room_stored_take(room, 1, &score, &err);
    struct take *second = room_stored_take(room, 2, &score, &err);
    ck_assert(first && second);
    int same = 0;
    for (int i = 0; i < first->onset_count; i++)
        for (int k = 0; k < second->onset_count; k++)
            same += first->onsets[i].frame == second->onsets[k].frame;
    ck_assert_int_gt(first->onset_count, 10);
    ck_assert_int_ge(same, first->onset_count - 2); /* the count-in is not on the file */
    take_free(first);
    take_free(second);
    remove(wav);
}
END_TEST

Suite *listening_suite(void)
{
    Suite *suite = suite_create("listening");
    TCase *compared = tcase_create("difference");
    tcase_add_test(compared, the_bars_that_differ_most_are_found);
    tcase_add_test(compared, a_hit_of_one_alone_is_a_difference);
    tcase_add_test(compared, a_side_is_whom_it_is_said_to_be);
    tcase_add_test(compared, a_recorded_guitar_has_no_round_trip);
    tcase_set_timeout(compared, 60);
    suite_add_tcase(suite, compared);
    TCase *tests = tcase_create("listening");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_take_is_played_back);
    tcase_add_test(tests, a_take_that_begins_ends_it);
    tcase_add_test(tests, a_guitar_is_awaited_on_one_stage_and_in_silence);
    tcase_add_test(tests, a_take_without_a_recording_says_so);
    tcase_add_test(tests, a_blind_choice_is_heeded);
    tcase_add_test(tests, what_was_practised_is_heard_pass_by_pass);
    tcase_add_test(tests, the_old_drummer_plays_as_he_did);
    tcase_add_test(tests, a_recorded_guitar_is_heard_again);
    suite_add_tcase(suite, tests);
    return suite;
}
