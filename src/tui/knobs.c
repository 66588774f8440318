#include "tui/knobs.h"

#include "rehearsal/sensitivity.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const struct knob_kind knob_kinds[KNOB_COUNT] = {
    [KNOB_VELOCITY] = {"w_v touch", "a lesson keeps the written dynamics", "", 0, 5, 0.1, 1},
    [KNOB_OFFSET] = {"w_o meeting", "a lesson moves the drums to your notes", "", 0, 5, 0.1, 1},
    [KNOB_GUITAR] = {"w_g expecting", "a lesson learns where you will play", "", 0, 5, 0.1, 1},
    [KNOB_HUMAN] = {"w_r human", "a lesson stays a human drummer", "", 0, 5, 0.1, 1},
    [KNOB_STRENGTH] = {"strength", "how much a lesson changes", "", 0.1, 1, 0.1, 1},
    [KNOB_FOLLOW] = {"follow", "0 own feel, 1 on your expected note", "", 0, 1, 0.1, 1},
    [KNOB_EXPRESSION] = {"expression", "0 likeliest hit, 1 a human's spread", "", 0, 1, 0.1, 1},
    [KNOB_LEASH] = {"leash", "the furthest a hit may move", " ms", 0, 250, 10, 0},
    [KNOB_DRUM_LEASH] = {"leash of a drum", "keys 1-9 choose a drum", " ms", 0, 250, 5, 0},
    [KNOB_TEMPO] = {"tempo", "of what is written", " %", 40, 160, 5, 0},
    [KNOB_SENSITIVITY] = {"sensitivity", "how keenly you are heard", " dB", -SENSITIVITY_MOST_DB,
                          SENSITIVITY_MOST_DB, 1, 0},
    [KNOB_REVERB] = {"reverb", "a room around the drums, at once", "", 0, 1, 0.1, 1},
};

/* "w_v touch" is touch. */
const char *knob_word(enum knob knob)
{
    const char *name = knob_kinds[knob].name, *blank = strchr(name, ' ');
    if (knob == KNOB_DRUM_LEASH)
        return NULL;
    return strncmp(name, "w_", 2) == 0 && blank ? blank + 1 : name;
}

bool knob_of_lesson(enum knob knob)
{
    return knob <= KNOB_STRENGTH;
}

bool knobs_change(const struct knobs *knobs, enum knob knob, struct change *change)
{
    *change = (struct change){.drum = -1, .value = knobs_value(knobs, knob)};
    switch (knob) {
    case KNOB_FOLLOW:
        change->kind = CHANGE_FOLLOW;
        return true;
    case KNOB_EXPRESSION:
        change->kind = CHANGE_EXPRESSION;
        return true;
    case KNOB_LEASH:
        change->kind = CHANGE_LEASH;
        return true;
    case KNOB_DRUM_LEASH:
        change->kind = CHANGE_LEASH;
        change->drum = knobs->drum;
        change->value = fmin(knobs->drum_leash_ms[knobs->drum], LEASH_MOST_MS);
        return true;
    default:
        return false;
    }
}

struct knobs knobs_from(const struct room_take_options *take, const struct lesson_options *lesson)
{
    const struct controls *controls = &take->settings.controls;
    struct knobs knobs = {
        .value = {[KNOB_VELOCITY] = lesson->weights.velocity,
                  [KNOB_OFFSET] = lesson->weights.offset,
                  [KNOB_GUITAR] = lesson->weights.guitar,
                  [KNOB_HUMAN] = lesson->weights.human,
                  [KNOB_STRENGTH] = lesson->strength,
                  [KNOB_FOLLOW] = controls->follow,
                  [KNOB_EXPRESSION] = controls->expression,
                  [KNOB_LEASH] = controls->leash_ms,
                  [KNOB_TEMPO] = take->settings.tempo_percent,
                  [KNOB_SENSITIVITY] = take->sensitivity_db,
                  [KNOB_REVERB] = take->reverb},
        .drum = -1,
    };
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        knobs.drum_leash_ms[drum] =
            controls->leashed & 1u << drum ? controls->drum_leash_ms[drum] : INFINITY;
    return knobs;
}

void knobs_apply(const struct knobs *knobs, struct room_take_options *take,
                 struct lesson_options *lesson)
{
    const double *value = knobs->value;
    lesson->weights = (struct lesson_weights){
        .velocity = value[KNOB_VELOCITY],
        .offset = value[KNOB_OFFSET],
        .guitar = value[KNOB_GUITAR],
        .human = value[KNOB_HUMAN],
    };
    lesson->strength = value[KNOB_STRENGTH];
    struct controls *controls = &take->settings.controls;
    *controls = (struct controls){
        .follow = value[KNOB_FOLLOW],
        .expression = value[KNOB_EXPRESSION],
        .leash_ms = value[KNOB_LEASH],
    };
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        if (knobs->drum_leash_ms[drum] < INFINITY) {
            controls->leashed = (uint16_t)(controls->leashed | 1u << drum);
            controls->drum_leash_ms[drum] = knobs->drum_leash_ms[drum];
        }
    take->settings.tempo_percent = value[KNOB_TEMPO];
    take->sensitivity_db = value[KNOB_SENSITIVITY];
    take->reverb = value[KNOB_REVERB];
}

double knobs_value(const struct knobs *knobs, enum knob knob)
{
    if (knob != KNOB_DRUM_LEASH)
        return knobs->value[knob];
    double own = knobs->drum < 0 ? INFINITY : knobs->drum_leash_ms[knobs->drum];
    return fmin(own, knobs->value[KNOB_LEASH]);
}

/* From an odd value the first step goes to the next round one. */
static double next_value(const struct knob_kind *kind, double now, int direction)
{
    double place = now / kind->step;
    double next = direction > 0 ? floor(place + 1e-6) + 1 : ceil(place - 1e-6) - 1;
    return fmin(fmax(next * kind->step, kind->low), kind->high);
}

bool knobs_turn(struct knobs *knobs, enum knob knob, int direction)
{
    const struct knob_kind *kind = &knob_kinds[knob];
    double now = knobs_value(knobs, knob);
    double high = knob == KNOB_DRUM_LEASH ? knobs->value[KNOB_LEASH] : kind->high;
    if (knob == KNOB_DRUM_LEASH && knobs->drum < 0)
        return false;
    if (direction > 0 ? now >= high : now <= kind->low) /* the command line may go further */
        return false;
    double value = direction > 0 && now >= kind->high ? high : next_value(kind, now, direction);
    if (knob != KNOB_DRUM_LEASH)
        knobs->value[knob] = value;
    else /* let out as far as the leash of all, a drum has none of its own */
        knobs->drum_leash_ms[knobs->drum] = value < high ? value : INFINITY;
    return fabs(value - now) > 1e-9;
}

void knobs_text(const struct knobs *knobs, enum knob knob, char *out, int size)
{
    const struct knob_kind *kind = &knob_kinds[knob];
    if (knob == KNOB_DRUM_LEASH &&
        (knobs->drum < 0 || knobs->drum_leash_ms[knobs->drum] >= INFINITY))
        snprintf(out, (size_t)size, "as all");
    else
        snprintf(out, (size_t)size, kind->low < 0 ? "%+.*f%s" : "%.*f%s", kind->decimals,
                 knobs_value(knobs, knob), kind->unit);
}
