/* The player's own keys: $XDG_CONFIG_HOME/rolypoly/keys, a line for each action.
 *
 *     # a line is all the keys that an action has from now on
 *     play = space F5
 *     flub = f midi:cc64
 *     follow- = a
 *     pedal = /dev/snd/midiC1D0
 *     mouse = off
 */
#ifndef TUI_KEY_FILE_H
#define TUI_KEY_FILE_H

#include "tui/keymap.h"

#include <limits.h>
#include <stdio.h>

enum { KEY_FILE_MOST = 65536, KEY_PROBLEMS = 8 };

struct key_settings {
    struct keymap map;
    char pedal[PATH_MAX]; /* where a MIDI pedal is plugged in; "": nowhere */
    bool mouse;
    int problem_count;
    char problems[KEY_PROBLEMS][160]; /* "line 3: ..."; the first of them */
};

/* As the program comes. */
void key_settings_init(struct key_settings *settings);

/* Heeds every line that holds; the others are problems. */
void key_settings_read(struct key_settings *settings, const char *text);

/* The player's file; one that is not there says nothing. */
void key_settings_load(struct key_settings *settings);

/* Writes them as such a file, with what each action is for. */
void key_settings_print(const struct key_settings *settings, FILE *out);

#endif
