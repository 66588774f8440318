#include "model/paper_step.h"

#include "model/paper_layout.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { TOGETHER = 16 }; /* windows encoded at a time */

struct paper_player {
    const struct paper *paper;
    int steps, T;         /* of the song, of a window: the network's, or all of a shorter song */
    bool *played, *heard; /* (steps) */
    float *score;         /* (steps,PAPER_SCORE) */
    float *outputs;       /* (steps,PAPER_OUTPUTS) where played */
    float *g;             /* (steps) where heard */
    float *encoded;       /* (steps - T + 1,T,width): of each window of the song */
    float *past;          /* (T,PAPER_PAST) */
    float *slab;
    struct paper_pass *pass; /* for one window */
};

static int first_of_window(const struct paper_player *p, int step)
{
    const int first = step - p->paper->config.before, last = p->steps - p->T;
    return first < 0 ? 0 : first > last ? last : first;
}

static float *row(float *rows, int step, int width)
{
    return rows + (ptrdiff_t)step * width;
}

static void tell_past(struct paper_player *p, int first, int end)
{
    for (int i = first; i < end; i++) {
        float *past = row(p->past, i - first, PAPER_PAST);
        const float *score = row(p->score, i, PAPER_SCORE);
        if (i > first && p->played[i - 1])
            paper_recall(score - PAPER_SCORE, row(p->outputs, i - 1, PAPER_OUTPUTS),
                         p->heard[i - 1] ? &p->g[i - 1] : NULL, score, past);
        else
            paper_recall_nothing(score, past);
    }
}

void paper_player_restart(struct paper_player *p)
{
    memset(p->heard, 0, (size_t)p->steps * sizeof *p->heard);
    memset(p->played, 0, (size_t)p->steps * sizeof *p->played);
}

void paper_player_hear(struct paper_player *p, int step, float g)
{
    assert(step >= 0 && step < p->steps);
    if (p->heard[step])
        return;
    p->heard[step] = true;
    p->g[step] = g;
}

const float *paper_player_predict(struct paper_player *p, int step)
{
    assert(step >= 0 && step < p->steps);
    float *outputs = row(p->outputs, step, PAPER_OUTPUTS);
    if (p->played[step])
        return outputs;
    const int first = first_of_window(p, step);
    const struct paper_batch window = {.B = 1, .T = p->T, .past = p->past};
    memset(p->past, 0, (size_t)p->T * PAPER_PAST * sizeof *p->past); /* what lies ahead */
    tell_past(p, first, step + 1);
    const float *made = paper_decode(
        p->paper, p->pass, &window, row(p->encoded, first, p->T * p->paper->config.width), 0, NULL);
    memcpy(outputs, made + (ptrdiff_t)(step - first) * PAPER_OUTPUTS,
           PAPER_OUTPUTS * sizeof *outputs);
    p->played[step] = true;
    return outputs;
}

static bool allocate(struct paper_player *p)
{
    const size_t steps = (size_t)p->steps, T = (size_t)p->T, C = (size_t)p->paper->config.width;
    const struct slab_piece pieces[] = {{&p->score, steps * PAPER_SCORE},
                                        {&p->outputs, steps * PAPER_OUTPUTS},
                                        {&p->g, steps},
                                        {&p->encoded, (steps - T + 1) * T * C},
                                        {&p->past, T * PAPER_PAST}};
    p->slab = slab_of(pieces, sizeof pieces / sizeof *pieces);
    p->played = calloc(steps, sizeof *p->played);
    p->heard = calloc(steps, sizeof *p->heard);
    p->pass = paper_pass_new(p->paper, 1, p->T, false);
    return p->slab && p->played && p->heard && p->pass;
}

/* The encoder, over every window of the song. */
static bool read_song(struct paper_player *p, const struct score *score)
{
    const int C = p->paper->config.width, windows = p->steps - p->T + 1;
    const size_t scored = (size_t)p->T * PAPER_SCORE, size = (size_t)p->T * (size_t)C;
    for (int i = 0; i < p->steps; i++)
        paper_read_step(&score->steps[i], row(p->score, i, PAPER_SCORE));
    float *together = malloc(TOGETHER * scored * sizeof *together);
    struct paper_pass *pass = paper_pass_new(p->paper, TOGETHER, p->T, false);
    for (int first = 0; together && pass && first < windows; first += TOGETHER) {
        const int count = windows - first < TOGETHER ? windows - first : TOGETHER;
        const struct paper_batch batch = {.B = count, .T = p->T, .score = together};
        for (int b = 0; b < count; b++)
            memcpy(together + (size_t)b * scored, row(p->score, first + b, PAPER_SCORE),
                   scored * sizeof *together);
        memcpy(p->encoded + (size_t)first * size, paper_encode(p->paper, pass, &batch, 0, NULL),
               (size_t)count * size * sizeof *p->encoded);
    }
    const bool read = together && pass;
    free(together);
    paper_pass_free(pass);
    return read;
}

struct paper_player *paper_player_new(const struct paper *paper, const struct score *score,
                                      struct error *err)
{
    struct paper_player *p = calloc(1, sizeof *p);
    if (p) {
        p->paper = paper;
        p->steps = score->step_count;
        p->T = paper->config.window < p->steps ? paper->config.window : p->steps;
    }
    if (p && allocate(p) && read_song(p, score))
        return p;
    error_set(err,
              "cannot begin a performance of %d steps: out of memory, or the network too large",
              score->step_count);
    paper_player_free(p);
    return NULL;
}

void paper_player_free(struct paper_player *p)
{
    if (!p)
        return;
    paper_pass_free(p->pass);
    free(p->slab);
    free(p->played);
    free(p->heard);
    free(p);
}
