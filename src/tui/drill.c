#include "tui/drill.h"

#include <stdio.h>
#include <string.h>

const char *const practice_knob_names[PRACTICE_KNOBS] = {
    [PRACTICE_FROM] = "from",       [PRACTICE_TO] = "to",         [PRACTICE_PASSES] = "passes",
    [PRACTICE_TEMPO] = "tempo",     [PRACTICE_RAMP] = "ramp",     [PRACTICE_VAMP] = "vamp",
    [PRACTICE_PLAY] = "drums play", [PRACTICE_OUT] = "drums out", [PRACTICE_COUNT_IN] = "count-in",
    [PRACTICE_CLICK] = "click",
};

const char *const practice_knob_helps[PRACTICE_KNOBS] = {
    [PRACTICE_FROM] = "the first bar that is played",
    [PRACTICE_TO] = "the last one",
    [PRACTICE_PASSES] = "how often; while it plays, any pass can be made the last",
    [PRACTICE_TEMPO] = "of what is written, 40 to 160",
    [PRACTICE_RAMP] = "faster by so much at each pass",
    [PRACTICE_VAMP] = "these bars until you have come in, then the song goes on",
    [PRACTICE_PLAY] = "bars with drums, before they drop out",
    [PRACTICE_OUT] = "bars without: keep time, then see how far you drifted",
    [PRACTICE_COUNT_IN] = "bars clicked before the first one",
    [PRACTICE_CLICK] = "every beat; also on and off while it plays",
};

const char *practice_knob_word(enum practice_knob knob)
{
    switch (knob) {
    case PRACTICE_TEMPO:
    case PRACTICE_CLICK:
        return NULL;
    case PRACTICE_PLAY:
        return "drums-play";
    case PRACTICE_OUT:
        return "drums-out";
    default:
        return practice_knob_names[knob];
    }
}

enum { MOST_RAMP = 20, MOST_DRILL_BARS = 16, USUAL_PASSES = 8, USUAL_PLAY = 4 };

static const struct range {
    int low, high, step;
} ranges[PRACTICE_KNOBS] = {
    [PRACTICE_PASSES] = {1, PRACTICE_MOST_PASSES, 1},
    [PRACTICE_TEMPO] = {SCORE_LEAST_TEMPO, SCORE_MOST_TEMPO, 5},
    [PRACTICE_RAMP] = {-MOST_RAMP, MOST_RAMP, 1},
    [PRACTICE_VAMP] = {0, 1, 1},
    [PRACTICE_PLAY] = {1, MOST_DRILL_BARS, 1},
    [PRACTICE_OUT] = {0, MOST_DRILL_BARS, 1},
    [PRACTICE_COUNT_IN] = {0, ROOM_MOST_COUNT_IN, 1},
    [PRACTICE_CLICK] = {0, 1, 1},
};

void drill_clear(struct drill *drill)
{
    int *value = drill->value;
    value[PRACTICE_FROM] = 1;
    value[PRACTICE_TO] = drill->bar_count;
    value[PRACTICE_PASSES] = 1;
    value[PRACTICE_RAMP] = value[PRACTICE_VAMP] = value[PRACTICE_OUT] = 0;
    value[PRACTICE_PLAY] = USUAL_PLAY;
    drill->turned = true;
}

struct drill drill_from(const struct room_take_options *take, int bar_count)
{
    const struct take_settings *settings = &take->settings;
    const struct practice *practice = &settings->practice;
    struct drill drill = {.bar_count = bar_count};
    int *value = drill.value;
    drill_clear(&drill);
    int first = practice->vamp_first ? practice->vamp_first : settings->first_bar;
    int last = practice->vamp_last ? practice->vamp_last : settings->last_bar;
    if (first >= 1 && first <= bar_count)
        value[PRACTICE_FROM] = first;
    if (last >= value[PRACTICE_FROM] && last <= bar_count)
        value[PRACTICE_TO] = last;
    if (practice->passes > 1)
        value[PRACTICE_PASSES] = practice->passes;
    value[PRACTICE_TEMPO] = (int)settings->tempo_percent;
    value[PRACTICE_RAMP] = (int)practice->ramp_percent;
    value[PRACTICE_VAMP] = practice->vamp_first > 0;
    if (practice->out_bars) {
        value[PRACTICE_PLAY] = practice->play_bars;
        value[PRACTICE_OUT] = practice->out_bars;
    }
    value[PRACTICE_COUNT_IN] = take->count_in_bars;
    value[PRACTICE_CLICK] = take->click;
    drill.turned = false;
    return drill;
}

bool drill_is_clear(const struct drill *drill)
{
    const int *value = drill->value;
    return value[PRACTICE_FROM] == 1 && value[PRACTICE_TO] == drill->bar_count &&
           value[PRACTICE_PASSES] == 1 && !value[PRACTICE_VAMP] && value[PRACTICE_OUT] == 0;
}

static struct range range_of(const struct drill *drill, enum practice_knob knob)
{
    if (knob == PRACTICE_FROM || knob == PRACTICE_TO)
        return (struct range){1, drill->bar_count, 1};
    return ranges[knob];
}

bool drill_turn(struct drill *drill, enum practice_knob knob, int steps)
{
    struct range range = range_of(drill, knob);
    int *value = drill->value, before = value[knob];
    int next = before + steps * range.step;
    drill->turned = drill->turned || (knob != PRACTICE_COUNT_IN && knob != PRACTICE_CLICK);
    value[knob] = next < range.low ? range.low : next > range.high ? range.high : next;
    if (knob == PRACTICE_FROM && value[PRACTICE_TO] < value[knob])
        value[PRACTICE_TO] = value[knob];
    if (knob == PRACTICE_TO && value[PRACTICE_FROM] > value[knob])
        value[PRACTICE_FROM] = value[knob];
    return value[knob] != before;
}

