#include "score/smf_bytes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SYSEX 0xF0
#define ESCAPE 0xF7
#define META 0xFF
#define META_END 0x2F
#define META_PRIVATE 0x7F

struct reader {
    const uint8_t *bytes;
    size_t size;
    size_t at, end; /* the next byte; the end of the track */
    int track;      /* from 1 */
    int64_t tick;
    int status;   /* running; 0 while there is none */
    bool too_big; /* what is wrong is its size alone */
    struct error *err;
};

struct writer {
    uint8_t *bytes;
    size_t size, room;
    bool failed;      /* out of memory */
    int tracks;       /* begun */
    size_t length_at; /* of the track being written */
    int64_t tick;     /* of its last event */
    int events;       /* in it */
};

struct event {
    size_t at;       /* of its first byte, after the delta time */
    uint8_t head[2]; /* status, and a meta's type */
    const uint8_t *data;
    uint32_t size;
};

/* ---- Writing ---- */

static void put(struct writer *out, const void *bytes, size_t size)
{
    if (out->failed)
        return;
    if (size > out->room - out->size) {
        size_t room = 2 * (out->size + size) + 1024;
        uint8_t *larger = realloc(out->bytes, room);
        if (!larger) {
            out->failed = true;
            return;
        }
        out->bytes = larger;
        out->room = room;
    }
    if (size)
        memcpy(out->bytes + out->size, bytes, size);
    out->size += size;
}

static void put_byte(struct writer *out, uint32_t byte)
{
    uint8_t value = (uint8_t)byte;
    put(out, &value, 1);
}

static void put_vlq(struct writer *out, uint32_t value)
{
    int shift = 0;
    while (value >> (shift + 7))
        shift += 7;
    for (; shift > 0; shift -= 7)
        put_byte(out, 0x80 | (value >> shift & 0x7F));
    put_byte(out, value & 0x7F);
}

static void put_number(struct writer *out, uint32_t value, int bytes)
{
    while (bytes-- > 0)
        put_byte(out, value >> (8 * bytes) & 0xFF);
}

static uint32_t number(const uint8_t *bytes, int count)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* ---- Reading ---- */

static bool cut_short(struct reader *in)
{
    return error_set(in->err, "track %d ends in the middle of an event (byte %zu)", in->track,
                     in->end);
}

static bool damaged(struct reader *in, size_t at, const char *what)
{
    return error_set(in->err, "track %d has %s (byte %zu)", in->track, what, at);
}

static bool read_vlq(struct reader *in, uint32_t *value)
{
    size_t first = in->at;
    *value = 0;
    for (int i = 0; i < 4; i++) {
        if (in->at == in->end)
            return cut_short(in);
        uint8_t byte = in->bytes[in->at++];
        *value = *value << 7 | (byte & 0x7F);
        if (!(byte & 0x80))
            return true;
    }
    return damaged(in, first, "a number of more than four bytes");
}

/* After a meta or system exclusive event a strict file repeats the status; many do not, and no
 * reader minds. */
static bool read_channel_message(struct reader *in, struct event *event)
{
    uint32_t length = (in->status & 0xE0) == 0xC0 ? 1 : 2;
    event->head[0] = (uint8_t)in->status;
    event->data = in->bytes + in->at;
    event->size = length;
    for (uint32_t i = 0; i < length; i++, in->at++) {
        if (in->at == in->end)
            return cut_short(in);
        if (in->bytes[in->at] & 0x80)
            return damaged(in, in->at, "a status byte where data should be");
    }
    return true;
}

/* An event after its delta time. */
static bool read_message(struct reader *in, struct event *event)
{
    if (in->at == in->end)
        return cut_short(in);
    event->at = in->at;
    uint8_t first = in->bytes[in->at];
    if (first < SYSEX) {
        if (first & 0x80) {
            in->status = first;
            in->at++;
        } else if (!in->status) {
            return damaged(in, in->at, "data before any status byte");
        }
        return read_channel_message(in, event);
    }
    if (first != SYSEX && first != ESCAPE && first != META)
        return damaged(in, in->at, "an event that no file may hold");
    event->head[0] = first;
    in->at++;
    if (first == META) {
        if (in->at == in->end)
            return cut_short(in);
        event->head[1] = in->bytes[in->at++];
    }
    if (!read_vlq(in, &event->size))
        return false;
    if (event->size > in->end - in->at)
        return cut_short(in);
    event->data = in->bytes + in->at;
    in->at += event->size;
    return true;
}

static bool read_event(struct reader *in, struct event *event)
{
    uint32_t delta;
    *event = (struct event){0};
    if (!read_vlq(in, &delta))
        return false;
    in->tick += delta;
    return read_message(in, event);
}

static bool is_end(const struct event *event)
{
    return event->head[0] == META && event->head[1] == META_END;
}

