#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 64, HELP_COLUMN = 24, MOST_WEIGHT = 1000 };

void arguments_init(struct arguments *arguments)
{
    *arguments = (struct arguments){
        .follow = NAN,
        .expression = NAN,
        .leash_ms = NAN,
        .sensitivity_db = NAN,
        .tempo_percent = NAN,
        .reverb = NAN,
        .training_epochs = NAN,
        .dropout = NAN,
        .seed = 1,
        .epochs = -1,
        .count_in = -1,
        .weights = {NAN, NAN, NAN, NAN},
        .choice = {.drums = KITMAP_ALL},
        .strength = 1,
    };
}

/* The C library's readers take more than a number: leading space, "0x1p3", "inf". */
static bool looks_plain(const char *word)
{
    return word[0] && strspn(word, "+-.0123456789eE") == strlen(word);
}

static bool read_number(const char *word, double *value)
{
    char *end;
    if (!looks_plain(word))
        return false;
    *value = strtod(word, &end);
    return *end == '\0' && isfinite(*value);
}

static bool read_range(const char *word, struct bar_choice *choice)
{
    struct bars bars;
    if (strchr(word, ',') || !bars_read(word, &bars))
        return false;
    choice->first = bars.ranges[0].first;
    choice->last = bars.ranges[0].last == INT_MAX ? 0 : bars.ranges[0].last;
    return true;
}

/* "3,5" */
static bool read_pair(const char *word, int pair[2])
{
    char first[16];
    const char *comma = strchr(word, ',');
    double numbers[2];
    size_t length = comma ? (size_t)(comma - word) : sizeof first;
    if (length >= sizeof first)
        return false;
    memcpy(first, word, length);
    first[length] = '\0';
    const char *words[] = {first, comma + 1};
    for (int i = 0; i < 2; i++) {
        if (!read_number(words[i], &numbers[i]) || numbers[i] < 1 || numbers[i] > INT_MAX ||
            numbers[i] != floor(numbers[i]))
            return false;
        pair[i] = (int)numbers[i];
    }
    return pair[0] != pair[1];
}

/* "4/2" */
static bool read_drop(const char *word, struct drop *drop)
{
    char *end;
    errno = 0;
    long play = strtol(word, &end, 10);
    if (word[0] < '0' || word[0] > '9' || *end != '/' || end[1] < '0' || end[1] > '9')
        return false;
    long out = strtol(end + 1, &end, 10);
    *drop = (struct drop){(int)play, (int)out};
    return *end == '\0' && errno == 0 && play >= 1 && play <= PRACTICE_MOST_BARS && out >= 1 &&
           out <= PRACTICE_MOST_BARS;
}

static bool read_weights(const char *word, struct lesson_weights *weights)
{
    double *const all[] = {&weights->velocity, &weights->offset, &weights->guitar, &weights->human};
    char copy[128];
    if (strlen(word) >= sizeof copy)
        return false;
    strcpy(copy, word);
    char *rest = copy;
    for (int i = 0; i < 4; i++) {
        char *one = strsep(&rest, ",");
        if (!one || !read_number(one, all[i]) || *all[i] < 0 || *all[i] > MOST_WEIGHT)
            return false;
    }
    return rest == NULL;
}

/* "kick=10,closed-hat=25" */
static bool read_leashes(const char *word, struct drum_leashes *leashes)
{
    char copy[256];
    *leashes = (struct drum_leashes){0};
    if (strlen(word) >= sizeof copy)
        return false;
    strcpy(copy, word);
    for (char *rest = copy, *name; (name = strsep(&rest, ","));) {
        char *value = strchr(name, '=');
        uint16_t drum;
        double ms;
        if (!value)
            return false;
        *value++ = '\0';
        if (!kitmap_read(name, &drum) || !read_number(value, &ms) || ms < 0 || ms > LEASH_MOST_MS)
            return false;
        leashes->drums = (uint16_t)(leashes->drums | drum);
        for (int c = 0; c < DRUM_COUNT; c++)
            if (drum & 1u << c)
                leashes->ms[c] = ms;
    }
    return true;
}

