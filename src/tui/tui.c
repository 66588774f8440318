#include "tui/tui.h"

#include "base/stopwatch.h"
#include "tui/act.h"
#include "tui/flow.h"
#include "tui/history.h"
#include "tui/look.h"
#include "tui/say.h"
#include "tui/sound.h"
#include "tui/terminal.h"
#include "tui/verdict.h"
#include "tui/view.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { FRAME_MS = 33, IDLE_MS = 100 };

static const int endings[] = {SIGINT, SIGTERM, SIGHUP};
enum { ENDINGS = sizeof endings / sizeof *endings };

static volatile sig_atomic_t ended_by;

static void remember(int number)
{
    ended_by = number;
}

static void catch_signals(struct sigaction before[ENDINGS])
{
    struct sigaction action = {.sa_handler = remember};
    ended_by = 0;
    for (int i = 0; i < ENDINGS; i++)
        sigaction(endings[i], &action, &before[i]);
}

static void release_signals(const struct sigaction before[ENDINGS])
{
    for (int i = 0; i < ENDINGS; i++)
        sigaction(endings[i], &before[i], NULL);
}

static bool prepare(struct tui *tui, struct error *err)
{
    struct screen *screen = &tui->screen;
    screen->score = room_score(tui->room);
    screen->moments = calloc((size_t)screen->score->step_count + 1, sizeof *screen->moments);
    if (!screen->moments)
        return error_set(err, "out of memory");
    screen->knobs = screen->knobs_before = knobs_from(&tui->take, &tui->lesson);
    screen->sound.level_db = screen->sound.peak_db = -90.0;
    screen->model = tui->take.settings.model;
    const char *guitar = tui->take.guitar;
    screen->sound.virtual_guitar = guitar && strncmp(guitar, "virtual", 7) == 0;
    look_for_take(tui);
    return look_at_session(tui, err);
}

static void release(struct tui *tui)
{
    free(tui->screen.moments);
    history_release(&tui->screen.history);
    verdict_release(&tui->screen.verdict);
}

/* Sends the screen to the terminal when it is not what it already shows. */
static bool show(struct tui *tui, struct grid grids[2], int *drawn)
{
    int rows, cols;
    terminal_size(&rows, &cols);
    struct grid *next = &grids[!*drawn], *last = &grids[*drawn];
    if ((next->rows != rows || next->cols != cols) && !grid_resize(next, rows, cols))
        return false;
    next->utf8 = terminal_utf8();
    tui->rows = rows;
    tui->cols = cols;
    view_draw(next, &tui->screen);
    bool same =
        last->rows == rows && last->cols == cols &&
        memcmp(last->cells, next->cells, (size_t)rows * (size_t)cols * sizeof *next->cells) == 0;
    if (same)
        return true;
    terminal_show(next);
    *drawn = !*drawn;
    return true;
}

static void step(struct tui *tui)
{
    bool lively = room_playing(tui->room) || room_learning(tui->room) || room_awaiting(tui->room);
    int press = terminal_press(lively ? FRAME_MS : IDLE_MS);
    if (press == PRESS_HANGUP)
        ended_by = SIGHUP;
    else if (press != PRESS_NONE && press != PRESS_RESIZE)
        act_on_key(tui, press);
    flow_tick(tui);
    look_at_stage(tui);
    if (stopwatch_s() > tui->message_end_s)
        tui->screen.message.tone = TONE_NONE;
}

/* Who goes on after the sound was lost goes on in any case. */
static bool open_stage(struct tui *tui, struct error *err)
{
    if (!(tui->goes_on ? sound_open_again(tui, err) : sound_open(tui, err)))
        return false;
    tui->level_s = stopwatch_s();
    look_at_stage(tui);
    return true;
}

static int run(struct tui *tui, bool autoplay, struct error *err)
{
    struct grid grids[2] = {{0}};
    int drawn = 0;
    look_at_stage(tui);
    say(tui, TONE_INFO, "opening the sound…");
    bool good = show(tui, grids, &drawn) || error_set(err, "out of memory");
    tui->screen.message.tone = TONE_NONE;
    good = good && open_stage(tui, err);
    if (good && (tui->goes_on ? !tui->sound_missing : autoplay))
        flow_begin_take(tui);
    while (good && !tui->quit && !ended_by) {
        step(tui);
        good = show(tui, grids, &drawn) || error_set(err, "out of memory");
    }
    flow_end(tui);
    grid_release(&grids[0]);
    grid_release(&grids[1]);
    if (good && ended_by)
        error_set(err, "ended by a signal: %s", strsignal(ended_by));
    return !good ? 1 : ended_by ? 128 + ended_by : tui->again ? TUI_AGAIN : 0;
}

int tui_run(struct room *room, const struct tui_options *options, struct tui_rest *rest,
            struct error *err)
{
    struct sigaction before[ENDINGS];
    struct tui tui = {.room = room,
                      .take = options->take,
                      .lesson = room_lesson_recipe(room),
                      .device = options->device,
                      .demo = options->demo,
                      .goes_on = rest->there,
                      .message_end_s = INFINITY};
    int status = 1;
    catch_signals(before);
    bool prepared = prepare(&tui, err);
    if (prepared && rest->there)
        tui.screen.knobs = rest->knobs;
    if (prepared && terminal_open(err)) {
        status = run(&tui, options->autoplay, err);
        terminal_close();
    }
    *rest = (struct tui_rest){.there = status == TUI_AGAIN, .knobs = tui.screen.knobs};
    release(&tui);
    release_signals(before);
    return status;
}
