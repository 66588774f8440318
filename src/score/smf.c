#include "score/smf.h"

#include "score/smf_bytes.h"
#include "score/smf_file.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DRUM_CHANNEL 9
#define KEYS (16 * 128) /* every key of every channel */
#define MOST_BPM 2000
#define MOST_PULSES 0x0FFFFFFF /* what a delta time can say: room to play late after the end */

enum { META_TRACK_NAME = 0x03, META_MARKER = 0x06, META_TEMPO = 0x51, META_METRE = 0x58 };

struct note {
    int64_t tick, off_tick;
    int on, off;   /* its events; `off` is -1 when nothing ends it */
    int next_open; /* the note after it on its key that waits for its end */
    int track, key;
    uint8_t velocity;
    bool dropped;
};

struct notes {
    struct note *list;
    int count;
};

/* ---- What is a drum ---- */

static bool is_note_on(const struct smf_event *event)
{
    return (event->bytes[0] & 0xF0) == 0x90 && event->bytes[2] > 0;
}

static bool is_note_off(const struct smf_event *event)
{
    int kind = event->bytes[0] & 0xF0;
    return kind == 0x80 || (kind == 0x90 && event->bytes[2] == 0);
}

static int note_key(const struct smf_event *event)
{
    return (event->bytes[0] & 0x0F) << 7 | event->bytes[1];
}

/* Whether a name says that its track is a drum kit's, in the languages score editors speak. */
static bool names_drums(const uint8_t *name, size_t size)
{
    static const char *const words[] = {"drum",   "perc",     "batter", "bater",
                                        "perkus", "schlagze", "trommel"};
    char text[128] = "";
    for (size_t i = 0; i < size && i < sizeof text - 1; i++)
        text[i] = name[i] ? (char)tolower(name[i]) : ' ';
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(text, words[i]))
            return true;
    const char *kit = strstr(text, "kit");
    return kit && (kit == text || !isalpha((unsigned char)kit[-1])) &&
           !isalpha((unsigned char)kit[3]);
}

/* One flag a track: whether its note-ons on `channel_ten` or on any channel are drums. */
static bool *find_drum_tracks(const struct smf_file *file, bool *channel_ten)
{
    bool *drums = calloc((size_t)file->track_count, sizeof *drums);
    *channel_ten = false;
    for (int i = 0; drums && i < file->event_count; i++) {
        const struct smf_event *event = &file->events[i];
        size_t size;
        const uint8_t *name = smf_file_meta(file, event, META_TRACK_NAME, &size);
        if (name && names_drums(name, size))
            drums[event->track] = true;
        if (is_note_on(event) && note_key(event) >> 7 == DRUM_CHANNEL)
            *channel_ten = true;
    }
    for (int t = 0; drums && t < file->track_count; t++)
        drums[t] |= *channel_ten;
    return drums;
}

/* ---- Notes ---- */

struct pairing { /* per key, notes that wait for their end: the first ends first */
    int first[KEYS], last[KEYS];
};

static void begin_note(struct pairing *open, struct notes *notes, const struct smf_event *event,
                       int index)
{
    int key = note_key(event), number = notes->count++;
    notes->list[number] = (struct note){
        .tick = event->tick,
        .on = index,
        .off = -1,
        .next_open = -1,
        .track = event->track,
        .key = key,
        .velocity = event->bytes[2],
    };
    if (open->first[key] < 0)
        open->first[key] = number;
    else
        notes->list[open->last[key]].next_open = number;
    open->last[key] = number;
}

static void end_note(struct pairing *open, struct notes *notes, const struct smf_event *event,
                     int index)
{
    int key = note_key(event);
    if (open->first[key] < 0)
        return;
    struct note *note = &notes->list[open->first[key]];
    note->off = index;
    note->off_tick = event->tick;
    open->first[key] = note->next_open;
}

