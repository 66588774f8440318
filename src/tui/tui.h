/* The screen: a rehearsal in a terminal. It talks to the room alone, never to the sound
 * or the model, and nothing it does waits for either. */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include "audio/device.h"
#include "rehearsal/room.h"
#include "tui/key_file.h"
#include "tui/knobs.h"

#include <limits.h>

struct tui_options {
    struct room_take_options take; /* what takes begin with; the user changes it on the way */
    struct lesson_options lesson;  /* and lessons */
    struct device_config device;
    bool sound_remembered; /* where it is not to be had, whatever there is will do */
    bool history;          /* begin there, not on the stage */
    bool demo;             /* say what to try next */
    bool autoplay;         /* begin the first take at once */
    const struct key_settings *keys;
};

/* What a rehearsal goes on with in another process. Plain data. */
struct tui_rest {
    bool there;
    char song[PATH_MAX]; /* chosen in the library; "": the command line names it */
    char next[PATH_MAX]; /* with TUI_LIBRARY: the song that is wanted; "": whichever is chosen */
    int kept;            /* the take that was being played when the user left; 0: none */
    struct knobs knobs;
    bool history; /* the user left from there */
};

enum { TUI_AGAIN = -1, TUI_LIBRARY = -2, TUI_QUIT = -3 };

/* Takes the terminal for several of the calls below, so that it is not given back in between. It is
 * left as it was found, whatever happens. */
bool tui_open(bool mouse, struct error *err);
void tui_close(void);

/* The library: what there is to rehearse. */
struct tui_choice {
    const char *sessions;  /* this folder's are listed; NULL: none, and no demo */
    char folder[PATH_MAX]; /* whose scores are listed; where the user has gone to meanwhile */
    char song[PATH_MAX];   /* selected to begin with, where it is listed; what was chosen, "" for
                              the demo */
    bool back;             /* a rehearsal of `song` was left: escape goes back to it */
    int kept;              /* the take that was kept when it was left; shown */
    struct error failure;  /* why that could not be opened; shown */
    const struct key_settings *keys;
};

/* 0: something was chosen. TUI_QUIT: the user wants to leave; otherwise as tui_run. */
int tui_choose(struct tui_choice *choice, struct error *err);

/* Opens the room's stage, shows it and follows the keys until the user quits; a take that is being
 * played then is kept, a lesson that is running is cancelled. The terminal is left as it was found,
 * whatever happens.
 * Returns 0 when the user quit, 1 with the reason when there is no usable terminal or no sound, and
 * 128 + N when signal N (SIGINT, SIGTERM, SIGHUP) ended it. TUI_AGAIN: the user wants to play on,
 * but this process has lost sound for good (device_needs_new_process): another is to go on with
 * *rest. With rest->there set by the caller it goes on with that, and begins a take if there is
 * sound. TUI_LIBRARY: the user wants another song. */
int tui_run(struct room *room, const struct tui_options *options, struct tui_rest *rest,
            struct error *err);

#endif
