#include "tui/act.h"

#include "tui/act_history.h"
#include "tui/act_library.h"
#include "tui/act_practice.h"
#include "tui/act_take.h"
#include "tui/calibrate.h"
#include "tui/entrance.h"
#include "tui/export.h"
#include "tui/flow.h"
#include "tui/key_names.h"
#include "tui/listen.h"
#include "tui/say.h"
#include "tui/turn.h"
#include "tui/view.h"

#include <stdio.h>
#include <unistd.h>

enum { HELP_AROUND = 9 }; /* rows that do not move */
enum { FAR = 1000000 };   /* lines: to the end */

/* The take a key is about: the one looked at, the one selected, else the last one that counts. */
static int meant_take(const struct tui *tui)
{
    const struct screen *screen = &tui->screen;
    if (screen->view == VIEW_TAKE)
        return screen->verdict.take.number;
    if (screen->view == VIEW_HISTORY)
        return history_selected_take(&screen->history, &screen->browsing);
    return history_newest(&screen->history);
}

static void open_view(struct tui *tui, int view)
{
    if (tui->screen.view != VIEW_WEIGHTS && tui->screen.view != VIEW_PRACTICE &&
        tui->screen.view != VIEW_HELP)
        tui->back = tui->screen.view;
    if (view == VIEW_HELP)
        tui->screen.help_place = screen_place(&tui->screen);
    tui->screen.view = (enum view)view;
    tui->screen.help_first = 0;
}

static void go_back(struct tui *tui)
{
    enum view *view = &tui->screen.view;
    if (*view == VIEW_LIBRARY && !tui->choice->back)
        tui->quit = true;
    else if (*view == VIEW_LIBRARY)
        tui->chosen = true;
    else if (*view == VIEW_LISTEN)
        listen_close(tui);
    else if (*view == VIEW_WEIGHTS || *view == VIEW_PRACTICE || *view == VIEW_HELP)
        *view = tui->back;
    else if (*view == VIEW_COMPARE)
        *view = VIEW_HISTORY;
    else if (*view == VIEW_TAKE)
        *view = tui->take_back;
    else
        *view = VIEW_STAGE;
}

static void open_history(struct tui *tui)
{
    open_view(tui, VIEW_HISTORY);
    act_history_open(tui);
}

void act_move(struct tui *tui, int by)
{
    struct screen *screen = &tui->screen;
    if (screen->view == VIEW_HISTORY)
        act_history_move(tui, by);
    if (screen->view == VIEW_TAKE)
        verdict_move_row(&screen->verdict, by);
    if (screen->view == VIEW_LIBRARY)
        library_move(&screen->library, by, view_library_page(tui->rows));
    if (screen->view == VIEW_WEIGHTS)
        screen->knob = (enum knob)(((int)screen->knob + by + KNOB_COUNT) % KNOB_COUNT);
    if (screen->view == VIEW_PRACTICE)
        act_practice_move(tui, by);
    if (screen->view == VIEW_HELP) {
        int first = screen->help_first + by, last = view_help_last(screen, tui->rows, tui->cols);
        screen->help_first = first < 0 ? 0 : first > last ? last : first;
    }
}

static void move_page(struct tui *tui, int direction)
{
    if (tui->screen.view == VIEW_PRACTICE) {
        act_practice_turn(tui, -direction * PRACTICE_PAGE);
        return;
    }
    int rows = tui->rows;
    int page = tui->screen.view == VIEW_HISTORY   ? view_history_page(rows, tui->cols)
               : tui->screen.view == VIEW_LIBRARY ? view_library_page(rows)
                                                  : rows - HELP_AROUND;
    act_move(tui, direction * page);
}

static void move_far(struct tui *tui, int direction)
{
    act_move(tui, direction * FAR);
}

static void turn_follow(struct tui *tui, int direction)
{
    turn_knob(tui, KNOB_FOLLOW, direction);
}

/* Of the drum that was chosen, else of all. */
static void turn_leash(struct tui *tui, int direction)
{
    turn_knob(tui, tui->screen.knobs.drum < 0 ? KNOB_LEASH : KNOB_DRUM_LEASH, direction);
}

static void turn_sensitivity(struct tui *tui, int direction)
{
    turn_knob(tui, KNOB_SENSITIVITY, direction);
}

static void turn_selected(struct tui *tui, int direction)
{
    if (tui->screen.view == VIEW_PRACTICE)
        act_practice_turn(tui, direction);
    else
        turn_knob(tui, tui->screen.knob, direction);
}

static void reset_selected(struct tui *tui)
{
    turn_back(tui, tui->screen.knob);
}

