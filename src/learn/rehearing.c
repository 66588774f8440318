#include "learn/rehearing.h"

#include <math.h>

bool rehearing_begin(struct rehearing *rehearing, const struct checkpoint *checkpoint,
                     const struct score *score, struct error *err)
{
    rehearing->model = model_open(checkpoint, err);
    rehearing->performance = rehearing->model ? model_begin(rehearing->model, score, err) : NULL;
    return rehearing->performance &&
           lesson_worked(rehearing->watcher, REHEARING_READ_WORK * score->step_count, err);
}

void rehearing_end(struct rehearing *rehearing)
{
    performance_end(rehearing->performance);
    model_close(rehearing->model);
    rehearing->performance = NULL;
    rehearing->model = NULL;
}

bool rehearing_play(struct rehearing *rehearing, float *missed_ms, struct error *err)
{
    const struct take *take = rehearing->take;
    const struct lesson_notes *notes = rehearing->notes;
    for (int i = 0; i < take->step_count; i++) {
        const struct take_step *step = &take->steps[i];
        struct prediction prediction;
        performance_predict(rehearing->performance, step->step, &prediction);
        if (notes->heard[i] != 0) {
            missed_ms[i] = fabsf(prediction.guitar_ms - notes->g_ms[i]);
            performance_hear(rehearing->performance, step->step, notes->g_ms[i], step->drums_ms);
        }
        if (!lesson_worked(rehearing->watcher, 1, err))
            return false;
    }
    return true;
}

bool rehearing_study(struct rehearing *rehearing, const unsigned char *half, int which,
                     double weight, struct error *err)
{
    const struct take *take = rehearing->take;
    const struct lesson_notes *notes = rehearing->notes;
    for (int i = 0; i < take->step_count; i++) {
        const struct take_step *step = &take->steps[i];
        struct prediction guess; /* what a network guesses is heard with the onset */
        if (notes->heard[i] == 0 || (half && half[i] != which))
            continue;
        performance_predict(rehearing->performance, step->step, &guess);
        performance_study(rehearing->performance, step->step, notes->g_ms[i], step->drums_ms,
                          weight);
        if (!lesson_worked(rehearing->watcher, 1, err))
            return false;
    }
    return true;
}

double rehearing_mean(const struct lesson_notes *notes, const float *missed_ms)
{
    double sum = 0;
    for (int i = 0; i < notes->steps; i++)
        if (notes->heard[i] != 0)
            sum += missed_ms[i];
    return sum / notes->count;
}

double rehearing_worse_by(const struct lesson_notes *notes, const float *missed_ms,
                          const float *other_ms)
{
    const double n = notes->count;
    double more = 0, squares = 0;
    for (int i = 0; i < notes->steps; i++) {
        if (notes->heard[i] == 0)
            continue;
        const double difference = (double)missed_ms[i] - other_ms[i];
        more += difference / n;
        squares += difference * difference / n;
    }
    const double variance = squares - more * more;
    return variance > 0 ? more / sqrt(variance / n) : 0;
}
