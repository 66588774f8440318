#include "base/paths.h"
#include "rehearsal/comparison.h"
#include "rehearsal/room.h"
#include "stand.h"
#include "suites.h"

#include <math.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* A room in a folder of its own; `room` is NULL where the pretrained drummer is not to be found. */
struct place {
    char folder[64], score[96], session[96];
    struct room *room;
};

static void open_room(struct place *place)
{
    struct error err = {.text = ""};
    struct room_options options = {.path = place->score, .session = place->session};
    place->room = room_open(&options, &err);
    ck_assert_msg(place->room != NULL, "%s", err.text);
}

static bool set_up(struct place *place)
{
    struct error err = {.text = ""};
    char asset[4096];
    setenv("ROLYPOLY_ASSETS", "assets", 0);
    if (!paths_asset("groove.safetensors", asset, sizeof asset, &err)) {
        puts("room: skipped, the pretrained drummer is not here");
        return false;
    }
    *place = (struct place){.folder = "/tmp/rolypoly-room-XXXXXX"};
    ck_assert_ptr_nonnull(mkdtemp(place->folder));
    snprintf(place->score, sizeof place->score, "%s/made.mid", place->folder);
    snprintf(place->session, sizeof place->session, "%s/made.db", place->folder);
    struct score *score = made_score(4, 160, 7);
    FILE *file = fopen(place->score, "wb");
    ck_assert(file && fwrite(score->file, 1, score->file_size, file) == score->file_size);
    fclose(file);
    score_free(score);
    open_room(place);
    return true;
}

static void tear_down(struct place *place)
{
    room_close(place->room);
    remove(place->score);
    remove(place->session);
    ck_assert_int_eq(rmdir(place->folder), 0);
}

static int play(struct room *room, const char *model)
{
    struct error err = {.text = ""};
    struct room_take_options options = room_take_defaults(room);
    options.guitar = "virtual:laid-back";
    snprintf(options.settings.model, sizeof options.settings.model, "%s", model);
    int number = room_take(room, &options, &err);
    ck_assert_msg(number > 0, "%s", err.text);
    return number;
}

/* The checkpoint of a lesson, 0 with the reason in `err`. */
static int learn(struct room *room, int take, struct error *err)
{
    struct lesson_options options = lesson_defaults;
    struct lesson_report report;
    options.epochs = 1;
    return room_start_lesson(room, take, &options, err) ? room_finish_lesson(room, &report, err)
                                                        : 0;
}

static int current(struct room *room)
{
    int number;
    ck_assert(session_current(room_session(room), &number, NULL));
    return number;
}

START_TEST(a_lesson_can_be_undone_and_its_take_rejected_then)
{
    struct place place;
    struct error err = {.text = ""};
    if (!set_up(&place))
        return;
    struct room *room = place.room;
    ck_assert_int_eq(play(room, ""), 1);
    ck_assert_int_eq(learn(room, 1, &err), 2);
    ck_assert_int_eq(current(room), 2);
    ck_assert_int_eq(learn(room, 1, &err), 0);
    ck_assert_ptr_nonnull(strstr(err.text, "already learnt from take 1"));
    ck_assert(!room_reject(room, 1, &err));
    ck_assert_ptr_nonnull(strstr(err.hint, "roll back"));
    ck_assert_int_eq(room_rollback(room, 0, &err), 1);
    ck_assert_msg(room_reject(room, 1, &err), "%s", err.text);
    ck_assert_int_eq(room_rollback(room, 0, &err), 0);
    ck_assert_ptr_nonnull(strstr(err.text, "no parent"));
    ck_assert_int_eq(room_rollback(room, 7, &err), 0);
    ck_assert_int_eq(current(room), 1);
    ck_assert(!room_reject(room, 9, &err));
    tear_down(&place);
}
END_TEST

