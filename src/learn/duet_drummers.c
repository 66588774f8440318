/* Real drummers in the guitarist's place. */
#include "learn/jobs.h"
#include "learn/partner.h"

#include <math.h>
#include <stdlib.h>

enum { LEAST_STEPS = 64, MOST_STEPS = 1500 };

struct shadowing {
    const struct duet_options *options;
    const struct piece **pieces;
    double (*missed_ms)[DUET_PREDICTORS]; /* sums, by piece */
    struct jobs_watch watch;
};

static int steps_of(const struct piece *piece)
{
    int steps = piece->score->step_count;
    return steps < MOST_STEPS ? steps : MOST_STEPS;
}

static bool shadow(const struct piece *piece, enum duet_predictor kind,
                   const struct duet_options *options, double *missed_ms, struct error *err)
{
    struct partner *partner = partner_new(kind, TUNED_FOR_DRUMMERS, piece->score, options, err);
    bool done = partner && partner_start_take(partner, err);
    double sum = 0, expected = 0;
    for (int i = 0; done && i < steps_of(piece); i++) {
        double before = expected;
        struct prediction prediction;
        partner_predict(partner, i, &prediction);
        expected = (double)prediction.guitar_ms;
        sum += fabs(expected - (double)piece->guitar_ms[i]);
        if (!options->late)
            partner_hear(partner, i, (double)piece->guitar_ms[i], expected);
        else if (i > 0)
            partner_hear(partner, i - 1, (double)piece->guitar_ms[i - 1], before);
    }
    partner_free(partner);
    *missed_ms = sum;
    return done;
}

static bool shadow_piece(void *context, int index, struct error *err)
{
    struct shadowing *all = context;
    for (enum duet_predictor kind = 0; kind < DUET_PREDICTORS; kind++)
        if (duet_includes(all->options, kind) &&
            !shadow(all->pieces[index], kind, all->options, &all->missed_ms[index][kind], err))
            return false;
    return jobs_go_on(&all->watch, 1, err);
}

static int list_pieces(const struct corpus *corpus, bool fills, const struct piece **pieces)
{
    int count = 0;
    for (int i = 0; i < corpus->count; i++) {
        const struct piece *piece = &corpus->pieces[i];
        if ((piece->beat || fills) && piece->score->step_count >= LEAST_STEPS)
            pieces[count++] = piece;
    }
    return count;
}

static void conclude(const struct shadowing *all, int count, struct duet_drummers *result)
{
    *result = (struct duet_drummers){.recordings = count};
    for (int i = 0; i < count; i++)
        result->steps += steps_of(all->pieces[i]);
    for (enum duet_predictor kind = 0; kind < DUET_PREDICTORS; kind++) {
        double sum = 0;
        for (int i = 0; i < count; i++)
            sum += all->missed_ms[i][kind];
        result->mae_ms[kind] =
            duet_includes(all->options, kind) && count ? sum / (double)result->steps : NAN;
    }
}

bool duet_drummers(const struct corpus *corpus, const struct duet_options *options,
                   struct duet_drummers *result, struct error *err)
{
    size_t most = (size_t)corpus->count + 1;
    struct shadowing all = {
        .options = options,
        .pieces = calloc(most, sizeof *all.pieces),
        .missed_ms = calloc(most, sizeof *all.missed_ms),
        .watch = {options->progress, options->user, 0, 1, PTHREAD_MUTEX_INITIALIZER},
    };
    bool done = (all.pieces && all.missed_ms) || error_set(err, "out of memory for duets");
    if (done) {
        int count = all.watch.total = list_pieces(corpus, options->fills, all.pieces);
        done = jobs_run(count, DUET_THREADS, shadow_piece, &all, err);
        if (done)
            conclude(&all, count, result);
    }
    free(all.pieces);
    free(all.missed_ms);
    return done;
}