/* The event as it stands in a file, without its delta time. */
static void put_event(struct writer *out, const struct event *event)
{
    put_byte(out, event->head[0]);
    if (event->head[0] == META)
        put_byte(out, event->head[1]);
    if (event->head[0] >= SYSEX)
        put_vlq(out, event->size);
    put(out, event->data, event->size);
}

/* The byte that a token names. */
static bool is_token(const struct event *event, uint32_t *at)
{
    if (event->head[0] != META || event->head[1] != META_PRIVATE || event->size != 4)
        return false;
    *at = number(event->data, 4);
    return true;
}

/* ---- The file ---- */

static bool read_header(struct reader *in, int *format, int *ppq)
{
    const uint8_t *bytes = in->bytes;
    size_t size = in->size;
    struct error *err = in->err;
    if (size == 0)
        return error_set(err, "the file is empty");
    if (size < 4 || memcmp(bytes, "MThd", 4) != 0)
        return error_set(err, "it is no Standard MIDI File (byte 0 is not 'MThd')");
    if (size < 14 || number(bytes + 4, 4) > size - 8)
        return error_set(err, "it ends in the middle of its header (byte %zu)", size);
    if (number(bytes + 4, 4) < 6)
        return error_set(err, "its header is %" PRIu32 " bytes long, not 6 (byte 4)",
                         number(bytes + 4, 4));
    *format = (int)number(bytes + 8, 2);
    *ppq = (int)number(bytes + 12, 2);
    in->at = 8 + number(bytes + 4, 4);
    if (*format > 1)
        return error_set(err, "its format is %d, and only 0 and 1 are scores (byte 8)", *format);
    if (*ppq & 0x8000)
        return error_set(err, "it counts film frames, not fractions of a beat (byte 12)");
    if (*ppq == 0)
        return error_set(err, "it has 0 ticks to a quarter note (byte 12)");
    return true;
}

/* Goes to the events of the next track. What is no chunk any more is garbage after the last. */
static bool next_track(struct reader *in)
{
    while (in->size - in->at >= 8) {
        const uint8_t *chunk = in->bytes + in->at;
        size_t length = number(chunk + 4, 4), room = in->size - in->at - 8;
        bool is_track = memcmp(chunk, "MTrk", 4) == 0;
        if (!is_track && length > room)
            return false;
        in->at += 8;
        in->end = in->at + (length < room ? length : room);
        in->tick = 0;
        in->status = 0;
        if (is_track) {
            in->track++;
            return true;
        }
        in->at = in->end;
    }
    return false;
}

/* A track's length can be wrong. Where the next one follows End of Track at once, believe that. */
static void leave_track(struct reader *in)
{
    if (in->size - in->at < 4 || memcmp(in->bytes + in->at, "MTrk", 4) != 0)
        in->at = in->end;
}

static void put_header(struct writer *out, int ppq)
{
    put(out, "MThd\0\0\0\x06", 8);
    put_number(out, 0, 4); /* format and number of tracks come with the last track */
    put_number(out, (uint32_t)ppq, 2);
}

static void begin_track(struct writer *out)
{
    put(out, "MTrk", 4);
    out->length_at = out->size;
    put_number(out, 0, 4);
    out->tracks++;
    out->tick = 0;
    out->events = 0;
}

static void put_time(struct writer *out, int64_t tick)
{
    put_vlq(out, (uint32_t)(tick - out->tick));
    out->tick = tick;
    out->events++;
}

static void end_track(struct writer *out, int64_t tick)
{
    put_time(out, tick);
    put(out, "\xFF\x2F", 3);
    size_t length = out->size - out->length_at - 4;
    for (size_t i = 0; i < 4 && !out->failed; i++)
        out->bytes[out->length_at + i] = (uint8_t)(length >> (24 - 8 * i));
}

static uint8_t *finish(struct writer *out, bool good, int format, size_t *size, struct error *err)
{
    if (good && out->failed)
        good = error_set(err, "out of memory");
    if (!good) {
        free(out->bytes);
        return NULL;
    }
    out->bytes[9] = out->tracks > 1 ? 1 : (uint8_t)format;
    out->bytes[10] = (uint8_t)(out->tracks >> 8);
    out->bytes[11] = (uint8_t)out->tracks;
    *size = out->size;
    return out->bytes;
}

/* ---- Sealing ---- */

static bool too_big(struct reader *in, const char *what, int64_t most)
{
    in->too_big = true;
    return error_set(in->err, "it has %s than the %" PRId64 " that can be read", what, most);
}

