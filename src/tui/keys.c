#include "tui/keys.h"

#include <stddef.h>

enum {
    ANYWHERE =
        AT_STAGE | AT_PLAYING | AT_TAKE | AT_LESSON | AT_LEARNT | AT_HISTORY | AT_WEIGHTS | AT_HELP,
    EVERYWHERE = ANYWHERE | AT_ENTRANCE,
    BROWSING = AT_HISTORY | AT_WEIGHTS | AT_HELP,
    BETWEEN = AT_STAGE | AT_TAKE | AT_LEARNT | BROWSING, /* no take on this screen, no lesson */
};

/* In the order of the help view; the line of hints shows as many as fit. */
const struct key keys[] = {
    {{' '}, "space", "play", "count in and play", BETWEEN | AT_LESSON, ACTION_PLAY},
    {{' '}, "space", "stop", "stop the take; it is kept", AT_PLAYING, ACTION_STOP},
    {{'g'}, "g", "you begin", "you begin, the drums come in", AT_STAGE, ACTION_AWAIT},
    {{' ', PRESS_ESCAPE},
     "space",
     "give up",
     "wait for no beat any more",
     AT_ENTRANCE,
     ACTION_GIVE_UP},
    {{PRESS_LEFT, PRESS_RIGHT},
     "← →",
     "half, double",
     "the beat half, twice as fast",
     AT_ENTRANCE,
     ACTION_BEAT},
    {{'f'}, "f", "flub", "the bar is not to be learnt", AT_PLAYING, ACTION_FLUB},
    {{'r'}, "r", "robot", "as written, and back", AT_PLAYING, ACTION_ROBOT},
    {{'-', '+', '='}, "-+", "follow", "follow less, follow more", AT_PLAYING, ACTION_FOLLOW},
    {{'[', ']'}, "[]", "leash", "a shorter, a longer leash", AT_PLAYING, ACTION_LEASH},
    {{'1', '2', '3', '4', '5', '6', '7', '8', '9'},
     "1-9",
     NULL,
     "[] for one drum, or for all",
     AT_STAGE | AT_PLAYING | AT_WEIGHTS,
     ACTION_LEASH_DRUM},
    {{',', '.'}, ",.", NULL, "hear you less, more keenly", EVERYWHERE, ACTION_SENSITIVITY},
    {{'a'}, "a", "accept", "the drummer learns from it", AT_TAKE | AT_HISTORY, ACTION_ACCEPT},
    {{'r'}, "r", "reject", "kept, but nothing is learnt", AT_TAKE | AT_HISTORY, ACTION_REJECT},
    {{'k', PRESS_ESCAPE}, "k", "keep", "leave the take undecided", AT_TAKE, ACTION_KEEP},
    {{PRESS_LEFT, PRESS_RIGHT}, "← →", NULL, "the bar before, the bar after", AT_TAKE, ACTION_BAR},
    {{'x'}, "x", "bar", "bar out of the lesson, or in", AT_TAKE, ACTION_BAR_OUT},
    {{'1', '2', '3', '4', '5', '6', '7', '8', '9'},
     "1-9",
     "drum",
     "drum out of it, or in",
     AT_TAKE,
     ACTION_DRUM},
    {{'x'}, "x", "cancel", "cancel the lesson", AT_LESSON, ACTION_CANCEL},
    {{PRESS_UP, PRESS_DOWN}, "↑ ↓", NULL, "the line above, or below", BROWSING, ACTION_MOVE},
    {{PRESS_PAGE_UP, PRESS_PAGE_DOWN},
     "page ↑↓",
     NULL,
     "a page back, a page on",
     AT_HISTORY | AT_HELP,
     ACTION_PAGE},
    {{PRESS_LEFT, PRESS_RIGHT}, "← →", "turn", "turn the knob down, up", AT_WEIGHTS, ACTION_TURN},
    {{'0'}, "0", "as it was", "the knob as it was", AT_WEIGHTS, ACTION_RESET},
    {{PRESS_ENTER}, "enter", "look", "look at the take", AT_HISTORY, ACTION_LOOK},
    {{'m'}, "m", "let play", "let this drummer play", AT_HISTORY, ACTION_CURRENT},
    {{'u'}, "u", "undo", "undo the last lesson", BETWEEN & ~AT_HELP, ACTION_UNDO},
    {{'h'}, "h", "history", "takes and drummers", ANYWHERE & ~AT_HISTORY, ACTION_HISTORY},
    {{'w'},
     "w",
     "weights",
     "weights, follow, leash, tempo",
     ANYWHERE & ~AT_WEIGHTS,
     ACTION_WEIGHTS},
    {{'e'}, "e", "export", "write the take as MIDI", BETWEEN & ~AT_HELP, ACTION_EXPORT},
    {{'-', '+', '='},
     "-+",
     "follow",
     "follow less, follow more",
     ANYWHERE & ~AT_PLAYING,
     ACTION_FOLLOW},
    {{'[', ']'}, "[]", "leash", "a shorter, a longer leash", ANYWHERE & ~AT_PLAYING, ACTION_LEASH},
    {{PRESS_ESCAPE, 'h'}, "esc", "back", "back to the stage", AT_HISTORY, ACTION_BACK},
    {{PRESS_ESCAPE, 'w', PRESS_ENTER}, "esc", "back", "back to the stage", AT_WEIGHTS, ACTION_BACK},
    {{PRESS_ESCAPE, '?', PRESS_ENTER}, "esc", "back", "back", AT_HELP, ACTION_BACK},
    {{PRESS_ESCAPE, PRESS_ENTER},
     "esc",
     "back",
     "back to the stage",
     AT_LEARNT | AT_LESSON,
     ACTION_BACK},
    {{'c'}, "c", NULL, "measure the round trip", AT_STAGE, ACTION_CALIBRATE},
    {{'?'}, "?", "help", "these keys", EVERYWHERE & ~AT_HELP, ACTION_HELP},
    {{'q'}, "q", "quit", "leave (asks while it is busy)", EVERYWHERE, ACTION_QUIT},
};

