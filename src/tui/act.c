#include "tui/tui_private.h"

#include "tui/history.h"
#include "tui/view.h"

static int selected_take(const struct history *history)
{
    if (history->selected >= history->row_count)
        return 0;
    int take = history->rows[history->selected].take;
    return take >= 0 ? history->takes[take].number : 0;
}

/* The take a key is about: the one looked at, the one selected, else the last one that counts. */
static int meant_take(const struct tui *tui)
{
    const struct screen *screen = &tui->screen;
    if (screen->view == VIEW_TAKE)
        return screen->verdict.take.number;
    if (screen->view == VIEW_HISTORY)
        return selected_take(&screen->history);
    return history_newest(&screen->history);
}

static void open_view(struct tui *tui, enum view view)
{
    if (tui->screen.view != VIEW_WEIGHTS && tui->screen.view != VIEW_HELP)
        tui->back = tui->screen.view;
    tui->screen.view = view;
    tui->screen.help_first = 0;
}

static void go_back(struct tui *tui)
{
    enum view *view = &tui->screen.view;
    if (*view == VIEW_WEIGHTS || *view == VIEW_HELP)
        *view = tui->back;
    else if (*view == VIEW_TAKE)
        *view = tui->take_back;
    else
        *view = VIEW_STAGE;
}

static void open_history(struct tui *tui)
{
    struct history *history = &tui->screen.history;
    open_view(tui, VIEW_HISTORY);
    history->selected = history->first = 0;
    for (int i = 0; i < history->row_count; i++) /* begin at the current drummer's newest take */
        if (history->checkpoints[history->rows[i].checkpoint].number == history->current)
            history->selected = i;
    history_move(history, 0, view_history_page(tui->rows));
}

static void move(struct tui *tui, int by, bool page)
{
    struct screen *screen = &tui->screen;
    int rows = view_history_page(tui->rows);
    if (screen->view == VIEW_HISTORY)
        history_move(&screen->history, page ? by * rows : by, rows);
    if (screen->view == VIEW_WEIGHTS)
        screen->knob = (enum knob)(((int)screen->knob + by + KNOB_COUNT) % KNOB_COUNT);
    if (screen->view == VIEW_HELP) {
        screen->help_first += page ? by * rows : by;
        screen->help_first = screen->help_first < 0           ? 0
                             : screen->help_first > key_count ? key_count
                                                              : screen->help_first;
    }
}

static void turn(struct tui *tui, enum knob knob, int direction)
{
    char value[32];
    bool turned = knobs_turn(&tui->screen.knobs, knob, direction);
    knobs_text(&tui->screen.knobs, knob, value, sizeof value);
    const char *name = knob_kinds[knob].name;
    if (!turned)
        say(tui, TONE_INFO, "%s is at its end: %s", name, value);
    else if (room_playing(tui->room))
        say(tui, TONE_INFO, "%s %s from the next take on", name, value);
    else if (tui->screen.view != VIEW_WEIGHTS)
        say(tui, TONE_INFO, "%s %s", name, value);
}

static void look_at_selected(struct tui *tui)
{
    int take = selected_take(&tui->screen.history);
    if (take == 0)
        say(tui, TONE_INFO, "that is a drummer: m lets it play");
    else if (room_playing(tui->room))
        say(tui, TONE_INFO, "stop the take first, then look at another");
    else
        flow_look(tui, take);
    tui->take_back = VIEW_HISTORY;
}

static void choose_drummer(struct tui *tui)
{
    const struct history *history = &tui->screen.history;
    if (history->selected >= history->row_count)
        return;
    const struct history_row *row = &history->rows[history->selected];
    if (row->take >= 0)
        say(tui, TONE_INFO, "that is a take: choose a drummer above it");
    else
        flow_undo(tui, history->checkpoints[row->checkpoint].number);
}

static void export(struct tui *tui)
{
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

static void quit(struct tui *tui)
{
    const char *busy = room_playing(tui->room)    ? "a take is being played: q once more keeps it "
                                                    "and quits"
                       : room_learning(tui->room) ? "a lesson is running: q once more quits and "
                                                    "nothing is learnt"
                                                  : NULL;
    if (!busy || tui->quit_asked) {
        tui->quit = true;
        return;
    }
    tui->quit_asked = true;
    say(tui, TONE_ASK, "%s", busy);
}

static void play_or_stop(struct tui *tui)
{
    if (room_playing(tui->room))
        flow_stop_take(tui);
    else
        flow_begin_take(tui);
}

static void act_on_take(struct tui *tui, enum action action)
{
    int take = meant_take(tui);
    if (take == 0)
        say(tui, TONE_INFO, "choose a take first");
    else if (action == ACTION_ACCEPT)
        flow_accept(tui, take);
    else
        flow_reject(tui, take);
}

static void act(struct tui *tui, enum action action)
{
    struct screen *screen = &tui->screen;
    switch (action) {
    case ACTION_PLAY:
    case ACTION_STOP:
        play_or_stop(tui);
        return;
    case ACTION_ACCEPT:
    case ACTION_REJECT:
        act_on_take(tui, action);
        return;
    case ACTION_KEEP:
    case ACTION_BACK:
        go_back(tui);
        return;
    case ACTION_UNDO:
        flow_undo(tui, 0);
        return;
    case ACTION_EXPORT:
        export(tui);
        return;
    case ACTION_CANCEL:
        room_cancel_lesson(tui->room);
        return;
    case ACTION_FOLLOW_MORE:
    case ACTION_FOLLOW_LESS:
        turn(tui, KNOB_FOLLOW, action == ACTION_FOLLOW_MORE ? 1 : -1);
        return;
    case ACTION_LEASH_MORE:
    case ACTION_LEASH_LESS:
        turn(tui, KNOB_LEASH, action == ACTION_LEASH_MORE ? 1 : -1);
        return;
    case ACTION_UP:
    case ACTION_DOWN:
        move(tui, action == ACTION_UP ? -1 : 1, false);
        return;
    case ACTION_PAGE_UP:
    case ACTION_PAGE_DOWN:
        move(tui, action == ACTION_PAGE_UP ? -1 : 1, true);
        return;
    case ACTION_LESS:
    case ACTION_MORE:
        turn(tui, screen->knob, action == ACTION_MORE ? 1 : -1);
        return;
    case ACTION_RESET:
        screen->knobs.value[screen->knob] = screen->knobs_before.value[screen->knob];
        return;
    case ACTION_LOOK:
        look_at_selected(tui);
        return;
    case ACTION_CURRENT:
        choose_drummer(tui);
        return;
    case ACTION_HISTORY:
        open_history(tui);
        return;
    case ACTION_WEIGHTS:
        open_view(tui, VIEW_WEIGHTS);
        return;
    case ACTION_HELP:
        open_view(tui, VIEW_HELP);
        return;
    case ACTION_QUIT:
        quit(tui);
        return;
    case ACTION_NONE:
        return;
    }
}

void act_on_key(struct tui *tui, int press)
{
    if (tui->screen.prompt.open) {
        export_key(tui, press);
        return;
    }
    enum action action = keys_action(screen_place(&tui->screen), press);
    if (action != ACTION_QUIT)
        tui->quit_asked = false;
    tui->screen.message.tone = TONE_NONE;
    act(tui, action);
}
