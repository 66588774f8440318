#include "tui/export.h"

#include "tui/say.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char ASK[] = "write to:", ASK_AGAIN[] = "it is there already; enter replaces it:";

void export_ask(struct tui *tui, int take)
{
    struct prompt *prompt = &tui->screen.prompt;
    *prompt = (struct prompt){.open = true, .label = ASK};
    snprintf(prompt->text, sizeof prompt->text, "%s-take%d.mid", tui->screen.score->name, take);
    for (char *c = prompt->text; *c; c++)
        if (*c == '/')
            *c = '-';
    tui->export_take = take;
    tui->replace_asked = false;
}

static void write_it(struct tui *tui)
{
    struct prompt *prompt = &tui->screen.prompt;
    struct error err = {.text = ""};
    if (!tui->replace_asked && access(prompt->text, F_OK) == 0) {
        tui->replace_asked = true;
        prompt->label = ASK_AGAIN;
        return;
    }
    prompt->open = false;
    if (room_export(tui->room, tui->export_take, prompt->text, &err))
        say(tui, TONE_GOOD, "take %d is written to '%s'", tui->export_take, prompt->text);
    else
        say_error(tui, &err);
}

static void append(struct prompt *prompt, int code)
{
    char bytes[5] = {(char)code};
    if (code >= 0x10000)
        snprintf(bytes, sizeof bytes, "%c%c%c%c", 0xf0 | code >> 18, 0x80 | (code >> 12 & 0x3f),
                 0x80 | (code >> 6 & 0x3f), 0x80 | (code & 0x3f));
    else if (code >= 0x800)
        snprintf(bytes, sizeof bytes, "%c%c%c", 0xe0 | code >> 12, 0x80 | (code >> 6 & 0x3f),
                 0x80 | (code & 0x3f));
    else if (code >= 0x80)
        snprintf(bytes, sizeof bytes, "%c%c", 0xc0 | code >> 6, 0x80 | (code & 0x3f));
    if (strlen(prompt->text) + strlen(bytes) < sizeof prompt->text)
        strcat(prompt->text, bytes);
}

static void take_back(struct prompt *prompt)
{
    size_t length = strlen(prompt->text);
    while (length > 0 && (prompt->text[--length] & 0xc0) == 0x80)
        ;
    prompt->text[length] = '\0';
}

void export_key(struct tui *tui, int press)
{
    struct prompt *prompt = &tui->screen.prompt;
    if (press == PRESS_ESCAPE || (press == PRESS_ENTER && !prompt->text[0])) {
        prompt->open = false;
        return;
    }
    if (press == PRESS_ENTER) {
        write_it(tui);
        return;
    }
    if (press == PRESS_BACKSPACE)
        take_back(prompt);
    else if (press == 'U' - '@')
        prompt->text[0] = '\0';
    else if (press >= ' ' && press < PRESS_UP)
        append(prompt, press);
    else
        return;
    tui->replace_asked = false;
    prompt->label = ASK;
}