START_TEST(a_take_is_judged_beside_those_before_it)
{
    struct place place;
    struct error err = {.text = ""};
    struct room_verdict verdict;
    if (!set_up(&place))
        return;
    struct room *room = place.room;
    struct session_take info;
    for (int take = 1; take <= 3; take++)
        ck_assert_int_eq(play(room, ""), take);
    ck_assert_msg(room_judge(room, 2, &verdict, &err), "%s", err.text);
    const struct judgement *judgement = &verdict.judgement;
    ck_assert(session_take_info(room_session(room), 2, &info, &err));
    ck_assert_int_eq(verdict.row_count, 2); /* the third came later */
    ck_assert_int_eq(verdict.rows[0].take, 2);
    ck_assert_int_eq(verdict.rows[1].take, 1);
    ck_assert_int_eq(judgement->last, 1);
    ck_assert_int_eq(judgement->notes, info.summary.matched);
    ck_assert_double_eq_tol(judgement->apart_ms, info.summary.asynchrony_mae_ms, 1e-9);
    ck_assert_double_eq_tol(take_bars_apart_ms(&verdict.rows[0], 1, INT_MAX), judgement->apart_ms,
                            1e-4);
    ck_assert_int_gt(judgement->expected_heard, judgement->expected / 2);
    room_verdict_release(&verdict);
    ck_assert(!room_judge(room, 9, &verdict, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "no take 9"));
    room_verdict_release(&verdict);
    tear_down(&place);
}
END_TEST

/* A take whose second bar was marked as a flub. */
static int store_flub(struct room *room, int like)
{
    struct error err = {.text = ""};
    const struct score *score;
    struct take *take = room_stored_take(room, like, &score, &err);
    ck_assert_msg(take != NULL, "%s", err.text);
    struct change flub = {.kind = CHANGE_FLUB, .drum = -1, .bar = 2, .value = 1, .frame = RATE};
    free(take->changes);
    take->changes = malloc(sizeof flub);
    take->changes[0] = flub;
    take->change_count = 1;
    int number = session_take_add(room_session(room), take, score, 1, &err);
    ck_assert_msg(number > 0, "%s", err.text);
    take_free(take);
    return number;
}

START_TEST(a_lesson_leaves_the_flubs_out)
{
    struct place place;
    struct error err = {.text = ""};
    if (!set_up(&place))
        return;
    struct room *room = place.room;
    int whole = play(room, ""), flubbed = store_flub(room, whole);
    struct lesson_choice choice;
    struct lesson_advice all, some;
    struct bars flubs;
    char text[BARS_TEXT_SIZE];
    ck_assert(room_lesson_choice(room, whole, &choice, &flubs, &err));
    ck_assert(lesson_is_of_all(&choice) && flubs.count == 0);
    ck_assert(room_advise(room, whole, &choice, &all, &err));
    ck_assert(room_lesson_choice(room, flubbed, &choice, &flubs, &err));
    bars_text(&choice.bars, text, sizeof text);
    ck_assert_str_eq(text, "1,3-");
    bars_text(&flubs, text, sizeof text);
    ck_assert_str_eq(text, "2");
    ck_assert(room_advise(room, flubbed, &choice, &some, &err));
    ck_assert(some.steps < all.steps && some.notes < all.notes);
    struct take *again = room_replay(room, flubbed, 0, NULL, 0, &err);
    ck_assert_msg(again != NULL, "%s", err.text);
    ck_assert_int_eq(again->change_count, 1);
    take_free(again);
    ck_assert(!room_lesson_choice(room, 9, &choice, &flubs, &err));
    tear_down(&place);
}
END_TEST

