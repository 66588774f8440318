#include "listen/match.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* A step owns the times nearer to its expected place than to any other step's, within its reach:
 *
 *        scored      expected
 *     ------|-----------|----------
 *                  (----|----)          narrow: about where he is expected
 *     (-----|-----)                     wide: about the score, so that a stranger is caught
 *
 * The narrow window always counts. The wide one counts while the prediction is unsure, or when it
 * has just been wrong twice running, at all steps or at this place of the bar: else a guitar that
 * fell back all at once would be lost for good, and so would one that is sure to be far off at the
 * downbeats alone. */
#define GAP_PART 0.45       /* of the gap to the neighbour: swing goes that far */
#define LEAST_REACH_MS 20.0 /* where steps are dense, the nearest step decides */
#define NARROW_MS 40.0
#define NARROW_SDS 3.5
#define WIDE_MS 200.0 /* in a rest, what is further off is not about this step */
#define SURE_SD_MS 20.0
#define USUAL_SD_MS 25.0
#define MOST_DEVIATION_MS 300.0
#define WRONG_RUN 2
#define STRUM_MS 29.5 /* its strings sound within 30 ms, give or take a rounding to frames */

struct expectation {
    double guitar_ms, sd_ms;
};

struct place {
    double scored_ms, gap_ms[2];
    int bin;
    struct expectation expectation; /* valid up to the last step expected */
    bool used, skipped;
};

struct matcher {
    struct place *places;
    int count;
    int expected;                /* how many of the places have an expectation */
    struct expectation last;     /* of the places beyond: the last one given, ... */
    struct habit {               /* ... better, the last one given at this place of the bar */
        struct expectation last; /* sd_ms < 0: none yet */
        int wrong;
    } habits[SCORE_BINS];
    int wrong;              /* onsets in a row that only a wide window would take, or took */
    double first_string_ms; /* of the last strum */
};

struct matcher *match_new(const struct score *score)
{
    struct matcher *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->count = score->step_count;
    m->last.sd_ms = USUAL_SD_MS;
    m->first_string_ms = -INFINITY;
    for (int bin = 0; bin < SCORE_BINS; bin++)
        m->habits[bin].last.sd_ms = -1;
    m->places = calloc((size_t)m->count + 1, sizeof *m->places);
    if (!m->places) {
        free(m);
        return NULL;
    }
    for (int i = 0; i < m->count; i++) {
        const struct step *step = &score->steps[i];
        m->places[i].scored_ms = 1000 * step->time_s;
        m->places[i].bin = step->bin;
        for (int side = 0; side < 2; side++)
            m->places[i].gap_ms[side] = 1000 * step->gap_s[side];
    }
    return m;
}

void match_free(struct matcher *m)
{
    if (!m)
        return;
    free(m->places);
    free(m);
}

static struct expectation expectation_of(const struct matcher *m, int step)
{
    const struct place *place = &m->places[step];
    const struct habit *habit = &m->habits[place->bin];
    return step < m->expected ? place->expectation : habit->last.sd_ms < 0 ? m->last : habit->last;
}

void match_expect(struct matcher *m, int step, double guitar_ms, double sd_ms)
{
    assert(step >= 0 && step < m->count && isfinite(guitar_ms) && sd_ms >= 0);
    struct expectation given = {
        .guitar_ms = fmin(fmax(guitar_ms, -MOST_DEVIATION_MS), MOST_DEVIATION_MS), .sd_ms = sd_ms};
    for (; m->expected < step; m->expected++)
        m->places[m->expected].expectation = expectation_of(m, m->expected);
    m->places[step].expectation = given;
    if (step < m->expected)
        return;
    m->expected = step + 1;
    m->last = m->habits[m->places[step].bin].last = given;
}

void match_skip(struct matcher *m, int from, int to, double earlier_ms)
{
    assert(0 < from && from < to && to <= m->count);
    for (int i = to; i < m->count; i++)
        m->places[i].scored_ms -= earlier_ms;
    double seam_ms = to < m->count ? m->places[to].scored_ms : m->places[from].scored_ms;
    for (int i = from; i < to; i++) { /* they stay in the order of time */
        m->places[i].scored_ms = seam_ms;
        m->places[i].skipped = true;
    }
    double gap_ms = to < m->count ? seam_ms - m->places[from - 1].scored_ms : INFINITY;
    m->places[from - 1].gap_ms[1] = gap_ms;
    if (to < m->count)
        m->places[to].gap_ms[0] = gap_ms;
}

/* The first step scored at `ms` or later. */
static int first_from(const struct matcher *m, double ms)
{
    int low = 0, high = m->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (m->places[middle].scored_ms < ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The step whose expected place is nearest. Only steps scored near enough can own `ms`. */
static int nearest(const struct matcher *m, double ms)
{
    double far = MOST_DEVIATION_MS + WIDE_MS, least = INFINITY;
    int best = -1;
    for (int i = first_from(m, ms - far); i < m->count && m->places[i].scored_ms <= ms + far; i++) {
        double off = fabs(ms - m->places[i].scored_ms - expectation_of(m, i).guitar_ms);
        if (off < least && !m->places[i].skipped) {
            least = off;
            best = i;
        }
    }
    return best;
}

/* Whether `off_ms` from a place of this step lies within `most_ms` and the step's share of its
 * gaps. */
static bool reaches(const struct place *place, double off_ms, double most_ms)
{
    double share = GAP_PART * place->gap_ms[off_ms > 0];
    return fabs(off_ms) <= fmin(fmax(share, LEAST_REACH_MS), most_ms);
}

int match_onset(struct matcher *m, double time_ms, double *deviation_ms)
{
    if (fabs(time_ms - m->first_string_ms) < STRUM_MS)
        return -1;
    m->first_string_ms = time_ms;
    int step = nearest(m, time_ms);
    if (step < 0 || m->places[step].used)
        return -1;
    struct place *place = &m->places[step];
    struct habit *habit = &m->habits[place->bin];
    struct expectation at = expectation_of(m, step);
    double deviation = time_ms - place->scored_ms;
    bool narrow = reaches(place, deviation - at.guitar_ms, fmax(NARROW_SDS * at.sd_ms, NARROW_MS));
    if (!narrow && !reaches(place, deviation, WIDE_MS))
        return -1;
    bool unsure = at.sd_ms > SURE_SD_MS || m->wrong >= WRONG_RUN || habit->wrong >= WRONG_RUN;
    m->wrong = narrow ? 0 : m->wrong + 1;
    habit->wrong = narrow ? 0 : habit->wrong + 1;
    if (!narrow && !unsure)
        return -1;
    place->used = true;
    if (deviation_ms)
        *deviation_ms = deviation;
    return step;
}
