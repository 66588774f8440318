#include "tui/colon.h"

#include "tui/act.h"
#include "tui/act_practice.h"
#include "tui/command.h"
#include "tui/export.h"
#include "tui/flow.h"
#include "tui/say.h"
#include "tui/turn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char HINTS[] = "enter do it   tab complete   ↑↓ earlier ones   esc leave";

static void remember(struct colon *colon, const char *line)
{
    if (colon->count > 0 && strcmp(colon->lines[0], line) == 0)
        return;
    memmove(colon->lines[1], colon->lines[0], sizeof colon->lines - sizeof colon->lines[0]);
    snprintf(colon->lines[0], sizeof colon->lines[0], "%s", line);
    if (colon->count < COLON_LINES)
        colon->count++;
}

static void recall(struct colon *colon, struct prompt *prompt, int by)
{
    int to = colon->recalled + by;
    if (to < 0 || to > colon->count)
        return;
    colon->recalled = to;
    prompt_set(prompt, to > 0 ? colon->lines[to - 1] : "");
}

static void complete(struct tui *tui)
{
    struct prompt *prompt = &tui->screen.prompt;
    struct colon *colon = &tui->colon;
    struct completion completion;
    char line[PROMPT_SIZE + PATH_MAX];
    uint16_t drums = tui->screen.score ? score_drums(tui->screen.score) : 0;
    int begin = command_complete(prompt->text, drums, &completion);
    bool known = completion.count == 1;
    if (completion.count > 0) {
        size_t length = strlen(completion.common);
        bool goes_on = known && length > 0 && completion.common[length - 1] == '/';
        snprintf(line, sizeof line, "%.*s%s%s", begin, prompt->text, completion.common,
                 known && !goes_on ? " " : "");
        prompt_set(prompt, line);
    }
    snprintf(colon->hints, sizeof colon->hints, "%s",
             completion.count > 1 ? completion.list : HINTS);
    prompt->hints = colon->hints;
}

/* "~/songs" is the shell's word, and everybody's. */
static void expand(const char *path, char out[PATH_MAX])
{
    const char *home = getenv("HOME");
    bool at_home = path[0] == '~' && path[1] == '/' && home;
    int length = snprintf(out, PATH_MAX, "%s%s", at_home ? home : "", at_home ? path + 1 : path);
    if (length >= PATH_MAX)
        out[0] = '\0';
}

static void turn(struct tui *tui, const struct typed *typed)
{
    if (typed->knob == KNOB_DRUM_LEASH && !(score_drums(tui->screen.score) & 1u << typed->drum))
        say(tui, TONE_INFO, "the song has no %s", kitmap_name((enum drum)typed->drum));
    else
        turn_to(tui, typed->knob, typed->drum, typed->value);
}

static void select_bar(struct tui *tui, int bar)
{
    struct verdict *verdict = &tui->screen.verdict;
    if (tui->screen.view != VIEW_TAKE)
        say(tui, TONE_INFO, "look at a take first, then at a bar of it");
    else if (bar > verdict_bars(verdict))
        say(tui, TONE_INFO, "the song has %d bars", verdict_bars(verdict));
    else
        verdict_go_to_bar(verdict, bar);
}

static void look_at_take(struct tui *tui, int take)
{
    if (room_playing(tui->room)) {
        say(tui, TONE_INFO, "stop the take first, then look at another");
        return;
    }
    tui->take_back = tui->screen.view == VIEW_HISTORY ? VIEW_HISTORY : VIEW_STAGE;
    flow_look(tui, take);
}

static void act_where_it_works(struct tui *tui, const struct typed *typed)
{
    enum place place = screen_place(&tui->screen);
    if (keymap_places(typed->action) & place)
        act(tui, typed->action, typed->part);
    else
        say(tui, TONE_INFO, "'%s' does nothing %s", keys_action_name(typed->action),
            place == AT_PLAYING ? "while a take is played" : "here");
}

static void do_it(struct tui *tui, const struct typed *typed)
{
    char path[PATH_MAX];
    expand(typed->text, path);
    if (typed->kind == TYPED_ACTION) {
        act_where_it_works(tui, typed);
        return;
    }
    if (typed->kind == TYPED_OPEN) {
        act_open(tui, path);
        return;
    }
    if (!tui->room) {
        say(tui, TONE_INFO, "choose a song first");
        return;
    }
    switch (typed->kind) {
    case TYPED_KNOB:
        turn(tui, typed);
        break;
    case TYPED_PRACTICE:
        act_practice_set(tui, typed->practice, typed->number);
        break;
    case TYPED_EXPORT:
        act_export(tui, path);
        break;
    case TYPED_TAKE:
        look_at_take(tui, typed->number);
        break;
    case TYPED_DRUMMER:
        flow_undo(tui, typed->number);
        break;
    default:
        select_bar(tui, typed->number);
    }
}

static void heed(struct tui *tui, int press)
{
    struct prompt *prompt = &tui->screen.prompt;
    struct colon *colon = &tui->colon;
    struct error err = {.text = ""};
    struct typed typed;
    if (press == '\t') {
        complete(tui);
        return;
    }
    prompt->hints = HINTS;
    if (press == PRESS_UP || press == PRESS_DOWN)
        recall(colon, prompt, press == PRESS_UP ? 1 : -1);
    if (press == PRESS_BACKSPACE && !prompt->text[0])
        prompt->open = false;
    if (press != PRESS_ENTER)
        return;
    prompt->open = false;
    if (!prompt->text[0])
        return;
    remember(colon, prompt->text);
    if (command_read(prompt->text, &typed, &err))
        do_it(tui, &typed);
    else
        say(tui, TONE_ASK, "%s", err.text);
}

void colon_open(struct tui *tui)
{
    tui->colon.recalled = 0;
    prompt_open(&tui->screen.prompt, ":", HINTS, "", heed);
}
