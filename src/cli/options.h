/* What a command may be told. Each command has one table of rows; parsing and the help text both
 * come from it.
 *
 * Numbers are read strictly: the whole word must be the number, and it must lie in its range. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/error.h"
#include "learn/lesson.h"
#include "score/practice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Everything the commands can be told, at its default until it is told otherwise: NULL, false, 0,
 * NaN, or what arguments_init says. */
struct arguments {
    const char *operand; /* the song, session, recording or folder */
    bool json;

    /* which session and drummer */
    const char *session, *lessons_from, *soundfont, *model;
    bool quantise;

    /* how a take is played; NaN: as a take has it by itself */
    const char *guitar;
    bool entrance;
    double follow, expression, leash_ms, tempo_percent, reverb;
    struct drum_leashes {
        uint16_t drums; /* that have one of their own */
        double ms[DRUM_COUNT];
    } leashes;
    double sensitivity_db;
    struct bar_choice {
        int first, last; /* from 1; 0, 0: not given; last 0: to the end */
    } bars, vamp;
    int passes;          /* 0: not given */
    int count_in;        /* -1: not given */
    double ramp_percent; /* 0 */
    struct drop {
        int play, out;
    } drop;
    bool click;
    bool unrecorded;
    uint64_t seed; /* 1 */

    /* what comes out */
    const char *output, *mix, *midi, *guitar_out;

    /* takes, checkpoints, lessons */
    int take, checkpoint; /* 0: not given */
    int takes[2], checkpoints[2];
    const char *text, *search;
    bool yes, branch;
    bool drummer;
    int epochs;                    /* -1: not given */
    struct lesson_weights weights; /* NaN: the drummer's own recipe */
    struct lesson_choice choice;   /* no bars: not given; all drums */
    double strength;               /* 1 */
    bool look;

    /* training */
    const char *split, *export_file;
    bool fills, heard, duet, two_bars;
    int players;                     /* 0: the default */
    double training_epochs, dropout; /* NaN: the model's own */
    int threads, encoders, decoders; /* 0: the default */
    const char *teachers;            /* names, with commas between */

    /* sound */
    bool live, silent;
    const char *input_device, *output_device;
    int rate, period, channel; /* 0: the card's own; the first */

    /* listening */
    const char *drums_file;
    bool all;
};

void arguments_init(struct arguments *arguments);

enum option_kind {
    OPTION_END,
    OPTION_FLAG,     /* bool */
    OPTION_TEXT,     /* const char *, not empty */
    OPTION_NUMBER,   /* double */
    OPTION_INTEGER,  /* int */
    OPTION_PAIR,     /* A,B: int[2], each from 1, not the same */
    OPTION_SEED,     /* uint64_t */
    OPTION_BARS,     /* A, A-B or A-: struct bar_choice */
    OPTION_BAR_LIST, /* several of them: struct bars */
    OPTION_DRUMS,    /* names of classes: uint16_t */
    OPTION_DROP,     /* N/M: int play, int out */
    OPTION_LEASHES,  /* kick=10,snare=25: struct drum_leashes */
    OPTION_WEIGHTS   /* v,o,g,r, each 0 to 1000: struct lesson_weights */
};

struct option_row {
    enum option_kind kind;
    const char *name;     /* "seed" is --seed; one letter is -o */
    const char *argument; /* as help shows it; NULL for a flag */
    const char *help;
    size_t place;       /* offset in struct arguments */
    double least, most; /* of a number */
};

#define OPTION_PLACE(field) offsetof(struct arguments, field)
#define OPTION_IS_FLAG(name, field, help)                                                          \
    {                                                                                              \
        OPTION_FLAG, name, NULL, help, OPTION_PLACE(field), 0, 0                                   \
    }
#define OPTION_IS_TEXT(name, field, argument, help)                                                \
    {                                                                                              \
        OPTION_TEXT, name, argument, help, OPTION_PLACE(field), 0, 0                               \
    }
#define OPTION_IS_NUMBER(name, field, argument, least, most, help)                                 \
    {                                                                                              \
        OPTION_NUMBER, name, argument, help, OPTION_PLACE(field), least, most                      \
    }
#define OPTION_IS_INTEGER(name, field, argument, least, most, help)                                \
    {                                                                                              \
        OPTION_INTEGER, name, argument, help, OPTION_PLACE(field), least, most                     \
    }

/* Reads `argv` (the command's own words, after its name) into `arguments`. `operand` names the one
 * thing the command works on, NULL when it takes none; its absence is an error too, unless it is
 * [in brackets]. A second word behind it, "S [TEXT]", may be left out. False with a sentence for
 * exit status 2. --help, known to every command, sets *help and stops. */
bool options_parse(const struct option_row *rows, const char *operand, int argc, char **argv,
                   struct arguments *arguments, bool *help, struct error *err);

/* The table as help shows it, a line or more each. */
void options_print(const struct option_row *rows, FILE *out);

#endif