static int compare_ticks(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_file_order(const void *left, const void *right)
{
    const struct note *a = left, *b = right;
    int order = compare_ticks(a->tick, b->tick);
    return order ? order : a->on - b->on;
}

/* All drum notes of a file, in its order. */
static bool collect_notes(const struct smf_file *file, struct notes *notes)
{
    bool channel_ten;
    bool *drums = find_drum_tracks(file, &channel_ten);
    struct pairing *open = malloc(sizeof *open);
    notes->list = malloc((size_t)file->event_count * sizeof *notes->list);
    bool good = drums && open && notes->list;
    for (int i = 0, track = -1; good && i < file->event_count; i++) {
        const struct smf_event *event = &file->events[i];
        if (event->track != track)
            memset(open, -1, sizeof *open);
        track = event->track;
        if (!drums[track] || (channel_ten && (event->bytes[0] & 0x0F) != DRUM_CHANNEL))
            continue;
        if (is_note_on(event))
            begin_note(open, notes, event, i);
        else if (is_note_off(event))
            end_note(open, notes, event, i);
    }
    if (good)
        qsort(notes->list, (size_t)notes->count, sizeof *notes->list, by_file_order);
    free(open);
    free(drums);
    return good;
}

/* ---- Reading ---- */

static int by_tick(const void *left, const void *right)
{
    const struct smf_event *const *a = left, *const *b = right;
    int order = compare_ticks((*a)->tick, (*b)->tick);
    return order ? order : (*a > *b) - (*a < *b);
}

static bool makes_sense(int type, const uint8_t *data, size_t size)
{
    if (type == META_MARKER)
        return size > 0;
    if (type == META_TEMPO)
        return size >= 3 && (data[0] || data[1] || data[2]);
    return size >= 2 && data[0] > 0 && data[1] <= 6;
}

/* The tempo, metre or marker events that make sense, over all tracks, in rising tick order. */
static const struct smf_event **collect_changes(const struct smf_file *file, int type, int *count)
{
    const struct smf_event **changes = malloc((size_t)file->event_count * sizeof *changes);
    *count = 0;
    for (int i = 0; changes && i < file->event_count; i++) {
        size_t size;
        const uint8_t *data = smf_file_meta(file, &file->events[i], type, &size);
        if (data && makes_sense(type, data, size))
            changes[(*count)++] = &file->events[i];
    }
    if (changes)
        qsort(changes, (size_t)*count, sizeof *changes, by_tick);
    return changes;
}

static bool read_tempos(const struct smf_file *file, struct smf_content *content)
{
    int count;
    const struct smf_event **changes = collect_changes(file, META_TEMPO, &count);
    content->tempos = malloc((size_t)(count + 1) * sizeof *content->tempos);
    bool good = changes && content->tempos;
    for (int i = 0; good && i < count; i++) {
        size_t size;
        const uint8_t *data = smf_file_meta(file, changes[i], META_TEMPO, &size);
        content->tempos[i] =
            (struct smf_tempo){changes[i]->tick, data[0] << 16 | data[1] << 8 | data[2]};
    }
    content->tempo_count = good ? count : 0;
    free(changes);
    return good;
}

static bool read_metres(const struct smf_file *file, struct smf_content *content)
{
    int count;
    const struct smf_event **changes = collect_changes(file, META_METRE, &count);
    content->metres = malloc((size_t)(count + 1) * sizeof *content->metres);
    bool good = changes && content->metres;
    for (int i = 0; good && i < count; i++) {
        size_t size;
        const uint8_t *data = smf_file_meta(file, changes[i], META_METRE, &size);
        content->metres[i] = (struct smf_metre){changes[i]->tick, data[0], 1 << data[1]};
    }
    content->metre_count = good ? count : 0;
    free(changes);
    return good;
}

static void copy_name(char *name, size_t room, const uint8_t *text, size_t size)
{
    while (size > 0 && text[0] <= ' ')
        text++, size--;
    while (size > 0 && text[size - 1] <= ' ')
        size--;
    if (size > room - 1) {
        size = room - 1;
        while (size > 0 && (text[size] & 0xC0) == 0x80) /* no half of a UTF-8 character */
            size--;
    }
    memcpy(name, text, size);
    name[size] = '\0';
}

static bool read_markers(const struct smf_file *file, struct smf_content *content)
{
    int count;
    const struct smf_event **changes = collect_changes(file, META_MARKER, &count);
    content->markers = malloc((size_t)(count + 1) * sizeof *content->markers);
    bool good = changes && content->markers;
    for (int i = 0; good && i < count; i++) {
        struct smf_marker *marker = &content->markers[content->marker_count];
        size_t size;
        const uint8_t *text = smf_file_meta(file, changes[i], META_MARKER, &size);
        marker->tick = changes[i]->tick;
        copy_name(marker->name, sizeof marker->name, text, size);
        if (marker->name[0])
            content->marker_count++;
    }
    free(changes);
    return good;
}

static bool read_notes(const struct smf_file *file, struct smf_content *content)
{
    struct notes notes = {0};
    bool good = collect_notes(file, &notes);
    content->notes = malloc((size_t)(notes.count + 1) * sizeof *content->notes);
    good = good && content->notes;
    for (int i = 0; good && i < notes.count; i++) {
        const struct note *note = &notes.list[i];
        content->notes[i] =
            (struct smf_note){note->tick, (uint8_t)(note->key & 0x7F), note->velocity};
    }
    content->note_count = good ? notes.count : 0;
    free(notes.list);
    return good;
}

static int by_start(const void *left, const void *right)
{
    const struct smf_note *one = left, *other = right;
    return compare_ticks(one->tick, other->tick);
}

static bool read_starts(const struct smf_file *file, struct smf_content *content)
{
    content->starts = malloc((size_t)(file->event_count + 1) * sizeof *content->starts);
    if (!content->starts)
        return false;
    for (int i = 0; i < file->event_count; i++) {
        const struct smf_event *event = &file->events[i];
        if (is_note_on(event))
            content->starts[content->start_count++] =
                (struct smf_note){event->tick, (uint8_t)(event->bytes[1] & 0x7F), event->bytes[2]};
    }
    qsort(content->starts, (size_t)content->start_count, sizeof *content->starts, by_start);
    return true;
}

bool smf_read(const uint8_t *bytes, size_t size, struct smf_content *content, struct error *err)
{
    *content = (struct smf_content){0};
    struct smf_file file;
    if (!smf_file_open(&file, bytes, size, err))
        return false;
    content->ppq = file.ppq;
    bool good = read_notes(&file, content) && read_starts(&file, content) &&
                read_tempos(&file, content) && read_metres(&file, content) &&
                read_markers(&file, content);
    smf_file_close(&file);
    if (good)
        return true;
    smf_content_clear(content);
    return error_set(err, "out of memory");
}

void smf_content_clear(struct smf_content *content)
{
    free(content->notes);
    free(content->tempos);
    free(content->metres);
    free(content->markers);
    free(content->starts);
    *content = (struct smf_content){0};
}

/* ---- Rewriting ---- */

struct clock *smf_clock(const struct smf_content *content, double tempo_percent, struct error *err)
{
    struct clock *clock = clock_new(content->ppq, tempo_percent);
    bool good = clock != NULL || error_set(err, "out of memory");
    for (int i = 0; good && i < content->tempo_count; i++) {
        const struct smf_tempo *tempo = &content->tempos[i];
        double bpm = 60e6 / tempo->us_per_quarter;
        if (bpm > MOST_BPM) {
            error_set(err, "it has a tempo of %.0f BPM (tick %" PRId64 ")", bpm, tempo->tick);
            good = error_hint(err, "up to %d quarter notes a minute can be played", MOST_BPM);
        } else {
            good = clock_add_tempo(clock, tempo->tick, tempo->us_per_quarter) ||
                   error_set(err, "out of memory");
        }
    }
    for (int i = 0; good && i < content->metre_count; i++) {
        const struct smf_metre *metre = &content->metres[i];
        good = clock_add_metre(clock, metre->tick, metre->numerator, metre->denominator) ||
               error_set(err, "out of memory");
    }
    if (good)
        return clock;
    clock_free(clock);
    return NULL;
}

int smf_multiplier(int ppq)
{
    return (SMF_LEAST_PPQ + ppq - 1) / ppq;
}

static bool move_notes(struct notes *notes, int multiply, const struct smf_move *moves,
                       struct error *err)
{
    for (int i = 0; i < notes->count; i++) {
        struct note *note = &notes->list[i];
        assert(moves[i].tick >= 0 && moves[i].velocity >= 1 && moves[i].velocity <= 127);
        int64_t length = note->off >= 0 ? (note->off_tick - note->tick) * multiply : 0;
        if (moves[i].tick + length >= MOST_PULSES)
            return error_set(err, "a drum would be hit too long after the end");
        note->tick = moves[i].tick;
        note->off_tick = note->tick + length;
        note->velocity = moves[i].velocity;
        note->dropped = moves[i].dropped;
    }
    return true;
}

static bool same_drum(const struct note *a, const struct note *b)
{
    return a->dropped == b->dropped && a->track == b->track && a->key == b->key;
}

static int by_drum(const void *left, const void *right)
{
    const struct note *a = left, *b = right;
    if (a->dropped != b->dropped)
        return a->dropped - b->dropped;
    if (a->track != b->track)
        return a->track - b->track;
    if (a->key != b->key)
        return a->key - b->key;
    return by_file_order(left, right);
}

/* Strokes that came to lie over each other on one drum: a note ends at the latest where the next
 * begins, so that its end cannot cut the next one; notes that begin together end together. */
static void settle_ends(struct notes *notes)
{
    struct note *list = notes->list;
    qsort(list, (size_t)notes->count, sizeof *list, by_drum);
    for (int i = 0, next; i < notes->count; i = next) {
        int64_t end = list[i].tick + 1;
        for (next = i; next < notes->count && same_drum(&list[i], &list[next]) &&
                       list[next].tick == list[i].tick;
             next++)
            if (list[next].off_tick > end)
                end = list[next].off_tick;
        if (next < notes->count && same_drum(&list[i], &list[next]) && end > list[next].tick)
            end = list[next].tick;
        for (int j = i; j < next; j++)
            list[j].off_tick = end;
    }
}

/* At one tick drum notes end before everything else and begin after it; End of Track is last. */
enum rank { RANK_OFF, RANK_OTHER, RANK_ON, RANK_END, RANK_DROPPED };

struct placed {
    struct smf_event event;
    enum rank rank;
    int order; /* in the file */
    uint8_t stroke[3];
};

static int by_place(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;
    if (a->event.track != b->event.track)
        return a->event.track - b->event.track;
    if ((a->rank == RANK_DROPPED) != (b->rank == RANK_DROPPED))
        return a->rank == RANK_DROPPED ? 1 : -1;
    int order = compare_ticks(a->event.tick, b->event.tick);
    if (!order)
        order = (int)a->rank - (int)b->rank;
    return order ? order : a->order - b->order;
}

static void place_others(const struct smf_file *file, int multiply, struct placed *placed)
{
    for (int i = 0; i < file->event_count; i++) {
        bool last =
            i == file->event_count - 1 || file->events[i + 1].track != file->events[i].track;
        placed[i] = (struct placed){file->events[i], last ? RANK_END : RANK_OTHER, i, {0}};
        placed[i].event.tick *= multiply;
    }
}

static void place_notes(const struct notes *notes, struct placed *placed)
{
    for (int i = 0; i < notes->count; i++) {
        const struct note *note = &notes->list[i];
        struct placed *on = &placed[note->on];
        on->event.tick = note->tick;
        on->rank = note->dropped ? RANK_DROPPED : RANK_ON;
        memcpy(on->stroke, on->event.bytes, 2);
        on->stroke[2] = note->velocity;
        if (note->off >= 0) {
            placed[note->off].event.tick = note->off_tick;
            placed[note->off].rank = note->dropped ? RANK_DROPPED : RANK_OFF;
        }
    }
}

/* The events that are left, in their new order; End of Track makes room for what became later. */
static int list_events(struct placed *placed, int count, struct smf_event *events)
{
    int64_t latest = 0; /* in this track */
    int kept = 0;
    for (int i = 0; i < count; i++) {
        if (placed[i].rank != RANK_DROPPED && placed[i].event.tick > latest)
            latest = placed[i].event.tick;
        if (placed[i].rank == RANK_END) {
            placed[i].event.tick = latest;
            latest = 0;
        }
    }
    qsort(placed, (size_t)count, sizeof *placed, by_place);
    for (int i = 0; i < count; i++) {
        if (placed[i].rank == RANK_DROPPED)
            continue;
        events[kept] = placed[i].event;
        if (placed[i].rank == RANK_ON)
            events[kept].bytes = placed[i].stroke;
        kept++;
    }
    return kept;
}

static uint8_t *rewrite(const struct smf_file *file, int multiply, struct notes *notes,
                        size_t *out_size, struct error *err)
{
    struct placed *placed = malloc((size_t)file->event_count * sizeof *placed);
    struct smf_event *events = malloc((size_t)file->event_count * sizeof *events);
    uint8_t *bytes = NULL;
    if (placed && events) {
        settle_ends(notes);
        place_others(file, multiply, placed);
        place_notes(notes, placed);
        int count = list_events(placed, file->event_count, events);
        bytes = smf_file_write(file, events, count, file->ppq * multiply, out_size, err);
    } else {
        error_set(err, "out of memory");
    }
    free(placed);
    free(events);
    return bytes;
}

uint8_t *smf_rewrite(const uint8_t *bytes, size_t size, int multiply, const struct smf_move *moves,
                     int count, size_t *out_size, struct error *err)
{
    struct smf_file file;
    if (!smf_file_open(&file, bytes, size, err))
        return NULL;
    assert(multiply >= 1 && multiply <= smf_multiplier(file.ppq));
    struct notes notes = {0};
    uint8_t *out = NULL;
    if (!collect_notes(&file, &notes)) {
        error_set(err, "out of memory");
    } else if (move_notes(&notes, multiply, moves, err)) {
        assert(count == notes.count);
        out = rewrite(&file, multiply, &notes, out_size, err);
    }
    free(notes.list);
    smf_file_close(&file);
    return out;
}
