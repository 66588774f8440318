#include "score/form.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_BARS = 10000, /* of a score that has a form: a song has no more */
    PARTS = 'Z' - 'A' + 1,
    PHRASE = 4,      /* bars */
    PER_QUARTER = 4, /* places that patterns tell apart: players' hands are not finer */
    PLACES = SCORE_BINS * PER_QUARTER / SCORE_BINS_PER_QUARTER,
    FILL_STROKES = 3,    /* of toms and snare beside the pattern; */
    CRASHED_STROKES = 2, /* where a crash follows on the next downbeat */
};

static const double ALIKE = 0.6; /* share of strokes that two patterns have in common */

#define SIGNALS (1u << DRUM_CRASH) /* they mark a beginning and are no part of a pattern */

struct pattern {
    uint16_t drums[PLACES]; /* bit c: class c is hit */
};

/* ---- Patterns ---- */

static struct pattern *patterns_of(const struct score *score)
{
    struct pattern *bars = calloc((size_t)score->bar_count + 1, sizeof *bars);
    for (int s = 0; bars && s < score->step_count; s++) {
        const struct step *step = &score->steps[s];
        int per_place = SCORE_BINS_PER_QUARTER / PER_QUARTER;
        int place = (step->bin + per_place / 2) / per_place;
        if (place == PLACES) /* nearer to the next downbeat than to any place of its own bar */
            place--;
        bars[step->bar].drums[place] |= step->drums;
    }
    return bars;
}

static bool crashes_in(const struct pattern *bar)
{
    return bar->drums[0] & SIGNALS;
}

static int strokes(uint16_t drums)
{
    int count = 0;
    for (; drums; drums &= (uint16_t)(drums - 1))
        count++;
    return count;
}

/* What at least half of `count` bars have in common. */
static struct pattern common(const struct pattern *bars, int count)
{
    struct pattern result = {{0}};
    for (int place = 0; place < PLACES; place++)
        for (int drum = 0; drum < DRUM_COUNT; drum++) {
            int hits = 0;
            for (int bar = 0; bar < count; bar++)
                hits += bars[bar].drums[place] >> drum & 1;
            if (2 * hits >= count)
                result.drums[place] |= (uint16_t)(1u << drum);
        }
    return result;
}

static bool alike(const struct pattern *a, const struct pattern *b)
{
    int shared = 0, all = 0;
    for (int place = 0; place < PLACES; place++) {
        shared += strokes(a->drums[place] & b->drums[place] & ~SIGNALS);
        all += strokes((a->drums[place] | b->drums[place]) & ~SIGNALS);
    }
    return shared >= ALIKE * all;
}

/* ---- Sections ---- */

static void add_section(struct form *form, int first_bar, const char *title)
{
    struct section *section = &form->sections[form->section_count++];
    section->first_bar = first_bar;
    snprintf(section->name, sizeof section->name, "%s", title);
}

/* By the file's markers; of several in a bar the last one counts. */
static void sections_by_marker(struct form *form, const struct score *score)
{
    for (int m = 0; m < score->marker_count; m++) {
        int bar = clock_position(score->clock, (double)score->markers[m].tick).bar;
        if (bar >= form->bar_count)
            break;
        if (form->section_count == 0 && bar > 0)
            add_section(form, 0, "intro");
        if (form->section_count > 0 && form->sections[form->section_count - 1].first_bar == bar)
            form->section_count--;
        add_section(form, bar, score->markers[m].name);
    }
}

/* Bars before the first phrase: crashes stand where phrases begin. */
static int upbeat_bars(const struct pattern *bars, int count)
{
    int crashes[PHRASE] = {0}, most = 0;
    for (int bar = 0; bar < count; bar++)
        crashes[bar % PHRASE] += crashes_in(&bars[bar]);
    for (int place = 1; place < PHRASE; place++)
        if (crashes[place] > crashes[most])
            most = place;
    return most;
}

/* The part that a phrase is one more of: the one before it, else one heard before, else a new one.
 */
static int part_of(struct pattern *parts, int *count, int last, const struct pattern *phrase)
{
    int part = 0;
    if (last >= 0 && alike(&parts[last], phrase))
        return last;
    while (part < *count && !alike(&parts[part], phrase))
        part++;
    if (part == PARTS) /* no letter is left */
        return last;
    if (part == *count)
        parts[(*count)++] = *phrase;
    return part;
}

