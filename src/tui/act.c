#include "tui/act.h"

#include "tui/browse.h"
#include "tui/calibrate.h"
#include "tui/choose.h"
#include "tui/drilling.h"
#include "tui/entrance.h"
#include "tui/export.h"
#include "tui/flow.h"
#include "tui/heat_map.h"
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

static void go_back(struct tui *tui, int unused)
{
    (void)unused;
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

static void open_selected(struct tui *tui, int unused)
{
    (void)unused;
    choose_selected(tui);
}

static void open_above(struct tui *tui, int unused)
{
    (void)unused;
    choose_above(tui);
}

static void write_filter(struct tui *tui, int unused)
{
    (void)unused;
    choose_filter(tui);
}

static void open_history(struct tui *tui, int view)
{
    open_view(tui, view);
    browse_open(tui);
}

void act_move(struct tui *tui, int by)
{
    struct screen *screen = &tui->screen;
    if (screen->view == VIEW_HISTORY)
        browse_move(tui, by);
    if (screen->view == VIEW_TAKE)
        verdict_move_row(&screen->verdict, by);
    if (screen->view == VIEW_LIBRARY)
        library_move(&screen->library, by, view_library_page(tui->rows));
    if (screen->view == VIEW_WEIGHTS)
        screen->knob = (enum knob)(((int)screen->knob + by + KNOB_COUNT) % KNOB_COUNT);
    if (screen->view == VIEW_PRACTICE)
        drilling_move(tui, by);
    if (screen->view == VIEW_HELP) {
        int first = screen->help_first + by, last = view_help_last(screen, tui->rows, tui->cols);
        screen->help_first = first < 0 ? 0 : first > last ? last : first;
    }
}

static void move_page(struct tui *tui, int direction)
{
    if (tui->screen.view == VIEW_PRACTICE) {
        drilling_turn(tui, -direction * DRILLING_PAGE);
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
        drilling_turn(tui, direction);
    else
        turn_knob(tui, tui->screen.knob, direction);
}

static void reset_selected(struct tui *tui, int unused)
{
    (void)unused;
    turn_back(tui, tui->screen.knob);
}

static void play_as_written(struct tui *tui, int unused)
{
    (void)unused;
    turn_robot(tui);
}

static void mark_flub(struct tui *tui, int unused)
{
    (void)unused;
    turn_flub(tui);
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

static void export_take(struct tui *tui, int unused)
{
    (void)unused;
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

static void choose_otherwise(struct tui *tui)
{
    struct error err = {.text = ""};
    struct verdict *verdict = &tui->screen.verdict;
    if (!room_advise(tui->room, verdict->take.number, &verdict->choice, &verdict->advice, &err))
        say_error(tui, &err);
}

static int map_stride(const struct tui *tui)
{
    return heat_map_stride(tui->cols, verdict_bars(&tui->screen.verdict));
}

static void move_bar(struct tui *tui, int direction)
{
    verdict_move_bar(&tui->screen.verdict, map_stride(tui), direction);
}

static void stretch_bars(struct tui *tui, int unused)
{
    (void)unused;
    verdict_stretch(&tui->screen.verdict);
}

static void toggle_bars(struct tui *tui, int unused)
{
    (void)unused;
    if (verdict_toggle_bars(&tui->screen.verdict, map_stride(tui)))
        choose_otherwise(tui);
    else
        say(tui, TONE_INFO, "too many pieces: take some bars in again");
}

static void toggle_drum(struct tui *tui, int drum)
{
    if (!(score_drums(tui->screen.score) & 1u << drum)) {
        say(tui, TONE_INFO, "the song has no %s", kitmap_name((enum drum)drum));
        return;
    }
    tui->screen.verdict.choice.drums ^= (uint16_t)(1u << drum);
    choose_otherwise(tui);
}

static void practise_bar(struct tui *tui, int view)
{
    open_view(tui, view);
    drilling_choose(tui, tui->screen.verdict.bar);
}

static void play_all(struct tui *tui, int unused)
{
    (void)unused;
    drilling_clear(tui);
}

static void end_loop(struct tui *tui, int unused)
{
    (void)unused;
    drilling_last_time(tui);
}

static void turn_click(struct tui *tui, int unused)
{
    (void)unused;
    drilling_click(tui);
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

static void play_or_stop(struct tui *tui, int unused)
{
    (void)unused;
    if (room_playing(tui->room))
        flow_stop_take(tui);
    else
        flow_begin_take(tui);
}

static void await_guitar(struct tui *tui, int unused)
{
    (void)unused;
    entrance_await(tui);
}

static void give_up(struct tui *tui, int unused)
{
    (void)unused;
    entrance_give_up(tui);
}

static void correct_beat(struct tui *tui, int direction)
{
    entrance_correct_beat(tui, direction > 0);
}

static void cancel_lesson(struct tui *tui, int unused)
{
    (void)unused;
    room_cancel_lesson(tui->room);
}

static void measure_round_trip(struct tui *tui, int unused)
{
    (void)unused;
    calibrate_begin(tui);
}

/* From the bar that is selected on. */
static void listen_to_take(struct tui *tui, int unused)
{
    (void)unused;
    bool selected = tui->screen.view == VIEW_TAKE;
    listen_open(tui, meant_take(tui), selected ? tui->screen.verdict.bar : 1);
}

static void listen_to_both(struct tui *tui, int unused)
{
    (void)unused;
    listen_open_blindly(tui);
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

static void quit(struct tui *tui, int unused)
{
    (void)unused;
    tui->quit = may_leave(tui, ACTION_QUIT, screen_key(&tui->screen, ACTION_QUIT), "quits");
}

static void open_library(struct tui *tui, int unused)
{
    (void)unused;
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

static void write_command(struct tui *tui, int unused)
{
    (void)unused;
    colon_open(tui);
}

static const struct {
    void (*act)(struct tui *tui, int argument);
    int argument; /* of an action in one part; others are told which */
} deeds[] = {
    [ACTION_PLAY] = {play_or_stop, 0},
    [ACTION_STOP] = {play_or_stop, 0},
    [ACTION_AWAIT] = {await_guitar, 0},
    [ACTION_GIVE_UP] = {give_up, 0},
    [ACTION_BEAT] = {correct_beat, 0},
    [ACTION_ACCEPT] = {judge_take, true},
    [ACTION_REJECT] = {judge_take, false},
    [ACTION_KEEP] = {go_back, 0},
    [ACTION_BAR] = {move_bar, 0},
    [ACTION_STRETCH] = {stretch_bars, 0},
    [ACTION_BAR_OUT] = {toggle_bars, 0},
    [ACTION_DRUM] = {toggle_drum, 0},
    [ACTION_UNDO] = {flow_undo, 0},
    [ACTION_EXPORT] = {export_take, 0},
    [ACTION_CANCEL] = {cancel_lesson, 0},
    [ACTION_FLUB] = {mark_flub, 0},
    [ACTION_ROBOT] = {play_as_written, 0},
    [ACTION_FOLLOW] = {turn_follow, 0},
    [ACTION_LEASH] = {turn_leash, 0},
    [ACTION_LEASH_DRUM] = {turn_drum, 0},
    [ACTION_SENSITIVITY] = {turn_sensitivity, 0},
    [ACTION_MOVE] = {act_move, 0},
    [ACTION_ENDS] = {move_far, 0},
    [ACTION_PAGE] = {move_page, 0},
    [ACTION_TURN] = {turn_selected, 0},
    [ACTION_RESET] = {reset_selected, 0},
    [ACTION_LOOK] = {browse_look, 0},
    [ACTION_CURRENT] = {browse_let_play, 0},
    [ACTION_LINEAGE] = {browse_lineage, 0},
    [ACTION_COMPARE] = {browse_compare, 0},
    [ACTION_NOTE] = {browse_note, 0},
    [ACTION_DELETE] = {browse_delete, 0},
    [ACTION_DELETE_MEANT] = {browse_delete_meant, 0},
    [ACTION_SEARCH] = {browse_search, 0},
    [ACTION_CALIBRATE] = {measure_round_trip, 0},
    [ACTION_LISTEN] = {listen_to_take, 0},
    [ACTION_BLIND] = {listen_to_both, 0},
    [ACTION_PAUSE] = {listen_pause, 0},
    [ACTION_SWAP] = {listen_swap, 0},
    [ACTION_HEAR_DRUMS] = {listen_balance, 1},
    [ACTION_HEAR_GUITAR] = {listen_balance, 2},
    [ACTION_HEAR_BOTH] = {listen_balance, 3},
    [ACTION_LISTEN_LEVEL] = {listen_level, 0},
    [ACTION_LISTEN_BAR] = {listen_move, 0},
    [ACTION_LISTEN_LOOP] = {listen_loop, 0},
    [ACTION_LISTEN_LENGTH] = {listen_length, 0},
    [ACTION_PREFER] = {listen_prefer, 0},
    [ACTION_HISTORY] = {open_history, VIEW_HISTORY},
    [ACTION_WEIGHTS] = {open_view, VIEW_WEIGHTS},
    [ACTION_PRACTICE] = {open_view, VIEW_PRACTICE},
    [ACTION_PRACTISE_BAR] = {practise_bar, VIEW_PRACTICE},
    [ACTION_WHOLE_SONG] = {play_all, 0},
    [ACTION_LAST_TIME] = {end_loop, 0},
    [ACTION_CLICK] = {turn_click, 0},
    [ACTION_HELP] = {open_view, VIEW_HELP},
    [ACTION_OPEN] = {open_selected, 0},
    [ACTION_ABOVE] = {open_above, 0},
    [ACTION_FILTER] = {write_filter, 0},
    [ACTION_LIBRARY] = {open_library, 0},
    [ACTION_COMMAND] = {write_command, 0},
    [ACTION_BACK] = {go_back, 0},
    [ACTION_QUIT] = {quit, 0},
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
    else
        deeds[action].act(tui, argument_of(action, part));
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
