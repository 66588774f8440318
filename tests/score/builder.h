/* Standard MIDI Files made by hand for the tests, byte by byte, and a reader of its own to look
 * into what comes out: neither shares a line with the code under test. */
#ifndef TESTS_SCORE_BUILDER_H
#define TESTS_SCORE_BUILDER_H

#include "score/score.h"

#include <stddef.h>
#include <stdint.h>

struct builder {
    uint8_t *bytes;
    size_t size, room;
    size_t length_at; /* of the open track; 0 when none is */
    int64_t tick;
};

struct builder build(int format, int tracks, int ppq);
void build_track(struct builder *builder);
void build_raw(struct builder *builder, const void *bytes, size_t size);
/* At a tick of the open track, no earlier than the event before it. */
void build_event(struct builder *builder, int64_t tick, const void *bytes, size_t size);
void build_meta(struct builder *builder, int64_t tick, int type, const void *data, size_t size);
void build_tempo(struct builder *builder, int64_t tick, int us_per_quarter);
void build_metre(struct builder *builder, int64_t tick, int numerator, int power);
void build_stroke(struct builder *builder, int64_t tick, int pitch, int velocity); /* channel 10 */
void build_message(struct builder *builder, int64_t tick, int status, int first, int second);
void build_end(struct builder *builder, int64_t tick);
void build_close(struct builder *builder); /* the track, without End of Track */
void build_free(struct builder *builder);

/* A one-track file at `ppq` with strokes of 38, velocity 64, each a tick long. */
struct builder build_strokes(int ppq, const int64_t *ticks, int count);

struct listed {
    int track;
    int64_t tick;
    const uint8_t *bytes; /* from the status byte, running status is not understood */
    size_t size;
};

/* The events of a sound file; fails the test where there are more than `room`. */
int list_events(const uint8_t *bytes, size_t size, struct listed *events, int room);

/* score_parse, or the test fails with the error. */
struct score *parse_builder(const struct builder *builder, const struct score_options *options);

#endif
