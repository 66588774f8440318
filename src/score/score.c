#include "score/score.h"

#include "score/quantise.h"
#include "score/smf.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_HITS 200000
#define MOST_SECONDS (6 * 3600.0)

/* A hit while the score is being built. */
struct draft {
    int event;
    uint8_t drum, pitch, velocity;
    int64_t file_tick;
    double tick; /* the scored one */
};

/* ---- Hits ---- */

static struct draft *draft_hits(const struct smf_content *content, bool kit_only, int *count)
{
    struct draft *drafts = malloc((size_t)(content->note_count + 1) * sizeof *drafts);
    *count = 0;
    if (!drafts)
        return NULL;
    for (int i = 0; i < content->note_count; i++) {
        const struct smf_note *note = &content->notes[i];
        int drum = kitmap_drum(note->pitch);
        if (drum < 0 || (kit_only && !kitmap_is_kit(note->pitch)))
            continue;
        drafts[(*count)++] = (struct draft){
            .event = i,
            .drum = (uint8_t)drum,
            .pitch = note->pitch,
            .velocity = note->velocity,
            .file_tick = note->tick,
            .tick = (double)note->tick,
        };
    }
    return drafts;
}

static bool quantise_drafts(struct draft *drafts, int count, int ppq, bool sixteenths)
{
    double *quarters = malloc((size_t)count * sizeof *quarters);
    if (!quarters)
        return false;
    for (int i = 0; i < count; i++)
        quarters[i] = (double)drafts[i].file_tick / ppq;
    bool good = true;
    if (sixteenths)
        quantise_sixteenths(quarters, count);
    else
        good = quantise(quarters, count);
    /* Through twelfths: a place on the grid gives the same tick from whichever hit it came. */
    for (int i = 0; good && i < count; i++)
        drafts[i].tick = rint(quarters[i] * SCORE_BINS_PER_QUARTER) * ppq / SCORE_BINS_PER_QUARTER;
    free(quarters);
    return good;
}

static int by_scored_place(const void *left, const void *right)
{
    const struct draft *a = left, *b = right;
    if (a->tick != b->tick)
        return a->tick < b->tick ? -1 : 1;
    return a->event - b->event;
}

/* Whether a hit still belongs to the step that `first` began. The distance is measured at the
 * file's own tempo, so that a song has the same steps however slowly it is rehearsed. */
static bool same_step(const struct score *score, const struct draft *first, const struct draft *hit)
{
    if (score->quantised)
        return hit->tick == first->tick;
    if ((hit->file_tick - first->file_tick) * 8 >= score->ppq)
        return false;
    double apart =
        clock_seconds(score->clock, hit->tick) - clock_seconds(score->clock, first->tick);
    return apart * score->tempo_percent / 100 <= SCORE_CLUSTER_S;
}

/* ---- Steps ---- */

/* Whether a place is nearer to the next bar's first bin than to any bin of its own bar. */
static bool rounds_to_next_bar(const struct score *score, double tick, int bar)
{
    double left = (double)clock_bar_tick(score->clock, bar + 1) - tick;
    return left * 2 * SCORE_BINS_PER_QUARTER <= score->ppq;
}

static void finish_step(struct score *score, const struct draft *drafts, struct step *step)
{
    double tick = drafts[step->first_hit].tick, time_s = score->hits[step->first_hit].scored_s;
    double later_ticks = 0, later_s = 0; /* sums of distances keep equal times equal */
    for (int h = step->first_hit; h < step->first_hit + step->hit_count; h++) {
        const struct hit *hit = &score->hits[h];
        later_ticks += drafts[h].tick - tick;
        later_s += hit->scored_s - time_s;
        step->drums |= (uint16_t)(1u << hit->drum);
        if (hit->velocity > step->velocity[hit->drum])
            step->velocity[hit->drum] = hit->velocity;
    }
    tick += later_ticks / step->hit_count;
    step->time_s = time_s + later_s / step->hit_count;
    step->tick = llrint(tick);
    step->at = clock_position(score->clock, tick);
    step->bin = (int)lrint(step->at.quarter * SCORE_BINS_PER_QUARTER) % SCORE_BINS;
    step->bar = step->at.bar;
    if (rounds_to_next_bar(score, tick, step->at.bar)) {
        step->bin = 0;
        step->bar++;
    }
}

void score_set_gaps(struct score *score)
{
    for (int s = 0; s < score->step_count; s++) {
        struct step *step = &score->steps[s];
        step->gap_s[0] = s > 0 ? step->time_s - step[-1].time_s : SCORE_FAR_S;
        step->gap_s[1] = SCORE_FAR_S;
        if (s > 0)
            step[-1].gap_s[1] = step->gap_s[0];
    }
}

