#include "tui/key_names.h"

#include "tui/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const struct {
    const char *name;
    int code;
} words[] = {
    {"space", ' '},
    {"tab", '\t'},
    {"enter", PRESS_ENTER},
    {"esc", PRESS_ESCAPE},
    {"backspace", PRESS_BACKSPACE},
    {"delete", PRESS_DELETE},
    {"up", PRESS_UP},
    {"down", PRESS_DOWN},
    {"left", PRESS_LEFT},
    {"right", PRESS_RIGHT},
    {"page-up", PRESS_PAGE_UP},
    {"page-down", PRESS_PAGE_DOWN},
    {"home", PRESS_HOME},
    {"end", PRESS_END},
    {"pedal", PRESS_PEDAL},
};
enum { WORDS = sizeof words / sizeof *words, FUNCTION_KEYS = 12 };

static const struct {
    const char *prefix;
    int first;
} midi[] = {{"midi:cc", PRESS_MIDI_CONTROLLER},
            {"midi:note", PRESS_MIDI_NOTE},
            {"midi:pc", PRESS_MIDI_PROGRAM}};
enum { MIDI_KINDS = sizeof midi / sizeof *midi };

/* A whole number from `least` to `most`, and nothing else. */
static bool read_number(const char *text, int least, int most, int *number)
{
    char *end;
    long value = strtol(text, &end, 10);
    *number = (int)value;
    return text[0] >= '0' && text[0] <= '9' && !*end && value >= least && value <= most;
}

/* ctrl-c and ctrl-z are the terminal's, and the others cannot be told from keys with a name. */
static bool read_control(const char *name, int *code)
{
    if (strncasecmp(name, "ctrl-", 5) != 0)
        return false;
    char letter = name[5] >= 'A' && name[5] <= 'Z' ? (char)(name[5] - 'A' + 'a') : name[5];
    if (letter < 'a' || letter > 'z' || name[6] || strchr("chijlmqsz", letter))
        return false;
    *code = letter - 'a' + 1;
    return true;
}

bool key_read(const char *name, int *code)
{
    int number;
    for (int i = 0; i < WORDS; i++)
        if (strcasecmp(name, words[i].name) == 0) {
            *code = words[i].code;
            return true;
        }
    for (int i = 0; i < MIDI_KINDS; i++) {
        size_t length = strlen(midi[i].prefix);
        if (strncasecmp(name, midi[i].prefix, length) == 0 &&
            read_number(name + length, 0, 127, &number)) {
            *code = midi[i].first + number;
            return true;
        }
    }
    if ((name[0] == 'F' || name[0] == 'f') && read_number(name + 1, 1, FUNCTION_KEYS, &number)) {
        *code = PRESS_F1 + number - 1;
        return true;
    }
    if (read_control(name, code))
        return true;
    wchar_t sign;
    int bytes = mbtowc(&sign, name, strlen(name));
    *code = (int)sign;
    return bytes > 0 && !name[bytes] && sign > ' ' && sign != 127;
}

void key_write(int code, char name[KEY_NAME_SIZE])
{
    for (int i = 0; i < WORDS; i++)
        if (words[i].code == code) {
            snprintf(name, KEY_NAME_SIZE, "%s", words[i].name);
            return;
        }
    for (int i = 0; i < MIDI_KINDS; i++)
        if (code >= midi[i].first && code < midi[i].first + 128) {
            snprintf(name, KEY_NAME_SIZE, "%s%d", midi[i].prefix, code - midi[i].first);
            return;
        }
    if (code >= PRESS_F1 && code < PRESS_F1 + FUNCTION_KEYS)
        snprintf(name, KEY_NAME_SIZE, "F%d", code - PRESS_F1 + 1);
    else if (code > 0 && code < ' ')
        snprintf(name, KEY_NAME_SIZE, "ctrl-%c", code + 'a' - 1);
    else if (code > 0 && code < PRESS_UP)
        snprintf(name, KEY_NAME_SIZE, "%lc", (wint_t)code);
    else
        name[0] = '\0';
}
