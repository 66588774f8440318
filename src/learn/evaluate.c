#include "learn/evaluate.h"

#include "learn/tally.h"
#include "model/touch.h"

#include <math.h>
#include <stdlib.h>

/* How a recording's score was played by somebody else. */
struct rendition {
    float *offset_ms, *velocity; /* (steps,DRUM_COUNT) */
};

static bool make_rendition(struct rendition *rendition, const struct score *score,
                           struct error *err)
{
    size_t cells = (size_t)score->step_count * DRUM_COUNT;
    rendition->offset_ms = calloc(cells, sizeof(float));
    rendition->velocity = calloc(cells, sizeof(float));
    return (rendition->offset_ms && rendition->velocity) || error_set(err, "out of memory");
}

static void clear_rendition(struct rendition *rendition)
{
    free(rendition->offset_ms);
    free(rendition->velocity);
}

/* ---- A model ---- */

/* Seeded chance of two kinds: a drummer's, and the independent noise that he is compared with. */
struct chance {
    struct touch touch;
    struct rng rng;
};

/* Normal noise of the SD that the touch would have, on strokes that have none, and in its bounds.
 */
static void scatter(struct rng *rng, const struct touch_spread *spread,
                    const struct controls *controls, const struct step *step,
                    const struct hit *hits, struct stroke *strokes)
{
    double early, late;
    touch_reach(step, controls, &early, &late);
    for (int k = 0; k < step->hit_count; k++) {
        int drum = hits[k].drum;
        double offset = strokes[k].offset_ms + spread->offset_ms[drum] * rng_normal(rng);
        double velocity = strokes[k].velocity + spread->velocity[drum] * rng_normal(rng);
        strokes[k].offset_ms = fmax(-early, fmin(offset, late));
        strokes[k].velocity = (int)lround(fmax(1, fmin(velocity, 127)));
    }
}

/* Plays one step into its row of the rendition. Returns the mean offset of its hits. */
static double play_step(struct chance *chance, const struct score *score, int index,
                        const struct prediction *prediction, const struct evaluate_options *options,
                        struct stroke *strokes, const struct rendition *rendition)
{
    const struct step *step = &score->steps[index];
    const struct hit *hits = &score->hits[step->first_hit];
    struct controls controls = {.follow = options->heard ? 1.0 : 0.0,
                                .expression = options->expression,
                                .leash_ms = LEASH_MOST_MS};
    struct touch_spread spread = touch_spread(prediction, &controls);
    double sum = 0;
    if (options->independent)
        controls.expression = 0;
    touch_play(&chance->touch, score, step, prediction, &controls, strokes);
    if (options->independent)
        scatter(&chance->rng, &spread, &controls, step, hits, strokes);
    for (int k = step->hit_count - 1; k >= 0; k--) { /* of two hits of a class the first counts */
        int cell = index * DRUM_COUNT + hits[k].drum;
        rendition->offset_ms[cell] = (float)strokes[k].offset_ms;
        rendition->velocity[cell] = (float)strokes[k].velocity;
        sum += strokes[k].offset_ms;
    }
    return sum / step->hit_count;
}

static bool play_piece(struct tally *tally, const struct model *model, const struct piece *piece,
                       const struct evaluate_options *options, struct error *err)
{
    const struct score *score = piece->score;
    struct rendition rendition = {0};
    struct chance chance;
    struct performance *performance = model_begin(model, score, err);
    struct stroke *strokes = calloc((size_t)score->hit_count, sizeof *strokes);
    bool good = performance && make_rendition(&rendition, score, err) &&
                (strokes || error_set(err, "out of memory"));
    touch_init(&chance.touch, options->seed + (uint64_t)tally->files);
    rng_seed(&chance.rng, options->seed + (uint64_t)tally->files);
    for (int i = 0; good && i < score->step_count; i++) {
        struct prediction prediction;
        performance_predict(performance, i, &prediction);
        double drums_ms = play_step(&chance, score, i, &prediction, options, strokes, &rendition);
        if (options->heard)
            performance_hear(performance, i, piece->guitar_ms[i], drums_ms);
    }
    if (good)
        tally_piece(tally, piece, rendition.offset_ms, rendition.velocity);
    free(strokes);
    clear_rendition(&rendition);
    performance_end(performance);
    return good;
}

bool evaluate_model(const struct model *model, const struct corpus *corpus,
                    const struct evaluate_options *options, struct humanising_error *result,
                    struct error *err)
{
    struct tally tally = {0};
    for (int p = 0; p < corpus->count; p++) {
        if ((corpus->pieces[p].beat || options->fills) &&
            !play_piece(&tally, model, &corpus->pieces[p], options, err))
            return false;
        if (options->progress &&
            !options->progress(options->context, (double)(p + 1) / corpus->count))
            return error_set(err, "cancelled");
    }
    tally_conclude(&tally, result);
    return true;
}

/* ---- Baselines ---- */

static void play_table(const struct corpus_table *table, const struct score *score,
                       const struct rendition *rendition)
{
    for (int i = 0; i < score->step_count; i++) {
        const struct step *step = &score->steps[i];
        for (int c = 0; c < DRUM_COUNT; c++) {
            float velocity = step->velocity[c] + table->velocity_delta[c][step->bin];
            rendition->offset_ms[i * DRUM_COUNT + c] = table->offset_ms[c][step->bin];
            rendition->velocity[i * DRUM_COUNT + c] = fminf(fmaxf(velocity, 0), 127);
        }
    }
}

bool evaluate_table(const struct corpus *corpus, bool fills, const struct corpus_table *table,
                    struct humanising_error *result, struct error *err)
{
    struct tally tally = {0};
    for (int p = 0; p < corpus->count; p++) {
        const struct piece *piece = &corpus->pieces[p];
        struct rendition rendition = {0};
        if (!piece->beat && !fills)
            continue;
        bool good = make_rendition(&rendition, piece->score, err);
        if (good) {
            play_table(table, piece->score, &rendition);
            tally_piece(&tally, piece, rendition.offset_ms, rendition.velocity);
        }
        clear_rendition(&rendition);
        if (!good)
            return false;
    }
    tally_conclude(&tally, result);
    return true;
}

bool evaluate_grid(const struct corpus *corpus, bool fills, struct humanising_error *result,
                   struct error *err)
{
    static const struct corpus_table nothing;
    return evaluate_table(corpus, fills, &nothing, result, err);
}
