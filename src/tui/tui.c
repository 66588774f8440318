#include "tui/tui.h"

#include "audio/pedal.h"
#include "base/stopwatch.h"
#include "tui/act.h"
#include "tui/aside.h"
#include "tui/click.h"
#include "tui/flow.h"
#include "tui/foot.h"
#include "tui/frames.h"
#include "tui/history.h"
#include "tui/look.h"
#include "tui/say.h"
#include "tui/signals.h"
#include "tui/sound.h"
#include "tui/terminal.h"
#include "tui/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FRAME_MS = 33, IDLE_MS = 100 };

static bool prepare(struct tui *tui, struct error *err)
{
    struct screen *screen = &tui->screen;
    screen->score = room_score(tui->room);
    screen->form = form_new(screen->score);
    if (!screen->form)
        return error_set(err, "out of memory");
    screen->knobs = screen->knobs_before = knobs_from(&tui->take, &tui->lesson);
    screen->drill = drill_from(&tui->take, screen->score->bar_count);
    screen->sound.level_db = screen->sound.peak_db = -90.0;
    screen->model = tui->take.settings.model;
    const char *guitar = tui->take.guitar;
    screen->sound.virtual_guitar = guitar && strncmp(guitar, "virtual", 7) == 0;
    return look_for_take(tui, err) && look_at_session(tui, err);
}

static void release(struct tui *tui)
{
    free(tui->screen.moments);
    form_free((struct form *)tui->screen.form);
    history_release(&tui->screen.history);
    comparison_release(&tui->screen.comparison);
    verdict_release(&tui->screen.verdict);
}

static bool show(struct tui *tui)
{
    return frames_show(&tui->frames, &tui->screen, &tui->rows, &tui->cols);
}

static void step(struct tui *tui)
{
    bool lively = room_playing(tui->room) || room_learning(tui->room) ||
                  room_listening(tui->room) || room_awaiting(tui->room);
    int press = terminal_press(lively ? FRAME_MS : IDLE_MS, pedal_fd(tui->pedal));
    if (press == PRESS_NONE)
        press = foot_press(tui);
    if (press == PRESS_HANGUP)
        signals_end_by(SIGHUP);
    else if (press != PRESS_NONE && press != PRESS_RESIZE && !click_heed(tui, press))
        act_on_key(tui, press);
    aside_tick(tui);
    flow_tick(tui);
    look_at_stage(tui);
    look_at_lesson(tui);
    if (stopwatch_s() > tui->message_end_s)
        tui->screen.message.tone = TONE_NONE;
}

/* Who goes on after the sound was lost goes on in any case. */
static bool open_stage(struct tui *tui, struct error *err)
{
    if (!(tui->goes_on ? sound_open_again(tui, err) : sound_open(tui, err)))
        return false;
    if (session_info(room_session(tui->room))->read_only)
        say(tui, TONE_ERROR, "this session cannot be written: what you play is not kept");
    tui->level_s = stopwatch_s();
    look_at_stage(tui);
    return true;
}

static int run(struct tui *tui, const struct tui_options *options, int *kept, struct error *err)
{
    look_at_stage(tui);
    say(tui, TONE_INFO, "opening the sound…");
    bool good = show(tui) || error_set(err, "out of memory");
    tui->screen.message.tone = TONE_NONE;
    good = good && open_stage(tui, err);
    if (good && tui->screen.message.tone == TONE_NONE)
        say_key_problems(tui, options->keys);
    if (good && options->history && !tui->goes_on)
        act(tui, ACTION_HISTORY, 0);
    if (good && (tui->goes_on ? !tui->sound_missing : options->autoplay))
        flow_begin_take(tui);
    while (good && !tui->quit && !signals_ending()) {
        step(tui);
        good = show(tui) || error_set(err, "out of memory");
    }
    *kept = flow_end(tui);
    frames_release(&tui->frames);
    int number = signals_ending();
    if (good && number)
        error_set(err, "ended by a signal: %s", strsignal(number));
    return !good             ? 1
           : number          ? 128 + number
           : tui->again      ? TUI_AGAIN
           : tui->to_library ? TUI_LIBRARY
                             : 0;
}

static struct signals signals;
static int held; /* how often the terminal has been taken */

bool tui_open(bool mouse, struct error *err)
{
    if (held++ > 0)
        return true;
    signals_catch(&signals);
    if (terminal_open(mouse, err))
        return true;
    held = 0;
    signals_release(&signals);
    return false;
}

void tui_close(void)
{
    if (--held > 0)
        return;
    terminal_close();
    signals_release(&signals);
}

int tui_run(struct room *room, const struct tui_options *options, struct tui_rest *rest,
            struct error *err)
{
    struct tui tui = {.room = room,
                      .take = options->take,
                      .lesson = options->lesson,
                      .device = options->device,
                      .sound_remembered = options->sound_remembered,
                      .demo = options->demo,
                      .goes_on = rest->there,
                      .message_end_s = INFINITY,
                      .screen = {.keymap = options->keys->map}};
    int status = 1;
    bool prepared = prepare(&tui, err);
    if (prepared && rest->there)
        tui.screen.knobs = rest->knobs;
    if (prepared && tui_open(options->keys->mouse, err)) {
        foot_open(&tui, options->keys->pedal);
        status = run(&tui, options, &rest->kept, err);
        foot_close(&tui);
        tui_close();
    }
    rest->there = status == TUI_AGAIN;
    rest->knobs = tui.screen.knobs;
    rest->history = tui.screen.view == VIEW_HISTORY;
    memcpy(rest->next, tui.next, sizeof rest->next);
    release(&tui);
    return status;
}
