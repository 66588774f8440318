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
    PRESS_RESIZE,
    PRESS_HANGUP /* the terminal is gone */
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
    ACTION_TURN,
    ACTION_RESET,
    ACTION_LOOK,
    ACTION_CURRENT,
    ACTION_CALIBRATE,
    ACTION_HISTORY,
    ACTION_WEIGHTS,
    ACTION_HELP,
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
    AT_ENTRANCE = 1 << 8 /* the guitar begins */
};

enum { KEY_CODES = 9 };

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

/* Of an action with a pair of keys: whether this is the first, which goes back, or down. */
bool keys_first(enum action action, int code);

/* "play", "let-play": one word; NULL for ACTION_NONE. */
const char *keys_action_name(enum action action);

enum action keys_action(enum place place, int code);

#endif