/* A take is played again by the drummer that played it, whoever is current by then. */
START_TEST(takes_replay_after_lessons_and_rollbacks)
{
    struct place place;
    struct error err = {.text = ""};
    if (!set_up(&place))
        return;
    struct room *room = place.room;
    play(room, "");
    ck_assert_int_eq(learn(room, 1, &err), 2);
    play(room, "");
    play(room, "straight");
    ck_assert_int_eq(current(room), 2);
    ck_assert_int_eq(room_rollback(room, 1, &err), 1);
    room_close(room);
    open_room(&place);
    room = place.room;
    ck_assert_int_eq(room_last_take(room, &err), 3);
    for (int number = 1; number <= 3; number++) {
        const struct score *score;
        struct take *stored = room_stored_take(room, number, &score, &err);
        struct take *again = room_replay(room, number, 0, NULL, 0, &err);
        ck_assert_msg(stored && again, "%s", err.text);
        ck_assert_int_gt(take_summarise(stored).matched, 10);
        ck_assert_msg(same_take(stored, again), "take %d differs", number);
        take_free(stored);
        take_free(again);
    }
    tear_down(&place);
}
END_TEST

START_TEST(what_a_lesson_came_from_is_not_deleted)
{
    struct place place;
    struct error err = {.text = ""};
    if (!set_up(&place))
        return;
    struct room *room = place.room;
    play(room, "");
    play(room, "");
    ck_assert_int_eq(learn(room, 1, &err), 2);
    ck_assert(!room_delete_take(room, 1, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "drummer #2 has learnt from it"));
    ck_assert(!room_delete_drummer(room, 2, &err));
    ck_assert_msg(room_delete_take(room, 2, &err), "%s", err.text);
    ck_assert_int_eq(room_last_take(room, &err), 1);
    ck_assert_int_eq(play(room, ""), 3); /* its number is not given again */
    struct lesson_options options = lesson_defaults;
    options.epochs = 10000;
    ck_assert(room_start_lesson(room, 3, &options, &err));
    ck_assert(!room_delete_take(room, 3, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "while a lesson runs"));
    room_cancel_lesson(room);
    ck_assert_int_eq(room_finish_lesson(room, NULL, &err), 0);
    ck_assert_int_eq(room_rollback(room, 1, &err), 1);
    ck_assert_msg(room_delete_drummer(room, 2, &err), "%s", err.text); /* with take 3 */
    ck_assert_int_eq(room_last_take(room, &err), 1);
    tear_down(&place);
}
END_TEST

START_TEST(takes_and_drummers_stand_side_by_side)
{
    enum { MOST = 3 };
    struct place place;
    struct error err = {.text = ""};
    struct comparison both = {0};
    int widest[MOST];
    if (!set_up(&place))
        return;
    struct room *room = place.room;
    play(room, "");
    ck_assert_int_eq(learn(room, 1, &err), 2);
    play(room, "straight");
    ck_assert_msg(room_compare(room, false, 1, 2, &both, &err), "%s", err.text);
    ck_assert(!both.drummers && both.takes[0].number == 1 && both.takes[1].number == 2);
    int count = comparison_widest(&both, widest, MOST);
    ck_assert_int_ge(count, 1);
    for (int bar = 0; bar < both.bar_count; bar++)
        ck_assert(!(comparison_ms(&both, bar) > comparison_ms(&both, widest[0])));
    for (int i = 1; i < count; i++)
        ck_assert(comparison_ms(&both, widest[i]) <= comparison_ms(&both, widest[i - 1]));
    ck_assert(!room_compare(room, false, 1, 9, &both, &err)); /* and leaves what was there */
    ck_assert_int_eq(both.takes[1].number, 2);
    ck_assert_msg(room_compare(room, true, 1, 2, &both, &err), "%s", err.text);
    ck_assert(both.drummers && both.all.hits == room_score(room)->hit_count);
    ck_assert(both.all.apart_ms > 0 && both.all.apart_ms >= fabs(both.all.ms));
    ck_assert_int_eq(both.taught_count[0], 0);
    ck_assert_int_eq(both.taught_count[1], 1);
    ck_assert_int_eq(both.taught[1][0], 1);
    ck_assert_msg(room_compare(room, true, 2, 3, &both, &err), "%s", err.text); /* straight */
    int sum = 0;
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        sum += both.drums[drum].hits;
    ck_assert_int_eq(sum, both.all.hits);
    comparison_release(&both);
    tear_down(&place);
}
END_TEST

