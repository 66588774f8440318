#include "tui/key_file.h"

#include "base/paths.h"
#include "tui/key_names.h"
#include "tui/nearest.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t\r";

/* What the lines before have said. */
enum { MOST_GIVEN = 256 };
struct reading {
    struct key_settings *settings;
    int line;
    int given_count;
    struct given {
        int code, line;
        enum action action;
        int part;
    } given[MOST_GIVEN];
};

void key_settings_init(struct key_settings *settings)
{
    memset(settings, 0, sizeof *settings);
    keymap_init(&settings->map);
    settings->mouse = true;
}

static void complain(struct reading *reading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void complain(struct reading *reading, const char *format, ...)
{
    struct key_settings *settings = reading->settings;
    if (settings->problem_count == KEY_PROBLEMS)
        return;
    char *text = settings->problems[settings->problem_count++];
    int used = snprintf(text, sizeof *settings->problems, "line %d: ", reading->line);
    va_list args;
    va_start(args, format);
    vsnprintf(text + used, sizeof *settings->problems - (size_t)used, format, args);
    va_end(args);
}

static void complain_of_name(struct reading *reading, const char *name)
{
    struct nearest nearest = {.word = name};
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++)
        for (int part = 0; part < keys_parts((enum action)a); part++) {
            char own[KEYMAP_NAME];
            keymap_write_name((enum action)a, part, own);
            nearest_try(&nearest, own);
        }
    if (nearest.name[0])
        complain(reading, "there is no action '%.32s'; is '%s' meant?", name, nearest.name);
    else
        complain(reading, "there is no action '%.32s'", name);
}

/* Two lines of the file that want one key at one place contradict each other. */
static bool is_free(struct reading *reading, enum action action, int code, const char *key)
{
    for (int i = 0; i < reading->given_count; i++) {
        const struct given *given = &reading->given[i];
        char name[KEYMAP_NAME];
        if (given->code != code || !(keymap_places(given->action) & keymap_places(action)) ||
            !keymap_holds(&reading->settings->map, given->action, given->part, code))
            continue;
        keymap_write_name(given->action, given->part, name);
        complain(reading, "'%.24s' does '%s' already, by line %d", key, name, given->line);
        return false;
    }
    return true;
}

static void bind(struct reading *reading, enum action action, int part, char *keys_text)
{
    int codes[KEY_CODES], count = 0;
    char robbed[KEYMAP_NAME];
    struct error err = {.text = ""};
    for (char *key; (key = strsep(&keys_text, blanks));) {
        int code;
        if (!*key)
            continue;
        if (!key_read(key, &code)) {
            complain(reading, "there is no key '%.24s'", key);
            return;
        }
        if (count == KEY_CODES) {
            complain(reading, "%d keys are the most", KEY_CODES);
            return;
        }
        if (!is_free(reading, action, code, key))
            return;
        codes[count++] = code;
    }
    if (!keymap_bind(&reading->settings->map, action, part, codes, count, robbed, &err)) {
        complain(reading, "%.100s", err.text);
        return;
    }
    if (robbed[0])
        complain(reading, "no key is left for '%s'", robbed);
    for (int i = 0; i < count && reading->given_count < MOST_GIVEN; i++)
        reading->given[reading->given_count++] =
            (struct given){codes[i], reading->line, action, part};
}

static char *strip(char *text)
{
    text += strspn(text, blanks);
    size_t length = strlen(text);
    while (length > 0 && strchr(blanks, text[length - 1]))
        text[--length] = '\0';
    return text;
}

static void set(struct reading *reading, const char *name, char *value)
{
    struct key_settings *settings = reading->settings;
    enum action action;
    int part;
    if (strcmp(name, "pedal") == 0)
        snprintf(settings->pedal, sizeof settings->pedal, "%s", value);
    else if (strcmp(name, "mouse") == 0 && (strcmp(value, "on") == 0 || strcmp(value, "off") == 0))
        settings->mouse = strcmp(value, "on") == 0;
    else if (strcmp(name, "mouse") == 0)
        complain(reading, "mouse is on or off, not '%.24s'", value);
    else if (keymap_read_name(name, &action, &part))
        bind(reading, action, part, value);
    else
        complain_of_name(reading, name);
}

