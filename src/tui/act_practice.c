#include "tui/act_practice.h"

#include "tui/say.h"
#include "tui/turn.h"

enum { LONGEST_BARS = 8, PHRASE_BARS = 4 }; /* of a longer section, the phrase that holds it */

/* The stage shows where the next take begins. */
static void heed(struct tui *tui)
{
    drill_apply(&tui->screen.drill, &tui->take);
}

void act_practice_move(struct tui *tui, int by)
{
    struct drill *drill = &tui->screen.drill;
    int knob = (int)drill->selected + by;
    drill->selected = (enum practice_knob)((knob + PRACTICE_KNOBS) % PRACTICE_KNOBS);
}

/* A knob that does not count beside the others. */
static void say_unheeded(struct tui *tui, enum practice_knob knob)
{
    say(tui, TONE_INFO, "%s counts for nothing here: %s", practice_knob_names[knob],
        tui->screen.drill.value[PRACTICE_VAMP] ? "a vamp waits for you, and keeps its tempo"
        : knob == PRACTICE_RAMP                ? "the bars are played once"
                                               : "the drums are never out");
}

void act_practice_turn(struct tui *tui, int steps)
{
    struct drill *drill = &tui->screen.drill;
    enum practice_knob knob = drill->selected;
    if (knob == PRACTICE_TEMPO)
        turn_knob(tui, KNOB_TEMPO, steps > 0 ? 1 : -1);
    else if (!drill_heeds(drill, knob))
        say_unheeded(tui, knob);
    else if (!drill_turn(drill, knob, steps))
        say(tui, TONE_INFO, "%s: that is its end", practice_knob_names[knob]);
    heed(tui);
}

void act_practice_set(struct tui *tui, enum practice_knob knob, int value)
{
    struct drill *drill = &tui->screen.drill;
    const char *name = practice_knob_names[knob];
    char text[32];
    int low, high;
    drill_limits(drill, knob, &low, &high);
    if (!drill_set(drill, knob, value)) {
        say(tui, TONE_ASK, "%s is a number from %d to %d, not %d", name, low, high, value);
        return;
    }
    drill_text(drill, knob, text, sizeof text);
    if (!drill_heeds(drill, knob))
        say_unheeded(tui, knob);
    else
        say(tui, TONE_INFO, "%s: %s%s", name, text,
            room_playing(tui->room) ? ", from the next take on" : "");
    heed(tui);
}

void act_practice_clear(struct tui *tui)
{
    drill_clear(&tui->screen.drill);
    heed(tui);
    say(tui, TONE_INFO, "all of the song, once");
}

void act_practice_choose(struct tui *tui, int bar)
{
    const struct section *section = form_section(tui->screen.form, bar - 1);
    int first = section->first_bar, count = section->bar_count;
    if (count > LONGEST_BARS) {
        first += (bar - 1 - first) / PHRASE_BARS * PHRASE_BARS;
        count = PHRASE_BARS;
    }
    drill_choose(&tui->screen.drill, first + 1, first + count);
    heed(tui);
}

void act_practice_last_time(struct tui *tui)
{
    const struct drill_now *now = &tui->screen.drill_now;
    struct change change = {.kind = CHANGE_LAST_TIME, .drum = -1, .value = 1};
    if (practice_passes(tui->screen.played) == 1)
        say(tui, TONE_INFO, "no bars are repeated in this take: %s sets some, before it",
            screen_key(&tui->screen, ACTION_PRACTICE));
    else if (now->last_time)
        say(tui, TONE_INFO, "this is the last time");
    else if (turn_tell(tui, &change))
        say(tui, TONE_GOOD, "this is the last time%s", now->vamp ? ": the song goes on" : "");
}

void act_practice_click(struct tui *tui)
{
    int *click = &tui->screen.drill.value[PRACTICE_CLICK];
    *click = !*click;
    heed(tui);
    stage_set_click(room_stage(tui->room), *click);
    say(tui, TONE_INFO, *click ? "every beat clicks" : "the click is off");
}
