#include "tui/act.h"

#include "tui/calibrate.h"
#include "tui/entrance.h"
#include "tui/export.h"
#include "tui/flow.h"
#include "tui/history.h"
#include "tui/say.h"
#include "tui/turn.h"
#include "tui/view.h"

/* The take a key is about: the one looked at, the one selected, else the last one that counts. */
static int meant_take(const struct tui *tui)
{
    const struct screen *screen = &tui->screen;
    if (screen->view == VIEW_TAKE)
        return screen->verdict.take.number;
    if (screen->view == VIEW_HISTORY)
        return history_selected_take(&screen->history);
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
    if (*view == VIEW_WEIGHTS || *view == VIEW_HELP)
        *view = tui->back;
    else if (*view == VIEW_TAKE)
        *view = tui->take_back;
    else
        *view = VIEW_STAGE;
}

static void open_history(struct tui *tui, int view)
{
    struct history *history = &tui->screen.history;
    open_view(tui, view);
    history->selected = history->first = 0;
    for (int i = 0; i < history->row_count; i++) /* begin at the current drummer's newest take */
        if (history->checkpoints[history->rows[i].checkpoint].number == history->current)
            history->selected = i;
    history_move(history, 0, view_history_page(tui->rows));
}

static void move(struct tui *tui, int by)
{
    struct screen *screen = &tui->screen;
    if (screen->view == VIEW_HISTORY)
        history_move(&screen->history, by, view_history_page(tui->rows));
    if (screen->view == VIEW_WEIGHTS)
        screen->knob = (enum knob)(((int)screen->knob + by + KNOB_COUNT) % KNOB_COUNT);
    if (screen->view == VIEW_HELP) {
        int first = screen->help_first + by;
        screen->help_first = first < 0 ? 0 : first > key_count ? key_count : first;
    }
}

static void move_page(struct tui *tui, int direction)
{
    move(tui, direction * view_history_page(tui->rows));
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

static void look_at_selected(struct tui *tui, int unused)
{
    (void)unused;
    int take = history_selected_take(&tui->screen.history);
    if (take == 0)
        say(tui, TONE_INFO, "that is a drummer: m lets it play");
    else if (room_playing(tui->room))
        say(tui, TONE_INFO, "stop the take first, then look at another");
    else
        flow_look(tui, take);
    tui->take_back = VIEW_HISTORY;
}

static void choose_drummer(struct tui *tui, int unused)
{
    (void)unused;
    const struct history *history = &tui->screen.history;
    if (history->selected >= history->row_count)
        return;
    const struct history_row *row = &history->rows[history->selected];
    if (row->take >= 0)
        say(tui, TONE_INFO, "that is a take: choose a drummer above it");
    else
        flow_undo(tui, history->checkpoints[row->checkpoint].number);
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

static void move_bar(struct tui *tui, int direction)
{
    struct verdict *verdict = &tui->screen.verdict;
    int stride = view_take_stride(tui->cols, verdict->bars.count);
    int bar = (verdict->bar - 1) / stride * stride + 1 + direction * stride;
    if (bar >= 1 && bar <= verdict->bars.count)
        verdict->bar = bar;
}

/* Every bar of the selected column. */
static void toggle_bar(struct tui *tui, int unused)
{
    (void)unused;
    struct verdict *verdict = &tui->screen.verdict;
    int stride = view_take_stride(tui->cols, verdict->bars.count);
    int first = (verdict->bar - 1) / stride * stride + 1;
    bool in = !bars_hold(&verdict->choice.bars, verdict->bar);
    if (bars_put(&verdict->choice.bars, first, first + stride - 1, in))
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
    [ACTION_AWAIT] = {await_guitar, 0},
    [ACTION_GIVE_UP] = {give_up, 0},
    [ACTION_BEAT] = {correct_beat, EITHER_WAY},
    [ACTION_ACCEPT] = {judge_take, true},
    [ACTION_REJECT] = {judge_take, false},
    [ACTION_KEEP] = {go_back, 0},
    [ACTION_BAR] = {move_bar, EITHER_WAY},
    [ACTION_BAR_OUT] = {toggle_bar, 0},
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
    [ACTION_LOOK] = {look_at_selected, 0},
    [ACTION_CURRENT] = {choose_drummer, 0},
    [ACTION_CALIBRATE] = {measure_round_trip, 0},
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
    tui->screen.message.tone = TONE_NONE;
    if (action != ACTION_NONE)
        deeds[action].act(tui, argument_of(action, press));
    else if (press > ' ' && press <= '~')
        say(tui, TONE_INFO, "'%c' does nothing %s: ? shows the keys", press,
            screen_place(&tui->screen) == AT_PLAYING ? "while a take is played" : "here");
}
