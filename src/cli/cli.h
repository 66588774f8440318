/* The commands: one table of what there is, one way to run it. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "cli/options.h"

#define ROLYPOLY_VERSION "0.1"

enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2 }; /* exit statuses */

/* Runs the command that argv names and returns the exit status. */
int cli_main(int argc, char **argv);

/* The argv that cli_main was given. */
char **cli_words(void);

struct command {
    const char *name;
    const char *operand; /* "SONG.mid"; NULL when it takes none */
    const char *summary; /* a line for the list */
    const char *details; /* more for its own help; NULL when there is no more to say */
    const struct option_row *options;
    /* Prints to stdout and returns CLI_DONE, or leaves a sentence in the error. */
    int (*run)(const struct arguments *arguments, struct error *err);
};

extern const struct command command_rehearse, command_demo;                   /* cmd_rehearse.c */
extern const struct command command_library;                                  /* cmd_library.c */
extern const struct command command_take, command_replay;                     /* cmd_take.c */
extern const struct command command_accept, command_reject, command_rollback; /* cmd_lesson.c */
extern const struct command command_history;                                  /* cmd_history.c */
extern const struct command command_compare;                                  /* cmd_compare.c */
extern const struct command command_note;                                     /* cmd_note.c */
extern const struct command command_delete;                                   /* cmd_delete.c */
extern const struct command command_export, command_humanise;                 /* cmd_export.c */
extern const struct command command_onsets;                                   /* cmd_onsets.c */
extern const struct command command_keys;                                     /* cmd_keys.c */
extern const struct command command_devices;                                  /* cmd_devices.c */
extern const struct command command_calibrate;                                /* cmd_calibrate.c */
extern const struct command command_evaluate;                                 /* cmd_evaluate.c */
extern const struct command command_pretrain;                                 /* cmd_train.c */
extern const struct command command_bench;                                    /* cmd_bench.c */
extern const struct command command_doctor;                                   /* cmd_doctor.c */

#endif
