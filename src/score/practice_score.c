#include "score/practice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_HITS = 100000 };

static const double MOST_S = 3 * 3600.0;

/* Bars of the song, from 1, and the steps in them. */
struct stretch {
    int first_bar, last_bar;
    int first, end;
};

static struct stretch stretch_of(const struct score *song, int first_bar, int last_bar)
{
    struct stretch stretch = {.first_bar = first_bar, .last_bar = last_bar};
    while (stretch.first < song->step_count && song->steps[stretch.first].bar + 1 < first_bar)
        stretch.first++;
    stretch.end = stretch.first;
    while (stretch.end < song->step_count && song->steps[stretch.end].bar + 1 <= last_bar)
        stretch.end++;
    return stretch;
}

static double length_s(const struct score *song, const struct stretch *stretch)
{
    return score_bar_s(song, stretch->last_bar + 1) - score_bar_s(song, stretch->first_bar);
}

/* The steps at the end that the next pass begins on top of give way to it. */
static void clear_seam(const struct score *song, struct stretch *loop)
{
    double next_s = song->steps[loop->first].time_s + length_s(song, loop);
    double apart_s = SCORE_CLUSTER_S * 100 / song->tempo_percent;
    while (loop->end > loop->first + 1 && next_s - song->steps[loop->end - 1].time_s <= apart_s)
        loop->end--;
}

/* What is under way while a score is arranged. */
struct arranging {
    const struct score *song;
    struct score *score;
    int64_t tick; /* where the next passage begins */
    int bar;
    double time_s;
};

static int hits_of(const struct score *song, const struct stretch *stretch)
{
    int hits = 0;
    for (int s = stretch->first; s < stretch->end; s++)
        hits += song->steps[s].hit_count;
    return hits;
}

static void copy_step(struct score *score, const struct score *song, int from, double speed,
                      double song_s, double start_s, int64_t ticks)
{
    struct step *step = &score->steps[score->step_count];
    *step = song->steps[from];
    step->first_hit = score->hit_count;
    step->time_s = start_s + (step->time_s - song_s) / speed;
    step->tick += ticks;
    step->at.bpm *= speed;
    step->at.bar_s /= speed;
    for (int k = 0; k < step->hit_count; k++) {
        struct hit *hit = &score->hits[score->hit_count++];
        *hit = song->hits[song->steps[from].first_hit + k];
        hit->step = score->step_count;
        hit->scored_s = start_s + (hit->scored_s - song_s) / speed;
        hit->file_s = start_s + (hit->file_s - song_s) / speed;
    }
    score->step_count++;
}

static bool add_passage(struct arranging *arranging, const struct stretch *stretch, int pass,
                        double tempo_percent)
{
    const struct score *song = arranging->song;
    struct score *score = arranging->score;
    int bars = stretch->last_bar - stretch->first_bar + 1;
    double speed = tempo_percent / song->tempo_percent;
    int64_t from = clock_bar_tick(song->clock, stretch->first_bar - 1);
    int64_t end = clock_bar_tick(song->clock, stretch->last_bar);
    if (!clock_add_stretch(score->clock, arranging->tick, arranging->bar, song->clock, from, end,
                           speed))
        return false;
    score->passages[score->passage_count++] = (struct passage){
        .first_step = score->step_count,
        .first_bar = arranging->bar,
        .song_bar = stretch->first_bar - 1,
        .bar_count = bars,
        .pass = pass,
        .start_s = arranging->time_s,
        .tempo_percent = tempo_percent,
    };
    for (int s = stretch->first; s < stretch->end; s++)
        copy_step(score, song, s, speed, score_bar_s(song, stretch->first_bar), arranging->time_s,
                  arranging->tick - from);
    arranging->tick += end - from;
    arranging->bar += bars;
    arranging->time_s += length_s(song, stretch) / speed;
    return true;
}

/* From every pass the song may go on at once: its last steps keep clear of both that can follow. */
static void set_gaps(struct score *score, int passes)
{
    score_set_gaps(score);
    int last = score->passage_count - 1;
    if (score->passages[last].pass || score->passages[last].first_step == score->step_count)
        return;
    double on_s = score->steps[score->passages[last].first_step].gap_s[0];
    for (int i = last - passes + 1; i < last; i++) {
        struct step *step = &score->steps[score->passages[i].first_step - 1];
        step->gap_s[1] = fmin(step->gap_s[1], on_s);
    }
}

