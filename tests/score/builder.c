#include "builder.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

void build_raw(struct builder *builder, const void *bytes, size_t size)
{
    if (builder->size + size > builder->room) {
        builder->room = 2 * (builder->size + size) + 256;
        builder->bytes = realloc(builder->bytes, builder->room);
        ck_assert_ptr_nonnull(builder->bytes);
    }
    if (size)
        memcpy(builder->bytes + builder->size, bytes, size);
    builder->size += size;
}

static void put(struct builder *builder, uint8_t byte)
{
    build_raw(builder, &byte, 1);
}

static void put_vlq(struct builder *builder, uint32_t value)
{
    for (int shift = 21; shift > 0; shift -= 7)
        if (value >> shift)
            put(builder, (uint8_t)(0x80 | (value >> shift & 0x7F)));
    put(builder, value & 0x7F);
}

struct builder build(int format, int tracks, int ppq)
{
    struct builder builder = {0};
    const uint8_t header[] = {'M',
                              'T',
                              'h',
                              'd',
                              0,
                              0,
                              0,
                              6,
                              0,
                              (uint8_t)format,
                              0,
                              (uint8_t)tracks,
                              (uint8_t)(ppq >> 8),
                              (uint8_t)ppq};
    build_raw(&builder, header, sizeof header);
    return builder;
}

void build_close(struct builder *builder)
{
    size_t length = builder->size - builder->length_at - 4;
    for (int i = 0; builder->length_at && i < 4; i++)
        builder->bytes[builder->length_at + (size_t)i] = (uint8_t)(length >> (24 - 8 * i));
    builder->length_at = 0;
}

void build_track(struct builder *builder)
{
    build_raw(builder, "MTrk", 4);
    builder->length_at = builder->size;
    builder->tick = 0;
    build_raw(builder, "\0\0\0", 4);
}

void build_event(struct builder *builder, int64_t tick, const void *bytes, size_t size)
{
    ck_assert_int_ge(tick, builder->tick);
    put_vlq(builder, (uint32_t)(tick - builder->tick));
    build_raw(builder, bytes, size);
    builder->tick = tick;
}

void build_meta(struct builder *builder, int64_t tick, int type, const void *data, size_t size)
{
    const uint8_t head[] = {0xFF, (uint8_t)type};
    build_event(builder, tick, head, sizeof head);
    put_vlq(builder, (uint32_t)size);
    build_raw(builder, data, size);
}

void build_tempo(struct builder *builder, int64_t tick, int us_per_quarter)
{
    const uint8_t data[] = {(uint8_t)(us_per_quarter >> 16), (uint8_t)(us_per_quarter >> 8),
                            (uint8_t)us_per_quarter};
    build_meta(builder, tick, 0x51, data, sizeof data);
}

void build_metre(struct builder *builder, int64_t tick, int numerator, int power)
{
    const uint8_t data[] = {(uint8_t)numerator, (uint8_t)power, 24, 8};
    build_meta(builder, tick, 0x58, data, sizeof data);
}

void build_message(struct builder *builder, int64_t tick, int status, int first, int second)
{
    const uint8_t bytes[] = {(uint8_t)status, (uint8_t)first, (uint8_t)second};
    build_event(builder, tick, bytes, (status & 0xE0) == 0xC0 ? 2 : 3);
}

void build_stroke(struct builder *builder, int64_t tick, int pitch, int velocity)
{
    build_message(builder, tick, 0x99, pitch, velocity);
    build_message(builder, tick + 1, 0x89, pitch, 0);
}

void build_end(struct builder *builder, int64_t tick)
{
    build_meta(builder, tick, 0x2F, "", 0);
    build_close(builder);
}

void build_free(struct builder *builder)
{
    free(builder->bytes);
    *builder = (struct builder){0};
}

struct builder build_strokes(int ppq, const int64_t *ticks, int count)
{
    struct builder builder = build(0, 1, ppq);
    build_track(&builder);
    for (int i = 0; i < count; i++)
        build_message(&builder, ticks[i], 0x99, 38, 64);
    build_end(&builder, count ? ticks[count - 1] + ppq : ppq);
    return builder;
}

static uint32_t take_vlq(const uint8_t **at)
{
    uint32_t value = 0;
    do
        value = value << 7 | (**at & 0x7F);
    while (*(*at)++ & 0x80);
    return value;
}

int list_events(const uint8_t *bytes, size_t size, struct listed *events, int room)
{
    int count = 0, track = 0;
    for (const uint8_t *at = bytes + 14; at < bytes + size; track++) {
        ck_assert_mem_eq(at, "MTrk", 4);
        const uint8_t *end = at + 8 + (at[4] << 24 | at[5] << 16 | at[6] << 8 | at[7]);
        int64_t tick = 0;
        for (at += 8; at < end;) {
            tick += take_vlq(&at);
            const uint8_t *first = at;
            ck_assert_int_ge(*first, 0x80);
            if (*first < 0xF0) {
                at += (*first & 0xE0) == 0xC0 ? 2 : 3;
            } else {
                at += *first == 0xFF ? 2 : 1;
                uint32_t length = take_vlq(&at);
                at += length;
            }
            ck_assert_int_lt(count, room);
            events[count++] = (struct listed){track, tick, first, (size_t)(at - first)};
        }
        ck_assert_ptr_eq(at, end);
    }
    return count;
}

struct score *parse_builder(const struct builder *builder, const struct score_options *options)
{
    struct error err = {0};
    struct score *score = score_parse(builder->bytes, builder->size, "test", options, &err);
    ck_assert_msg(score != NULL, "%s", err.text);
    return score;
}
