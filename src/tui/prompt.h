/* A line of text that is asked for on the line of messages, whatever it is for. */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

struct tui;

enum { PROMPT_SIZE = 512 };

struct prompt {
    bool open;
    const char *label;      /* before the text */
    const char *hints;      /* for the line of keys: "enter write   esc cancel" */
    char text[PROMPT_SIZE]; /* UTF-8, without control characters */
    size_t cursor;          /* byte of `text` that the next character comes before */
    size_t most;            /* bytes that `text` may have */
    /* Its owner, called with every key: after what edits has edited, and with all the others, enter
     * and tab among them. Escape has closed the prompt when it comes. The owner closes it by
     * `open`.
     */
    void (*heed)(struct tui *tui, int press);
};

/* Opens it with `text` to begin with, the cursor at its end; `most` is what there is room for. */
void prompt_open(struct prompt *prompt, const char *label, const char *hints, const char *text,
                 void (*heed)(struct tui *tui, int press));

/* Another text, the cursor at its end; what does not fit is left out. */
void prompt_set(struct prompt *prompt, const char *text);

/* Characters, backspace, delete, left, right, home, end; ctrl-a, -e, -u and -w. False for a key
 * that does not edit. */
bool prompt_edit(struct prompt *prompt, int press);

/* A key while it is open. */
void prompt_key(struct prompt *prompt, struct tui *tui, int press);

#endif
