/* What the files of the loop share: the running rehearsal behind the snapshot. */
#ifndef TUI_TUI_PRIVATE_H
#define TUI_TUI_PRIVATE_H

#include "tui/screen.h"
#include "tui/tui.h"

struct tui {
    struct room *room;
    struct room_take_options take;
    struct lesson_options lesson;
    struct device_config device;
    int rows, cols; /* of the terminal */
    struct screen screen;
    bool demo;
    enum view back;      /* where leaving help and weights leads to */
    enum view take_back; /* and leaving a take */
    bool play_next;      /* a take begins when the lesson is over */
    bool quit_asked;     /* the next q means it */
    bool quit;
    bool again;           /* quit for another process to go on */
    bool goes_on;         /* this process was begun for that */
    bool sound_missing;   /* it was there, and is to be looked for before the next take */
    bool told_lost;       /* that the sound card has vanished */
    struct position at;   /* where the song is */
    int export_take;      /* the prompt is about it */
    bool replace_asked;   /* the file is there; the next enter means it */
    double message_end_s; /* when the message goes by itself */
    double level_s;       /* when the level was last looked at */
    double peak_end_s;    /* how long the peak is held */
};

/* The line of messages. */
void say(struct tui *tui, enum tone tone, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void say_error(struct tui *tui, const struct error *err);

/* look.c: fills the snapshot. */
bool look_at_session(struct tui *tui, struct error *err); /* takes, drummers */
void look_at_stage(struct tui *tui);                      /* every frame */
void look_for_take(struct tui *tui);                      /* a take begins: forget the last one */

/* flow.c: takes and lessons. flow_tick sees to what has ended by itself. */
bool flow_open(struct tui *tui, struct error *err);       /* the sound, for the first time */
bool flow_open_again(struct tui *tui, struct error *err); /* else none: the screen stays */
void flow_begin_take(struct tui *tui);
void flow_stop_take(struct tui *tui);
void flow_accept(struct tui *tui, int take);
void flow_reject(struct tui *tui, int take);
void flow_undo(struct tui *tui, int checkpoint); /* 0: to the parent */
void flow_look(struct tui *tui, int take);
void flow_tick(struct tui *tui);
void flow_end(struct tui *tui); /* before the room closes: keep the take, end the lesson */

/* turn.c: what the player sets; during a take the drummer is told at once. */
void turn_knob(struct tui *tui, enum knob knob, int direction);
void turn_back(struct tui *tui, enum knob knob); /* as it was when the program began */
void turn_drum(struct tui *tui, int drum);       /* whose leash is meant; once more: of all */
void heed_stage(struct tui *tui);                /* the stage has been opened */
void turn_robot(struct tui *tui);
void turn_flub(struct tui *tui);

/* act.c: what a key does. */
void act_on_key(struct tui *tui, int press);

/* export.c: the question for a file name. */
void export_ask(struct tui *tui, int take);
void export_key(struct tui *tui, int press);

#endif
