#include "tui/act_library.h"

#include "tui/say.h"
#include "tui/view.h"

#include <stdio.h>

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

void act_library_open(struct tui *tui)
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

void act_library_above(struct tui *tui)
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

void act_library_filter(struct tui *tui)
{
    prompt_open(&tui->screen.prompt, "/", "enter keep   esc show all   ↑↓ choose",
                tui->screen.library.filter, heed_filter);
}