/* The take that can be written now; 0, and a reason said, when there is none. */
static int take_to_export(struct tui *tui)
{
    int take = meant_take(tui);
    bool busy = room_playing(tui->room) || room_learning(tui->room);
    if (busy)
        say(tui, TONE_INFO, "wait until the %s is over, then export",
            room_playing(tui->room) ? "take" : "lesson");
    else if (take == 0)
        say(tui, TONE_INFO,
            tui->screen.view == VIEW_HISTORY ? "choose a take to export"
                                             : "there is no take to export yet");
    return busy ? 0 : take;
}

static void export_take(struct tui *tui)
{
    int take = take_to_export(tui);
    if (take)
        export_ask(tui, take);
}

void act_export(struct tui *tui, const char *path)
{
    int take = take_to_export(tui);
    if (take)
        export_to(tui, take, path);
}

static void practise_bar(struct tui *tui)
{
    open_view(tui, VIEW_PRACTICE);
    act_practice_choose(tui, tui->screen.verdict.bar);
}

static void judge_take(struct tui *tui, int accept)
{
    int take = meant_take(tui);
    if (take == 0)
        say(tui, TONE_INFO, "choose a take first");
    else if (accept)
        flow_accept(tui, take);
    else
        flow_reject(tui, take);
}

static void play_or_stop(struct tui *tui)
{
    if (room_playing(tui->room))
        flow_stop_take(tui);
    else
        flow_begin_take(tui);
}

static void correct_beat(struct tui *tui, int direction)
{
    entrance_correct_beat(tui, direction > 0);
}

static void cancel_lesson(struct tui *tui)
{
    room_cancel_lesson(tui->room);
}

/* From the bar that is selected on. */
static void listen_to_take(struct tui *tui)
{
    bool selected = tui->screen.view == VIEW_TAKE;
    listen_open(tui, meant_take(tui), selected ? tui->screen.verdict.bar : 1);
}

/* Leaving cuts short what goes on, so it has to be meant: the same key twice. */
static bool may_leave(struct tui *tui, enum action action, const char *key, const char *what)
{
    bool playing = tui->room && room_playing(tui->room);
    bool learning = tui->room && room_learning(tui->room);
    if ((!playing && !learning) || tui->leaving == action)
        return true;
    tui->leaving = action;
    if (playing)
        say(tui, TONE_ASK, "a take is being played: %s once more keeps it and %s", key, what);
    else
        say(tui, TONE_ASK, "a lesson is running: %s once more %s and nothing is learnt", key, what);
    return false;
}

static void quit(struct tui *tui)
{
    tui->quit = may_leave(tui, ACTION_QUIT, screen_key(&tui->screen, ACTION_QUIT), "quits");
}

static void open_library(struct tui *tui)
{
    tui->to_library = tui->quit =
        may_leave(tui, ACTION_LIBRARY, screen_key(&tui->screen, ACTION_LIBRARY), "lists the songs");
}

void act_open(struct tui *tui, const char *song)
{
    if (tui->choice) {
        snprintf(tui->choice->song, sizeof tui->choice->song, "%s", song);
        tui->chosen = true;
    } else if (access(song, R_OK) != 0) {
        struct error err;
        error_errno(&err, "cannot read '%s'", song);
        say_error(tui, &err);
    } else if (may_leave(tui, ACTION_LIBRARY, "the same", "opens the other song")) {
        snprintf(tui->next, sizeof tui->next, "%s", song);
        tui->to_library = tui->quit = true;
    }
}

