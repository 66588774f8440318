#include "model/straight.h"

/* A guitarist about whom nothing is known falls about as far from the grid as drummers do. */
static const float UNKNOWN_MS = 25;

void straight_prediction(const struct step *step, struct prediction *out)
{
    *out = (struct prediction){.guitar_sd_ms = UNKNOWN_MS};
    for (int c = 0; c < DRUM_COUNT; c++)
        out->velocity[c] = step->velocity[c] ? step->velocity[c] : 1;
}

static char nothing; /* what this model has to remember */

static void *open_straight(const struct checkpoint *checkpoint, struct error *err)
{
    (void)checkpoint;
    (void)err;
    return &nothing;
}

static void close_straight(void *model)
{
    (void)model;
}

static void *begin(const void *model, const struct score *score, struct error *err)
{
    (void)model;
    (void)err;
    return (void *)score;
}

static void hear(void *performance, int step, double guitar_ms, double drums_ms, double weight)
{
    (void)performance;
    (void)step;
    (void)guitar_ms;
    (void)drums_ms;
    (void)weight;
}

static void predict(void *performance, int step, struct prediction *out)
{
    const struct score *score = performance;
    straight_prediction(&score->steps[step], out);
}

static bool keep(const void *performance, struct checkpoint *checkpoint, struct error *err)
{
    (void)performance;
    (void)checkpoint;
    (void)err;
    return true;
}

static bool restart(void *performance, enum restart with, struct error *err)
{
    (void)performance;
    (void)with;
    (void)err;
    return true;
}

static void end(void *performance)
{
    (void)performance;
}

const struct model_ops model_straight = {
    .name = "straight",
    .summary = "plays what is written, on the grid",
    .open = open_straight,
    .close = close_straight,
    .begin = begin,
    .hear = hear,
    .predict = predict,
    .keep = keep,
    .restart = restart,
    .end = end,
};
