#include "tui/act_history.h"

#include "tui/flow.h"
#include "tui/look.h"
#include "tui/say.h"
#include "tui/view.h"

#include <stdio.h>
#include <time.h>

static int page(const struct tui *tui)
{
    return view_history_page(tui->rows, tui->cols);
}

static struct history_mark selected(const struct tui *tui)
{
    return history_mark(&tui->screen.history, tui->screen.browsing.selected);
}

static void refresh(struct tui *tui)
{
    struct error err = {.text = ""};
    if (!look_at_session(tui, &err))
        say_error(tui, &err);
    act_history_move(tui, 0);
}

void act_history_open(struct tui *tui)
{
    const struct history *history = &tui->screen.history;
    struct browsing *browsing = &tui->screen.browsing;
    int row = 0;
    refresh(tui); /* another program may have added to it */
    for (int i = 0; i < history->row_count; i++)
        if (history->checkpoints[history->rows[i].checkpoint].number == history->current)
            row = i;
    *browsing = (struct browsing){.now_s = time(NULL)};
    browsing_select(browsing, history, row, page(tui));
}

void act_history_move(struct tui *tui, int by)
{
    browsing_move(&tui->screen.browsing, &tui->screen.history, by, page(tui));
}

void act_history_lineage(struct tui *tui, int direction)
{
    const struct history *history = &tui->screen.history;
    struct history_mark at = selected(tui);
    int row = history_row(history, direction < 0 ? history_origin(history, at)
                                                 : history_outcome(history, at));
    if (row >= 0)
        browsing_select(&tui->screen.browsing, history, row, page(tui));
    else
        say(tui, TONE_INFO, direction < 0 ? "it came with the program" : "nothing came of it yet");
}

void act_history_look(struct tui *tui)
{
    int take = selected(tui).take;
    if (take == 0)
        say(tui, TONE_INFO, "that is a drummer: %s lets it play",
            screen_key(&tui->screen, ACTION_CURRENT));
    else if (room_playing(tui->room))
        say(tui, TONE_INFO, "stop the take first, then look at another");
    else
        flow_look(tui, take);
    tui->take_back = VIEW_HISTORY;
}

void act_history_let_play(struct tui *tui)
{
    struct history_mark at = selected(tui);
    if (at.take)
        say(tui, TONE_INFO, "that is a take: choose a drummer above it");
    else if (at.drummer)
        flow_undo(tui, at.drummer);
}

/* ---- compare ---- */

static void show_comparison(struct tui *tui, struct history_mark first, struct history_mark second)
{
    struct error err = {.text = ""};
    bool drummers = first.drummer > 0;
    if (drummers && room_playing(tui->room))
        say(tui, TONE_INFO, "stop the take first, then compare drummers");
    else if (room_compare(tui->room, drummers, drummers ? first.drummer : first.take,
                          drummers ? second.drummer : second.take, &tui->screen.comparison, &err))
        tui->screen.view = VIEW_COMPARE;
    else
        say_error(tui, &err);
}

void act_history_compare(struct tui *tui)
{
    struct history_mark *first = &tui->screen.browsing.compared, second = selected(tui);
    char name[32];
    if (!first->take && !first->drummer) {
        *first = second;
        history_mark_name(second, name, sizeof name);
        say(tui, TONE_ASK, "%s and which other? c there compares them", name);
    } else if (history_mark_same(*first, second)) {
        *first = (struct history_mark){0, 0};
    } else if ((first->take > 0) != (second.take > 0)) {
        say(tui, TONE_INFO,
            first->take ? "a take is compared with a take"
                        : "a drummer is compared with a drummer");
    } else {
        show_comparison(tui, *first, second);
        *first = (struct history_mark){0, 0};
    }
}

/* ---- note ---- */

static void heed_note(struct tui *tui, int press)
{
    struct prompt *prompt = &tui->screen.prompt;
    struct history_mark on = tui->screen.browsing.noted;
    struct session *session = room_session(tui->room);
    struct error err = {.text = ""};
    if (press != PRESS_ENTER)
        return;
    prompt->open = false;
    if (!(on.take ? session_note_take(session, on.take, prompt->text, &err)
                  : session_note_checkpoint(session, on.drummer, prompt->text, &err))) {
        say_error(tui, &err);
        return;
    }
    refresh(tui);
    struct session_take *looked_at = &tui->screen.verdict.take;
    const struct session_take *now = history_take(&tui->screen.history, looked_at->number);
    if (now)
        *looked_at = *now;
}

