#include "tui/export.h"

#include "tui/say.h"

#include <stdio.h>
#include <unistd.h>

static const char ASK[] = "write to:", ASK_AGAIN[] = "it is there already; enter replaces it:";

static void write_it(struct tui *tui)
{
    struct prompt *prompt = &tui->screen.prompt;
    struct error err = {.text = ""};
    if (prompt->label == ASK && access(prompt->text, F_OK) == 0) {
        prompt->label = ASK_AGAIN;
        return;
    }
    prompt->open = false;
    if (room_export(tui->room, tui->export_take, prompt->text, &err))
        say(tui, TONE_GOOD, "take %d is written to '%s'", tui->export_take, prompt->text);
    else
        say_error(tui, &err);
}

static void heed(struct tui *tui, int press)
{
    struct prompt *prompt = &tui->screen.prompt;
    if (press != PRESS_ENTER)
        prompt->label = ASK;
    else if (prompt->text[0])
        write_it(tui);
    else
        prompt->open = false;
}

static void ask(struct tui *tui, int take, const char *name)
{
    tui->export_take = take;
    prompt_open(&tui->screen.prompt, ASK, "enter write   esc cancel   ctrl-u clear the name", name,
                heed);
}

void export_to(struct tui *tui, int take, const char *path)
{
    ask(tui, take, path);
    write_it(tui);
}

void export_ask(struct tui *tui, int take)
{
    char name[sizeof tui->screen.score->name + 32];
    snprintf(name, sizeof name, "%s-take%d.mid", tui->screen.score->name, take);
    for (char *c = name; *c; c++)
        if (*c == '/')
            *c = '-';
    ask(tui, take, name);
}
