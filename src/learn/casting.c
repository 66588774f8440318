#include "learn/casting.h"

#include "base/rng.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_STEPS = 300 };

static const double TRIPLETS = 0.25; /* share of steps that makes a score one of triplets */

int casting_kinds(void)
{
    int kinds = 0;
    while (guitarist_name(kinds))
        kinds++;
    return kinds;
}

static bool is_long_in_four(const struct score *score)
{
    for (int i = 0; i < score->step_count; i++)
        if (score->steps[i].at.numerator != 4 || score->steps[i].at.denominator != 4)
            return false;
    return score->step_count >= LONG_STEPS;
}

static bool has_triplets(const struct score *score)
{
    int triplets = 0;
    for (int i = 0; i < score->step_count; i++) {
        int place = score->steps[i].bin % SCORE_BINS_PER_QUARTER;
        triplets += place == 4 || place == 8;
    }
    return triplets > TRIPLETS * score->step_count;
}

static bool has_none(const struct score *score)
{
    return !has_triplets(score);
}

/* The scores for which `fits` is true come first, in their order. Returns how many there are; all
 * of them when there is none. */
static int prefer(const struct score **scores, int count, bool (*fits)(const struct score *))
{
    int fitting = 0;
    for (int i = 0; i < count; i++)
        if (fits(scores[i])) {
            const struct score *score = scores[i];
            memmove(&scores[fitting + 1], &scores[fitting], (size_t)(i - fitting) * sizeof *scores);
            scores[fitting++] = score;
        }
    return fitting ? fitting : count;
}

static int list_scores(const struct corpus *corpus, bool fills, const struct score **scores)
{
    int count = 0;
    for (int i = 0; i < corpus->count; i++)
        if (corpus->pieces[i].beat || fills)
            scores[count++] = corpus->pieces[i].score;
    return count;
}

struct casting *casting_deal(const struct corpus *corpus, const struct duet_options *options,
                             int count, struct error *err)
{
    const struct score **scores = calloc((size_t)corpus->count + 1, sizeof *scores);
    struct casting *castings = calloc((size_t)count, sizeof *castings);
    bool good = scores && castings;
    int found = good ? list_scores(corpus, options->fills, scores) : 0;
    if (!found) {
        free(scores);
        free(castings);
        error_set(err, good ? "cannot play duets: there is no score" : "out of memory for duets");
        return NULL;
    }
    struct rng rng;
    int kinds = casting_kinds();
    assert(kinds > 0);
    rng_seed(&rng, options->seed);
    found = prefer(scores, found, is_long_in_four);
    for (int i = 0; i < count; i++) {
        const char *name = guitarist_name(i % kinds);
        bool triplets = strcmp(name, "straightener") == 0;
        int fitting = prefer(scores, found, triplets ? has_triplets : has_none);
        castings[i] = (struct casting){
            .kind = i % kinds,
            .first = i < kinds,
            .score = scores[rng_below(&rng, (uint32_t)fitting)],
            .guitarist = {.name = name, .odd = options->odd, .seed = rng_next(&rng)},
        };
    }
    free(scores);
    return castings;
}
