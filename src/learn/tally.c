#include "learn/tally.h"

#include <math.h>
#include <stdlib.h>

const int evaluate_lags[EVALUATE_LAGS] = {1, 2, 8};

static const int stretch_ends[EVALUATE_STRETCHES] = {8, 32, 64, 128, 0}; /* last bars; 0: the end */

static const struct scale {
    double low, high;
    int bins;
} scales[TALLY_KINDS] = {{-80, 80, 40}, {0, 128, 32}};

/* ---- Adding ---- */

static void add_value(struct tally_values *values, const struct scale *scale, double value)
{
    int bin = (int)floor((value - scale->low) / (scale->high - scale->low) * scale->bins);
    bin = bin < 0 ? 0 : bin >= scale->bins ? scale->bins - 1 : bin;
    values->sum += value;
    values->square += value * value;
    values->histogram[bin]++;
}

static void add_error(struct tally_part *part, double offset, double velocity)
{
    part->hits++;
    part->offset_error += fabs(offset);
    part->velocity_error += fabs(velocity);
}

static struct tally_part *stretch_of(struct tally *tally, const struct step *step)
{
    int i = 0;
    while (stretch_ends[i] && step->at.bar >= stretch_ends[i])
        i++;
    return &tally->stretches[i];
}

/* NULL when the table is full. */
static struct tally_part *metre_of(struct tally *tally, const struct step *step)
{
    for (int i = 0; i < tally->metre_count; i++)
        if (tally->metres[i].numerator == step->at.numerator &&
            tally->metres[i].denominator == step->at.denominator)
            return &tally->metres[i].part;
    if (tally->metre_count == EVALUATE_METRES)
        return NULL;
    struct tally_metre *metre = &tally->metres[tally->metre_count++];
    metre->numerator = step->at.numerator;
    metre->denominator = step->at.denominator;
    return &metre->part;
}

static void add_step(struct tally *tally, const struct piece *piece, int index,
                     const float *offset_ms, const float *velocity)
{
    const struct step *step = &piece->score->steps[index];
    double ms_16th = 1000 * step->at.bar_s * step->at.denominator / (16.0 * step->at.numerator);
    struct tally_part *stretch = stretch_of(tally, step), *metre = metre_of(tally, step);
    for (int c = 0; c < DRUM_COUNT; c++) {
        if (!(step->drums >> c & 1))
            continue;
        int cell = index * DRUM_COUNT + c;
        double offset = (double)piece->offset_ms[cell] - offset_ms[cell];
        double loudness = (double)piece->velocity[cell] - velocity[cell];
        add_error(&tally->all, offset, loudness);
        add_error(stretch, offset, loudness);
        if (metre)
            add_error(metre, offset, loudness);
        tally->offset_square_16th += offset / ms_16th * (offset / ms_16th);
        add_value(&tally->played[TALLY_TIMING], &scales[TALLY_TIMING], piece->offset_ms[cell]);
        add_value(&tally->made[TALLY_TIMING], &scales[TALLY_TIMING], offset_ms[cell]);
        add_value(&tally->played[TALLY_VELOCITY], &scales[TALLY_VELOCITY], piece->velocity[cell]);
        add_value(&tally->made[TALLY_VELOCITY], &scales[TALLY_VELOCITY], velocity[cell]);
    }
}

/* ---- Coherence ---- */

struct moments { /* over the drums of a step */
    int count;
    double mean, variance; /* unbiased; 0 for one drum */
};

static struct moments step_moments(const struct score *score, int index, const float *offset_ms)
{
    const float *row = offset_ms + (ptrdiff_t)index * DRUM_COUNT;
    struct moments moments = {0};
    for (int c = 0; c < DRUM_COUNT; c++) { /* Welford, Technometrics 1962 */
        if (!(score->steps[index].drums >> c & 1))
            continue;
        double from_mean = row[c] - moments.mean;
        moments.mean += from_mean / ++moments.count;
        moments.variance += from_mean * (row[c] - moments.mean);
    }
    if (moments.count > 1)
        moments.variance /= moments.count - 1;
    return moments;
}