static void read_line(struct reading *reading, char *line)
{
    line = strip(line);
    char *equals = strchr(line, '=');
    if (!*line || *line == '#')
        return;
    if (!equals) {
        complain(reading, "'%.32s' is no 'action = key'", line);
        return;
    }
    *equals = '\0';
    set(reading, strip(line), strip(equals + 1));
}

void key_settings_read(struct key_settings *settings, const char *text)
{
    struct reading reading = {.settings = settings};
    char *copy = strdup(text);
    for (char *rest = copy, *line; (line = strsep(&rest, "\n"));) {
        reading.line++;
        read_line(&reading, line);
    }
    free(copy);
}

void key_settings_load(struct key_settings *settings)
{
    char path[PATH_MAX];
    struct reading reading = {.settings = settings};
    if (!paths_config("keys", path, sizeof path, NULL))
        return;
    FILE *file = paths_open_regular(path);
    if (!file) {
        if (errno != ENOENT)
            complain(&reading, "cannot read '%.100s': %s", path, strerror(errno));
        return;
    }
    char *text = calloc(1, KEY_FILE_MOST + 1);
    size_t size = text ? fread(text, 1, KEY_FILE_MOST, file) : 0;
    fclose(file);
    if (text && strlen(text) == size)
        key_settings_read(settings, text);
    else if (text)
        complain(&reading, "'%.100s' is no text", path);
    free(text);
}

/* The first row of an action stands for all of them. */
static const struct key *row_of(enum action action)
{
    for (int i = 0; i < key_count; i++)
        if (keys[i].action == action)
            return &keys[i];
    return NULL;
}

/* Whether the player has changed it. */
static bool is_own(const struct keymap *map, enum action action, int part)
{
    struct keymap as_it_comes;
    keymap_init(&as_it_comes);
    for (int i = 0; i < key_count; i++)
        for (int k = 0; keys[i].action == action && k < KEY_CODES; k++)
            if ((map->rows[i].codes[k] && map->rows[i].parts[k] == part &&
                 !keymap_holds(&as_it_comes, action, part, map->rows[i].codes[k])) ||
                (keys[i].codes[k] && keys_part(action, k) == part &&
                 !keymap_holds(map, action, part, keys[i].codes[k])))
                return true;
    return false;
}

static void print_part(const struct keymap *map, enum action action, int part, FILE *out)
{
    char name[KEYMAP_NAME], key[KEY_NAME_SIZE];
    int printed[KEY_CODES * 4], count = 0;
    keymap_write_name(action, part, name);
    fprintf(out, "%s%s =", is_own(map, action, part) ? "" : "# ", name);
    for (int i = 0; i < key_count; i++)
        for (int k = 0; keys[i].action == action && k < KEY_CODES && map->rows[i].codes[k]; k++) {
            int code = map->rows[i].codes[k];
            bool told = map->rows[i].parts[k] != part;
            for (int p = 0; p < count; p++)
                told = told || printed[p] == code;
            if (told || count == KEY_CODES * 4)
                continue;
            printed[count++] = code;
            key_write(code, key);
            fprintf(out, " %s", key);
        }
    fprintf(out, "\n");
}

void key_settings_print(const struct key_settings *settings, FILE *out)
{
    fprintf(out, "# The keys of rolypoly, kept in $XDG_CONFIG_HOME/rolypoly/keys "
                 "(~/.config/rolypoly/keys).\n"
                 "# A line without # says which keys an action has, and takes them from others "
                 "where it works.\n"
                 "# Keys: a letter, space, enter, esc, tab, backspace, delete, up, down, left, "
                 "right, home, end,\n"
                 "# page-up, page-down, F1 to F12, ctrl-a and so on; of a MIDI pedal midi:cc64, "
                 "midi:note36,\n"
                 "# midi:pc3, or pedal for whatever it sends.\n\n");
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++) {
        const struct key *row = row_of((enum action)a);
        fprintf(out, "# %s\n", row ? row->help : "");
        for (int part = 0; part < keys_parts((enum action)a); part++)
            print_part(&settings->map, (enum action)a, part, out);
    }
    fprintf(out, "\n# A MIDI pedal: hw:1,0, or the path of a device or a FIFO.\n%spedal = %s\n",
            settings->pedal[0] ? "" : "# ", settings->pedal[0] ? settings->pedal : "hw:1,0");
    fprintf(out, "# The mouse, on or off; with shift it is always the terminal's.\nmouse = %s\n",
            settings->mouse ? "on" : "off");
}
