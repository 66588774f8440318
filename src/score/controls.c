#include "score/controls.h"

#include <math.h>

double controls_leash_ms(const struct controls *controls, int drum)
{
    bool own = controls->leashed & 1u << drum;
    return own ? fmin(controls->leash_ms, controls->drum_leash_ms[drum]) : controls->leash_ms;
}

const char *change_name(enum change_kind kind)
{
    static const char *const names[CHANGE_KINDS] = {"follow", "expression", "leash",
                                                    "robot",  "flub",       "last time"};
    return names[kind];
}

bool change_is_valid(const struct change *change)
{
    double value = change->value;
    if (change->kind != CHANGE_LEASH && change->drum != -1)
        return false;
    if (change->kind != CHANGE_FLUB && change->bar != 0)
        return false;
    switch (change->kind) {
    case CHANGE_FOLLOW:
    case CHANGE_EXPRESSION:
        return value >= 0 && value <= 1;
    case CHANGE_LEASH:
        return value >= 0 && value <= LEASH_MOST_MS && change->drum >= -1 &&
               change->drum < DRUM_COUNT;
    case CHANGE_ROBOT:
        return value == 0 || value == 1;
    case CHANGE_FLUB:
        return (value == 0 || value == 1) && change->bar >= 1;
    case CHANGE_LAST_TIME:
        return value == 1;
    case CHANGE_KINDS:
        break;
    }
    return false;
}

bool change_flubs(const struct change *change, struct bars *flubs, struct bars *others)
{
    if (change->kind != CHANGE_FLUB)
        return true;
    bool marked = change->value != 0;
    struct bars with = *flubs, without = *others;
    if (!bars_put(&with, change->bar, change->bar, marked) ||
        !bars_put(&without, change->bar, change->bar, !marked))
        return false;
    *flubs = with;
    *others = without;
    return true;
}

void controls_change(struct controls *controls, const struct controls *begun,
                     const struct change *change)
{
    switch (change->kind) {
    case CHANGE_FOLLOW:
        controls->follow = change->value;
        break;
    case CHANGE_EXPRESSION:
        controls->expression = change->value;
        break;
    case CHANGE_LEASH:
        if (change->drum < 0) {
            controls->leash_ms = fmin(change->value, begun->leash_ms);
        } else {
            controls->drum_leash_ms[change->drum] =
                fmin(change->value, controls_leash_ms(begun, change->drum));
            controls->leashed = (uint16_t)(controls->leashed | 1u << change->drum);
        }
        break;
    case CHANGE_ROBOT:
        controls->robot = change->value != 0;
        break;
    case CHANGE_FLUB:      /* of what is learnt, not of what is played */
    case CHANGE_LAST_TIME: /* of which steps, not of how */
    case CHANGE_KINDS:
        break;
    }
}
