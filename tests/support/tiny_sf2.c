#include "support/tiny_sf2.h"

#include "base/rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct writer {
    uint8_t *bytes;
    size_t size, room;
};

static void put(struct writer *w, const void *bytes, size_t size)
{
    while (w->size + size > w->room) {
        w->room = w->room ? 2 * w->room : 1 << 16;
        w->bytes = realloc(w->bytes, w->room);
    }
    memcpy(w->bytes + w->size, bytes, size);
    w->size += size;
}

static void put_le(struct writer *w, uint32_t value, int count)
{
    for (int i = 0; i < count; i++)
        put(w, (uint8_t[]){(uint8_t)(value >> 8 * i)}, 1);
}

static void put_name(struct writer *w, const char *name)
{
    char field[20] = "";
    snprintf(field, sizeof field, "%s", name);
    put(w, field, sizeof field);
}

/* Chunks are opened with a length of 0 and closed with the real one. */
static size_t chunk(struct writer *w, const char *id)
{
    put(w, id, 4);
    put_le(w, 0, 4);
    return w->size;
}

static void close_chunk(struct writer *w, size_t start)
{
    uint32_t length = (uint32_t)(w->size - start);
    for (int i = 0; i < 4; i++)
        w->bytes[start - 4 + (size_t)i] = (uint8_t)(length >> 8 * i);
}

enum { LEFT = -500, RIGHT = 500 };

struct drum_sample {
    const char *name;
    int key, low_velocity, high_velocity, lead, length;
    double decay_s; /* 0: a single sample */
    int exclusive, pan;
};

/* The drums of one file. */
struct drums {
    const struct drum_sample *samples;
    int count;
};

static const struct drum_sample tiny_drums[] = {
    {"kick", 36, 0, 127, TINY_KICK_LEAD, 9600, 0.03, 0, 0},
    {"snare soft", 38, 0, TINY_SNARE_SPLIT - 1, 20, 9600, 0.03, 0, 0},
    {"snare hard", 38, TINY_SNARE_SPLIT, 127, 30, 9600, 0.02, 0, 0},
    {"closed", 42, 0, 127, 5, 4800, 0.01, 1, 0},
    {"open", 46, 0, 127, 5, 48000, 0.5, 1, 0},
    {"crash", 49, 0, 127, 10, 8 * TINY_RATE, 4.0, 0, 0},
};

static const struct drum_sample clicks[] = {
    {"kick", 36, 0, 127, CLICK_LEAD, 480, 0, 0, LEFT},
    {"snare", 38, 0, 127, CLICK_LEAD + 40, 480, 0, 0, LEFT},
    {"closed", 42, 0, 127, CLICK_LEAD + 90, 480, 0, 0, RIGHT},
};

enum { GAP = 46 };

/* Noise that starts at once at full level, after a lead of a single small bump. */
static double sample_at(const struct drum_sample *drum, int frame, struct rng *rng)
{
    int since = frame - drum->lead;
    if (drum->decay_s == 0)
        return since == 0 ? 0.7 : 0;
    if (since < 0)
        return 0.005;
    double x = rng_between(rng, 0.5, 0.8) * exp(-since / (drum->decay_s * TINY_RATE));
    return since & 1 ? -x : x;
}

static void put_samples(struct writer *w, const struct drums *drums)
{
    struct rng rng;
    rng_seed(&rng, 5);
    for (int d = 0; d < drums->count; d++) {
        for (int i = 0; i < drums->samples[d].length; i++) {
            double x = sample_at(&drums->samples[d], i, &rng);
            put_le(w, (uint16_t)(int16_t)(x * 32767), 2);
        }
        for (int i = 0; i < GAP; i++)
            put_le(w, 0, 2);
    }
}

static void put_generator(struct writer *w, int generator, int amount)
{
    put_le(w, (uint32_t)generator, 2);
    put_le(w, (uint32_t)amount, 2);
}

enum {
    PAN = 17,
    INSTRUMENT = 41,
    KEY_RANGE = 43,
    VELOCITY_RANGE = 44,
    SAMPLE = 53,
    SCALE_TUNING = 56,
    EXCLUSIVE = 57
};