static void sections_by_likeness(struct form *form, const struct pattern *bars)
{
    struct pattern parts[PARTS];
    int part_count = 0, last = -1, first = upbeat_bars(bars, form->bar_count);
    if (first > 0)
        add_section(form, 0, "intro");
    for (; first + PHRASE <= form->bar_count || last < 0; first += PHRASE) {
        int bar_count = form->bar_count - first < PHRASE ? form->bar_count - first : PHRASE;
        struct pattern phrase = common(bars + first, bar_count);
        int part = part_of(parts, &part_count, last, &phrase);
        char title[] = {'p', 'a', 'r', 't', ' ', (char)('A' + part), '\0'};
        if (part != last)
            add_section(form, first, title);
        last = part;
    }
}

/* A name that comes again is counted from its second time on. */
static void number_sections(struct form *form)
{
    for (int i = form->section_count - 1; i > 0; i--) {
        struct section *section = &form->sections[i];
        int before = 0;
        for (int j = 0; j < i; j++)
            before += strcmp(form->sections[j].name, section->name) == 0;
        size_t length = strlen(section->name);
        if (before)
            snprintf(section->name + length, sizeof section->name - length, " %d", before + 1);
    }
}

static void measure_sections(struct form *form)
{
    for (int i = 0; i < form->section_count; i++) {
        int end = i + 1 < form->section_count ? form->sections[i + 1].first_bar : form->bar_count;
        form->sections[i].bar_count = end - form->sections[i].first_bar;
    }
}

/* ---- Fills ---- */

static bool is_fill(const struct pattern *bar, const struct pattern *usual, bool crash_follows)
{
    static const uint16_t skins =
        1u << DRUM_SNARE | 1u << DRUM_LOW_TOM | 1u << DRUM_MID_TOM | 1u << DRUM_HIGH_TOM;
    int more = 0;
    for (int place = 0; place < PLACES; place++)
        more += strokes(bar->drums[place] & ~usual->drums[place] & skins);
    return more >= (crash_follows ? CRASHED_STROKES : FILL_STROKES);
}

static void find_fills(struct form *form, const struct pattern *bars)
{
    for (int i = 0; i < form->section_count; i++) {
        const struct section *section = &form->sections[i];
        struct pattern usual = common(bars + section->first_bar, section->bar_count);
        for (int bar = section->first_bar; bar < section->first_bar + section->bar_count; bar++)
            form->fills[bar] = is_fill(&bars[bar], &usual, crashes_in(&bars[bar + 1]));
    }
}

/* ---- The form ---- */

struct form *form_new(const struct score *score)
{
    bool longer_than_songs = score->bar_count > MOST_BARS;
    struct form *form = calloc(1, sizeof *form);
    struct pattern *bars = longer_than_songs ? NULL : patterns_of(score);
    if (form) {
        form->bar_count = score->bar_count;
        form->sections = calloc((size_t)score->bar_count + 1, sizeof *form->sections);
        form->fills = calloc((size_t)score->bar_count, sizeof *form->fills);
    }
    if (!form || !form->sections || !form->fills || !(bars || longer_than_songs)) {
        form_free(form);
        free(bars);
        return NULL;
    }
    if (longer_than_songs) {
        add_section(form, 0, "");
    } else {
        sections_by_marker(form, score);
        if (form->section_count == 0)
            sections_by_likeness(form, bars);
        number_sections(form);
    }
    measure_sections(form);
    if (bars)
        find_fills(form, bars);
    free(bars);
    return form;
}

void form_free(struct form *form)
{
    if (!form)
        return;
    free(form->sections);
    free(form->fills);
    free(form);
}

const struct section *form_section(const struct form *form, int bar)
{
    int low = 0, high = form->section_count - 1;
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if (form->sections[middle].first_bar <= bar)
            low = middle;
        else
            high = middle - 1;
    }
    return &form->sections[low];
}

int form_next_fill(const struct form *form, int bar)
{
    for (; bar < form->bar_count; bar++)
        if (bar >= 0 && form->fills[bar])
            return bar;
    return -1;
}
