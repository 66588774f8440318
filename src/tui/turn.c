#include "tui/turn.h"

#include "tui/flub.h"
#include "tui/say.h"
#include "tui/sound.h"
#include "tui/widgets.h"

#include <math.h>
#include <stdio.h>

bool turn_tell(struct tui *tui, const struct change *change)
{
    if (stage_change(room_stage(tui->room), change))
        return true;
    say(tui, TONE_ERROR, "the drummer could not be told: %s",
        tui->screen.transport.stopping ? "the take is ending" : "the sound stands still");
    return false;
}

/* How far out the leash can be let in the take that is being played. */
static double most_leash_ms(const struct tui *tui, int drum)
{
    const struct controls *begun = &tui->take.settings.controls;
    return drum < 0 ? begun->leash_ms : controls_leash_ms(begun, drum);
}

static void turn_in_take(struct tui *tui, enum knob knob, const char *what)
{
    struct change change;
    if (!knobs_change(&tui->screen.knobs, knob, &change))
        say(tui, TONE_INFO, "%s from the next take on", what);
    else if (!turn_tell(tui, &change))
        return;
    else if (change.kind == CHANGE_LEASH &&
             knobs_value(&tui->screen.knobs, knob) > most_leash_ms(tui, change.drum))
        say(tui, TONE_INFO, "%s from the next take on: this one began with %.0f ms", what,
            most_leash_ms(tui, change.drum));
    else
        say(tui, TONE_INFO, "%s from now on", what);
}

/* "follow 0.9", "leash of kick 10 ms" */
static void describe(const struct knobs *knobs, enum knob knob, char *out, int size)
{
    char value[32];
    knobs_text(knobs, knob, value, sizeof value);
    if (knob == KNOB_DRUM_LEASH && knobs->drum >= 0)
        snprintf(out, (size_t)size, "leash of %s %s", widget_drum(knobs->drum), value);
    else
        snprintf(out, (size_t)size, "%s %s", knob_kinds[knob].name, value);
}

/* The stage heeds it whether a take is being played or not. */
static bool of_the_stage(enum knob knob)
{
    return knob == KNOB_SENSITIVITY || knob == KNOB_REVERB;
}

/* What follows from a knob that has been turned. */
static void heed(struct tui *tui, enum knob knob)
{
    const struct screen *screen = &tui->screen;
    char what[64];
    describe(&screen->knobs, knob, what, sizeof what);
    if (of_the_stage(knob))
        sound_heed_knobs(tui);
    if (knob_of_lesson(knob) && screen->lesson.running)
        say(tui, TONE_INFO, "%s from the next lesson on", what);
    else if (!knob_of_lesson(knob) && !of_the_stage(knob) && room_playing(tui->room))
        turn_in_take(tui, knob, what);
    else if (screen->view != VIEW_WEIGHTS)
        say(tui, TONE_INFO, "%s", what);
}

void turn_knob(struct tui *tui, enum knob knob, int direction)
{
    struct knobs *knobs = &tui->screen.knobs;
    char what[64];
    if (knob == KNOB_DRUM_LEASH && knobs->drum < 0) {
        say(tui, TONE_INFO, "whose leash? keys 1-9 choose a drum");
    } else if (knobs_turn(knobs, knob, direction)) {
        heed(tui, knob);
    } else {
        describe(knobs, knob, what, sizeof what);
        say(tui, TONE_INFO, "%s: that is its end", what);
    }
}

void turn_to(struct tui *tui, enum knob knob, int drum, double value)
{
    struct knobs *knobs = &tui->screen.knobs;
    int chosen = knobs->drum;
    if (knob == KNOB_DRUM_LEASH) {
        knobs->drum = drum;
        knobs->drum_leash_ms[drum] = value < knobs->value[KNOB_LEASH] ? value : INFINITY;
    } else {
        knobs->value[knob] = value;
    }
    heed(tui, knob);
    knobs->drum = chosen;
}

void turn_back(struct tui *tui, enum knob knob)
{
    struct knobs *knobs = &tui->screen.knobs;
    if (knob != KNOB_DRUM_LEASH)
        knobs->value[knob] = tui->screen.knobs_before.value[knob];
    else if (knobs->drum >= 0)
        knobs->drum_leash_ms[knobs->drum] = tui->screen.knobs_before.drum_leash_ms[knobs->drum];
    else
        return;
    heed(tui, knob);
}

void turn_drum(struct tui *tui, int drum)
{
    struct knobs *knobs = &tui->screen.knobs;
    const char *name = kitmap_name((enum drum)drum);
    const char *leash = screen_key(&tui->screen, ACTION_LEASH);
    if (!(score_drums(tui->screen.score) & 1u << drum)) {
        say(tui, TONE_INFO, "the song has no %s", name);
        return;
    }
    knobs->drum = knobs->drum == drum ? -1 : drum;
    if (knobs->drum < 0)
        say(tui, TONE_INFO, "%s set the leash of all drums", leash);
    else
        say(tui, TONE_INFO, "%s set the leash of the %s; the same key again: of all", leash, name);
}

void turn_robot(struct tui *tui)
{
    bool robot = !tui->screen.robot;
    struct change change = {.kind = CHANGE_ROBOT, .drum = -1, .value = robot};
    if (!turn_tell(tui, &change))
        return;
    tui->screen.robot = robot;
    if (robot)
        say(tui, TONE_INFO, "the drums play as written; %s: the drummer plays again",
            screen_key(&tui->screen, ACTION_ROBOT));
    else
        say(tui, TONE_INFO, "the drummer plays again");
}

void turn_flub(struct tui *tui)
{
    struct screen *screen = &tui->screen;
    const struct score *played = screen->played;
    struct take_range range;
    if (screen->transport.count_in > 0) {
        say(tui, TONE_INFO, "no bar has been played yet");
        return;
    }
    if (!take_range(played, &tui->take.settings, &range, NULL))
        return;
    int last = practice_clock_bar(played, range.end_step - 1) + 1;
    int bar = practice_song_bar(played, flub_bar(&tui->at, range.first_bar + 1, last) - 1) + 1;
    bool marked = !bars_hold(&screen->flubs, bar);
    struct change change = {.kind = CHANGE_FLUB, .drum = -1, .bar = bar, .value = marked};
    struct bars flubs = screen->flubs, others = screen->unflubbed;
    if (!change_flubs(&change, &flubs, &others)) {
        say(tui, TONE_INFO, "too many pieces: no more bars can be marked");
        return;
    }
    if (!turn_tell(tui, &change))
        return;
    screen->flubs = flubs;
    screen->unflubbed = others;
    if (marked)
        say(tui, TONE_INFO, "bar %d is a flub: not to be learnt from; %s: it is none", bar,
            screen_key(screen, ACTION_FLUB));
    else
        say(tui, TONE_INFO, "bar %d is no flub", bar);
}
