/* The line of messages. */
#ifndef TUI_SAY_H
#define TUI_SAY_H

#include "tui/running.h"

/* Until the next key; INFO and GOOD go by themselves after some seconds. */
void say(struct tui *tui, enum tone tone, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void say_error(struct tui *tui, const struct error *err);

/* What is wrong with the player's file of keys, if anything is. */
void say_key_problems(struct tui *tui, const struct key_settings *keys_file);

#endif
