#include "tui/flow.h"

#include "tui/calibrate.h"
#include "tui/entrance.h"
#include "tui/history.h"
#include "tui/listen.h"
#include "tui/look.h"
#include "tui/say.h"
#include "tui/sound.h"
#include "tui/verdict.h"

#include <math.h>
#include <stdio.h>

static void refresh_session(struct tui *tui)
{
    struct error err = {.text = ""};
    if (!look_at_session(tui, &err))
        say_error(tui, &err);
}

bool flow_busy(struct tui *tui, const char *what)
{
    if (room_playing(tui->room))
        say(tui, TONE_INFO, "stop the take first, then %s", what);
    else if (room_learning(tui->room))
        say(tui, TONE_INFO, "a lesson is running: wait for its end, then %s", what);
    return room_playing(tui->room) || room_learning(tui->room);
}

void flow_begin_take(struct tui *tui)
{
    struct error err = {.text = ""};
    if (room_playing(tui->room))
        return;
    if (room_learning(tui->room)) {
        tui->play_next = true;
        say(tui, TONE_INFO, "the take begins when the lesson is over");
        return;
    }
    tui->play_next = false;
    entrance_give_up(tui);
    knobs_apply(&tui->screen.knobs, &tui->take, &tui->lesson);
    drill_apply(&tui->screen.drill, &tui->take);
    if (!sound_ready(tui, &err) || !room_begin_take(tui->room, &tui->take, &err)) {
        if (!tui->again)
            say_error(tui, &err);
        return;
    }
    if (!look_for_take(tui, &err)) {
        say_error(tui, &err);
        flow_stop_take(tui);
    }
    tui->screen.view = VIEW_STAGE;
}

void flow_stop_take(struct tui *tui)
{
    if (!room_playing(tui->room))
        return;
    stage_stop(room_stage(tui->room));
    tui->screen.transport.stopping = true;
}

void flow_look(struct tui *tui, int take)
{
    struct error err = {.text = ""};
    if (verdict_load(&tui->screen.verdict, tui->room, take, &err))
        tui->screen.view = VIEW_TAKE;
    else
        say_error(tui, &err);
}

/* Its number; 0, with the reason said, when it could not be kept. */
static int finish_take(struct tui *tui)
{
    struct error err = {.text = ""};
    bool lost = stage_lost(room_stage(tui->room));
    int number = room_end_take(tui->room, &err);
    bool late_key = (int)stage_status(room_stage(tui->room)).refused > tui->screen.refused;
    tui->screen.transport.stopping = false;
    if (!look_for_take(tui, &err))
        say_error(tui, &err);
    refresh_session(tui);
    if (number == 0) {
        say_error(tui, &err);
        return 0;
    }
    flow_look(tui, number);
    tui->take_back = VIEW_STAGE;
    if (room_unrecorded(tui->room))
        say(tui, TONE_ASK, "the guitar's sound is not kept: %s", room_unrecorded(tui->room));
    if (tui->demo && tui->screen.verdict.take.summary.matched > 0)
        say(tui, TONE_INFO, "%s: the drummer learns from this take; then play again and compare",
            screen_key(&tui->screen, ACTION_ACCEPT));
    if (late_key)
        say(tui, TONE_ASK, "the last key came when the take had ended, and counts for nothing");
    if (lost)
        say(tui, TONE_ERROR, "the sound card has vanished; take %d is kept; %s goes on", number,
            screen_key(&tui->screen, ACTION_PLAY));
    return number;
}

void flow_accept(struct tui *tui, int take)
{
    struct error err = {.text = ""};
    struct bars flubs;
    if (take == 0 || flow_busy(tui, "accept"))
        return;
    if (history_has_learnt(&tui->screen.history, tui->screen.history.current, take)) {
        say(tui, TONE_INFO, "the drummer has learnt from take %d already: %s plays another", take,
            screen_key(&tui->screen, ACTION_PLAY));
        return;
    }
    tui->lesson = room_lesson_recipe(tui->room);
    knobs_apply(&tui->screen.knobs, &tui->take, &tui->lesson);
    if (tui->screen.view == VIEW_TAKE)
        tui->lesson.choice = tui->screen.verdict.choice;
    else if (!room_lesson_choice(tui->room, take, &tui->lesson.choice, &flubs, &err)) {
        say_error(tui, &err);
        return;
    }
    if (!room_start_lesson(tui->room, take, &tui->lesson, &err)) {
        say_error(tui, &err);
        return;
    }
    tui->screen.lesson = (struct lesson_state){
        .running = true,
        .take = take,
        .knobs = tui->screen.knobs,
        .choice = tui->lesson.choice,
    };
    tui->screen.view = VIEW_LESSON;
}

