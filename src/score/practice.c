#include "score/practice.h"

#include <limits.h>
#include <math.h>

bool practice_arranges(const struct practice *practice)
{
    return practice->passes > 1;
}

static bool check_vamp(const struct practice *practice, int first_bar, int last_bar,
                       struct error *err)
{
    int first = practice->vamp_first, last = practice->vamp_last;
    if (first < 1 || last < 1)
        return error_set(err, "a vamp needs a first and a last bar");
    if (last < first)
        return error_set(err, "bars %d-%d are no vamp", first, last);
    if (first < first_bar || (last_bar > 0 && last > last_bar))
        return error_set(err, "the vamp of bars %d-%d is not among the bars that are played", first,
                         last);
    if (practice->passes < 2)
        return error_set(err, "a vamp needs two passes or more");
    if (practice->ramp_percent != 0)
        return error_set(err, "a vamp keeps its tempo: a ramp is for a loop");
    return practice->out_bars == 0 ||
           error_set(err, "a vamp waits with its drums: they cannot drop out");
}

bool practice_check(const struct practice *practice, int first_bar, int last_bar, struct error *err)
{
    if (practice->passes < 0 || practice->passes > PRACTICE_MOST_PASSES || practice->played < 0 ||
        practice->played > practice->passes)
        return error_set(err, "%d passes are not between 1 and %d", practice->passes,
                         PRACTICE_MOST_PASSES);
    if (!(fabs(practice->ramp_percent) <= PRACTICE_MOST_RAMP))
        return error_set(err, "a ramp of %g percent a pass is not between -%d and %d",
                         practice->ramp_percent, PRACTICE_MOST_RAMP, PRACTICE_MOST_RAMP);
    if (practice->play_bars < 0 || practice->play_bars > PRACTICE_MOST_BARS ||
        practice->out_bars < 0 || practice->out_bars > PRACTICE_MOST_BARS ||
        (practice->play_bars > 0) != (practice->out_bars > 0))
        return error_set(err, "drums that play %d bars and are out for %d are no drill",
                         practice->play_bars, practice->out_bars);
    if (practice->vamp_first || practice->vamp_last)
        return check_vamp(practice, first_bar, last_bar, err);
    return practice->ramp_percent == 0 || practice->passes > 1 ||
           error_set(err, "a ramp needs a loop of two passes or more");
}

double practice_tempo(const struct practice *practice, double tempo_percent, int pass)
{
    double tempo = tempo_percent + (pass - 1) * practice->ramp_percent;
    return fmax(SCORE_LEAST_TEMPO, fmin(tempo, SCORE_MOST_TEMPO));
}

/* ---- where in it ---- */

const struct passage *practice_passage(const struct score *score, int clock_bar)
{
    int low = 0, high = score->passage_count - 1;
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if (score->passages[middle].first_bar <= clock_bar)
            low = middle;
        else
            high = middle - 1;
    }
    return high < 0 ? NULL : &score->passages[low];
}

const struct passage *practice_passage_of(const struct score *score, int step)
{
    int low = 0, high = score->passage_count - 1;
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if (score->passages[middle].first_step <= step)
            low = middle;
        else
            high = middle - 1;
    }
    return high < 0 ? NULL : &score->passages[low];
}

int practice_song_bar(const struct score *score, int clock_bar)
{
    const struct passage *passage = practice_passage(score, clock_bar);
    return passage ? passage->song_bar + clock_bar - passage->first_bar : clock_bar;
}

int practice_clock_bar(const struct score *score, int step)
{
    const struct passage *passage = practice_passage_of(score, step);
    int bar = score->steps[step].bar;
    return passage ? passage->first_bar + bar - passage->song_bar : bar;
}

int practice_clock_bars(const struct score *score)
{
    if (score->passage_count == 0)
        return score->bar_count;
    const struct passage *last = &score->passages[score->passage_count - 1];
    return last->first_bar + last->bar_count;
}

int practice_passes(const struct score *score)
{
    int passes = 1;
    for (int i = 0; i < score->passage_count; i++)
        passes = score->passages[i].pass > passes ? score->passages[i].pass : passes;
    return passes;
}

bool practice_is_out(const struct practice *practice, int played_bar)
{
    int cycle = practice->play_bars + practice->out_bars;
    return practice->out_bars > 0 && played_bar >= 0 && played_bar % cycle >= practice->play_bars;
}

/* ---- the last time round ---- */

const struct skip practice_no_skip = {.from = INT_MAX, .to = INT_MAX};

static const struct passage *last_pass(const struct score *score)
{
    const struct passage *last = NULL;
    for (int i = 0; i < score->passage_count; i++)
        if (score->passages[i].pass)
            last = &score->passages[i];
    return last;
}

bool practice_skip_after(const struct score *score, int pass, struct skip *skip)
{
    *skip = practice_no_skip;
    const struct passage *last = last_pass(score);
    if (!last || pass < 1 || pass >= last->pass)
        return false;
    const struct passage *first_skipped = last - (last->pass - pass - 1);
    bool ends = last + 1 == score->passages + score->passage_count;
    *skip = (struct skip){
        .from = first_skipped->first_step,
        .to = ends ? score->step_count : last[1].first_step,
        .begin_s = first_skipped->start_s,
        .end_s = ends ? score->duration_s : last[1].start_s,
    };
    return true;
}

/* While the repeated bars are still ahead, their first pass is the last one. */
bool practice_last_time(const struct score *score, int next, struct skip *skip)
{
    const struct passage *last = last_pass(score);
    const struct passage *now = practice_passage_of(score, next > 0 ? next - 1 : 0);
    bool over = !last || now > last;
    return practice_skip_after(score, over ? 0 : now->pass ? now->pass : 1, skip);
}

double skip_s(const struct skip *skip, int step)
{
    return step >= skip->to ? skip->end_s - skip->begin_s : 0;
}

int64_t skip_frames(const struct skip *skip, int rate)
{
    return llround((skip->end_s - skip->begin_s) * rate);
}

int64_t skip_score_frame(const struct skip *skip, int64_t frame, int rate)
{
    bool after = skip->to != INT_MAX && frame >= llround(skip->begin_s * rate);
    return after ? frame + skip_frames(skip, rate) : frame;
}

int64_t skip_take_frame(const struct skip *skip, int64_t frame, int rate)
{
    int64_t begin = llround(skip->begin_s * rate), frames = skip_frames(skip, rate);
    if (skip->to == INT_MAX || frame < begin)
        return frame;
    return frame < begin + frames ? INT64_MAX : frame - frames;
}

int skip_next(const struct skip *skip, int step)
{
    return step + 1 == skip->from ? skip->to : step + 1;
}

int skip_index(const struct skip *skip, int step)
{
    if (step < skip->from)
        return step;
    return step < skip->to ? -1 : step - (skip->to - skip->from);
}

int skip_step(const struct skip *skip, int index)
{
    return index < skip->from ? index : index + (skip->to - skip->from);
}