/* What goes before the repeated bars, these, and what goes after them: first_bar over last_bar
 * where there is nothing. */
struct plan {
    struct stretch before, loop, after;
    int passes;
};

/* Bars that begin in the song end with it. */
static int to_end(const struct score *song, int first_bar, int last_bar)
{
    bool beyond = last_bar == 0 || (first_bar <= song->bar_count && last_bar > song->bar_count);
    return beyond ? song->bar_count : last_bar;
}

static struct plan plan_of(const struct score *song, int first_bar, int last_bar,
                           const struct practice *practice)
{
    int first = first_bar > 0 ? first_bar : 1;
    int last = to_end(song, first, last_bar);
    int loop_first = practice->vamp_first ? practice->vamp_first : first;
    int loop_last = practice->vamp_last ? to_end(song, loop_first, practice->vamp_last) : last;
    return (struct plan){
        .before = stretch_of(song, first, loop_first - 1),
        .loop = stretch_of(song, loop_first, loop_last),
        .after = stretch_of(song, loop_last + 1, last),
        .passes = practice->played ? practice->played : practice->passes,
    };
}

static bool check_plan(const struct score *song, const struct plan *plan, struct error *err)
{
    const struct stretch *loop = &plan->loop;
    int first, end;
    if (!score_bars(song, loop->first_bar, loop->last_bar, &first, &end, err))
        return false;
    double least = SCORE_LEAST_TEMPO / song->tempo_percent;
    if (plan->passes * hits_of(song, loop) > MOST_HITS ||
        plan->passes * length_s(song, loop) / least > MOST_S)
        return error_set(err, "%d passes of bars %d-%d are too long to be played in one take",
                         plan->passes, loop->first_bar, loop->last_bar);
    return true;
}

static struct score *empty_score(const struct score *song, const struct plan *plan)
{
    size_t passes = (size_t)plan->passes, others = (size_t)song->step_count;
    size_t steps = passes * (size_t)(plan->loop.end - plan->loop.first) + others;
    size_t hits = passes * (size_t)hits_of(song, &plan->loop) + (size_t)song->hit_count;
    struct score *score = calloc(1, sizeof *score);
    if (!score)
        return NULL;
    memcpy(score->name, song->name, sizeof score->name);
    memcpy(score->id, song->id, sizeof score->id);
    score->ppq = song->ppq;
    score->tempo_percent = song->tempo_percent;
    score->quantised = song->quantised;
    score->bar_count = song->bar_count;
    score->song_step_count = song->step_count;
    score->clock = clock_new(song->ppq, song->tempo_percent);
    score->steps = calloc(steps, sizeof *score->steps);
    score->hits = calloc(hits, sizeof *score->hits);
    score->passages = calloc(passes + 2, sizeof *score->passages);
    if (score->clock && score->steps && score->hits && score->passages)
        return score;
    score_free(score);
    return NULL;
}

static bool arrange(struct arranging *arranging, const struct plan *plan,
                    const struct practice *practice)
{
    double tempo = arranging->song->tempo_percent;
    bool added = true;
    if (plan->before.first_bar <= plan->before.last_bar)
        added = add_passage(arranging, &plan->before, 0, tempo);
    for (int pass = 1; added && pass <= plan->passes; pass++)
        added = add_passage(arranging, &plan->loop, pass, practice_tempo(practice, tempo, pass));
    if (added && plan->after.first_bar <= plan->after.last_bar)
        added = add_passage(arranging, &plan->after, 0, tempo);
    return added;
}

struct score *practice_score(const struct score *song, int first_bar, int last_bar,
                             const struct practice *practice, struct error *err)
{
    if (!practice_check(practice, first_bar, last_bar, err))
        return NULL;
    struct plan plan = plan_of(song, first_bar, last_bar, practice);
    if (!check_plan(song, &plan, err))
        return NULL;
    clear_seam(song, &plan.loop);
    struct arranging arranging = {.song = song, .score = empty_score(song, &plan)};
    if (!arranging.score || !arrange(&arranging, &plan, practice)) {
        score_free(arranging.score);
        error_set(err, "out of memory");
        return NULL;
    }
    arranging.score->duration_s = arranging.time_s;
    set_gaps(arranging.score, plan.passes);
    return arranging.score;
}