static bool build_steps(struct score *score, const struct draft *drafts, int count)
{
    score->hits = calloc((size_t)count, sizeof *score->hits);
    score->steps = calloc((size_t)count, sizeof *score->steps);
    if (!score->hits || !score->steps)
        return false;
    score->hit_count = count;
    for (int h = 0, first = 0; h < count; h++) {
        const struct draft *draft = &drafts[h];
        if (h == 0 || !same_step(score, &drafts[first], draft)) {
            first = h;
            score->steps[score->step_count++].first_hit = h;
        }
        score->steps[score->step_count - 1].hit_count++;
        score->hits[h] = (struct hit){
            .drum = draft->drum,
            .pitch = draft->pitch,
            .velocity = draft->velocity,
            .step = score->step_count - 1,
            .event = draft->event,
            .scored_s = clock_seconds(score->clock, draft->tick),
            .file_s = clock_seconds(score->clock, (double)draft->file_tick),
        };
    }
    for (int s = 0; s < score->step_count; s++) {
        finish_step(score, drafts, &score->steps[s]);
        score->steps[s].song_step = s;
    }
    score->song_step_count = score->step_count;
    score_set_gaps(score);
    return true;
}

/* ---- Loading ---- */

/* FNV-1a. The tempo asked for is left out: a song rehearsed slower is the same song. */
static void set_id(struct score *score, const struct score_options *options)
{
    unsigned reading = score->quantised + 2U * options->kit_only + 4U * options->sixteenths;
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < score->file_size; i++)
        hash = (hash ^ score->file[i]) * 0x100000001B3u;
    hash = (hash ^ reading) * 0x100000001B3u;
    snprintf(score->id, sizeof score->id, "%016" PRIx64, hash);
}

/* At most 127 bytes, never half a UTF-8 character, and no control characters: a name is shown, and
 * compared with the one a session tells. */
static void set_name(struct score *score, const char *name, size_t length)
{
    if (length > sizeof score->name - 1) {
        length = sizeof score->name - 1;
        while (length > 0 && ((unsigned char)name[length] & 0xC0) == 0x80)
            length--;
    }
    for (size_t i = 0; i < length; i++)
        score->name[i] = (unsigned char)name[i] < ' ' || name[i] == 0x7f ? '?' : name[i];
}

static bool copy_markers(struct score *score, const struct smf_content *content)
{
    score->markers = calloc((size_t)content->marker_count + 1, sizeof *score->markers);
    for (int i = 0; score->markers && i < content->marker_count; i++) {
        struct marker *marker = &score->markers[score->marker_count++];
        marker->tick = content->markers[i].tick;
        memcpy(marker->name, content->markers[i].name, sizeof marker->name);
    }
    return score->markers != NULL;
}

static bool check_hits(const struct score *score, const struct smf_content *content,
                       const struct draft *drafts, int count, struct error *err)
{
    if (count == 0) {
        error_set(err, content->note_count ? "its drum track holds no key that is a drum"
                                           : "it holds no drum notes");
        return error_hint(err, "drums are read from channel 10, or else from a track whose name "
                               "says drums, percussion or kit");
    }
    if (count > MOST_HITS)
        return error_set(err, "it has %d drum hits, and at most %d can be rehearsed", count,
                         MOST_HITS);
    double end = clock_seconds(score->clock, (double)drafts[count - 1].file_tick);
    end *= score->tempo_percent / 100;
    if (end > MOST_SECONDS)
        return error_set(err, "it is %.1f hours long, and at most 6 can be rehearsed", end / 3600);
    return true;
}

static bool build(struct score *score, const struct smf_content *content,
                  const struct score_options *options, struct error *err)
{
    score->clock = smf_clock(content, score->tempo_percent, err);
    if (!score->clock)
        return false;
    int count;
    struct draft *drafts = draft_hits(content, options->kit_only, &count);
    if (!drafts)
        return error_set(err, "out of memory");
    bool good = check_hits(score, content, drafts, count, err);
    if (good) {
        good = !score->quantised || quantise_drafts(drafts, count, score->ppq, options->sixteenths);
        if (good)
            qsort(drafts, (size_t)count, sizeof *drafts, by_scored_place);
        good = good && build_steps(score, drafts, count);
        if (!good)
            error_set(err, "out of memory");
    }
    free(drafts);
    if (!good)
        return false;
    if (!copy_markers(score, content))
        return error_set(err, "out of memory");
    score->bar_count = score->steps[score->step_count - 1].at.bar + 1;
    for (int s = 0; s < score->step_count; s++)
        if (score->steps[s].bar == score->bar_count) /* no bar for one hit that came early */
            score->steps[s].bar--;
    score->duration_s = score_bar_s(score, score->bar_count + 1);
    return true;
}

