/* Listening again: a take as it was, or A and B, two drummers of whom one does not know who is who.
 */
#ifndef TUI_LISTEN_H
#define TUI_LISTEN_H

#include <stdbool.h>

struct score;
struct tui;

enum { LISTEN_MOST_LOOP = 4, LISTEN_MOST_DB = 24, LISTEN_STEP_DB = 3 }; /* bars; of the guitar */

struct listen {
    int take;
    bool ready; /* until then: */
    double done;

    bool going, drums, guitar; /* and who of them is heard */
    double now_s;              /* of the take, as long as that is */
    const struct score *score; /* of the take; bars are of its clock (score/practice.h) */
    int bar, first_bar, last_bar;
    int from; /* the bar of the song to begin with */
    bool loops;
    int loop_bars, loop_first;
    char unheard[160]; /* why there is no guitar; "" where there is */
    int guitar_db;     /* how much louder than it was recorded; from one to the next */

    bool blind;
    int side;        /* heard: 0 is A, 1 is B */
    int drummers[2]; /* the old and the new */
    bool audible;    /* whether they can be told apart; else */
    double most_ms;  /* how far apart they are at the most */
    int most_velocity;
    const double *bars; /* by bar from 0, how far they are apart; NULL where there is one */
    int bar_count;

    bool chosen;     /* from here on no secret: */
    int sides[2];    /* the drummer each is */
    double apart[2]; /* from the guitar, in ms; NaN where none was heard */
    bool kept;       /* the new one */

    int back; /* enum view that leaving leads to */
};

void listen_open(struct tui *tui, int take, int bar); /* from there on */
void listen_open_blindly(struct tui *tui);
void listen_close(struct tui *tui); /* by its key */
void listen_tick(struct tui *tui);

void listen_pause(struct tui *tui);
void listen_swap(struct tui *tui);
void listen_balance(struct tui *tui, int parts);   /* 1: drums, 2: guitar, 3: both */
void listen_level(struct tui *tui, int direction); /* of the guitar */
void listen_move(struct tui *tui, int direction);
void listen_loop(struct tui *tui);
void listen_length(struct tui *tui, int direction); /* of the loop */
void listen_prefer(struct tui *tui);                /* the side that is heard */

#endif
