#include "tui/keymap.h"

#include "tui/key_names.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void keymap_init(struct keymap *map)
{
    assert(key_count <= KEYMAP_ROWS);
    memset(map, 0, sizeof *map);
    for (int i = 0; i < key_count; i++) {
        struct keymap_row *row = &map->rows[i];
        snprintf(row->name, sizeof row->name, "%s", keys[i].name);
        for (int k = 0; k < KEY_CODES && keys[i].codes[k]; k++) {
            row->codes[k] = keys[i].codes[k];
            row->parts[k] = (unsigned char)keys_part(keys[i].action, k);
        }
    }
}

static enum action find(const struct keymap *map, enum place place, int code, int *part)
{
    for (int i = 0; i < key_count; i++)
        for (int k = 0; k < KEY_CODES && map->rows[i].codes[k]; k++)
            if ((keys[i].places & place) && map->rows[i].codes[k] == code) {
                *part = map->rows[i].parts[k];
                return keys[i].action;
            }
    return ACTION_NONE;
}

enum action keymap_action(const struct keymap *map, enum place place, int code, int *part)
{
    *part = 0;
    enum action action = find(map, place, code, part);
    bool midi = code >= PRESS_MIDI_CONTROLLER && code < PRESS_MIDI_END;
    return action == ACTION_NONE && midi ? find(map, place, PRESS_PEDAL, part) : action;
}

int keymap_row(const struct keymap *map, enum action action, enum place place)
{
    int found = -1;
    for (int i = 0; i < key_count; i++)
        if (keys[i].action == action && map->rows[i].name[0] &&
            (found < 0 || (keys[i].places & place)))
            found = i;
    return found;
}

const char *keymap_name(const struct keymap *map, enum action action, enum place place)
{
    int row = keymap_row(map, action, place);
    return row < 0 ? "" : map->rows[row].name;
}

unsigned keymap_places(enum action action)
{
    unsigned places = 0;
    for (int i = 0; i < key_count; i++)
        if (keys[i].action == action)
            places |= keys[i].places;
    return places;
}

bool keymap_holds(const struct keymap *map, enum action action, int part, int code)
{
    for (int i = 0; i < key_count; i++)
        for (int k = 0; k < KEY_CODES && map->rows[i].codes[k]; k++)
            if (keys[i].action == action && map->rows[i].parts[k] == part &&
                map->rows[i].codes[k] == code)
                return true;
    return false;
}

/* The first key of every part; the help has room for little more. */
static void name_row(struct keymap_row *row, int parts)
{
    row->name[0] = '\0';
    for (int part = 0; part < parts; part++)
        for (int k = 0; k < KEY_CODES && row->codes[k]; k++) {
            char name[KEY_NAME_SIZE];
            size_t used = strlen(row->name);
            if (row->parts[k] != part)
                continue;
            key_write(row->codes[k], name);
            const char *shown = strncmp(name, "midi:", 5) == 0 ? name + 5 : name;
            if (used + strlen(shown) + 2 > sizeof row->name || (parts > 2 && part > 2)) {
                snprintf(row->name + used, sizeof row->name - used, "…");
                return;
            }
            snprintf(row->name + used, sizeof row->name - used, "%s%s", used ? " " : "", shown);
            break;
        }
}

static void remove_key(struct keymap_row *row, int index)
{
    for (int k = index; k + 1 < KEY_CODES; k++) {
        row->codes[k] = row->codes[k + 1];
        row->parts[k] = row->parts[k + 1];
    }
    row->codes[KEY_CODES - 1] = 0;
}

static void remove_part(struct keymap_row *row, int part)
{
    for (int k = KEY_CODES - 1; k >= 0; k--)
        if (row->codes[k] && row->parts[k] == part)
            remove_key(row, k);
}

/* The part that had the key, -1 when none had. */
static int remove_code(struct keymap_row *row, int code)
{
    for (int k = 0; k < KEY_CODES && row->codes[k]; k++)
        if (row->codes[k] == code) {
            int part = row->parts[k];
            remove_key(row, k);
            return part;
        }
    return -1;
}

static bool has_part(const struct keymap_row *row, int part)
{
    for (int k = 0; k < KEY_CODES && row->codes[k]; k++)
        if (row->parts[k] == part)
            return true;
    return false;
}

static int room_in(const struct keymap_row *row)
{
    int room = 0;
    for (int k = 0; k < KEY_CODES; k++)
        room += row->codes[k] == 0;
    return room;
}

/* Others that had the key lose it. */
static void rob(struct keymap *map, enum action robber, unsigned places, int code,
                char robbed[KEYMAP_NAME])
{
    for (int i = 0; i < key_count; i++) {
        struct keymap_row *row = &map->rows[i];
        if (keys[i].action == robber || !(keys[i].places & places))
            continue;
        int part = remove_code(row, code);
        if (part < 0)
            continue;
        name_row(row, keys_parts(keys[i].action));
        if (!has_part(row, part))
            keymap_write_name(keys[i].action, part, robbed);
    }
}

static bool give(struct keymap_row *row, enum action action, int part, const int *codes, int count)
{
    remove_part(row, part);
    for (int i = 0; i < count; i++) /* what another part of it had */
        remove_code(row, codes[i]);
    int k = KEY_CODES - room_in(row);
    if (count > room_in(row))
        return false;
    for (int i = 0; i < count; i++, k++) {
        row->codes[k] = codes[i];
        row->parts[k] = (unsigned char)part;
    }
    name_row(row, keys_parts(action));
    return true;
}

bool keymap_bind(struct keymap *map, enum action action, int part, const int *codes, int count,
                 char robbed[KEYMAP_NAME], struct error *err)
{
    struct keymap bound = *map;
    robbed[0] = '\0';
    for (int i = 0; i < count; i++)
        if (codes[i] == 'q' && action != ACTION_QUIT)
            return error_set(err, "q always quits");
    for (int i = 0; i < key_count; i++)
        if (keys[i].action == action && !give(&bound.rows[i], action, part, codes, count))
            return error_set(err, "%d keys are the most for '%s'", KEY_CODES,
                             keys_action_name(action));
    for (int i = 0; i < count; i++)
        rob(&bound, action, keymap_places(action), codes[i], robbed);
    if (action == ACTION_QUIT && !keymap_holds(&bound, ACTION_QUIT, 0, 'q'))
        return error_set(err, "q always quits: name it too");
    *map = bound;
    return true;
}

void keymap_write_name(enum action action, int part, char name[KEYMAP_NAME])
{
    const char *whole = keys_action_name(action);
    if (keys_parts(action) == 1)
        snprintf(name, KEYMAP_NAME, "%s", whole);
    else if (keys_parts(action) == 2)
        snprintf(name, KEYMAP_NAME, "%s%c", whole, "-+"[part]);
    else
        snprintf(name, KEYMAP_NAME, "%s-%d", whole, part + 1);
}

bool keymap_read_name(const char *name, enum action *action, int *part)
{
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++)
        for (int p = 0; p < keys_parts((enum action)a); p++) {
            char own[KEYMAP_NAME];
            keymap_write_name((enum action)a, p, own);
            if (strcmp(own, name) == 0) {
                *action = (enum action)a;
                *part = p;
                return true;
            }
        }
    return false;
}
