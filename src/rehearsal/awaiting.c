#include "rehearsal/awaiting.h"

#include "guitarist/intro.h"
#include "rehearsal/guitar.h"

#include <math.h>
#include <stdlib.h>

static const double SETTLES_S = 0.5; /* before a virtual guitarist begins */

struct awaiting {
    struct entrance *entrance;
    int rate, bar;
    double round_trip_s;
    double lead_s; /* a take is to be begun this long before its first bar */
    bool plays;    /* a virtual guitarist does, from `begins` on */
    int64_t begins;
    struct intro intro;
    struct intro_strum next;
};

struct awaiting *awaiting_new(const struct awaiting_options *options, struct error *err)
{
    const struct take_settings *settings = options->settings;
    int bar = settings->first_bar > 0 ? settings->first_bar : 1;
    struct awaiting *a = calloc(1, sizeof *a);
    if (a)
        a->entrance = entrance_new(options->score, bar);
    if (!a || !a->entrance) {
        free(a);
        error_set(err, "out of memory");
        return NULL;
    }
    a->rate = settings->rate;
    a->bar = bar;
    a->round_trip_s = (double)settings->round_trip_frames / a->rate;
    a->lead_s = options->ready_s + settings->controls.leash_ms / 1000 +
                (double)settings->lead_frames / a->rate;
    a->begins = options->clock + llround(SETTLES_S * a->rate);
    a->plays = options->plays;
    if (a->plays) {
        struct entrance_cue marked;
        entrance_cue(a->entrance, 0, &marked);
        intro_begin(&a->intro, marked.beat_s, marked.beats, options->seed, options->take);
        a->plays = intro_next(&a->intro, &a->next);
    }
    return a;
}

void awaiting_free(struct awaiting *a)
{
    if (!a)
        return;
    entrance_free(a->entrance);
    free(a);
}

void awaiting_hear(struct awaiting *a, int64_t frame, double strength_db)
{
    entrance_hear(a->entrance, (double)frame / a->rate, strength_db);
}

bool awaiting_strum(struct awaiting *a, int64_t until, struct engine_strum *strum)
{
    int64_t frame = a->begins + llround(a->next.time_s * a->rate);
    if (!a->plays || frame >= until)
        return false;
    *strum = (struct engine_strum){
        .frame = frame, .loudness = a->next.loudness, .monitor = GUITAR_MONITOR};
    a->plays = intro_next(&a->intro, &a->next);
    return true;
}

void awaiting_correct(struct awaiting *a, double factor)
{
    entrance_correct(a->entrance, factor);
}

/* What is heard is late by the round trip, and so are the drums to who listens. */
static void find_cue(const struct awaiting *a, int64_t clock, struct entrance_cue *cue)
{
    double earliest_s = (double)clock / a->rate + a->lead_s + a->round_trip_s;
    entrance_cue(a->entrance, earliest_s, cue);
    cue->bar_s -= a->round_trip_s;
    cue->tempo_percent = round(100 * cue->tempo_percent) / 100; /* as it is written down */
}

bool awaiting_comes_in(const struct awaiting *a, int64_t clock, double patience_s,
                       struct entrance_cue *cue)
{
    find_cue(a, clock, cue);
    return cue->sure && cue->bar_s < (double)clock / a->rate + a->lead_s + patience_s;
}

int64_t awaiting_zero(const struct awaiting *a, const struct entrance_cue *cue,
                      const struct score *score)
{
    return llround((cue->bar_s - score_bar_s(score, a->bar)) * a->rate);
}
