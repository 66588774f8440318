/* Which key does what: the table of keys.h as the player has made it his own. A plain value. */
#ifndef TUI_KEYMAP_H
#define TUI_KEYMAP_H

#include "base/error.h"
#include "tui/keys.h"

enum { KEYMAP_ROWS = 128, KEYMAP_NAME = 32 };

struct keymap {
    struct keymap_row { /* belongs to keys[i] */
        int codes[KEY_CODES];
        unsigned char parts[KEY_CODES]; /* what each does: keys_part */
        char name[24];                  /* "space", "-+", "F5" */
    } rows[KEYMAP_ROWS];
};

/* As the program comes. */
void keymap_init(struct keymap *map);

/* The action of a key at a place, ACTION_NONE where it has none; *part says which of its parts. */
enum action keymap_action(const struct keymap *map, enum place place, int code, int *part);

/* What the keys of an action are called at a place, else wherever it works: "space". "" when it has
 * none. */
const char *keymap_name(const struct keymap *map, enum action action, enum place place);

/* Its row in the table, -1 when it has no key. */
int keymap_row(const struct keymap *map, enum action action, enum place place);

/* Gives one part of an action these keys instead of those it had; other actions that had one of
 * them at the same place lose it. `robbed` is the name of one that has no key any more, else "".
 * Refused: more than KEY_CODES keys in all, and taking q from quit. */
bool keymap_bind(struct keymap *map, enum action action, int part, const int *codes, int count,
                 char robbed[KEYMAP_NAME], struct error *err);

/* "play"; of an action in parts "follow-" and "follow+", "drum-out-1" to "drum-out-9". */
void keymap_write_name(enum action action, int part, char name[KEYMAP_NAME]);
bool keymap_read_name(const char *name, enum action *action, int *part);

/* Every place of an action, and whether `code` has it there. */
unsigned keymap_places(enum action action);
bool keymap_holds(const struct keymap *map, enum action action, int part, int code);

#endif