static void put_instrument_tables(struct writer *w, const struct drums *drums)
{
    size_t at = chunk(w, "inst");
    put_name(w, "kit");
    put_le(w, 0, 2);
    put_name(w, "EOI");
    put_le(w, (uint32_t)drums->count, 2);
    close_chunk(w, at);
    at = chunk(w, "ibag");
    for (int d = 0; d <= drums->count; d++) {
        put_le(w, (uint32_t)(6 * d), 2);
        put_le(w, 0, 2);
    }
    close_chunk(w, at);
    at = chunk(w, "imod");
    put(w, (uint8_t[10]){0}, 10);
    close_chunk(w, at);
    at = chunk(w, "igen");
    for (int d = 0; d < drums->count; d++) {
        const struct drum_sample *drum = &drums->samples[d];
        put_generator(w, KEY_RANGE, drum->key | drum->key << 8);
        put_generator(w, VELOCITY_RANGE, drum->low_velocity | drum->high_velocity << 8);
        put_generator(w, PAN, drum->pan);
        put_generator(w, SCALE_TUNING, 0);
        put_generator(w, EXCLUSIVE, drum->exclusive);
        put_generator(w, SAMPLE, d);
    }
    put_generator(w, 0, 0);
    close_chunk(w, at);
}

static void put_preset_tables(struct writer *w, int bank)
{
    size_t at = chunk(w, "phdr");
    for (int last = 0; last < 2; last++) {
        put_name(w, last ? "EOP" : "Tiny Kit");
        put_le(w, 0, 2);
        put_le(w, last ? 0 : (uint32_t)bank, 2);
        put_le(w, (uint32_t)last, 2);
        put(w, (uint8_t[12]){0}, 12);
    }
    close_chunk(w, at);
    at = chunk(w, "pbag");
    put(w, (uint8_t[4]){0}, 4);
    put_le(w, 1, 2);
    put_le(w, 0, 2);
    close_chunk(w, at);
    at = chunk(w, "pmod");
    put(w, (uint8_t[10]){0}, 10);
    close_chunk(w, at);
    at = chunk(w, "pgen");
    put_generator(w, INSTRUMENT, 0);
    put_generator(w, 0, 0);
    close_chunk(w, at);
}

static void put_sample_headers(struct writer *w, const struct drums *drums)
{
    size_t at = chunk(w, "shdr");
    uint32_t start = 0;
    for (int d = 0; d < drums->count; d++) {
        uint32_t end = start + (uint32_t)drums->samples[d].length;
        put_name(w, drums->samples[d].name);
        put_le(w, start, 4);
        put_le(w, end, 4);
        put_le(w, start, 4);
        put_le(w, end, 4);
        put_le(w, TINY_RATE, 4);
        put_le(w, 60, 1);
        put_le(w, 0, 1);
        put_le(w, 0, 2);
        put_le(w, 1, 2);
        start = end + GAP;
    }
    put(w, (uint8_t[46]){'E', 'O', 'S'}, 46);
    close_chunk(w, at);
}

static uint8_t *write_sf2(const struct drums *drums, int bank, size_t *size)
{
    struct writer w = {.bytes = NULL};
    size_t riff = chunk(&w, "RIFF");
    put(&w, "sfbk", 4);
    size_t list = chunk(&w, "LIST");
    put(&w, "INFO", 4);
    size_t at = chunk(&w, "ifil");
    put_le(&w, 2, 2);
    put_le(&w, 1, 2);
    close_chunk(&w, at);
    at = chunk(&w, "isng");
    put(&w, "EMU8000", 8);
    close_chunk(&w, at);
    at = chunk(&w, "INAM");
    put(&w, "Tiny\0", 6);
    close_chunk(&w, at);
    close_chunk(&w, list);
    list = chunk(&w, "LIST");
    put(&w, "sdta", 4);
    at = chunk(&w, "smpl");
    put_samples(&w, drums);
    close_chunk(&w, at);
    close_chunk(&w, list);
    list = chunk(&w, "LIST");
    put(&w, "pdta", 4);
    put_preset_tables(&w, bank);
    put_instrument_tables(&w, drums);
    put_sample_headers(&w, drums);
    close_chunk(&w, list);
    close_chunk(&w, riff);
    *size = w.size;
    return w.bytes;
}

uint8_t *tiny_sf2(int bank, size_t *size)
{
    static const struct drums drums = {tiny_drums, sizeof tiny_drums / sizeof *tiny_drums};
    return write_sf2(&drums, bank, size);
}

uint8_t *click_sf2(size_t *size)
{
    static const struct drums drums = {clicks, sizeof clicks / sizeof *clicks};
    return write_sf2(&drums, 128, size);
}

char *tiny_file(const uint8_t *bytes, size_t size)
{
    char *path = strdup("/tmp/rolypoly-test-XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
        abort();
    close(fd);
    return path;
}