static bool read_seed(const char *word, uint64_t *seed)
{
    char *end;
    errno = 0;
    *seed = strtoull(word, &end, 10);
    return word[0] >= '0' && word[0] <= '9' && *end == '\0' && errno == 0;
}

static bool bad_value(const struct option_row *row, const char *word, struct error *err)
{
    const char *dashes = row->name[1] ? "--" : "-";
    char names[KITMAP_TEXT_SIZE];
    switch (row->kind) {
    case OPTION_NUMBER:
        return error_set(err, "bad value '%s' for %s%s: it must be a number from %g to %g", word,
                         dashes, row->name, row->least, row->most);
    case OPTION_INTEGER:
        if (row->most == INT_MAX)
            return error_set(err, "bad value '%s' for %s%s: it must be a whole number from %g up",
                             word, dashes, row->name, row->least);
        return error_set(err, "bad value '%s' for %s%s: it must be a whole number from %g to %g",
                         word, dashes, row->name, row->least, row->most);
    case OPTION_PAIR:
        return error_set(err, "bad value '%s' for --%s: it must be two numbers, like 3,5", word,
                         row->name);
    case OPTION_SEED:
        return error_set(err, "bad value '%s' for --%s: it must be a whole number", word,
                         row->name);
    case OPTION_BARS:
        return error_set(err, "bad value '%s' for --%s: it must be bars, like 9-16, 9 or 9-", word,
                         row->name);
    case OPTION_DROP:
        return error_set(err,
                         "bad value '%s' for --%s: it must be bars with drums and bars without, "
                         "like 4/2",
                         word, row->name);
    case OPTION_BAR_LIST:
        return error_set(err, "bad value '%s' for --%s: it must be bars, like 1-8,13,17-", word,
                         row->name);
    case OPTION_DRUMS:
        error_set(err, "bad value '%s' for --%s: it must be drums, like kick,snare", word,
                  row->name);
        kitmap_text(KITMAP_ALL, names);
        return error_hint(err, "the drums are %s", names);
    case OPTION_LEASHES:
        error_set(err,
                  "bad value '%s' for --%s: it must be drums with 0 to %d ms, like "
                  "kick=10,snare=25",
                  word, row->name, LEASH_MOST_MS);
        kitmap_text(KITMAP_ALL, names);
        return error_hint(err, "the drums are %s", names);
    case OPTION_WEIGHTS:
        return error_set(
            err, "bad value '%s' for --%s: it must be four numbers from 0 to %d, like 1,2,2,1",
            word, row->name, MOST_WEIGHT);
    default:
        return error_set(err, "bad value for %s%s: it must not be empty", dashes, row->name);
    }
}

static bool store(const struct option_row *row, const char *word, struct arguments *arguments,
                  struct error *err)
{
    void *place = (char *)arguments + row->place;
    double number;
    bool good = false;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)place = true;
        return true;
    case OPTION_TEXT:
        *(const char **)place = word;
        good = word[0] != '\0';
        break;
    case OPTION_NUMBER:
        good = read_number(word, &number) && number >= row->least && number <= row->most;
        if (good)
            *(double *)place = number;
        break;
    case OPTION_INTEGER:
        good = read_number(word, &number) && number >= row->least && number <= row->most &&
               number == floor(number);
        if (good)
            *(int *)place = (int)number;
        break;
    case OPTION_PAIR:
        good = read_pair(word, place);
        break;
    case OPTION_SEED:
        good = read_seed(word, place);
        break;
    case OPTION_BARS:
        good = read_range(word, place);
        break;
    case OPTION_DROP:
        good = read_drop(word, place);
        break;
    case OPTION_BAR_LIST:
        good = bars_read(word, place);
        break;
    case OPTION_DRUMS:
        good = kitmap_read(word, place);
        break;
    case OPTION_LEASHES:
        good = read_leashes(word, place);
        break;
    case OPTION_WEIGHTS:
        good = read_weights(word, place);
        break;
    case OPTION_END:
        break;
    }
    return good || bad_value(row, word, err);
}

