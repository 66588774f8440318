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

static bool show(struct tui *tui)
{
    return frames_show(&tui->frames, &tui->screen, &tui->rows, &tui->cols);
}

/* What a score holds is looked at while no key is pressed. */
static void step(struct tui *tui)
{
    bool looking = library_look(&tui->screen.library, view_library_page(tui->rows));
    int press = terminal_press(looking ? 0 : IDLE_MS, -1);
    if (press == PRESS_HANGUP)
        signals_end_by(SIGHUP);
    else if (press == PRESS_RESIZE)
        library_move(&tui->screen.library, 0, view_library_page(tui->rows));
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
    library_move(library, 0, view_library_page(tui->rows));
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