static bool seal_track(struct reader *in, struct writer *out, int64_t most_ticks, int *events)
{
    struct event event = {0};
    begin_track(out);
    while (in->at < in->end) {
        if (!read_event(in, &event))
            return false;
        if (in->tick > most_ticks)
            return too_big(in, "more ticks in a track", most_ticks);
        if (++*events > SMF_MOST_EVENTS)
            return too_big(in, "more events", SMF_MOST_EVENTS);
        if (is_end(&event))
            break;
        if (out->events == SMF_TRACK_EVENTS) {
            end_track(out, out->tick);
            begin_track(out);
            put_time(out, 0);
            put(out, SMF_GOES_ON, SMF_TOKEN_SIZE);
        }
        put_time(out, in->tick);
        if (event.head[0] < SYSEX) {
            put_event(out, &event);
        } else {
            put(out, SMF_GOES_ON, 3);
            put_number(out, (uint32_t)event.at, 4);
        }
    }
    end_track(out, in->tick);
    return true;
}

/* Whether a track whose length points behind the end of the file has its End of Track. */
static bool ends_itself(struct reader in)
{
    struct event event = {0};
    in.err = NULL;
    while (in.at < in.end && !is_end(&event))
        if (!read_event(&in, &event))
            return false;
    return is_end(&event);
}

static bool seal_tracks(struct reader *in, struct writer *out, int64_t most_ticks)
{
    int events = 0;
    while (next_track(in)) {
        if (in->track > SMF_MOST_TRACKS)
            return too_big(in, "more tracks", SMF_MOST_TRACKS);
        bool overlong = number(in->bytes + in->at - 4, 4) > in->size - in->at;
        if (overlong && !ends_itself(*in))
            return cut_short(in);
        if (!seal_track(in, out, most_ticks, &events))
            return false;
        leave_track(in);
    }
    return in->track > 0 || error_set(in->err, "it holds no track");
}

uint8_t *smf_seal(const uint8_t *bytes, size_t size, size_t *sealed_size, struct error *err)
{
    struct reader in = {.bytes = bytes, .size = size, .err = err};
    struct writer out = {0};
    int format = 0, ppq = 0;
    bool good = size <= SMF_MOST_BYTES || too_big(&in, "more bytes", SMF_MOST_BYTES);
    good = good && read_header(&in, &format, &ppq);
    if (good) {
        put_header(&out, ppq);
        good = seal_tracks(&in, &out, SMF_MOST_TICKS / ((SMF_LEAST_PPQ + ppq - 1) / ppq));
    }
    if (!good && !in.too_big)
        error_hint(err, "re-export it from your editor as a Standard MIDI File, format 0 or 1");
    return finish(&out, good, format, sealed_size, err);
}

/* ---- Unsealing ---- */

static bool unseal_track(struct reader *in, struct writer *out, const uint8_t *original,
                         size_t original_size)
{
    while (in->at < in->end) {
        struct event event;
        if (!read_event(in, &event))
            return false;
        if (is_end(&event))
            break;
        uint32_t at;
        if (is_token(&event, &at)) {
            struct reader source = {.bytes = original, .at = at, .end = original_size};
            if (at == 0)
                continue;
            if (!read_message(&source, &event))
                return error_set(in->err, "track %d has lost an event", in->track);
        }
        put_time(out, in->tick);
        put_event(out, &event);
    }
    return true;
}

uint8_t *smf_unseal(const uint8_t *sealed, size_t size, const uint8_t *original,
                    size_t original_size, int format, size_t *plain_size, struct error *err)
{
    struct reader in = {.bytes = sealed, .size = size, .err = err};
    struct writer out = {0};
    int sealed_format = 0, ppq = 0;
    if (!read_header(&in, &sealed_format, &ppq))
        return NULL;
    put_header(&out, ppq);
    bool good = true;
    int64_t end = 0;
    while (good && next_track(&in)) {
        bool goes_on = in.end - in.at > SMF_TOKEN_SIZE &&
                       memcmp(in.bytes + in.at, "\0" SMF_GOES_ON, SMF_TOKEN_SIZE + 1) == 0;
        if (!goes_on) {
            if (out.tracks > 0)
                end_track(&out, end);
            begin_track(&out);
        }
        good = unseal_track(&in, &out, original, original_size);
        end = in.tick;
    }
    end_track(&out, end);
    return finish(&out, good, format, plain_size, err);
}

const uint8_t *smf_meta(const uint8_t *event, size_t size, const uint8_t *original, int type,
                        size_t *data_size)
{
    if (size != SMF_TOKEN_SIZE || memcmp(event, SMF_GOES_ON, 3) != 0)
        return NULL;
    const uint8_t *meta = original + number(event + 3, 4);
    if (meta[0] != META || meta[1] != type)
        return NULL;
    size_t at = 2;
    for (*data_size = 0; meta[at] & 0x80; at++)
        *data_size = *data_size << 7 | (meta[at] & 0x7F);
    *data_size = *data_size << 7 | meta[at];
    return meta + at + 1;
}
