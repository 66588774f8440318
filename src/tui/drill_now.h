/* What a take in which bars are practised tells its player while it is played. */
#ifndef TUI_DRILL_NOW_H
#define TUI_DRILL_NOW_H

#include "score/dropout.h"
#include "tui/moments.h"

struct drill_now {
    int pass, passes;      /* from 1, of how many; 0, 0: nothing is repeated here */
    double tempo_percent;  /* of this pass */
    bool vamp;             /* it goes on until the guitar has come back */
    bool told;             /* that the pass under way is the last one */
    bool last_time;        /* no pass follows this one, told or not */
    int out_bar, out_bars; /* silent for so many bars, and this is the n-th; 0, 0: they sound */
    bool drifted;          /* there was a dropout, and its figures are fresh */
    struct dropout dropout;
};

/* In bar `clock_bar` of the score that is played, when the drums of the steps before it have
 * sounded. `told`: a last time has been asked for. */
struct drill_now drill_now_at(const struct score *score, const struct take_settings *settings,
                              const struct moment *moments, int clock_bar, bool told);

/* "drifted 34 ms late (1.1 % slow)" */
void drill_now_drift(const struct dropout *dropout, char *out, int size);

#endif