static const struct {
    void (*act)(struct tui *tui);
    void (*with)(struct tui *tui, int argument); /* instead: told which part, or this */
    int argument;
} deeds[] = {
    [ACTION_PLAY] = {play_or_stop},
    [ACTION_STOP] = {play_or_stop},
    [ACTION_AWAIT] = {entrance_await},
    [ACTION_GIVE_UP] = {entrance_give_up},
    [ACTION_BEAT] = {.with = correct_beat},
    [ACTION_ACCEPT] = {.with = judge_take, .argument = true},
    [ACTION_REJECT] = {.with = judge_take, .argument = false},
    [ACTION_KEEP] = {go_back},
    [ACTION_BAR] = {.with = act_take_move},
    [ACTION_STRETCH] = {act_take_stretch},
    [ACTION_BAR_OUT] = {act_take_toggle_bars},
    [ACTION_DRUM] = {.with = act_take_toggle_drum},
    [ACTION_UNDO] = {.with = flow_undo},
    [ACTION_EXPORT] = {export_take},
    [ACTION_CANCEL] = {cancel_lesson},
    [ACTION_FLUB] = {turn_flub},
    [ACTION_ROBOT] = {turn_robot},
    [ACTION_FOLLOW] = {.with = turn_follow},
    [ACTION_LEASH] = {.with = turn_leash},
    [ACTION_LEASH_DRUM] = {.with = turn_drum},
    [ACTION_SENSITIVITY] = {.with = turn_sensitivity},
    [ACTION_MOVE] = {.with = act_move},
    [ACTION_ENDS] = {.with = move_far},
    [ACTION_PAGE] = {.with = move_page},
    [ACTION_TURN] = {.with = turn_selected},
    [ACTION_RESET] = {reset_selected},
    [ACTION_LOOK] = {act_history_look},
    [ACTION_CURRENT] = {act_history_let_play},
    [ACTION_LINEAGE] = {.with = act_history_lineage},
    [ACTION_COMPARE] = {act_history_compare},
    [ACTION_NOTE] = {act_history_note},
    [ACTION_DELETE] = {act_history_delete},
    [ACTION_DELETE_MEANT] = {act_history_delete_meant},
    [ACTION_SEARCH] = {act_history_search},
    [ACTION_CALIBRATE] = {calibrate_begin},
    [ACTION_LISTEN] = {listen_to_take},
    [ACTION_BLIND] = {listen_open_blindly},
    [ACTION_PAUSE] = {listen_pause},
    [ACTION_SWAP] = {listen_swap},
    [ACTION_HEAR_DRUMS] = {.with = listen_balance, .argument = 1},
    [ACTION_HEAR_GUITAR] = {.with = listen_balance, .argument = 2},
    [ACTION_HEAR_BOTH] = {.with = listen_balance, .argument = 3},
    [ACTION_LISTEN_LEVEL] = {.with = listen_level},
    [ACTION_LISTEN_BAR] = {.with = listen_move},
    [ACTION_LISTEN_LOOP] = {listen_loop},
    [ACTION_LISTEN_LENGTH] = {.with = listen_length},
    [ACTION_PREFER] = {listen_prefer},
    [ACTION_HISTORY] = {open_history},
    [ACTION_WEIGHTS] = {.with = open_view, .argument = VIEW_WEIGHTS},
    [ACTION_PRACTICE] = {.with = open_view, .argument = VIEW_PRACTICE},
    [ACTION_PRACTISE_BAR] = {practise_bar},
    [ACTION_WHOLE_SONG] = {act_practice_clear},
    [ACTION_LAST_TIME] = {act_practice_last_time},
    [ACTION_CLICK] = {act_practice_click},
    [ACTION_HELP] = {.with = open_view, .argument = VIEW_HELP},
    [ACTION_OPEN] = {act_library_open},
    [ACTION_ABOVE] = {act_library_above},
    [ACTION_FILTER] = {act_library_filter},
    [ACTION_LIBRARY] = {open_library},
    [ACTION_COMMAND] = {colon_open},
    [ACTION_BACK] = {go_back},
    [ACTION_QUIT] = {quit},
};

/* Keys in pairs have one action: the first goes back, or down. */
static int argument_of(enum action action, int part)
{
    switch (keys_parts(action)) {
    case 1:
        return deeds[action].argument;
    case 2:
        return part ? 1 : -1;
    default:
        return part;
    }
}

void act(struct tui *tui, enum action action, int part)
{
    if (action != tui->leaving && action != ACTION_COMMAND)
        tui->leaving = ACTION_NONE;
    if (action != ACTION_DELETE_MEANT)
        tui->screen.browsing.doomed = (struct history_mark){0, 0};
    if (!tui->room && !(keymap_places(action) & AT_LIBRARY)) /* help has the keys of every place */
        say(tui, TONE_INFO, "choose a song first");
    else if (deeds[action].with)
        deeds[action].with(tui, argument_of(action, part));
    else
        deeds[action].act(tui);
}

static void say_nothing_done(struct tui *tui, enum place place, int press)
{
    char name[KEY_NAME_SIZE];
    key_write(press, name);
    if (name[0])
        say(tui, TONE_INFO, "'%s' does nothing %s: %s shows the keys", name,
            place == AT_PLAYING ? "while a take is played" : "here",
            screen_key(&tui->screen, ACTION_HELP));
}

void act_on_key(struct tui *tui, int press)
{
    bool foot = press >= PRESS_MIDI_CONTROLLER && press < PRESS_MIDI_END;
    if (tui->screen.prompt.open && !foot) {
        prompt_key(&tui->screen.prompt, tui, press);
        return;
    }
    if (tui->calibration) { /* any key ends it */
        calibrate_end(tui, &(struct error){.text = ""});
        return;
    }
    int part;
    enum place place = screen_place(&tui->screen);
    enum action action = keymap_action(&tui->screen.keymap, place, press, &part);
    tui->screen.message.tone = TONE_NONE;
    if (action != ACTION_NONE)
        act(tui, action, part);
    else
        say_nothing_done(tui, place, press);
}
