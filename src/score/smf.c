#include "score/smf.h"

#include "score/smf_bytes.h"

#include <assert.h>
#include <ctype.h>
#include <smf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DRUM_CHANNEL 9
#define KEYS (16 * 128) /* every key of every channel */
#define MOST_PULSES                                                                                \
    0x0FFFFFFF /* what a delta time can say: room to play late behind SMF_MOST_TICKS */

enum { META_TRACK_NAME = 0x03, META_TEMPO = 0x51, META_METRE = 0x58 };

struct note {
    int64_t tick;
    int track, place; /* libsmf's numbers, from 1 */
    int off_place;    /* 0 when nothing ends it */
    int64_t off_tick;
    int next_open; /* the note after it on its key that waits for its end */
    uint8_t channel, pitch, velocity;
    bool dropped;
};

struct notes {
    struct note *list;
    int count, room;
};

/* ---- What is a drum ---- */

static int note_key(const smf_event_t *event)
{
    return (event->midi_buffer[0] & 0x0F) << 7 | event->midi_buffer[1];
}

static bool is_note_on(const smf_event_t *event)
{
    return (event->midi_buffer[0] & 0xF0) == 0x90 && event->midi_buffer[2] > 0;
}

static bool is_note_off(const smf_event_t *event)
{
    int kind = event->midi_buffer[0] & 0xF0;
    return kind == 0x80 || (kind == 0x90 && event->midi_buffer[2] == 0);
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

static bool track_names_drums(smf_track_t *track)
{
    for (int i = 1; i <= track->number_of_events; i++) {
        const smf_event_t *event = smf_track_get_event_by_number(track, i);
        size_t size = (size_t)event->midi_buffer_length, name_size;
        const uint8_t *inner = smf_unseal_event(event->midi_buffer, &size);
        const uint8_t *name = inner ? smf_meta(inner, size, META_TRACK_NAME, &name_size) : NULL;
        if (name)
            return names_drums(name, name_size);
    }
    return false;
}

static bool has_channel_ten(smf_t *smf)
{
    for (int t = 1; t <= smf->number_of_tracks; t++) {
        smf_track_t *track = smf_get_track_by_number(smf, t);
        for (int i = 1; i <= track->number_of_events; i++) {
            const smf_event_t *event = smf_track_get_event_by_number(track, i);
            if (is_note_on(event) && note_key(event) >> 7 == DRUM_CHANNEL)
                return true;
        }
    }
    return false;
}

/* ---- Reading ---- */

static smf_t *open_checked(const uint8_t *bytes, size_t size, struct error *err)
{
    size_t sealed_size;
    uint8_t *sealed = smf_seal(bytes, size, &sealed_size, err);
    if (!sealed)
        return NULL;
    smf_t *smf = smf_load_from_memory(sealed, (int)sealed_size);
    free(sealed);
    if (!smf)
        error_set(err, "libsmf refuses it");
    return smf;
}

static bool add_note(struct notes *notes, const struct note *note)
{
    if (notes->count == notes->room) {
        int room = notes->room ? 2 * notes->room : 1024;
        struct note *larger = realloc(notes->list, (size_t)room * sizeof *larger);
        if (!larger)
            return false;
        notes->list = larger;
        notes->room = room;
    }
    notes->list[notes->count++] = *note;
    return true;
}

/* Adds the drum notes of a track, each with its end: the first note-off on its key that no earlier
 * note has taken. */
static bool collect_track(smf_track_t *track, bool channel_ten, struct notes *notes)
{
    int first_open[KEYS], last_open[KEYS];
    memset(first_open, -1, sizeof first_open);
    for (int i = 1; i <= track->number_of_events; i++) {
        const smf_event_t *event = smf_track_get_event_by_number(track, i);
        if (!is_note_on(event) && !is_note_off(event))
            continue;
        int key = note_key(event);
        if (channel_ten && key >> 7 != DRUM_CHANNEL)
            continue;
        if (is_note_off(event)) {
            if (first_open[key] < 0)
                continue;
            struct note *note = &notes->list[first_open[key]];
            note->off_place = i;
            note->off_tick = event->time_pulses;
            first_open[key] = note->next_open;
            continue;
        }
        if (first_open[key] < 0)
            first_open[key] = notes->count;
        else
            notes->list[last_open[key]].next_open = notes->count;
        last_open[key] = notes->count;
        struct note note = {
            .tick = event->time_pulses,
            .track = track->track_number,
            .place = i,
            .next_open = -1,
            .channel = (uint8_t)(key >> 7),
            .pitch = event->midi_buffer[1],
            .velocity = event->midi_buffer[2],
        };
        if (!add_note(notes, &note))
            return false;
    }
    return true;
}

static int compare_ticks(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_file_order(const void *left, const void *right)
{
    const struct note *a = left, *b = right;
    int order = compare_ticks(a->tick, b->tick);
    return order ? order : a->track != b->track ? a->track - b->track : a->place - b->place;
}

static bool collect_notes(smf_t *smf, struct notes *notes)
{
    bool channel_ten = has_channel_ten(smf);
    for (int t = 1; t <= smf->number_of_tracks; t++) {
        smf_track_t *track = smf_get_track_by_number(smf, t);
        if (channel_ten || track_names_drums(track))
            if (!collect_track(track, channel_ten, notes))
                return false;
    }
    if (notes->count)
        qsort(notes->list, (size_t)notes->count, sizeof *notes->list, by_file_order);
    return true;
}

/* A tempo or metre event with its place in the file, so that sorting keeps the order at one tick.
 */
struct change {
    int64_t tick;
    int order;
    const uint8_t *data;
};

static int by_change_order(const void *left, const void *right)
{
    const struct change *a = left, *b = right;
    int order = compare_ticks(a->tick, b->tick);
    return order ? order : a->order - b->order;
}

static bool means_something(int type, const uint8_t *data, size_t size)
{
    if (type == META_TEMPO)
        return size >= 3 && (data[0] || data[1] || data[2]);
    return size >= 2 && data[0] > 0 && data[1] <= 6;
}

/* Every sound meta event of a type, over all tracks, in rising tick order. */
static struct change *collect_changes(smf_t *smf, int type, int *count)
{
    size_t room = 1;
    for (int t = 1; t <= smf->number_of_tracks; t++)
        room += (size_t)smf_get_track_by_number(smf, t)->number_of_events;
    struct change *changes = malloc(room * sizeof *changes);
    *count = 0;
    if (!changes)
        return NULL;
    for (int t = 1; t <= smf->number_of_tracks; t++) {
        smf_track_t *track = smf_get_track_by_number(smf, t);
        for (int i = 1; i <= track->number_of_events; i++) {
            const smf_event_t *event = smf_track_get_event_by_number(track, i);
            size_t size = (size_t)event->midi_buffer_length, data_size = 0;
            const uint8_t *inner = smf_unseal_event(event->midi_buffer, &size);
            const uint8_t *data = inner ? smf_meta(inner, size, type, &data_size) : NULL;
            if (data && means_something(type, data, data_size)) {
                changes[*count] = (struct change){event->time_pulses, *count, data};
                ++*count;
            }
        }
    }
    qsort(changes, (size_t)*count, sizeof *changes, by_change_order);
    return changes;
}

static bool read_tempos(smf_t *smf, struct smf_content *content)
{
    int count;
    struct change *changes = collect_changes(smf, META_TEMPO, &count);
    content->tempos = malloc((size_t)(count + 1) * sizeof *content->tempos);
    if (!changes || !content->tempos) {
        free(changes);
        return false;
    }
    for (int i = 0; i < count; i++) {
        const uint8_t *data = changes[i].data;
        content->tempos[i] =
            (struct smf_tempo){changes[i].tick, (double)(data[0] << 16 | data[1] << 8 | data[2])};
    }
    content->tempo_count = count;
    free(changes);
    return true;
}

static bool read_metres(smf_t *smf, struct smf_content *content)
{
    int count;
    struct change *changes = collect_changes(smf, META_METRE, &count);
    content->metres = malloc((size_t)(count + 1) * sizeof *content->metres);
    if (!changes || !content->metres) {
        free(changes);
        return false;
    }
    for (int i = 0; i < count; i++)
        content->metres[i] =
            (struct smf_metre){changes[i].tick, changes[i].data[0], 1 << changes[i].data[1]};
    content->metre_count = count;
    free(changes);
    return true;
}

static bool read_notes(smf_t *smf, struct smf_content *content)
{
    struct notes notes = {0};
    bool good = collect_notes(smf, &notes);
    content->notes = good ? malloc((size_t)(notes.count + 1) * sizeof *content->notes) : NULL;
    if (content->notes) {
        for (int i = 0; i < notes.count; i++) {
            const struct note *note = &notes.list[i];
            content->notes[i] = (struct smf_note){note->tick, note->pitch, note->velocity};
        }
        content->note_count = notes.count;
    }
    free(notes.list);
    return content->notes != NULL;
}

bool smf_read(const uint8_t *bytes, size_t size, struct smf_content *content, struct error *err)
{
    *content = (struct smf_content){0};
    smf_t *smf = open_checked(bytes, size, err);
    if (!smf)
        return false;
    content->ppq = smf->ppqn;
    bool good = read_notes(smf, content) && read_tempos(smf, content) && read_metres(smf, content);
    smf_delete(smf);
    if (!good) {
        smf_content_clear(content);
        return error_set(err, "out of memory");
    }
    return true;
}

void smf_content_clear(struct smf_content *content)
{
    free(content->notes);
    free(content->tempos);
    free(content->metres);
    *content = (struct smf_content){0};
}

/* ---- Rewriting ---- */

int smf_multiplier(int ppq)
{
    return (SMF_LEAST_PPQ + ppq - 1) / ppq;
}

static int by_key(const void *left, const void *right)
{
    const struct note *a = left, *b = right;
    if (a->track != b->track)
        return a->track - b->track;
    if (a->dropped != b->dropped)
        return a->dropped - b->dropped;
    if (a->channel != b->channel)
        return a->channel - b->channel;
    if (a->pitch != b->pitch)
        return a->pitch - b->pitch;
    int order = compare_ticks(a->tick, b->tick);
    return order ? order : a->place - b->place;
}

static bool same_key(const struct note *a, const struct note *b)
{
    return a->track == b->track && a->dropped == b->dropped && a->channel == b->channel &&
           a->pitch == b->pitch;
}

/* Strokes that came to lie over each other on one key: a note ends at the latest where the next
 * begins, so that its end cannot cut the next one; notes that begin together end together. */
static void settle_ends(struct notes *notes)
{
    struct note *list = notes->list;
    for (int i = 0, next; i < notes->count; i = next) {
        int64_t end = list[i].tick + 1;
        for (next = i; next < notes->count && same_key(&list[i], &list[next]) &&
                       list[next].tick == list[i].tick;
             next++)
            if (list[next].off_tick > end)
                end = list[next].off_tick;
        if (next < notes->count && same_key(&list[i], &list[next]) && end > list[next].tick)
            end = list[next].tick;
        for (int j = i; j < next; j++)
            list[j].off_tick = end;
    }
}

/* Gives the notes their times in the new file. */
static bool move_notes(struct notes *notes, int multiply, const struct smf_move *moves,
                       struct error *err)
{
    for (int i = 0; i < notes->count; i++) {
        struct note *note = &notes->list[i];
        assert(moves[i].tick >= 0);
        int64_t length = (note->off_tick - note->tick) * multiply;
        if (moves[i].tick + length >= MOST_PULSES)
            return error_set(err, "a drum note would lie too far behind the end");
        note->tick = moves[i].tick;
        note->velocity = moves[i].velocity;
        note->dropped = moves[i].dropped;
        note->off_tick = note->off_place ? note->tick + length : note->tick + 1;
    }
    return true;
}

struct placed {
    int64_t tick;
    int rank; /* at one tick: ends of drum notes, other events, beginnings of drum notes */
    int place;
    int velocity; /* the new one of a drum note-on, else -1 */
    bool dropped;
    const smf_event_t *event;
};

static int by_place(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;
    int order = compare_ticks(a->tick, b->tick);
    if (!order)
        order = a->rank - b->rank;
    return order ? order : a->place - b->place;
}

static smf_event_t *copy_event(const struct placed *placed)
{
    const smf_event_t *event = placed->event;
    if (placed->velocity < 0)
        return smf_event_new_from_pointer(event->midi_buffer, event->midi_buffer_length);
    return smf_event_new_from_bytes(event->midi_buffer[0], event->midi_buffer[1], placed->velocity);
}

/* Adds to `out` the track that `from` becomes. `notes` are its drum notes. */
static bool rewrite_track(smf_t *out, smf_track_t *from, int multiply, const struct note *notes,
                          int note_count)
{
    int count = from->number_of_events;
    struct placed *events = malloc((size_t)count * sizeof *events);
    smf_track_t *track = smf_track_new();
    if (!events || !track) {
        free(events);
        return false;
    }
    for (int i = 0; i < count; i++) {
        const smf_event_t *event = smf_track_get_event_by_number(from, i + 1);
        events[i] = (struct placed){(int64_t)event->time_pulses * multiply, 1, i, -1, false, event};
    }
    for (int i = 0; i < note_count; i++) {
        const struct note *note = &notes[i];
        events[note->place - 1] = (struct placed){note->tick,    2,
                                                  note->place,   note->velocity,
                                                  note->dropped, events[note->place - 1].event};
        if (note->off_place) {
            struct placed *off = &events[note->off_place - 1];
            *off =
                (struct placed){note->off_tick, 0, note->off_place, -1, note->dropped, off->event};
        }
    }
    int64_t end = events[count - 1].tick; /* End of Track: the last event of every sealed track */
    qsort(events, (size_t)count - 1, sizeof *events, by_place);
    smf_add_track(out, track);
    for (int i = 0; i < count - 1; i++) {
        if (events[i].dropped)
            continue;
        smf_event_t *event = copy_event(&events[i]);
        if (!event) {
            free(events);
            return false;
        }
        smf_track_add_event_pulses(track, event, (int)events[i].tick);
        if (events[i].tick > end)
            end = events[i].tick;
    }
    free(events);
    return smf_track_add_eot_pulses(track, (int)end) == 0;
}

static smf_t *rewrite_tracks(smf_t *smf, int multiply, const struct notes *notes)
{
    smf_t *out = smf_new();
    if (!out)
        return NULL;
    bool good = smf_set_ppqn(out, smf->ppqn * multiply) == 0;
    for (int t = 1, first = 0; good && t <= smf->number_of_tracks; t++) {
        int end = first;
        while (end < notes->count && notes->list[end].track == t)
            end++;
        good = rewrite_track(out, smf_get_track_by_number(smf, t), multiply, notes->list + first,
                             end - first);
        first = end;
    }
    if (good && smf_set_format(out, smf->format) == 0)
        return out;
    smf_delete(out);
    return NULL;
}

static uint8_t *read_back(int file, size_t *size)
{
    off_t length = lseek(file, 0, SEEK_END);
    uint8_t *bytes = length > 0 ? malloc((size_t)length) : NULL;
    if (!bytes)
        return NULL;
    *size = (size_t)length;
    for (size_t at = 0; at < *size;) {
        ssize_t got = pread(file, bytes + at, *size - at, (off_t)at);
        if (got <= 0) {
            free(bytes);
            return NULL;
        }
        at += (size_t)got;
    }
    return bytes;
}

/* libsmf writes to a named file and nowhere else. */
static uint8_t *save(smf_t *smf, size_t *size, struct error *err)
{
    const char *folder = getenv("TMPDIR");
    char path[512];
    snprintf(path, sizeof path, "%s/rolypoly-XXXXXX", folder && *folder ? folder : "/tmp");
    int file = mkstemp(path);
    if (file < 0) {
        error_errno(err, "cannot write a temporary file '%s'", path);
        return NULL;
    }
    uint8_t *bytes = smf_save(smf, path) == 0 ? read_back(file, size) : NULL;
    unlink(path);
    close(file);
    if (!bytes)
        error_set(err, "cannot write a temporary file '%s'", path);
    return bytes;
}

uint8_t *smf_rewrite(const uint8_t *bytes, size_t size, int multiply, const struct smf_move *moves,
                     int count, size_t *out_size, struct error *err)
{
    smf_t *smf = open_checked(bytes, size, err);
    if (!smf)
        return NULL;
    assert(multiply >= 1 && multiply <= smf_multiplier(smf->ppqn));
    struct notes notes = {0};
    smf_t *moved = NULL;
    uint8_t *sealed = NULL, *plain = NULL;
    size_t sealed_size;
    if (!collect_notes(smf, &notes)) {
        error_set(err, "out of memory");
    } else if (move_notes(&notes, multiply, moves, err)) {
        assert(count == notes.count);
        if (notes.count)
            qsort(notes.list, (size_t)notes.count, sizeof *notes.list, by_key);
        settle_ends(&notes);
        moved = rewrite_tracks(smf, multiply, &notes);
        sealed = moved ? save(moved, &sealed_size, err) : NULL;
        plain = sealed ? smf_unseal(sealed, sealed_size, out_size, err) : NULL;
        if (!moved)
            error_set(err, "out of memory");
    }
    free(sealed);
    free(notes.list);
    if (moved)
        smf_delete(moved);
    smf_delete(smf);
    return plain;
}
