#include "tui/knobs.h"

#include <math.h>
#include <stdio.h>

const struct knob_kind knob_kinds[KNOB_COUNT] = {
    [KNOB_VELOCITY] = {"w_v touch", "a lesson keeps the written dynamics", "", 0, 5, 0.1, 1},
    [KNOB_OFFSET] = {"w_o meeting", "a lesson moves the drums to your notes", "", 0, 5, 0.1, 1},
    [KNOB_GUITAR] = {"w_g expecting", "a lesson learns where you will play", "", 0, 5, 0.1, 1},
    [KNOB_HUMAN] = {"w_r human", "a lesson stays a human drummer", "", 0, 5, 0.1, 1},
    [KNOB_STRENGTH] = {"strength", "how much a lesson changes", "", 0.1, 1, 0.1, 1},
    [KNOB_FOLLOW] = {"follow", "0 own feel, 1 on your expected note", "", 0, 1, 0.1, 1},
    [KNOB_EXPRESSION] = {"expression", "0 likeliest hit, 1 a human's spread", "", 0, 1, 0.1, 1},
    [KNOB_LEASH] = {"leash", "the furthest a hit may move", " ms", 0, 250, 10, 0},
    [KNOB_TEMPO] = {"tempo", "of what is written", " %", 40, 160, 5, 0},
    [KNOB_REVERB] = {"reverb", "a room around the drums, at once", "", 0, 1, 0.1, 1},
};

bool knob_of_lesson(enum knob knob)
{
    return knob <= KNOB_STRENGTH;
}

struct knobs knobs_from(const struct room_take_options *take, const struct lesson_options *lesson)
{
    return (struct knobs){{
        [KNOB_VELOCITY] = lesson->weights.velocity,
        [KNOB_OFFSET] = lesson->weights.offset,
        [KNOB_GUITAR] = lesson->weights.guitar,
        [KNOB_HUMAN] = lesson->weights.human,
        [KNOB_STRENGTH] = lesson->strength,
        [KNOB_FOLLOW] = take->settings.controls.follow,
        [KNOB_EXPRESSION] = take->settings.controls.expression,
        [KNOB_LEASH] = take->settings.controls.leash_ms,
        [KNOB_TEMPO] = take->settings.tempo_percent,
        [KNOB_REVERB] = take->reverb,
    }};
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
    take->settings.controls = (struct controls){
        .follow = value[KNOB_FOLLOW],
        .expression = value[KNOB_EXPRESSION],
        .leash_ms = value[KNOB_LEASH],
    };
    take->settings.tempo_percent = value[KNOB_TEMPO];
    take->reverb = value[KNOB_REVERB];
}

bool knobs_turn(struct knobs *knobs, enum knob knob, int direction)
{
    const struct knob_kind *kind = &knob_kinds[knob];
    double now = knobs->value[knob], place = now / kind->step;
    if (direction > 0 ? now >= kind->high : now <= kind->low) /* the command line may go further */
        return false;
    /* From an odd value the first step goes to the next round one. */
    double next = direction > 0 ? floor(place + 1e-6) + 1 : ceil(place - 1e-6) - 1;
    double value = fmin(fmax(next * kind->step, kind->low), kind->high);
    knobs->value[knob] = value;
    return fabs(value - now) > 1e-9;
}

void knobs_text(const struct knobs *knobs, enum knob knob, char *out, int size)
{
    const struct knob_kind *kind = &knob_kinds[knob];
    snprintf(out, (size_t)size, "%.*f%s", kind->decimals, knobs->value[knob], kind->unit);
}
