/* A take judged as a musician would: how well it was heard, how tight it was, who came to whom,
 * what stands out, and all of it beside earlier takes. Pure. */
#ifndef LEARN_JUDGEMENT_H
#define LEARN_JUDGEMENT_H

#include "learn/reaction.h"
#include "score/dropout.h"
#include "score/take_bars.h"

/* What an asynchrony deserves. Good ensembles are within some 10 ms of each other; from about 25 ms
 * two attacks are heard as two. */
enum tightness { TIGHT, CLOSE, LOOSE };
enum tightness tightness_of(double apart_ms);

/* Bars much further apart than the others of the take. */
struct odd_bars {
    int first, last;  /* from 1 */
    double apart_ms;  /* mean |guitar - drums| */
    double guitar_ms; /* how much later the guitar was there than in the rest of the take */
    bool usual;       /* earlier takes were no better there; else they disagree */
};

enum { MOST_ODD_BARS = 8, JUDGEMENT_LEAST_NOTES = 16 };

struct judgement {
    int take;
    int steps, notes; /* of the take; where the guitar was heard */
    /* Steps where he was heard in at least half of the earlier takes that came by, and at how many
     * of them he was heard now. 0: nothing is known of what he plays. */
    int expected, expected_heard;
    /* Of the notes; NaN without any. */
    double apart_ms;  /* mean |guitar - drums| */
    double spread_ms; /* SD of guitar - drums */
    double lean_ms;   /* mean guitar - drums: positive, the guitar came after */
    double within_ms; /* mean |guitar - expected| */
    double grid_ms;   /* mean |guitar|: how far apart drums on the written beat would have been */
    double drift_ms;  /* how much later he was in the last quarter of the bars than in the first */
    struct reaction reaction;
    /* Earlier takes with enough notes: how many, the newest and the tightest by number; 0: none. */
    int earlier, last, best;
    double last_ms, best_ms;            /* their apart_ms */
    struct odd_bars odd[MOST_ODD_BARS]; /* the worst first */
    int odd_count;
    int turn; /* the bar from which on it was so much tighter, or looser; 0: it was even */
    double before_turn_ms, after_turn_ms;
    int dropouts;           /* times the drums were silent, and how far he drifted was heard */
    struct dropout dropout; /* the one he drifted furthest in */
};

/* `bars` are the take's own, `earlier` those of takes before it, the newest first. False when out
 * of memory. */
bool judgement_make(const struct score *score, const struct take *take,
                    const struct take_bars *bars, const struct take_bars *earlier,
                    int earlier_count, struct judgement *judgement, struct error *err);

/* Beside an earlier take, which had so many notes and was so far apart: once for each, the newest
 * first. */
void judgement_compare(struct judgement *judgement, int take, int notes, double apart_ms);

/* How far the drums came to the guitar: what they saved it beside drums on the written beat. */
double judgement_drums_ms(const struct judgement *judgement);

/* Whether it can be told how far the guitarist came to the drums, and what it is then. Few notes
 * tell nothing. */
enum coming { COMING_UNKNOWN, COMING_NOT, COMING };
enum coming judgement_coming(const struct judgement *judgement);

/* In words, a sentence of at most 58 columns each. False when there is nothing to say. */
enum remark {
    REMARK_TOGETHER,  /* "Tight: 8.1 ms apart, the best take yet." */
    REMARK_NOTABLE,   /* "You rushed bars 17-20 by 30 ms."; of a drill, the drift */
    REMARK_LEAVE_OUT, /* "Bars 17-20 disagree with the other takes." */
    REMARKS
};
enum { REMARK_SIZE = 96 };
bool judgement_remark(const struct judgement *judgement, enum remark remark, char out[REMARK_SIZE]);

/* judgement_bars.c: fills odd, turn and drift_ms. */
bool judgement_of_bars(const struct take_bars *bars, const struct take_bars *earlier,
                       int earlier_count, struct judgement *judgement, struct error *err);

#endif
