#include "tui/choose.h"

#include "tui/act.h"
#include "tui/aside.h"
#include "tui/click.h"
#include "tui/frames.h"
#include "tui/say.h"
#include "tui/signals.h"
#include "tui/terminal.h"
#include "tui/view.h"

#include "base/stopwatch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IDLE_MS = 100 };

static int page(const struct tui *tui)
{
    return view_library_page(tui->rows);
}

static void list_folder(struct tui *tui, const char *folder)
{
    struct tui_choice *choice = tui->choice;
    struct library *library = &tui->screen.library;
    struct error err = {.text = ""};
    char left[PATH_MAX];
    snprintf(left, sizeof left, "%s", library->folder);
    library_filter(library, "");
    if (!library_read(library, choice->sessions, folder, &err))
        say_error(tui, &err);
    snprintf(choice->folder, sizeof choice->folder, "%s", library->folder);
    library_select(library, left); /* whoever goes up stands on where he came from */
    library_move(library, 0, page(tui));
}

void choose_selected(struct tui *tui)
{
    const struct library_item *item = library_selected(&tui->screen.library);
    if (!item)
        return;
    if (item->kind == LIBRARY_UP || item->kind == LIBRARY_FOLDER) {
        list_folder(tui, item->path);
        return;
    }
    snprintf(tui->choice->song, sizeof tui->choice->song, "%s", item->path);
    tui->chosen = true;
}

void choose_above(struct tui *tui)
{
    const struct library *library = &tui->screen.library;
    for (int i = 0; i < library->count; i++)
        if (library->items[i].kind == LIBRARY_UP) {
            list_folder(tui, library->items[i].path);
            return;
        }
}

static void heed_filter(struct tui *tui, int press)
{
    struct prompt *prompt = &tui->screen.prompt;
    struct library *library = &tui->screen.library;
    if (press == PRESS_UP || press == PRESS_DOWN) {
        library_move(library, press == PRESS_UP ? -1 : 1, page(tui));
        return;
    }
    if (press == PRESS_ENTER || (press == PRESS_BACKSPACE && !prompt->text[0]))
        prompt->open = false;
    library_filter(library, press == PRESS_ESCAPE ? "" : prompt->text);
    library_move(library, 0, page(tui));
}

void choose_filter(struct tui *tui)
{
    prompt_open(&tui->screen.prompt, "/", "enter keep   esc show all   ↑↓ choose",
                tui->screen.library.filter, heed_filter);
}

static bool show(struct tui *tui)
{
    return frames_show(&tui->frames, &tui->screen, &tui->rows, &tui->cols);
}

/* What a score holds is looked at while no key is pressed. */
static void step(struct tui *tui)
{
    bool looking = library_look(&tui->screen.library, page(tui));
    int press = terminal_press(looking ? 0 : IDLE_MS, -1);
    if (press == PRESS_HANGUP)
        signals_end_by(SIGHUP);
    else if (press == PRESS_RESIZE)
        library_move(&tui->screen.library, 0, page(tui));
    else if (press != PRESS_NONE && !click_heed(tui, press))
        act_on_key(tui, press);
    aside_tick(tui);
    if (stopwatch_s() > tui->message_end_s)
        tui->screen.message.tone = TONE_NONE;
}

static void begin(struct tui *tui)
{
    struct tui_choice *choice = tui->choice;
    struct library *library = &tui->screen.library;
    struct error err = {.text = ""};
    library->home = getenv("HOME");
    if (!library_read(library, choice->sessions, choice->folder[0] ? choice->folder : NULL, &err))
        say_error(tui, &err);
    library_select(library, choice->song);
    terminal_size(&tui->rows, &tui->cols);
    library_move(library, 0, page(tui));
    if (choice->failure.text[0]) {
        library_mark_broken(library, choice->song, choice->failure.text);
        say_error(tui, &choice->failure);
    } else if (choice->kept) {
        say(tui, TONE_INFO, "take %d is kept", choice->kept);
    }
    if (tui->screen.message.tone == TONE_NONE)
        say_key_problems(tui, choice->keys);
    choice->failure = (struct error){.text = ""};
    choice->kept = 0;
}

int tui_choose(struct tui_choice *choice, struct error *err)
{
    struct tui tui = {.choice = choice,
                      .message_end_s = INFINITY,
                      .screen = {.view = VIEW_LIBRARY, .model = "", .keymap = choice->keys->map}};
    if (!tui_open(choice->keys->mouse, err))
        return 1;
    begin(&tui);
    bool good = show(&tui) || error_set(err, "out of memory");
    while (good && !tui.chosen && !tui.quit && !signals_ending()) {
        step(&tui);
        good = show(&tui) || error_set(err, "out of memory");
    }
    int number = signals_ending();
    if (good && number)
        error_set(err, "ended by a signal: %s", strsignal(number));
    frames_release(&tui.frames);
    library_release(&tui.screen.library);
    tui_close();
    return !good ? 1 : number ? 128 + number : tui.quit ? TUI_QUIT : 0;
}
