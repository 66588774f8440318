#include "tui/command.h"

#include "score/kitmap.h"
#include "tui/keymap.h"
#include "tui/nearest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD = 64, MOST_NUMBER = 1000000 };

/* What takes a word or a number and is no knob. */
static const struct {
    const char *name;
    enum typed_kind kind;
    const char *wanted;
} verbs[] = {{"open", TYPED_OPEN, "a song: open FILE"},
             {"export", TYPED_EXPORT, "a name: export FILE"},
             {"take", TYPED_TAKE, "a number: take 3"},
             {"drummer", TYPED_DRUMMER, "a number: drummer 2"},
             {"bar", TYPED_BAR, "a number: bar 17"}};
enum { VERBS = sizeof verbs / sizeof *verbs };

/* Every word that a line may begin with. */
static void each_name(void (*visit)(void *context, const char *name), void *context)
{
    for (int i = 0; i < VERBS; i++)
        visit(context, verbs[i].name);
    for (int knob = 0; knob < KNOB_COUNT; knob++)
        if (knob_word((enum knob)knob))
            visit(context, knob_word((enum knob)knob));
    for (int knob = 0; knob < PRACTICE_KNOBS; knob++)
        if (practice_knob_word((enum practice_knob)knob))
            visit(context, practice_knob_word((enum practice_knob)knob));
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++)
        for (int part = 0; part < keys_parts((enum action)a); part++) {
            char name[KEYMAP_NAME];
            bool verb = false;
            keymap_write_name((enum action)a, part, name);
            for (int i = 0; i < VERBS; i++) /* export is both */
                verb = verb || strcmp(name, verbs[i].name) == 0;
            if (!verb)
                visit(context, name);
        }
}

static bool read_number(const char *word, double *value)
{
    char *end;
    if (!word[0] || strspn(word, "+-.0123456789") != strlen(word))
        return false;
    *value = strtod(word, &end);
    return !*end && isfinite(*value);
}

static bool read_whole(const char *word, int *number)
{
    double value;
    if (!read_number(word, &value) || value < 1 || value > MOST_NUMBER || value != floor(value))
        return false;
    *number = (int)value;
    return true;
}

static bool read_value(const char *word, struct typed *typed, struct error *err)
{
    const struct knob_kind *kind = &knob_kinds[typed->knob];
    if (read_number(word, &typed->value) && typed->value >= kind->low && typed->value <= kind->high)
        return true;
    if (!word[0])
        return error_set(err, "%s is a number from %g to %g%s", kind->name, kind->low, kind->high,
                         kind->unit);
    return error_set(err, "%s is a number from %g to %g%s, not '%.40s'", kind->name, kind->low,
                     kind->high, kind->unit, word);
}

/* "20" or "kick 20" */
static bool read_leash(const char *rest, struct typed *typed, struct error *err)
{
    char name[WORD];
    uint16_t drum;
    size_t length = strcspn(rest, " ");
    snprintf(name, sizeof name, "%.*s", (int)length, rest);
    if (!name[0] || name[0] == '-' || (name[0] >= '0' && name[0] <= '9') || name[0] == '.')
        return read_value(rest, typed, err);
    if (!kitmap_read(name, &drum) || strchr(name, ','))
        return error_set(err, "there is no drum '%s'", name);
    typed->knob = KNOB_DRUM_LEASH;
    typed->drum = __builtin_ctz(drum);
    rest += length;
    return read_value(rest + strspn(rest, " "), typed, err);
}

static void try_completion(void *context, const char *name)
{
    completion_try(context, name);
}

static void try_nearest(void *context, const char *name)
{
    nearest_try(context, name);
}

static bool unknown(const char *word, struct error *err)
{
    struct nearest nearest = {.word = word};
    each_name(try_nearest, &nearest);
    if (nearest.name[0])
        return error_set(err, "there is no command '%s'; is '%s' meant?", word, nearest.name);
    return error_set(err, "there is no command '%s': tab shows them all", word);
}

static bool read_verb(int verb, const char *rest, struct typed *typed, struct error *err)
{
    bool is_text = verbs[verb].kind == TYPED_OPEN || verbs[verb].kind == TYPED_EXPORT;
    typed->kind = verbs[verb].kind;
    snprintf(typed->text, sizeof typed->text, "%s", rest);
    return (is_text ? rest[0] != '\0' : read_whole(rest, &typed->number)) ||
           error_set(err, "%s wants %s", verbs[verb].name, verbs[verb].wanted);
}