void act_history_note(struct tui *tui)
{
    const struct history *history = &tui->screen.history;
    struct history_mark on = selected(tui);
    if (tui->screen.view == VIEW_TAKE)
        on = (struct history_mark){.take = tui->screen.verdict.take.number};
    const struct session_take *take = history_take(history, on.take);
    const struct session_checkpoint *drummer = history_checkpoint(history, on.drummer);
    if (!take && !drummer)
        return;
    tui->screen.browsing.noted = on;
    prompt_open(&tui->screen.prompt, take ? "on this take:" : "on this drummer:",
                "enter keep   esc leave it   ctrl-u clear", take ? take->note : drummer->note,
                heed_note);
    tui->screen.prompt.most = SESSION_NOTE_SIZE - 1;
}

/* ---- search ---- */

static void find(struct tui *tui, int from, int by)
{
    const struct history *history = &tui->screen.history;
    struct browsing *browsing = &tui->screen.browsing;
    int row = browsing->words[0] ? browsing_search(browsing, history, from, by) : from;
    if (row >= 0)
        browsing_select(browsing, history, row, page(tui));
}

static void heed_search(struct tui *tui, int press)
{
    struct browsing *browsing = &tui->screen.browsing;
    int at = browsing->selected;
    snprintf(browsing->words, sizeof browsing->words, "%.*s", SESSION_NOTE_SIZE - 1,
             tui->screen.prompt.text);
    if (press == PRESS_ESCAPE)
        browsing->words[0] = '\0';
    else if (press == PRESS_ENTER || press == PRESS_DOWN)
        find(tui, at + 1, 1);
    else if (press == PRESS_UP)
        find(tui, at - 1, -1);
    else
        find(tui, browsing->search_from, 1);
}

void act_history_search(struct tui *tui)
{
    struct browsing *browsing = &tui->screen.browsing;
    browsing->search_from = browsing->selected;
    prompt_open(&tui->screen.prompt, "find:", "enter next   ↑ ↓ next, before   esc done", "",
                heed_search);
    tui->screen.prompt.most = SESSION_NOTE_SIZE - 1;
}

/* ---- delete ---- */

static void ask_for_take(struct tui *tui, int number)
{
    const struct session_take *take = history_take(&tui->screen.history, number);
    const char *note = take && take->note[0] ? " and its note" : "";
    if (take && take->summary.matched)
        say(tui, TONE_ASK, "delete take %d, %.1f ms apart%s, for good? y deletes it", number,
            take->summary.asynchrony_mae_ms, note);
    else
        say(tui, TONE_ASK, "delete take %d%s for good? y deletes it", number, note);
}

static void ask_for_drummer(struct tui *tui, int number, const struct session_branch *branch)
{
    int grown = branch->checkpoints - 1;
    char more[80] = "";
    if (grown || branch->takes)
        snprintf(more, sizeof more, ", %d that grew from it and %d take%s", grown, branch->takes,
                 branch->takes == 1 ? "" : "s");
    say(tui, TONE_ASK, "delete drummer #%d%s, for good? y deletes %s", number, more,
        more[0] ? "all of it" : "it");
}

void act_history_delete(struct tui *tui)
{
    struct history_mark at = selected(tui);
    struct session *session = room_session(tui->room);
    struct session_branch branch;
    struct error err = {.text = ""};
    if (flow_busy(tui, "delete"))
        return;
    if (!(at.take ? session_take_deletable(session, at.take, &err)
                  : session_branch_deletable(session, at.drummer, &branch, &err))) {
        say_error(tui, &err);
        return;
    }
    tui->screen.browsing.doomed = at;
    if (at.take)
        ask_for_take(tui, at.take);
    else
        ask_for_drummer(tui, at.drummer, &branch);
}

void act_history_delete_meant(struct tui *tui)
{
    struct history_mark doomed = tui->screen.browsing.doomed;
    struct error err = {.text = ""};
    char name[32];
    if (!doomed.take && !doomed.drummer) {
        say(tui, TONE_INFO, "nothing is asked: %s deletes what is selected",
            screen_key(&tui->screen, ACTION_DELETE));
        return;
    }
    if (!(doomed.take ? room_delete_take(tui->room, doomed.take, &err)
                      : room_delete_drummer(tui->room, doomed.drummer, &err))) {
        say_error(tui, &err);
        return;
    }
    history_mark_name(doomed, name, sizeof name);
    tui->screen.browsing.compared = (struct history_mark){0, 0};
    refresh(tui);
    say(tui, TONE_GOOD, "%s is deleted", name);
}
