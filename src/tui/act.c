#include "tui/act.h"

#include "tui/browse.h"
#include "tui/calibrate.h"
#include "tui/export.h"
#include "tui/flow.h"
#include "tui/heat_map.h"
#include "tui/listen.h"
#include "tui/say.h"
#include "tui/turn.h"
#include "tui/view.h"

enum { HELP_AROUND = 9 }; /* rows that do not move */

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
    if (tui->screen.view != VIEW_WEIGHTS && tui->screen.view != VIEW_HELP)
        tui->back = tui->screen.view;
    tui->screen.view = (enum view)view;
    tui->screen.help_first = 0;
}

static void go_back(struct tui *tui, int unused)
{
    (void)unused;
    enum view *view = &tui->screen.view;
    if (*view == VIEW_LISTEN)
        listen_close(tui);
    else if (*view == VIEW_WEIGHTS || *view == VIEW_HELP)
        *view = tui->back;
    else if (*view == VIEW_COMPARE)
        *view = VIEW_HISTORY;
    else if (*view == VIEW_TAKE)
        *view = tui->take_back;
    else
        *view = VIEW_STAGE;
}

static void open_history(struct tui *tui, int view)
{
    open_view(tui, view);
    browse_open(tui);
}

static void move(struct tui *tui, int by)
{
    struct screen *screen = &tui->screen;
    if (screen->view == VIEW_HISTORY)
        browse_move(tui, by);
    if (screen->view == VIEW_TAKE)
        verdict_move_row(&screen->verdict, by);
    if (screen->view == VIEW_WEIGHTS)
        screen->knob = (enum knob)(((int)screen->knob + by + KNOB_COUNT) % KNOB_COUNT);
    if (screen->view == VIEW_HELP) {
        int first = screen->help_first + by;
        screen->help_first = first < 0 ? 0 : first > key_count ? key_count : first;
    }
}

static void move_page(struct tui *tui, int direction)
{
    int page = tui->screen.view == VIEW_HISTORY ? view_history_page(tui->rows, tui->cols)
                                                : tui->rows - HELP_AROUND;
    move(tui, direction * page);
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

static void export_take(struct tui *tui, int unused)
{
    (void)unused;
    int take = meant_take(tui);
    if (room_playing(tui->room) || room_learning(tui->room))
        say(tui, TONE_INFO, "wait until the %s is over, then export",
            room_playing(tui->room) ? "take" : "lesson");
    else if (take == 0)
        say(tui, TONE_INFO,
            tui->screen.view == VIEW_HISTORY ? "choose a take to export"
                                             : "there is no take to export yet");
    else
        export_ask(tui, take);
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

static void quit(struct tui *tui, int unused)
{
    (void)unused;
    bool busy = room_playing(tui->room) || room_learning(tui->room);
    if (!busy || tui->quit_asked) {
        tui->quit = true;
        return;
    }
    tui->quit_asked = true;
    say(tui, TONE_ASK, "%s",
        room_playing(tui->room) ? "a take is being played: q once more keeps it and quits"
                                : "a lesson is running: q once more quits and nothing is learnt");
}

/* Keys in pairs have one action: the first goes back, or down. */
enum { EITHER_WAY = 1000, THE_DRUM };

static const struct {
    void (*act)(struct tui *tui, int argument);
    int argument; /* or what the key says beside its action */
} deeds[] = {
    [ACTION_PLAY] = {play_or_stop, 0},
    [ACTION_STOP] = {play_or_stop, 0},
    [ACTION_ACCEPT] = {judge_take, true},
    [ACTION_REJECT] = {judge_take, false},
    [ACTION_KEEP] = {go_back, 0},
    [ACTION_BAR] = {move_bar, EITHER_WAY},
    [ACTION_STRETCH] = {stretch_bars, 0},
    [ACTION_BAR_OUT] = {toggle_bars, 0},
    [ACTION_DRUM] = {toggle_drum, THE_DRUM},
    [ACTION_UNDO] = {flow_undo, 0},
    [ACTION_EXPORT] = {export_take, 0},
    [ACTION_CANCEL] = {cancel_lesson, 0},
    [ACTION_FLUB] = {mark_flub, 0},
    [ACTION_ROBOT] = {play_as_written, 0},
    [ACTION_FOLLOW] = {turn_follow, EITHER_WAY},
    [ACTION_LEASH] = {turn_leash, EITHER_WAY},
    [ACTION_LEASH_DRUM] = {turn_drum, THE_DRUM},
    [ACTION_SENSITIVITY] = {turn_sensitivity, EITHER_WAY},
    [ACTION_MOVE] = {move, EITHER_WAY},
    [ACTION_PAGE] = {move_page, EITHER_WAY},
    [ACTION_TURN] = {turn_selected, EITHER_WAY},
    [ACTION_RESET] = {reset_selected, 0},
    [ACTION_LOOK] = {browse_look, 0},
    [ACTION_CURRENT] = {browse_let_play, 0},
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
    [ACTION_LISTEN_LEVEL] = {listen_level, EITHER_WAY},
    [ACTION_LISTEN_BAR] = {listen_move, EITHER_WAY},
    [ACTION_LISTEN_LOOP] = {listen_loop, 0},
    [ACTION_LISTEN_LENGTH] = {listen_length, EITHER_WAY},
    [ACTION_PREFER] = {listen_prefer, 0},
    [ACTION_HISTORY] = {open_history, VIEW_HISTORY},
    [ACTION_WEIGHTS] = {open_view, VIEW_WEIGHTS},
    [ACTION_HELP] = {open_view, VIEW_HELP},
    [ACTION_BACK] = {go_back, 0},
    [ACTION_QUIT] = {quit, 0},
};

static int argument_of(enum action action, int press)
{
    switch (deeds[action].argument) {
    case THE_DRUM:
        return press - '1';
    case EITHER_WAY:
        return keys_first(action, press) ? -1 : 1;
    default:
        return deeds[action].argument;
    }
}

void act_on_key(struct tui *tui, int press)
{
    if (tui->screen.prompt.open) {
        prompt_key(&tui->screen.prompt, tui, press);
        return;
    }
    if (tui->calibration) { /* any key ends it */
        calibrate_end(tui, &(struct error){.text = ""});
        return;
    }
    enum action action = keys_action(screen_place(&tui->screen), press);
    if (action != ACTION_QUIT)
        tui->quit_asked = false;
    if (action != ACTION_DELETE_MEANT)
        tui->screen.browsing.doomed = (struct history_mark){0, 0};
    tui->screen.message.tone = TONE_NONE;
    if (action != ACTION_NONE)
        deeds[action].act(tui, argument_of(action, press));
    else if (press > ' ' && press <= '~')
        say(tui, TONE_INFO, "'%c' does nothing %s: ? shows the keys", press,
            screen_place(&tui->screen) == AT_PLAYING ? "while a take is played" : "here");
}
