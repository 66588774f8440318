/* What the commands work on: a song's room, a session of the past, a drummer. */
#ifndef CLI_OPEN_H
#define CLI_OPEN_H

#include "cli/options.h"
#include "model/checkpoint.h"
#include "rehearsal/room.h"
#include "rehearsal/sensitivity.h"

#include <limits.h>

/* The options that say which session and which drummer, and how a take is played: rows for the
 * tables of commands that play takes. */
#define OPTIONS_OF_SESSION                                                                         \
    OPTION_IS_TEXT("session", session, "FILE", "the session file, instead of the song's own"),     \
        OPTION_IS_TEXT("lessons-from", lessons_from, "FILE",                                       \
                       "a new session starts with the drummer of this one"),                       \
        OPTION_IS_FLAG("quantise", quantise,                                                       \
                       "the score was played: put it on the 16th or triplet grid")
#define OPTIONS_OF_PLAYING                                                                         \
    OPTION_IS_TEXT("model", model, "M", "groove (default), paper or straight"),                    \
        OPTION_IS_NUMBER("follow", follow, "F", 0, 1,                                              \
                         "0: the drummer's own feel, 1: where the guitar is expected"),            \
        OPTION_IS_NUMBER("expression", expression, "E", 0, 1,                                      \
                         "0: the most likely hit, 1: the spread of a real drummer"),               \
        OPTION_IS_NUMBER("leash", leash_ms, "MS", 0, LEASH_MOST_MS, "the most a hit may move"),    \
        {OPTION_LEASHES,                                                                           \
         "leash-drums",                                                                            \
         "DRUMS",                                                                                  \
         "shorter for some drums, like kick=10,snare=25",                                          \
         OPTION_PLACE(leashes),                                                                    \
         0,                                                                                        \
         0},                                                                                       \
        OPTION_IS_NUMBER("tempo", tempo_percent, "PERCENT", 40, 160, "of the score's own tempo"),  \
        {OPTION_BARS, "bars", "A-B", "these bars alone", OPTION_PLACE(bars), 0, 0},                \
    {                                                                                              \
        OPTION_SEED, "seed", "N", "chance of expression and of a virtual guitarist",               \
            OPTION_PLACE(seed), 0, 0                                                               \
    }
#define OPTIONS_OF_PRACTICE                                                                        \
    OPTION_IS_INTEGER("loop", passes, "N", 2, PRACTICE_MOST_PASSES, "these bars so often"),        \
        OPTION_IS_NUMBER("ramp", ramp_percent, "PERCENT", -PRACTICE_MOST_RAMP, PRACTICE_MOST_RAMP, \
                         "faster by so much at each pass of a loop, 40 to 160 in all"),            \
        {OPTION_BARS,                                                                              \
         "vamp",                                                                                   \
         "A-B",                                                                                    \
         "these bars until the guitar has come back, then the song\ngoes on",                      \
         OPTION_PLACE(vamp),                                                                       \
         0,                                                                                        \
         0},                                                                                       \
        {OPTION_DROP,                                                                              \
         "drop",                                                                                   \
         "N/M",                                                                                    \
         "the drums play N bars and are silent for M, again and again",                            \
         OPTION_PLACE(drop),                                                                       \
         0,                                                                                        \
         0},                                                                                       \
        OPTION_IS_INTEGER("count-in", count_in, "N", 0, ROOM_MOST_COUNT_IN,                        \
                          "bars clicked before"),                                                  \
        OPTION_IS_FLAG("click", click, "click every beat")
#define OPTION_NO_RECORDING                                                                        \
    OPTION_IS_FLAG("no-recording", unrecorded, "do not keep the guitar's sound with the take")
#define OPTION_SENSITIVITY                                                                         \
    OPTION_IS_NUMBER("sensitivity", sensitivity_db, "DB", -SENSITIVITY_MOST_DB,                    \
                     SENSITIVITY_MOST_DB, "how keenly the guitar is heard; 0 is as learnt")
#define OPTIONS_OF_DRUMS                                                                           \
    OPTION_SOUNDFONT,                                                                              \
        OPTION_IS_NUMBER("reverb", reverb, "R", 0, 1, "a small room around the drums; 0: none")
/* Through what a command hears and sounds: one table for all of them. */
#define OPTIONS_OF_CARD                                                                            \
    OPTION_IS_TEXT(                                                                                \
        "input", input_device, "NAME",                                                             \
        "the guitar's sound card: its number in rolypoly devices,\nor part of its name"),          \
        OPTION_IS_TEXT("output", output_device, "NAME", "the drums' sound card"),                  \
        OPTION_IS_INTEGER("rate", rate, "HZ", DEVICE_LOWEST_RATE, DEVICE_HIGHEST_RATE,             \
                          "frames a second, of both"),                                             \
        OPTION_IS_INTEGER("period", period, "FRAMES", 16, DEVICE_MAX_FRAMES,                       \
                          "frames at a time, of both"),                                            \
        OPTION_IS_INTEGER("channel", channel, "N", 1, DEVICE_MOST_CHANNELS,                        \
                          "of the input that the guitar is plugged into")
#define OPTIONS_OF_DEVICE                                                                          \
    OPTION_IS_FLAG("silent", silent, "use no sound card: silence, in real time"), OPTIONS_OF_CARD
#define OPTION_SOUNDFONT                                                                           \
    OPTION_IS_TEXT("soundfont", soundfont, "FILE", "the drums' sound, instead of the system's")
#define OPTION_TAKE OPTION_IS_INTEGER("take", take, "N", 1, INT_MAX, "default: the last one")
#define OPTION_JSON OPTION_IS_FLAG("json", json, "one JSON object on stdout instead of text")
#define OPTION_LAST                                                                                \
    {                                                                                              \
        OPTION_END, NULL, NULL, NULL, 0, 0, 0                                                      \
    }

/* The room of a song (or of a session file), made when it is new. Says so on stderr when an edited
 * version of the song has lessons to offer. */
struct room *open_song(const struct arguments *arguments, struct error *err);

/* The room of a session that is there: `operand` is the session file, or the score it holds. */
struct room *open_past(const struct arguments *arguments, struct error *err);

/* Whether a --guitar is no file but "virtual" or "virtual:NAME". */
bool is_virtual(const char *guitar);

/* What the command line says of how to play; the rest stays as it is. */
void apply_settings(const struct arguments *arguments, struct take_settings *settings);
void apply_options(const struct arguments *arguments, struct room_take_options *options);

/* Which sound card, and how. */
struct device_config sound_of(const struct arguments *arguments);

/* --take, or the last take. 0 on failure. */
int chosen_take(const struct arguments *arguments, struct room *room, struct error *err);

/* False unless one of --take and --checkpoint is given. */
bool one_of_both(const struct arguments *arguments, struct error *err);

/* The drummer of a model's name, or of a checkpoint file: its name holds a dot or a slash. NULL is
 * the groove. */
struct checkpoint *open_drummer(const char *model, struct error *err);

/* False for a --model that is no model's name, and no file's either where files will do. */
bool check_model(const char *model, bool files, struct error *err);

#endif
