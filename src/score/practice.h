/* How bars are practised: again and again, faster each time, with the drums gone for some of them.
 *
 * What is repeated is made into a score of its own, the arranged score: the song's bars in the
 * order they are played, one after the other, each pass at its tempo, on one clock that never goes
 * back. Whoever plays, hears, learns or stores a take needs to know no more. A step of an arranged
 * score knows its bar and step in the song; what is learnt of them is learnt of the song.
 *
 *        song     | 1 | 2 | 3 | 4 | 5 |
 *        a loop   | 3 | 4 | 3 | 4 | 3 | 4 |         bars 3-4, three passes, then the end
 *        a vamp   | 1 | 2 | 2 | 2 | 2 | 3 | 4 | 5 | bar 2, four passes at the most
 *
 * A pass that is told to be the last one is followed by what follows the last pass: the steps of
 * the passes in between are skipped, and all after them stand that much earlier. */
#ifndef SCORE_PRACTICE_H
#define SCORE_PRACTICE_H

#include "base/error.h"
#include "score/score.h"

#include <stdbool.h>

enum { PRACTICE_MOST_PASSES = 99, PRACTICE_MOST_BARS = 99, PRACTICE_MOST_RAMP = 60 };

/* All 0: the bars are played once, with their drums. */
struct practice {
    int passes;                /* at the most; 0 and 1: once */
    int played;                /* known when a take has ended: fewer than passes; 0: all of them */
    int vamp_first, vamp_last; /* from 1: these bars are repeated until the guitar has come back,
                                  and the song goes on; 0, 0: all the bars that are played are */
    double ramp_percent;       /* added to the tempo at each pass, in percent of the song's */
    int play_bars, out_bars;   /* the drums sound for so many bars, then are silent for so many */
};

/* False with a sentence where this is no way to play the bars `first_bar` to `last_bar`, as in
 * take_settings, of a song at `tempo_percent`. */
bool practice_check(const struct practice *practice, int first_bar, int last_bar,
                    struct error *err);

/* Whether the bars are played in another order than the song's. */
bool practice_arranges(const struct practice *practice);

/* The tempo of pass `pass` (from 1) where the first has `tempo_percent`: 40 to 160. */
double practice_tempo(const struct practice *practice, double tempo_percent, int pass);

/* The arranged score; `song` is the song at the tempo of the first pass and is not needed
 * afterwards. A step less than SCORE_CLUSTER_S before the first one of the next pass is left out of
 * every pass. NULL with a sentence. */
struct score *practice_score(const struct score *song, int first_bar, int last_bar,
                             const struct practice *practice, struct error *err);

/* ---- where in it ---- */

/* The passage of a bar of the clock (from 0), or of a step; NULL in a score that is not arranged.
 */
const struct passage *practice_passage(const struct score *score, int clock_bar);
const struct passage *practice_passage_of(const struct score *score, int step);

/* The song's bar (from 0) that a bar of the clock is; the bar of the clock that a step is in. */
int practice_song_bar(const struct score *score, int clock_bar);
int practice_clock_bar(const struct score *score, int step);

/* Bars of the clock, to the end. */
int practice_clock_bars(const struct score *score);

/* How many passes there are; 1 where nothing is repeated. */
int practice_passes(const struct score *score);

/* Whether the drums of a bar are silent; the bars that are played are counted from 0. */
bool practice_is_out(const struct practice *practice, int played_bar);

/* ---- the last time round ---- */

/* Steps `from` up to but not including `to` are not played. What begins at `end_s` in the score
 * begins at `begin_s`. */
struct skip {
    int from, to; /* INT_MAX, INT_MAX: none */
    double begin_s, end_s;
};
extern const struct skip practice_no_skip;

/* The pass under way is the last one. `next` is the first step not yet asked for: while it is the
 * first of a pass, the pass before is under way. False where that is the last one anyway, or
 * nothing is repeated. */
bool practice_last_time(const struct score *score, int next, struct skip *skip);

/* The same, said by the pass (from 1) that was the last one. */
bool practice_skip_after(const struct score *score, int pass, struct skip *skip);

/* How much earlier than written a step stands. */
double skip_s(const struct skip *skip, int step);

/* The length of what is skipped; where in the score frame `frame` of the take is; and back,
 * INT64_MAX for what is skipped. Frames are `rate` a second. */
int64_t skip_frames(const struct skip *skip, int rate);
int64_t skip_score_frame(const struct skip *skip, int64_t frame, int rate);
int64_t skip_take_frame(const struct skip *skip, int64_t frame, int rate);

/* The next step to be played after `step`. */
int skip_next(const struct skip *skip, int step);

/* Its index in the score of the passes that were played, -1 for one that was skipped; and back. */
int skip_index(const struct skip *skip, int step);
int skip_step(const struct skip *skip, int index);

#endif
