#include "learn/evaluate.h"

#include "model/touch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TIMING_BINS = 40, VELOCITY_BINS = 32 };

struct histogram {
    double count[TIMING_BINS]; /* the larger of the two */
};

/* Sums over hits, real and predicted side by side. */
struct tally {
    int files;
    long hits;
    double offset_error, offset_square_16th, velocity_error;
    double real_sum[2], real_square[2], made_sum[2], made_square[2]; /* timing, velocity */
    struct histogram real[2], made[2];
};

static int bin_of(double value, double low, double high, int bins)
{
    int bin = (int)floor((value - low) / (high - low) * bins);
    return bin < 0 ? 0 : bin >= bins ? bins - 1 : bin;
}

static void add_values(struct tally *tally, int which, double real, double made)
{
    static const double low[2] = {-80, 0}, high[2] = {80, 128};
    static const int bins[2] = {TIMING_BINS, VELOCITY_BINS};
    tally->real_sum[which] += real;
    tally->real_square[which] += real * real;
    tally->made_sum[which] += made;
    tally->made_square[which] += made * made;
    tally->real[which].count[bin_of(real, low[which], high[which], bins[which])]++;
    tally->made[which].count[bin_of(made, low[which], high[which], bins[which])]++;
}

static void add_hit(struct tally *tally, const struct step *step, double real_ms, double made_ms,
                    double real_velocity, double made_velocity)
{
    double bar_16ths = 16.0 * step->at.numerator / step->at.denominator;
    double error_16ths = (real_ms - made_ms) / 1000.0 / step->at.bar_s * bar_16ths;
    tally->hits++;
    tally->offset_error += fabs(real_ms - made_ms);
    tally->offset_square_16th += error_16ths * error_16ths;
    tally->velocity_error += fabs(real_velocity - made_velocity);
    add_values(tally, 0, real_ms, made_ms);
    add_values(tally, 1, real_velocity, made_velocity);
}

static double divergence(const struct histogram *real, const struct histogram *made, int bins)
{
    double real_total = bins, made_total = bins, sum = 0;
    for (int b = 0; b < bins; b++) {
        real_total += real->count[b];
        made_total += made->count[b];
    }
    for (int b = 0; b < bins; b++) {
        double p = (real->count[b] + 1) / real_total, q = (made->count[b] + 1) / made_total;
        sum += p * log(p / q);
    }
    return sum;
}

static double spread(double sum, double square, long count)
{
    double mean = sum / (double)count;
    return sqrt(fmax(square / (double)count - mean * mean, 0.0));
}

static void conclude(const struct tally *tally, struct humanising_error *result)
{
    double hits = tally->hits > 0 ? (double)tally->hits : 1.0;
    double ratio[2];
    for (int w = 0; w < 2; w++)
        ratio[w] = spread(tally->made_sum[w], tally->made_square[w], tally->hits) /
                   spread(tally->real_sum[w], tally->real_square[w], tally->hits);
    *result = (struct humanising_error){
        .files = tally->files,
        .hits = tally->hits,
        .offset_mae_ms = tally->offset_error / hits,
        .offset_mse_16th2 = tally->offset_square_16th / hits,
        .velocity_mae = tally->velocity_error / hits,
        .timing_kl = divergence(&tally->real[0], &tally->made[0], TIMING_BINS),
        .velocity_kl = divergence(&tally->real[1], &tally->made[1], VELOCITY_BINS),
        .offset_sd_ratio = ratio[0],
        .velocity_sd_ratio = ratio[1],
    };
}

/* The strokes of a step against what was played; hits of one class once, by the loudest. */
static void add_strokes(struct tally *tally, const struct piece *piece, int index,
                        const struct stroke *strokes)
{
    const struct step *step = &piece->score->steps[index];
    const float *real_ms = &piece->offset_ms[index * DRUM_COUNT];
    const float *velocity = &piece->velocity[index * DRUM_COUNT];
    unsigned seen = 0;
    for (int k = 0; k < step->hit_count; k++) {
        int drum = piece->score->hits[step->first_hit + k].drum;
        if (seen & (1u << drum))
            continue;
        seen |= 1u << drum;
        add_hit(tally, step, real_ms[drum], strokes[k].offset_ms, velocity[drum],
                strokes[k].velocity);
    }
}

static bool play_piece(struct tally *tally, const struct model *model, const struct piece *piece,
                       const struct evaluate_options *options, struct error *err)
{
    const struct score *score = piece->score;
    struct performance *performance = model_begin(model, score, err);
    if (!performance)
        return false;
    struct stroke *strokes = calloc((size_t)score->hit_count, sizeof *strokes);
    if (!strokes) {
        performance_end(performance);
        return error_set(err, "out of memory");
    }
    struct controls controls = {options->heard ? 1.0 : 0.0, options->expression, 1000.0};
    struct touch touch;
    touch_init(&touch, options->seed + (uint64_t)tally->files);
    for (int i = 0; i < score->step_count; i++) {
        const struct step *step = &score->steps[i];
        struct prediction prediction;
        performance_predict(performance, i, &prediction);
        touch_play(&touch, score, step, &prediction, &controls, strokes);
        add_strokes(tally, piece, i, strokes);
        double drums_ms = 0;
        for (int k = 0; k < step->hit_count; k++)
            drums_ms += strokes[k].offset_ms / step->hit_count;
        if (options->heard)
            performance_hear(performance, i, piece->guitar_ms[i], drums_ms);
    }
    tally->files++;
    free(strokes);
    performance_end(performance);
    return true;
}

bool evaluate_model(const struct model *model, const struct corpus *corpus,
                    const struct evaluate_options *options, struct humanising_error *result,
                    struct error *err)
{
    struct tally *tally = calloc(1, sizeof *tally);
    if (!tally)
        return error_set(err, "out of memory");
    bool good = true;
    for (int p = 0; good && p < corpus->count; p++) {
        if (corpus->pieces[p].beat || options->fills)
            good = play_piece(tally, model, &corpus->pieces[p], options, err);
        if (good && options->progress &&
            !options->progress(options->context, (double)(p + 1) / corpus->count))
            good = error_set(err, "cancelled");
    }
    if (good)
        conclude(tally, result);
    free(tally);
    return good;
}

void evaluate_grid(const struct corpus *corpus, bool fills, struct humanising_error *result)
{
    static const struct corpus_table nothing;
    evaluate_table(corpus, fills, &nothing, result);
}

void evaluate_table(const struct corpus *corpus, bool fills, const struct corpus_table *table,
                    struct humanising_error *result)
{
    struct tally tally = {0};
    for (int p = 0; p < corpus->count; p++) {
        const struct piece *piece = &corpus->pieces[p];
        if (!piece->beat && !fills)
            continue;
        tally.files++;
        for (int i = 0; i < piece->score->step_count; i++) {
            const struct step *step = &piece->score->steps[i];
            for (int c = 0; c < DRUM_COUNT; c++)
                if (step->drums & (1u << c))
                    add_hit(&tally, step, piece->offset_ms[i * DRUM_COUNT + c],
                            table->offset_ms[c][step->bin], piece->velocity[i * DRUM_COUNT + c],
                            fmin(fmax(step->velocity[c] + table->velocity_delta[c][step->bin], 0),
                                 127));
        }
    }
    conclude(&tally, result);
}