void drill_limits(const struct drill *drill, enum practice_knob knob, int *low, int *high)
{
    struct range range = range_of(drill, knob);
    *low = range.low;
    *high = range.high;
}

bool drill_set(struct drill *drill, enum practice_knob knob, int value)
{
    struct range range = range_of(drill, knob);
    if (value < range.low || value > range.high)
        return false;
    drill_turn(drill, knob, (value - drill->value[knob]) / range.step);
    return true;
}

void drill_choose(struct drill *drill, int first_bar, int last_bar)
{
    drill->value[PRACTICE_FROM] = first_bar;
    drill->value[PRACTICE_TO] = last_bar < drill->bar_count ? last_bar : drill->bar_count;
    drill->value[PRACTICE_VAMP] = 0;
    if (drill->value[PRACTICE_PASSES] == 1)
        drill->value[PRACTICE_PASSES] = USUAL_PASSES;
    drill->selected = PRACTICE_FROM;
    drill->turned = true;
}

bool drill_heeds(const struct drill *drill, enum practice_knob knob)
{
    const int *value = drill->value;
    switch (knob) {
    case PRACTICE_PASSES:
        return !value[PRACTICE_VAMP];
    case PRACTICE_RAMP:
        return !value[PRACTICE_VAMP] && value[PRACTICE_PASSES] > 1;
    case PRACTICE_PLAY:
        return !value[PRACTICE_VAMP] && value[PRACTICE_OUT] > 0;
    case PRACTICE_OUT:
        return !value[PRACTICE_VAMP];
    default:
        return true;
    }
}

static struct practice practice_of(const struct drill *drill)
{
    const int *value = drill->value;
    if (value[PRACTICE_VAMP])
        return (struct practice){.passes = PRACTICE_MOST_PASSES,
                                 .vamp_first = value[PRACTICE_FROM],
                                 .vamp_last = value[PRACTICE_TO]};
    struct practice practice = {0};
    if (value[PRACTICE_PASSES] > 1) {
        practice.passes = value[PRACTICE_PASSES];
        practice.ramp_percent = value[PRACTICE_RAMP];
    }
    if (value[PRACTICE_OUT] > 0) {
        practice.play_bars = value[PRACTICE_PLAY];
        practice.out_bars = value[PRACTICE_OUT];
    }
    return practice;
}

/* Bars to the end are to the end. */
void drill_apply(const struct drill *drill, struct room_take_options *take)
{
    const int *value = drill->value;
    take->count_in_bars = value[PRACTICE_COUNT_IN];
    take->click = value[PRACTICE_CLICK];
    if (!drill->turned)
        return;
    bool to_end = value[PRACTICE_VAMP] || value[PRACTICE_TO] == drill->bar_count;
    bool all = value[PRACTICE_FROM] == 1 && to_end;
    take->settings.first_bar = all ? 0 : value[PRACTICE_FROM];
    take->settings.last_bar = to_end ? 0 : value[PRACTICE_TO];
    take->settings.practice = practice_of(drill);
}

static double last_tempo(const struct drill *drill)
{
    struct practice practice = practice_of(drill);
    return practice_tempo(&practice, drill->value[PRACTICE_TEMPO], practice.passes);
}

void drill_text(const struct drill *drill, enum practice_knob knob, char *out, int size)
{
    int value = drill->value[knob];
    size_t room = (size_t)size;
    const char *s = value == 1 ? "" : "s";
    if (!drill_heeds(drill, knob))
        snprintf(out, room, "–");
    else if (knob == PRACTICE_FROM || knob == PRACTICE_TO)
        snprintf(out, room, "bar %d", value);
    else if (knob == PRACTICE_PASSES)
        snprintf(out, room, value == 1 ? "once" : "%d times", value);
    else if (knob == PRACTICE_TEMPO)
        snprintf(out, room, "%d %%", value);
    else if (knob == PRACTICE_RAMP)
        snprintf(out, room, value ? "%+d %% a pass" : "none", value);
    else if (knob == PRACTICE_VAMP || knob == PRACTICE_CLICK)
        snprintf(out, room, "%s", value ? "on" : "off");
    else if (value == 0)
        snprintf(out, room, knob == PRACTICE_OUT ? "never" : "none");
    else
        snprintf(out, room, "%d bar%s", value, s);
}

void drill_summary(const struct drill *drill, char *out, int size)
{
    const int *value = drill->value;
    struct practice practice = practice_of(drill);
    size_t room = (size_t)size, used = 0;
    out[0] = '\0';
    if (drill_is_clear(drill))
        return;
    used += (size_t)snprintf(out, room, "bars %d-%d", value[PRACTICE_FROM], value[PRACTICE_TO]);
    if (value[PRACTICE_VAMP] && used < room)
        used += (size_t)snprintf(out + used, room - used, " until you have come in, then on");
    else if (practice.passes > 1 && used < room)
        used += (size_t)snprintf(out + used, room - used, ", %d times", practice.passes);
    if (practice.ramp_percent != 0 && used < room)
        used += (size_t)snprintf(out + used, room - used, ", %d to %.0f %%", value[PRACTICE_TEMPO],
                                 last_tempo(drill));
    if (practice.out_bars && used < room)
        snprintf(out + used, room - used, ", drums %d in, %d out", practice.play_bars,
                 practice.out_bars);
}
