#include "fixture.h"

#include "base/rng.h"

#include <float.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

char folder[64];

void folder_make(void)
{
    strcpy(folder, "/tmp/rolypoly-store-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chmod(folder, 0755), 0);
}

void folder_remove(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

const char *in_folder(const char *name)
{
    static char paths[8][512];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

long file_size(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? (long)info.st_size : -1;
}

/* A Standard MIDI File, format 0, 96 ticks a quarter, on channel 10. */
struct score *make_score(const char *name, int count)
{
    static const uint8_t head[] = {'M', 'T', 'h', 'd', 0, 0, 0, 6, 0, 0, 0, 1, 0, 96};
    static const uint8_t end[] = {0, 0xff, 0x2f, 0};
    static const uint8_t keys[] = {36, 42, 38, 42};
    uint8_t *file = malloc((size_t)count * 8 + 64), *at = file;
    memcpy(at, head, sizeof head);
    at += sizeof head;
    uint32_t length = (uint32_t)count * 8 + sizeof end;
    const uint8_t track[] = {
        'M', 'T', 'r', 'k', 0, (uint8_t)(length >> 16), (uint8_t)(length >> 8), (uint8_t)length};
    memcpy(at, track, sizeof track);
    at += sizeof track;
    for (int i = 0; i < count; i++) {
        const uint8_t note[] = {0,  0x99, keys[i % 4], (uint8_t)(60 + i % 50),
                                48, 0x89, keys[i % 4], 0};
        memcpy(at, note, sizeof note);
        at += sizeof note;
    }
    memcpy(at, end, sizeof end);
    at += sizeof end;
    struct error err;
    struct score *score = score_parse(file, (size_t)(at - file), name, NULL, &err);
    ck_assert_msg(score != NULL, "%s", err.text);
    free(file);
    return score;
}

static double odd_number(struct rng *rng)
{
    static const double odd[] = {-0.0, 0.0, 5e-324, -DBL_MIN, 1.0, -3.0, 0.1, 1e15, -1e300};
    uint32_t which = rng_below(rng, 30);
    return which < sizeof odd / sizeof odd[0] ? odd[which] : 30 * rng_normal(rng);
}

/* What a player may ask for, one after the other. */
static void change_something(struct take *take, const struct score *score, struct rng *rng)
{
    int64_t frame = -48000;
    for (int i = 0; i < TAKE_CHANGES; i++) {
        struct change change = {.kind = (enum change_kind)rng_below(rng, CHANGE_KINDS), .drum = -1};
        frame += rng_below(rng, 3) * 1000;
        change.frame = frame;
        change.value = rng_below(rng, 2);
        if (change.kind == CHANGE_FOLLOW || change.kind == CHANGE_EXPRESSION)
            change.value = rng_uniform(rng);
        if (change.kind == CHANGE_LEASH) {
            change.value = 1000 * rng_uniform(rng);
            change.drum = (int)rng_below(rng, DRUM_COUNT + 1) - 1;
        }
        if (change.kind == CHANGE_LAST_TIME)
            change.value = 1;
        if (change.kind == CHANGE_FLUB)
            change.bar = 1 + (int)rng_below(rng, (uint32_t)score->bar_count);
        take->changes[take->change_count++] = change;
    }
}

static int64_t some_frame(struct rng *rng)
{
    return (int64_t)(rng_next(rng) >> 24) - (INT64_C(1) << 39);
}

/* No file of any kind: the store does not care. */
static void record_something(struct take *take, struct rng *rng)
{
    take->recording.first_frame = -1000 - (int)rng_below(rng, 90000);
    take->recording.size = 1 + rng_below(rng, 2000);
    take->recording.bytes = malloc(take->recording.size);
    ck_assert_ptr_nonnull(take->recording.bytes);
    for (size_t i = 0; i < take->recording.size; i++)
        take->recording.bytes[i] = (uint8_t)rng_below(rng, 256);
}

struct take *make_take(const struct score *score, uint64_t seed)
{
    struct rng rng;
    rng_seed(&rng, seed);
    struct take_settings settings = {
        .model = "groove",
        .seed = seed % 2 ? rng_next(&rng) | UINT64_C(1) << 63 : rng_next(&rng),
        .controls = {.follow = rng_uniform(&rng), .expression = -0.0, .leash_ms = 35.5},
        .tempo_percent = 100,
        .first_bar = seed % 3 == 0 ? 2 : 0,
        .last_bar = seed % 3 == 0 ? 4 : 0,
        .rate = 44100,
        .lead_frames = 1234,
        .round_trip_frames = -17,
    };
    int onsets = (int)rng_below(&rng, (uint32_t)score->step_count);
    for (int drum = 0; drum < DRUM_COUNT; drum += 2)
        if (seed % 4 == 1) {
            settings.controls.leashed = (uint16_t)(settings.controls.leashed | 1u << drum);
            settings.controls.drum_leash_ms[drum] = 0.1 * drum;
        }
    struct take *take = take_new(score, &settings, onsets, TAKE_CHANGES);
    ck_assert_ptr_nonnull(take);
    if (seed % 2)
        take->sound = (struct take_sound){.input = "ALSA: Gitarre \xc3\xbc",
                                          .output = "JACK: system",
                                          .period = 128,
                                          .source = ROUND_TRIP_STALE,
                                          .round_trip_ms = 9.0 + 1 / 3.0,
                                          .drift_ppm = seed % 4 == 1 ? NAN : -12.5};
    for (int i = 0; i < onsets; i++)
        take->onsets[take->onset_count++] = (struct take_onset){
            .frame = some_frame(&rng),
            .heard_frame = some_frame(&rng),
            .strength = (float)rng_uniform(&rng),
            .step = (int)rng_below(&rng, (uint32_t)score->step_count + 1) - 1,
            .deviation_ms = odd_number(&rng),
        };
    for (int i = 0; i < score->step_count; i++)
        if (rng_below(&rng, 8))
            take->steps[take->step_count++] = (struct take_step){
                .step = i,
                .planned = rng_below(&rng, 10) != 0,
                .predicted_ms = odd_number(&rng),
                .predicted_sd_ms = rng_uniform(&rng),
                .drums_ms = odd_number(&rng),
            };
    for (int i = 0; i < score->hit_count; i++)
        if (rng_below(&rng, 8))
            take->hits[take->hit_count++] =
                (struct take_hit){i, 1 + (int)rng_below(&rng, 127), some_frame(&rng)};
    take->stop_frame = some_frame(&rng);
    take->xruns = (int)rng_below(&rng, 5);
    if (seed % 2) {
        change_something(take, score, &rng);
        take->settings.practice = (struct practice){
            .passes = 4, .played = 3, .ramp_percent = 2.5, .play_bars = 2, .out_bars = 1};
    }
    if (seed % 3 == 0)
        record_something(take, &rng);
    return take;
}

#define SAME(field)                                                                                \
    if (memcmp(&a->field, &b->field, sizeof a->field) != 0)                                        \
    return #field

static const char *settings_difference(const struct take_settings *a, const struct take_settings *b)
{
    SAME(model);
    SAME(seed);
    SAME(controls.follow);
    SAME(controls.expression);
    SAME(controls.leash_ms);
    SAME(controls.leashed);
    SAME(controls.robot);
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        SAME(controls.drum_leash_ms[drum]);
    SAME(tempo_percent);
    SAME(first_bar);
    SAME(last_bar);
    SAME(practice);
    SAME(rate);
    SAME(lead_frames);
    SAME(round_trip_frames);
    return NULL;
}

const char *take_difference(const struct take *a, const struct take *b)
{
    SAME(onset_count);
    SAME(change_count);
    SAME(step_count);
    SAME(hit_count);
    SAME(stop_frame);
    SAME(xruns);
    SAME(sound.period);
    SAME(sound.source);
    SAME(sound.round_trip_ms);
    if (!isnan(a->sound.drift_ppm) || !isnan(b->sound.drift_ppm))
        SAME(sound.drift_ppm);
    if (strcmp(a->sound.input, b->sound.input) != 0 ||
        strcmp(a->sound.output, b->sound.output) != 0)
        return "sound";
    for (int i = 0; i < a->onset_count; i++) {
        SAME(onsets[i].frame);
        SAME(onsets[i].heard_frame);
        SAME(onsets[i].strength);
        SAME(onsets[i].step);
        SAME(onsets[i].deviation_ms);
    }
    for (int i = 0; i < a->change_count; i++) {
        SAME(changes[i].kind);
        SAME(changes[i].drum);
        SAME(changes[i].bar);
        SAME(changes[i].value);
        SAME(changes[i].frame);
    }
    for (int i = 0; i < a->step_count; i++) {
        SAME(steps[i].step);
        SAME(steps[i].planned);
        SAME(steps[i].predicted_ms);
        SAME(steps[i].predicted_sd_ms);
        SAME(steps[i].drums_ms);
    }
    for (int i = 0; i < a->hit_count; i++) {
        SAME(hits[i].hit);
        SAME(hits[i].velocity);
        SAME(hits[i].frame);
    }
    return settings_difference(&a->settings, &b->settings);
}

const char *make_session(const char *name, const struct score *score, int takes)
{
    const char *path = in_folder(name);
    struct error err;
    struct session *session = session_create(path, score, &err);
    ck_assert_msg(session != NULL, "%s", err.text);
    for (int i = 1; i <= takes; i++) {
        struct take *take = make_take(score, (uint64_t)i);
        ck_assert_int_eq(session_take_add(session, take, score, i - 1, &err), i);
        take_free(take);
        struct session_checkpoint lesson = {.parent = i - 1, .take = i, .model = "groove"};
        ck_assert_int_eq(session_checkpoint_add(session, &lesson, "weights", 7, &err), i);
    }
    session_close(session);
    return path;
}

#define DROP_THIRD                                                                                 \
    "DROP TABLE take_recording; DROP TABLE take_note; DROP TABLE checkpoint_note; "                \
    "DROP TABLE numbering; DROP TABLE take_practice; PRAGMA auto_vacuum = NONE; VACUUM; "

void make_old(const char *path)
{
    edit(path, "DROP TABLE take_change; DROP TABLE take_leash; DROP TABLE take_sound; " DROP_THIRD
               "PRAGMA user_version = 1");
}

void edit(const char *path, const char *sql)
{
    sqlite3 *handle;
    char *message = NULL;
    ck_assert_int_eq(sqlite3_open(path, &handle), SQLITE_OK);
    ck_assert_msg(sqlite3_exec(handle, sql, NULL, NULL, &message) == SQLITE_OK, "%s: %s", sql,
                  message);
    sqlite3_close(handle);
}

void make_second(const char *path)
{
    edit(path, DROP_THIRD "PRAGMA user_version = 2");
}
