#include "learn/two_bar.h"

#include <math.h>
#include <stdlib.h>

enum { BARS = 2, CELLS_A_BAR = 16, CELLS = BARS * CELLS_A_BAR };

/* ---- Windows ---- */

/* All windows of a corpus, one after the other: two bars as a score of their own. */
struct walk {
    const struct corpus *corpus;
    int piece, bar;
    struct step *steps; /* of the window; room for the longest recording's */
    struct score score; /* of the window; borrows from the recording all but its steps */
    int first;          /* the recording's step with which it begins */
};

static bool begin_walk(struct walk *walk, const struct corpus *corpus, struct error *err)
{
    int most = 1;
    for (int p = 0; p < corpus->count; p++)
        if (corpus->pieces[p].score->step_count > most)
            most = corpus->pieces[p].score->step_count;
    *walk = (struct walk){.corpus = corpus, .bar = -1};
    walk->steps = calloc((size_t)most, sizeof *walk->steps);
    return walk->steps || error_set(err, "out of memory");
}

static bool in_four(const struct score *score)
{
    for (int i = 0; i < score->step_count; i++)
        if (score->steps[i].at.numerator != 4 || score->steps[i].at.denominator != 4)
            return false;
    return true;
}

/* False where nothing is hit. */
static bool cut(struct walk *walk, const struct score *from)
{
    int end = walk->first = 0;
    for (int i = 0; i < from->step_count; i++) {
        walk->first += from->steps[i].at.bar < walk->bar;
        end += from->steps[i].at.bar < walk->bar + BARS;
    }
    int count = end - walk->first;
    walk->score = *from;
    walk->score.steps = walk->steps;
    walk->score.step_count = walk->score.song_step_count = count;
    walk->score.bar_count = BARS;
    for (int i = 0; i < count; i++) {
        walk->steps[i] = from->steps[walk->first + i];
        walk->steps[i].at.bar -= walk->bar;
        walk->steps[i].bar -= walk->bar;
        walk->steps[i].song_step = i;
    }
    if (count > 0)
        walk->steps[0].gap_s[0] = walk->steps[count - 1].gap_s[1] = SCORE_FAR_S;
    return count > 0;
}

static bool next_window(struct walk *walk)
{
    for (; walk->piece < walk->corpus->count; walk->piece++, walk->bar = -1) {
        const struct score *score = walk->corpus->pieces[walk->piece].score;
        if (!in_four(score))
            continue;
        while (++walk->bar + BARS <= score->bar_count)
            if (cut(walk, score))
                return true;
    }
    return false;
}

/* ---- What is played in them ---- */

/* One class at one step of a window: where it is, and what was played. */
struct blow {
    int drum, cell;
    double offset_ms, velocity, scored;
};

/* Step `index` of the window. Returns how many. */
static int read_step(const struct walk *walk, int index, struct blow blows[DRUM_COUNT])
{
    const struct piece *piece = &walk->corpus->pieces[walk->piece];
    const struct step *step = &walk->steps[index];
    int count = 0;
    for (int c = 0; c < DRUM_COUNT; c++) {
        int at = (walk->first + index) * DRUM_COUNT + c;
        if (step->drums >> c & 1)
            blows[count++] = (struct blow){
                .drum = c,
                .cell = step->at.bar * CELLS_A_BAR + step->bin * CELLS_A_BAR / SCORE_BINS,
                .offset_ms = piece->offset_ms[at],
                .velocity = piece->velocity[at],
                .scored = step->velocity[c],
            };
    }
    return count;
}

struct cell_mean {
    double offset_ms, velocity; /* from the scored one */
    long count;
};

static bool tabulate(const struct corpus *train, struct cell_mean table[DRUM_COUNT][CELLS],
                     struct error *err)
{
    struct walk walk;
    struct blow blows[DRUM_COUNT];
    if (!begin_walk(&walk, train, err))
        return false;
    while (next_window(&walk))
        for (int i = 0; i < walk.score.step_count; i++)
            for (int k = read_step(&walk, i, blows) - 1; k >= 0; k--) {
                struct cell_mean *mean = &table[blows[k].drum][blows[k].cell];
                mean->count++;
                mean->offset_ms += (blows[k].offset_ms - mean->offset_ms) / (double)mean->count;
                mean->velocity +=
                    (blows[k].velocity - blows[k].scored - mean->velocity) / (double)mean->count;
            }
    free(walk.steps);
    return true;
}

/* The means so far take one more hit. */
static void add(struct partial_error *error, const struct blow *blow, double offset_ms,
                double velocity)
{
    double hits = (double)++error->hits;
    velocity = fmax(0, fmin(velocity, 127));
    error->offset_mae_ms += (fabs(blow->offset_ms - offset_ms) - error->offset_mae_ms) / hits;
    error->velocity_mae += (fabs(blow->velocity - velocity) - error->velocity_mae) / hits;
}

static bool play_window(const struct walk *walk, const struct model *model,
                        struct cell_mean table[DRUM_COUNT][CELLS], struct two_bar_error *result,
                        struct error *err)
{
    struct performance *performance = model_begin(model, &walk->score, err);
    if (!performance)
        return false;
    result->windows++;
    for (int i = 0; i < walk->score.step_count; i++) {
        struct blow blows[DRUM_COUNT];
        struct prediction prediction;
        performance_predict(performance, i, &prediction);
        for (int k = read_step(walk, i, blows) - 1; k >= 0; k--) {
            const struct blow *blow = &blows[k];
            const struct cell_mean *mean = &table[blow->drum][blow->cell];
            add(&result->model, blow, prediction.offset_ms[blow->drum],
                prediction.velocity[blow->drum]);
            add(&result->grid, blow, 0, blow->scored);
            add(&result->mean, blow, mean->offset_ms, blow->scored + mean->velocity);
        }
    }
    performance_end(performance);
    return true;
}

bool evaluate_two_bar(const struct model *model, const struct corpus *corpus,
                      const struct corpus *train, bool (*progress)(void *context, double done),
                      void *context, struct two_bar_error *result, struct error *err)
{
    struct cell_mean table[DRUM_COUNT][CELLS] = {{{0}}};
    struct walk walk;
    *result = (struct two_bar_error){0};
    if (!tabulate(train, table, err) || !begin_walk(&walk, corpus, err))
        return false;
    bool good = true;
    while (good && next_window(&walk)) {
        good = play_window(&walk, model, table, result, err);
        if (good && progress && !progress(context, (double)walk.piece / corpus->count))
            good = error_set(err, "cancelled");
    }
    free(walk.steps);
    return good;
}