/* "8", "-5"; a vamp is on or off. */
static bool read_practice(const char *word, struct typed *typed, struct error *err)
{
    const bool vamp = typed->practice == PRACTICE_VAMP;
    double value;
    typed->kind = TYPED_PRACTICE;
    typed->number = strcmp(word, "on") == 0;
    if (vamp)
        return typed->number || strcmp(word, "off") == 0 ||
               error_set(err, "vamp is on or off: vamp on");
    if (!read_number(word, &value) || fabs(value) > MOST_NUMBER || value != floor(value))
        return error_set(err, "%s wants a number: %s 4", practice_knob_word(typed->practice),
                         practice_knob_word(typed->practice));
    typed->number = (int)value;
    return true;
}

/* A beginning that one name alone has is that name. */
static void finish_word(char word[WORD])
{
    struct completion completion = {.word = word};
    each_name(try_completion, &completion);
    if (word[0] && completion.count == 1 && strlen(completion.common) < WORD) {
        char whole[WORD];
        snprintf(whole, sizeof whole, "%s", completion.common);
        strcpy(word, whole);
    }
}

bool command_read(const char *line, struct typed *typed, struct error *err)
{
    char word[WORD], rest[PATH_MAX];
    line += strspn(line, " ");
    size_t length = strcspn(line, " ");
    snprintf(word, sizeof word, "%.*s", (int)length, line);
    line += length;
    snprintf(rest, sizeof rest, "%s", line + strspn(line, " "));
    for (size_t end = strlen(rest); end > 0 && rest[end - 1] == ' '; end--)
        rest[end - 1] = '\0';
    finish_word(word);
    *typed = (struct typed){.kind = TYPED_ACTION, .drum = -1};
    bool is_action = keymap_read_name(word, &typed->action, &typed->part);
    if (is_action && !rest[0])
        return true;
    for (int i = 0; i < VERBS; i++)
        if (strcmp(word, verbs[i].name) == 0)
            return read_verb(i, rest, typed, err);
    typed->kind = TYPED_KNOB;
    for (int knob = 0; knob < KNOB_COUNT; knob++)
        if (knob_word((enum knob)knob) && strcmp(word, knob_word((enum knob)knob)) == 0) {
            typed->knob = (enum knob)knob;
            return knob == KNOB_LEASH ? read_leash(rest, typed, err) : read_value(rest, typed, err);
        }
    for (int knob = 0; knob < PRACTICE_KNOBS; knob++) {
        const char *own = practice_knob_word((enum practice_knob)knob);
        typed->practice = (enum practice_knob)knob;
        if (own && strcmp(word, own) == 0)
            return read_practice(rest, typed, err);
    }
    if (is_action)
        return error_set(err, "%s stands alone, without '%.40s'", word, rest);
    return unknown(word, err);
}

static void try_drums(uint16_t drums, struct completion *completion)
{
    for (int drum = 0; drum < DRUM_COUNT; drum++) {
        char name[KITMAP_TEXT_SIZE];
        kitmap_text((uint16_t)(1u << drum), name);
        if (drums & 1u << drum)
            completion_try(completion, name);
    }
}

int command_complete(const char *line, uint16_t drums, struct completion *completion)
{
    static const char *const songs[] = {".mid", ".midi", ".db", NULL};
    static const char *const midi[] = {".mid", ".midi", NULL};
    size_t begin = strspn(line, " "), length = strcspn(line + begin, " ");
    const char *word = line + begin;
    *completion = (struct completion){.word = word};
    if (!word[length]) {
        each_name(try_completion, completion);
        return (int)begin;
    }
    size_t next = begin + length + strspn(word + length, " ");
    completion->word = line + next;
    if (strncmp(word, "open ", 5) == 0)
        completion_try_files(completion, songs);
    else if (strncmp(word, "export ", 7) == 0)
        completion_try_files(completion, midi);
    else if (strncmp(word, "leash ", 6) == 0)
        try_drums(drums, completion);
    return (int)next;
}
