#include "score/smf_bytes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SYSEX 0xF0
#define ESCAPE 0xF7
#define META 0xFF
#define META_END 0x2F
#define META_SEAL 0x7F

struct reader {
    const uint8_t *bytes;
    size_t at, end; /* the next byte; the end of the chunk */
    int track;      /* from 1 */
    int64_t tick;
    int status; /* running; 0 while there is none */
    struct error *err;
};

struct writer {
    uint8_t *bytes;
    size_t size, room;
    bool failed; /* out of memory */
};

struct event {
    uint32_t delta;
    size_t at;       /* of its first byte, delta time included */
    uint8_t head[2]; /* status, and a meta's type */
    const uint8_t *data;
    uint32_t size;
};

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

static void put_byte(struct writer *out, int byte)
{
    uint8_t value = (uint8_t)byte;
    put(out, &value, 1);
}

static int format_vlq(uint32_t value, uint8_t vlq[5])
{
    int length = 1;
    for (uint32_t rest = value >> 7; rest; rest >>= 7)
        length++;
    for (int i = length - 1; i >= 0; i--, value >>= 7)
        vlq[i] = (uint8_t)((value & 0x7F) | (i < length - 1 ? 0x80 : 0));
    return length;
}

static void put_vlq(struct writer *out, uint32_t value)
{
    uint8_t vlq[5];
    put(out, vlq, (size_t)format_vlq(value, vlq));
}

static void put_number(struct writer *out, uint32_t value, int bytes)
{
    while (bytes-- > 0)
        put_byte(out, (int)(value >> (8 * bytes)) & 0xFF);
}

static uint32_t number(const uint8_t *bytes, int count)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

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

