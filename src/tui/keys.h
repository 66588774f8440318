/* Every key in one table: what it is called, what it does, and where it works. The help view
 * and the line of hints are made from it. */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

#include <stdbool.h>

/* Keys that are no characters; beyond Unicode. */
enum press {
    PRESS_NONE = -1,
    PRESS_UP = 0x110000,
    PRESS_DOWN,
    PRESS_LEFT,
    PRESS_RIGHT,
    PRESS_PAGE_UP,
    PRESS_PAGE_DOWN,
    PRESS_HOME,
    PRESS_END,
    PRESS_DELETE,
    PRESS_ENTER,
    PRESS_ESCAPE,
    PRESS_BACKSPACE,
    PRESS_F1, /* to F12 */
    PRESS_RESIZE = PRESS_F1 + 12,
    PRESS_CLICK, /* of the mouse: terminal_click() says where */
    PRESS_WHEEL_UP,
    PRESS_WHEEL_DOWN,
    PRESS_HANGUP, /* the terminal is gone */
    PRESS_PEDAL,  /* whatever comes from the pedal and has no action of its own */
    PRESS_MIDI_CONTROLLER = 0x111000, /* and its number, 0 to 127; so for: */
    PRESS_MIDI_NOTE = PRESS_MIDI_CONTROLLER + 128,
    PRESS_MIDI_PROGRAM = PRESS_MIDI_NOTE + 128,
    PRESS_MIDI_END = PRESS_MIDI_PROGRAM + 128
};

enum action {
    ACTION_NONE,
    ACTION_PLAY,
    ACTION_STOP,
    ACTION_AWAIT,
    ACTION_GIVE_UP,
    ACTION_BEAT,
    ACTION_ACCEPT,
    ACTION_REJECT,
    ACTION_KEEP,
    ACTION_BAR,
    ACTION_STRETCH,
    ACTION_BAR_OUT,
    ACTION_DRUM,
    ACTION_UNDO,
    ACTION_EXPORT,
    ACTION_CANCEL,
    ACTION_FLUB,
    ACTION_ROBOT,
    ACTION_FOLLOW,
    ACTION_LEASH,
    ACTION_LEASH_DRUM,
    ACTION_SENSITIVITY,
    ACTION_MOVE,
    ACTION_PAGE,
    ACTION_ENDS,
    ACTION_TURN,
    ACTION_RESET,
    ACTION_LOOK,
    ACTION_CURRENT,
    ACTION_LINEAGE,
    ACTION_COMPARE,
    ACTION_NOTE,
    ACTION_DELETE,
    ACTION_DELETE_MEANT,
    ACTION_SEARCH,
    ACTION_CALIBRATE,
    ACTION_LISTEN,
    ACTION_BLIND,
    ACTION_PAUSE,
    ACTION_SWAP,
    ACTION_HEAR_DRUMS,
    ACTION_HEAR_GUITAR,
    ACTION_HEAR_BOTH,
    ACTION_LISTEN_LEVEL,
    ACTION_LISTEN_BAR,
    ACTION_LISTEN_LOOP,
    ACTION_LISTEN_LENGTH,
    ACTION_PREFER,
    ACTION_HISTORY,
    ACTION_WEIGHTS,
    ACTION_PRACTICE,
    ACTION_PRACTISE_BAR,
    ACTION_WHOLE_SONG,
    ACTION_LAST_TIME,
    ACTION_CLICK,
    ACTION_HELP,
    ACTION_OPEN,
    ACTION_ABOVE,
    ACTION_FILTER,
    ACTION_LIBRARY,
    ACTION_COMMAND,
    ACTION_BACK,
    ACTION_QUIT,
    ACTION_COUNT
};

/* Where the user is; keys work in a set of these. */
enum place {
    AT_STAGE = 1 << 0,   /* nothing is being played */
    AT_PLAYING = 1 << 1, /* the stage during a take */
    AT_TAKE = 1 << 2,    /* a take's verdict */
    AT_LESSON = 1 << 3,  /* a lesson runs */
    AT_LEARNT = 1 << 4,  /* what a lesson has changed */
    AT_HISTORY = 1 << 5,
    AT_WEIGHTS = 1 << 6,
    AT_HELP = 1 << 7,
    AT_COMPARE = 1 << 8, /* two takes or drummers side by side */
    AT_LISTEN = 1 << 9,  /* a take, or two drummers, are listened to */
    AT_LIBRARY = 1 << 10,
    AT_PRACTICE = 1 << 11,
    AT_ENTRANCE = 1 << 12, /* the guitar begins */
    PLACE_END = 1 << 13
};

enum { KEY_CODES = 9, KEY_PARTS = 9 };

struct key {
    int codes[KEY_CODES]; /* 0 ends; of a pair, the one that goes back comes first */
    const char *name;     /* "space" */
    const char *brief;    /* for the line of hints; NULL: not shown there */
    const char *help;
    unsigned places;
    enum action action;
};

extern const struct key keys[];
extern const int key_count;

/* "play", "let-play": one word; NULL for ACTION_NONE. */
const char *keys_action_name(enum action action);

/* What its keys in the table make of it: 2 of a pair that lie opposite each other, back (or down)
 * and on (or up); KEY_PARTS of the drums; else 1. */
int keys_parts(enum action action);

/* Which part the code at `index` of a row does, from 0. */
int keys_part(enum action action, int index);

#endif
