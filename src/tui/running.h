/* The running rehearsal behind the snapshot: what the files of the loop share. The main thread's.
 */
#ifndef TUI_RUNNING_H
#define TUI_RUNNING_H

#include "rehearsal/calibration.h"
#include "tui/colon.h"
#include "tui/frames.h"
#include "tui/screen.h"
#include "tui/tui.h"

struct tui {
    struct room *room;
    struct room_take_options take;
    struct lesson_options lesson;
    struct device_config device;
    bool sound_remembered; /* and not asked for */
    int rows, cols;        /* of the terminal */
    struct screen screen;
    struct frames frames;
    bool demo;
    enum view back;      /* where leaving help and weights leads to */
    enum view take_back; /* and leaving a take */
    bool play_next;      /* a take begins when the lesson is over */
    enum action leaving; /* asked for while busy; once more means it */
    bool quit;
    struct tui_choice *choice; /* in the library; else NULL */
    bool chosen;               /* there */
    bool to_library;           /* quit for it, */
    char next[PATH_MAX];       /* or for this song; "": none */
    struct colon colon;
    bool again;          /* quit for another process to go on */
    bool goes_on;        /* this process was begun for that */
    bool sound_missing;  /* it was there, and is to be looked for before the next take */
    bool told_lost;      /* that the sound card has vanished */
    struct position at;  /* of what is played */
    int practised_bar;   /* of its clock: what it tells is known; -1: of none */
    struct pedal *pedal; /* NULL: none */
    bool pedal_there;    /* as the player has been told */
    struct calibration *calibration; /* under way, instead of the stage; else NULL */
    int export_take;                 /* the prompt is about it */
    double message_end_s;            /* when the message goes by itself */
    double level_s;                  /* when the level was last looked at */
    double peak_end_s;               /* how long the peak is held */
};

#endif