static void add_coherence(struct tally_coherence *sums, const struct score *score,
                          const float *offset_ms)
{
    double mean = 0;
    for (int i = 0; i < score->step_count; i++)
        mean += step_moments(score, i, offset_ms).mean / score->step_count;
    for (int i = 0; i < score->step_count; i++) {
        struct moments step = step_moments(score, i, offset_ms);
        sums->square += (step.mean - mean) * (step.mean - mean);
        for (int l = 0; l < EVALUATE_LAGS; l++) {
            if (i < evaluate_lags[l])
                continue;
            struct moments before = step_moments(score, i - evaluate_lags[l], offset_ms);
            sums->products[l] += (step.mean - mean) * (before.mean - mean);
        }
        if (step.count > 1) {
            sums->within += step.variance;
            sums->steps++;
        }
    }
}

void tally_piece(struct tally *tally, const struct piece *piece, const float *offset_ms,
                 const float *velocity)
{
    tally->files++;
    for (int i = 0; i < piece->score->step_count; i++)
        add_step(tally, piece, i, offset_ms, velocity);
    add_coherence(&tally->played_coherence, piece->score, piece->offset_ms);
    add_coherence(&tally->made_coherence, piece->score, offset_ms);
}

/* ---- Concluding ---- */

static double divergence(const struct tally_values *played, const struct tally_values *made,
                         int bins, long hits)
{
    double total = (double)hits + bins, sum = 0;
    for (int b = 0; b < bins; b++) {
        double p = (played->histogram[b] + 1) / total, q = (made->histogram[b] + 1) / total;
        sum += p * log(p / q);
    }
    return sum;
}

static double spread(const struct tally_values *values, long hits)
{
    double mean = values->sum / (double)hits;
    return sqrt(fmax(values->square / (double)hits - mean * mean, 0.0));
}

static struct partial_error mean_error(const struct tally_part *part)
{
    double hits = part->hits ? (double)part->hits : NAN;
    return (struct partial_error){part->hits, part->offset_error / hits,
                                  part->velocity_error / hits};
}

static struct coherence mean_coherence(const struct tally_coherence *sums)
{
    struct coherence coherence;
    for (int l = 0; l < EVALUATE_LAGS; l++)
        coherence.autocorrelation[l] = sums->square > 0 ? sums->products[l] / sums->square : 0;
    coherence.within_step_ms = sums->steps ? sqrt(sums->within / (double)sums->steps) : 0;
    return coherence;
}

static int by_hits(const void *left, const void *right)
{
    const struct metre_error *a = left, *b = right;
    return (b->error.hits > a->error.hits) - (b->error.hits < a->error.hits);
}

void tally_conclude(const struct tally *tally, struct humanising_error *result)
{
    struct partial_error all = mean_error(&tally->all);
    const struct tally_values *played = tally->played, *made = tally->made;
    *result = (struct humanising_error){
        .files = tally->files,
        .hits = all.hits,
        .offset_mae_ms = all.offset_mae_ms,
        .velocity_mae = all.velocity_mae,
        .offset_mse_16th2 = tally->offset_square_16th / (double)all.hits,
        .timing_kl = divergence(&played[TALLY_TIMING], &made[TALLY_TIMING],
                                scales[TALLY_TIMING].bins, all.hits),
        .velocity_kl = divergence(&played[TALLY_VELOCITY], &made[TALLY_VELOCITY],
                                  scales[TALLY_VELOCITY].bins, all.hits),
        .offset_sd_ratio =
            spread(&made[TALLY_TIMING], all.hits) / spread(&played[TALLY_TIMING], all.hits),
        .velocity_sd_ratio =
            spread(&made[TALLY_VELOCITY], all.hits) / spread(&played[TALLY_VELOCITY], all.hits),
        .played = mean_coherence(&tally->played_coherence),
        .made = mean_coherence(&tally->made_coherence),
        .metre_count = tally->metre_count,
    };
    for (int i = 0; i < EVALUATE_STRETCHES; i++)
        result->stretches[i] = (struct stretch_error){
            i ? stretch_ends[i - 1] + 1 : 1, stretch_ends[i], mean_error(&tally->stretches[i])};
    for (int i = 0; i < tally->metre_count; i++)
        result->metres[i] =
            (struct metre_error){tally->metres[i].numerator, tally->metres[i].denominator,
                                 mean_error(&tally->metres[i].part)};
    qsort(result->metres, (size_t)result->metre_count, sizeof *result->metres, by_hits);
}