/* A take of another drummer still tells the current one of the guitarist. */
START_TEST(the_current_drummer_learns_whoever_played)
{
    struct place place;
    struct error err = {.text = ""};
    struct session_checkpoint info;
    if (!set_up(&place))
        return;
    play(place.room, "straight");
    int learnt = learn(place.room, 1, &err);
    ck_assert_msg(learnt > 0, "%s", err.text);
    ck_assert(session_checkpoint_info(room_session(place.room), learnt, &info, &err));
    ck_assert_str_eq(info.model, "groove");
    ck_assert_int_eq(info.parent, 1);
    tear_down(&place);
}
END_TEST

START_TEST(closing_the_room_leaves_no_half_lesson)
{
    struct place place;
    struct error err = {.text = ""};
    if (!set_up(&place))
        return;
    struct lesson_options options = lesson_defaults;
    options.epochs = 10000;
    play(place.room, "");
    ck_assert(room_start_lesson(place.room, 1, &options, &err));
    ck_assert(!room_reject(place.room, 1, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "is learning"));
    room_close(place.room);
    open_room(&place);
    ck_assert_int_eq(current(place.room), 1);
    ck_assert_msg(room_reject(place.room, 1, &err), "%s", err.text);
    tear_down(&place);
}
END_TEST

START_TEST(a_take_stopped_in_the_count_in_is_kept_and_teaches_nothing)
{
    struct place place;
    struct error err = {.text = ""};
    struct device_info info;
    if (!set_up(&place))
        return;
    struct room *room = place.room;
    struct device_config device = {.silent = true};
    struct room_take_options options = room_take_defaults(room);
    ck_assert_int_eq(room_end_take(room, &err), 0);
    ck_assert_ptr_nonnull(strstr(err.text, "no take"));
    if (!room_open_stage(room, &device, &info, &err)) {
        puts("room: no live take, there is no SoundFont");
        tear_down(&place);
        return;
    }
    ck_assert_msg(room_begin_take(room, &options, &err), "%s", err.text);
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    ck_assert_int_eq(room_end_take(room, &err), 1);
    const struct score *score;
    struct take *stored = room_stored_take(room, 1, &score, &err);
    struct take *again = room_replay(room, 1, 0, NULL, 0, &err);
    ck_assert_msg(stored && again, "%s", err.text);
    ck_assert_int_eq(stored->step_count, 0);
    ck_assert_int_lt(stored->stop_frame, 0);
    ck_assert(same_take(stored, again));
    take_free(stored);
    take_free(again);
    ck_assert_int_eq(learn(room, 1, &err), 0);
    ck_assert_ptr_nonnull(strstr(err.text, "cannot learn from this take"));
    char path[128];
    snprintf(path, sizeof path, "%s/empty.mid", place.folder);
    ck_assert_msg(room_export(room, 1, path, &err), "%s", err.text);
    ck_assert_int_eq(remove(path), 0);
    tear_down(&place);
}
END_TEST

Suite *room_suite(void)
{
    Suite *suite = suite_create("room");
    TCase *tests = tcase_create("room");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_lesson_can_be_undone_and_its_take_rejected_then);
    tcase_add_test(tests, a_take_is_judged_beside_those_before_it);
    tcase_add_test(tests, a_lesson_leaves_the_flubs_out);
    tcase_add_test(tests, takes_replay_after_lessons_and_rollbacks);
    tcase_add_test(tests, the_current_drummer_learns_whoever_played);
    tcase_add_test(tests, what_a_lesson_came_from_is_not_deleted);
    tcase_add_test(tests, takes_and_drummers_stand_side_by_side);
    tcase_add_test(tests, closing_the_room_leaves_no_half_lesson);
    tcase_add_test(tests, a_take_stopped_in_the_count_in_is_kept_and_teaches_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