const int key_count = sizeof keys / sizeof *keys;

static const char *const names[ACTION_COUNT] = {
    [ACTION_PLAY] = "play",
    [ACTION_STOP] = "stop",
    [ACTION_AWAIT] = "await-guitar",
    [ACTION_GIVE_UP] = "give-up",
    [ACTION_BEAT] = "beat",
    [ACTION_ACCEPT] = "accept",
    [ACTION_REJECT] = "reject",
    [ACTION_KEEP] = "keep",
    [ACTION_BAR] = "bar",
    [ACTION_BAR_OUT] = "bar-out",
    [ACTION_DRUM] = "drum-out",
    [ACTION_UNDO] = "undo",
    [ACTION_EXPORT] = "export",
    [ACTION_CANCEL] = "cancel",
    [ACTION_FLUB] = "flub",
    [ACTION_ROBOT] = "robot",
    [ACTION_FOLLOW] = "follow",
    [ACTION_LEASH] = "leash",
    [ACTION_LEASH_DRUM] = "leash-drum",
    [ACTION_SENSITIVITY] = "sensitivity",
    [ACTION_MOVE] = "move",
    [ACTION_PAGE] = "page",
    [ACTION_TURN] = "turn",
    [ACTION_RESET] = "reset",
    [ACTION_LOOK] = "look",
    [ACTION_CURRENT] = "let-play",
    [ACTION_CALIBRATE] = "calibrate",
    [ACTION_HISTORY] = "history",
    [ACTION_WEIGHTS] = "weights",
    [ACTION_HELP] = "help",
    [ACTION_BACK] = "back",
    [ACTION_QUIT] = "quit",
};

const char *keys_action_name(enum action action)
{
    return names[action];
}

bool keys_first(enum action action, int code)
{
    for (int i = 0; i < key_count; i++)
        if (keys[i].action == action && keys[i].codes[0] == code)
            return true;
    return false;
}

enum action keys_action(enum place place, int code)
{
    for (int i = 0; i < key_count; i++)
        for (int k = 0; k < KEY_CODES && keys[i].codes[k]; k++)
            if ((keys[i].places & place) && keys[i].codes[k] == code)
                return keys[i].action;
    return ACTION_NONE;
}