/* getopt_long wants its own tables. Values 1.. are rows, so that no letter is mistaken for one. */
struct tables {
    char letters[2 * MOST_ROWS + 2];
    struct option words[MOST_ROWS + 2];
};

enum { HELP_VALUE = 1000, ROW_VALUE = 1001 };

static void fill_tables(const struct option_row *rows, struct tables *tables)
{
    char *letter = tables->letters;
    struct option *word = tables->words;
    *letter++ = ':'; /* a missing value is told from an unknown option */
    for (int i = 0; i < MOST_ROWS && rows[i].kind != OPTION_END; i++) {
        int takes_value = rows[i].kind != OPTION_FLAG;
        if (rows[i].name[1] == '\0') {
            *letter++ = rows[i].name[0];
            if (takes_value)
                *letter++ = ':';
        } else {
            *word++ = (struct option){rows[i].name, takes_value, NULL, ROW_VALUE + i};
        }
    }
    *letter = '\0';
    *word++ = (struct option){"help", no_argument, NULL, HELP_VALUE};
    *word = (struct option){0};
}

static const struct option_row *row_of_letter(const struct option_row *rows, int letter)
{
    while (rows->kind != OPTION_END && !(rows->name[0] == letter && rows->name[1] == '\0'))
        rows++;
    return rows->kind == OPTION_END ? NULL : rows;
}

/* The option getopt_long could not make sense of, as the user wrote it. */
static bool unknown_option(char *const *argv, struct error *err)
{
    if (optopt > 0 && optopt < HELP_VALUE)
        return error_set(err, "unknown option '-%c'", optopt);
    if (optopt)
        return error_set(err, "option '%s' takes no value", argv[optind - 1]);
    return error_set(err, "unknown option '%s'", argv[optind - 1]);
}

static bool parse_operand(const char *operand, int argc, char **argv, struct arguments *arguments,
                          struct error *err)
{
    bool optional = operand && operand[0] == '[';
    int least = operand && !optional ? 1 : 0, given = argc - optind;
    int most = (operand != NULL) + (operand && strstr(operand, " ["));
    int name = operand ? (int)strcspn(operand, " ") : 0;
    if (given > most)
        return error_set(err, "unexpected argument '%s'", argv[optind + most]);
    if (given < least)
        return error_set(err, "%.*s is missing", name, operand);
    if (given == 0)
        return true;
    arguments->operand = argv[optind];
    arguments->text = given > 1 ? argv[optind + 1] : NULL;
    return argv[optind][0] || error_set(err, "%.*s is empty", name, operand);
}

bool options_parse(const struct option_row *rows, const char *operand, int argc, char **argv,
                   struct arguments *arguments, bool *help, struct error *err)
{
    struct tables tables;
    fill_tables(rows, &tables);
    *help = false;
    optind = 0; /* begin anew, with getopt's own state */
    opterr = 0;
    for (;;) {
        int value = getopt_long(argc, argv, tables.letters, tables.words, NULL);
        const struct option_row *row = NULL;
        if (value == -1)
            return parse_operand(operand, argc, argv, arguments, err);
        if (value == HELP_VALUE) {
            *help = true;
            return true;
        }
        if (value == '?')
            return unknown_option(argv, err);
        if (value == ':')
            return error_set(err, "option '%s' needs a value", argv[optind - 1]);
        row = value >= ROW_VALUE ? &rows[value - ROW_VALUE] : row_of_letter(rows, value);
        if (!store(row, optarg, arguments, err))
            return false;
    }
}

void options_print(const struct option_row *rows, FILE *out)
{
    for (; rows->kind != OPTION_END; rows++) {
        int width = fprintf(out, "  %s%s%s%s", rows->name[1] ? "--" : "-", rows->name,
                            rows->argument ? " " : "", rows->argument ? rows->argument : "");
        if (width >= HELP_COLUMN)
            width = fprintf(out, "\n") - 1;
        fprintf(out, "%*s", HELP_COLUMN - width, "");
        for (const char *c = rows->help; *c; c++) {
            fputc(*c, out);
            if (*c == '\n')
                fprintf(out, "%*s", HELP_COLUMN, "");
        }
        fputc('\n', out);
    }
}