/* Takes over `file`. */
static struct score *parse(uint8_t *file, size_t size, const struct score_options *options,
                           struct error *err)
{
    static const struct score_options defaults;
    if (!options)
        options = &defaults;
    struct score *score = calloc(1, sizeof *score);
    if (!score) {
        free(file);
        error_set(err, "out of memory");
        return NULL;
    }
    score->file = file;
    score->file_size = size;
    score->quantised = options->quantise || options->sixteenths;
    score->tempo_percent = options->tempo_percent != 0 ? options->tempo_percent : 100;
    struct smf_content content = {0};
    bool good = true;
    if (!(score->tempo_percent >= SCORE_LEAST_TEMPO && score->tempo_percent <= SCORE_FASTEST_TEMPO))
        good = error_set(err, "a tempo of %g percent is not between %d and %d",
                         score->tempo_percent, SCORE_LEAST_TEMPO, SCORE_FASTEST_TEMPO);
    good = good && smf_read(file, size, &content, err);
    score->ppq = content.ppq;
    good = good && build(score, &content, options, err);
    smf_content_clear(&content);
    if (!good) {
        score_free(score);
        return NULL;
    }
    set_id(score, options);
    return score;
}

struct score *score_parse(const uint8_t *bytes, size_t size, const char *name,
                          const struct score_options *options, struct error *err)
{
    uint8_t *file = malloc(size + 1);
    if (!file) {
        error_set(err, "cannot read score '%s': out of memory", name);
        return NULL;
    }
    if (size)
        memcpy(file, bytes, size);
    struct score *score = parse(file, size, options, err);
    if (score)
        set_name(score, name, strlen(name));
    else
        error_prefix(err, "cannot read score '%s'", name);
    return score;
}

struct score *score_load(const char *path, const struct score_options *options, struct error *err)
{
    size_t size;
    uint8_t *file = smf_bytes_load(path, &size, err);
    struct score *score = file ? parse(file, size, options, err) : NULL;
    if (!score) {
        error_prefix(err, "cannot read score '%s'", path);
        return NULL;
    }
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    set_name(score, name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
    return score;
}

void score_free(struct score *score)
{
    if (!score)
        return;
    clock_free(score->clock);
    free(score->steps);
    free(score->hits);
    free(score->passages);
    free(score->markers);
    free(score->file);
    free(score);
}

/* ---- Bars ---- */

bool score_bars(const struct score *score, int first_bar, int last_bar, int *first, int *end,
                struct error *err)
{
    if (first_bar == 0)
        first_bar = 1;
    if (last_bar == 0)
        last_bar = score->bar_count > first_bar ? score->bar_count : first_bar;
    if (first_bar < 1 || last_bar < first_bar)
        return error_set(err, "bars %d-%d are no range", first_bar, last_bar);
    int step = 0;
    while (step < score->step_count && score->steps[step].bar + 1 < first_bar)
        step++;
    *first = step;
    while (step < score->step_count && score->steps[step].bar + 1 <= last_bar)
        step++;
    *end = step;
    if (*first < *end)
        return true;
    if (first_bar == last_bar)
        error_set(err, "no drum is hit in bar %d", first_bar);
    else
        error_set(err, "no drum is hit in bars %d-%d", first_bar, last_bar);
    return error_hint(err, "'%s' has %d bars", score->name, score->bar_count);
}

double score_bar_s(const struct score *score, int bar)
{
    return clock_seconds(score->clock, (double)clock_bar_tick(score->clock, bar - 1));
}

uint16_t score_drums(const struct score *score)
{
    uint16_t drums = 0;
    for (int s = 0; s < score->step_count; s++)
        drums |= score->steps[s].drums;
    return drums;
}

/* ---- Export ---- */

static int64_t played_tick(const struct score *score, const struct hit *hit, double offset_s,
                           int multiply)
{
    double tick = clock_tick(score->clock, hit->scored_s + offset_s) * multiply;
    return tick > 0 ? llrint(tick) : 0; /* not a number is 0, too */
}

static uint8_t clamp_velocity(int velocity)
{
    return (uint8_t)(velocity < 1 ? 1 : velocity > 127 ? 127 : velocity);
}

uint8_t *score_export(const struct score *score, const struct played *played, const bool *kept,
                      size_t *size, struct error *err)
{
    struct smf_content content;
    if (!smf_read(score->file, score->file_size, &content, err))
        return NULL;
    int multiply = smf_multiplier(score->ppq);
    struct smf_move *moves = calloc((size_t)content.note_count, sizeof *moves);
    uint8_t *bytes = NULL;
    if (moves) {
        for (int i = 0; i < content.note_count; i++)
            moves[i] = (struct smf_move){content.notes[i].tick * multiply,
                                         content.notes[i].velocity, false};
        for (int h = 0; h < score->hit_count; h++) {
            const struct hit *hit = &score->hits[h];
            moves[hit->event] = (struct smf_move){
                .tick = played_tick(score, hit, played[h].offset_s, multiply),
                .velocity = clamp_velocity(played[h].velocity),
                .dropped = kept && !kept[h],
            };
        }
        bytes = smf_rewrite(score->file, score->file_size, multiply, moves, content.note_count,
                            size, err);
    } else {
        error_set(err, "out of memory");
    }
    free(moves);
    smf_content_clear(&content);
    if (!bytes)
        error_prefix(err, "cannot write '%s' as MIDI", score->name);
    return bytes;
}