static void finish_lesson(struct tui *tui)
{
    struct error err = {.text = ""};
    struct lesson_state *lesson = &tui->screen.lesson;
    look_at_lesson(tui); /* its curves stay on the screen */
    lesson->running = false;
    lesson->checkpoint = room_finish_lesson(tui->room, &lesson->report, &err);
    refresh_session(tui);
    if (lesson->checkpoint == 0)
        say_error(tui, &err);
    else if (lesson->report.worse)
        say(tui, TONE_ASK, "this lesson does harm: %s goes back to the drummer before",
            screen_key(&tui->screen, ACTION_UNDO));
    else if (lesson->report.begins_anew)
        say(tui, TONE_ASK, "begun anew for another way of playing: %s goes back",
            screen_key(&tui->screen, ACTION_UNDO));
    else
        say(tui, TONE_GOOD, "drummer #%d has learnt from take %d", lesson->checkpoint,
            lesson->take);
    if (tui->play_next)
        flow_begin_take(tui);
}

void flow_reject(struct tui *tui, int take)
{
    struct error err = {.text = ""};
    if (take == 0 || flow_busy(tui, "reject"))
        return;
    int pupil = history_pupil(&tui->screen.history, take);
    if (pupil) {
        say(tui, TONE_INFO, "take %d stays accepted: drummer #%d has learnt from it", take, pupil);
        return;
    }
    if (!room_reject(tui->room, take, &err)) {
        say_error(tui, &err);
        return;
    }
    say(tui, TONE_INFO, "take %d is rejected: kept, but nothing is learnt from it", take);
    refresh_session(tui);
    if (tui->screen.view == VIEW_TAKE)
        tui->screen.view = VIEW_STAGE;
}

void flow_undo(struct tui *tui, int checkpoint)
{
    struct error err = {.text = ""};
    if (flow_busy(tui, checkpoint ? "change the drummer" : "undo"))
        return;
    int before = tui->screen.history.current;
    const struct session_checkpoint *drummer = history_checkpoint(&tui->screen.history, before);
    if (checkpoint == 0 && drummer && drummer->parent == 0) {
        say(tui, TONE_INFO, "nothing to undo: drummer #%d has had no lesson", before);
        return;
    }
    int now = room_rollback(tui->room, checkpoint, &err);
    if (now == 0) {
        say_error(tui, &err);
        return;
    }
    refresh_session(tui);
    if (checkpoint)
        say(tui, TONE_GOOD, "drummer #%d plays now", now);
    else
        say(tui, TONE_GOOD, "drummer #%d plays again; #%d and what it learnt stay in the history",
            now, before);
    if (tui->screen.view == VIEW_LESSON)
        tui->screen.view = VIEW_STAGE;
}

void flow_tick(struct tui *tui)
{
    calibrate_tick(tui);
    sound_tick(tui);
    entrance_tick(tui);
    listen_tick(tui);
    if (room_playing(tui->room) && stage_done(room_stage(tui->room)))
        finish_take(tui);
    if (room_lesson_over(tui->room))
        finish_lesson(tui);
}

int flow_keep(struct tui *tui)
{
    return room_playing(tui->room) ? finish_take(tui) : 0;
}

int flow_end(struct tui *tui)
{
    int kept = 0;
    calibration_close(tui->calibration);
    if (room_playing(tui->room))
        kept = room_end_take(tui->room, NULL);
    if (room_learning(tui->room)) {
        room_cancel_lesson(tui->room);
        room_finish_lesson(tui->room, NULL, NULL);
    }
    return kept;
}