static bool read_event(struct reader *in, struct event *event)
{
    *event = (struct event){.at = in->at};
    if (!read_vlq(in, &event->delta))
        return false;
    in->tick += event->delta;
    if (in->at == in->end)
        return cut_short(in);
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

static uint32_t event_length(const struct event *event)
{
    uint8_t vlq[5];
    uint32_t length = 1 + event->size;
    if (event->head[0] >= SYSEX)
        length += (uint32_t)format_vlq(event->size, vlq);
    return length + (event->head[0] == META);
}

static void put_sealed(struct writer *out, const struct event *event)
{
    if (event->head[0] >= SYSEX) {
        put_byte(out, META);
        put_byte(out, META_SEAL);
        put_vlq(out, event_length(event));
    }
    put_event(out, event);
}

static void put_unsealed(struct writer *out, const struct event *event)
{
    if (event->head[0] == META && event->head[1] == META_SEAL)
        put(out, event->data, event->size);
    else
        put_event(out, event);
}

typedef void put_verb(struct writer *out, const struct event *event);

struct limits {
    int64_t ticks;
    int events;
};

/* Reads the events from in->at to End of Track or in->end and writes them as `verb` says. */
static bool transcribe_track(struct reader *in, struct writer *out, put_verb *verb,
                             struct limits *limits)
{
    struct event event = {0};
    in->tick = 0;
    in->status = 0;
    put(out, "MTrk", 4);
    size_t length_at = out->size;
    put_number(out, 0, 4);
    while (in->at < in->end && !is_end(&event)) {
        if (!read_event(in, &event))
            return false;
        if (in->tick > limits->ticks)
            return error_set(in->err, "track %d is longer than %" PRId64 " ticks (byte %zu)",
                             in->track, limits->ticks, event.at);
        if (--limits->events < 0)
            return error_set(in->err, "it has more than %d events", SMF_MOST_EVENTS);
        put_vlq(out, event.delta);
        if (is_end(&event))
            put(out, "\xFF\x2F", 3);
        else
            verb(out, &event);
    }
    if (!is_end(&event))
        put(out, "\0\xFF\x2F", 4);
    if (!out->failed)
        for (int i = 0; i < 4; i++)
            out->bytes[length_at + (size_t)i] =
                (uint8_t)((out->size - length_at - 4) >> (24 - 8 * i));
    return true;
}

/* A track whose length points behind the end of the file is whole if it has its End of Track. */
static bool ends_itself(struct reader in)
{
    struct event event = {0};
    in.err = NULL;
    in.status = 0;
    while (in.at < in.end && !is_end(&event))
        if (!read_event(&in, &event))
            return false;
    return is_end(&event);
}

static bool read_header(const uint8_t *bytes, size_t size, int *format, int *ppq, size_t *end,
                        struct error *err)
{
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
    *end = 8 + number(bytes + 4, 4);
    if (*format > 1)
        return error_set(err, "its format is %d, and only 0 and 1 are scores (byte 8)", *format);
    if (*ppq & 0x8000)
        return error_set(err, "it counts film frames, not fractions of a beat (byte 12)");
    if (*ppq == 0)
        return error_set(err, "it has 0 ticks to a quarter note (byte 12)");
    return true;
}

static bool transcribe_tracks(struct reader *in, size_t size, struct writer *out, put_verb *verb,
                              struct limits *limits)
{
    while (size - in->at >= 8) {
        const uint8_t *chunk = in->bytes + in->at;
        size_t length = number(chunk + 4, 4), room = size - in->at - 8;
        if (memcmp(chunk, "MTrk", 4) != 0) {
            if (length > room)
                break; /* garbage after the last track */
            in->at += 8 + length;
            continue;
        }
        if (++in->track > SMF_MOST_TRACKS)
            return error_set(in->err, "it has more than %d tracks", SMF_MOST_TRACKS);
        in->at += 8;
        in->end = in->at + (length < room ? length : room);
        if (length > room && !ends_itself(*in)) {
            in->end = size;
            return cut_short(in);
        }
        size_t next = in->end;
        if (!transcribe_track(in, out, verb, limits))
            return false;
        in->at = length > room ? in->at : next;
    }
    return in->track > 0 || error_set(in->err, "it holds no track");
}

static uint8_t *transcribe(const uint8_t *bytes, size_t size, put_verb *verb, struct limits limits,
                           size_t *out_size, struct error *err)
{
    struct reader in = {.bytes = bytes, .err = err};
    struct writer out = {0};
    int format = 0, ppq = 0;
    if (!read_header(bytes, size, &format, &ppq, &in.at, err))
        return NULL;
    limits.ticks /= (SMF_LEAST_PPQ + ppq - 1) / ppq;
    put(&out, "MThd\0\0\0\x06", 8);
    put_number(&out, 0, 4); /* format and number of tracks, known afterwards */
    put_number(&out, (uint32_t)ppq, 2);
    bool good = transcribe_tracks(&in, size, &out, verb, &limits);
    if (good && out.failed)
        good = error_set(err, "out of memory");
    if (!good) {
        free(out.bytes);
        return NULL;
    }
    out.bytes[9] = in.track > 1 ? 1 : (uint8_t)format;
    out.bytes[10] = (uint8_t)(in.track >> 8);
    out.bytes[11] = (uint8_t)in.track;
    *out_size = out.size;
    return out.bytes;
}

uint8_t *smf_seal(const uint8_t *bytes, size_t size, size_t *sealed_size, struct error *err)
{
    struct limits limits = {.ticks = SMF_MOST_TICKS, .events = SMF_MOST_EVENTS};
    if (size > SMF_MOST_BYTES) {
        error_set(err, "it is larger than %d MB", SMF_MOST_BYTES >> 20);
        return NULL;
    }
    return transcribe(bytes, size, put_sealed, limits, sealed_size, err);
}

uint8_t *smf_unseal(const uint8_t *bytes, size_t size, size_t *plain_size, struct error *err)
{
    struct limits none = {.ticks = INT64_MAX, .events = INT32_MAX};
    return transcribe(bytes, size, put_unsealed, none, plain_size, err);
}

/* The data after the head and the length of a meta event that was checked before. */
static const uint8_t *meta_data(const uint8_t *event, size_t event_size, size_t *size)
{
    size_t at = 2;
    while (at < event_size && event[at] & 0x80)
        at++;
    at++;
    *size = event_size - at;
    return event + at;
}

const uint8_t *smf_meta(const uint8_t *event, size_t event_size, int type, size_t *size)
{
    if (event_size < 3 || event[0] != META || event[1] != type)
        return NULL;
    return meta_data(event, event_size, size);
}

const uint8_t *smf_unseal_event(const uint8_t *event, size_t *size)
{
    return smf_meta(event, *size, META_SEAL, size);
}
