#include "tui/remembered.h"

#include "base/json.h"
#include "base/paths.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char NAME[] = "state.json";

/* How this song is played; the rest is about the player. Sensitivity is kept elsewhere. */
static bool of_the_song(enum knob knob)
{
    return knob == KNOB_FOLLOW || knob == KNOB_EXPRESSION || knob == KNOB_LEASH ||
           knob == KNOB_TEMPO;
}

static bool is_kept(enum knob knob, bool of_song)
{
    return knob_word(knob) && knob != KNOB_SENSITIVITY && of_the_song(knob) == of_song;
}

static void forget_values(double *value, int count)
{
    for (int i = 0; i < count; i++)
        value[i] = NAN;
}

void remembered_init(struct remembered *remembered)
{
    memset(remembered, 0, sizeof *remembered);
    forget_values(remembered->value, KNOB_COUNT);
}

/* ---- reading ---- */

static void read_text(const struct json *in, const char *name, char *out, size_t size)
{
    const char *text = json_string(json_find(in, name));
    if (text && strlen(text) < size)
        strcpy(out, text);
}

static int read_integer(const struct json *in, const char *name, int least, int most)
{
    int64_t value;
    bool good = json_integer(json_find(in, name), &value) && value >= least && value <= most;
    return good ? (int)value : 0;
}

static void read_value(const struct json *in, const char *name, double low, double high,
                       double *out)
{
    double value;
    if (json_number(json_find(in, name), &value) && value >= low && value <= high)
        *out = value;
}

static void read_knobs(const struct json *in, bool of_song, double *value)
{
    for (int knob = 0; knob < KNOB_COUNT; knob++)
        if (is_kept((enum knob)knob, of_song))
            read_value(in, knob_word((enum knob)knob), knob_kinds[knob].low, knob_kinds[knob].high,
                       &value[knob]);
}

static void read_song(const struct json *in, struct remembered *remembered)
{
    struct remembered_song *song = &remembered->songs[remembered->song_count];
    memset(song, 0, sizeof *song);
    forget_values(song->value, KNOB_COUNT);
    forget_values(song->drum_leash_ms, DRUM_COUNT);
    read_text(in, "id", song->id, sizeof song->id);
    if (!song->id[0])
        return;
    read_knobs(in, true, song->value);
    const struct json *leashes = json_find(in, "leash_of");
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        read_value(leashes, kitmap_name((enum drum)drum), 0, LEASH_MOST_MS,
                   &song->drum_leash_ms[drum]);
    remembered->song_count++;
}

bool remembered_load(struct remembered *remembered, struct error *err)
{
    char path[PATH_MAX];
    remembered_init(remembered);
    if (!paths_state(NAME, path, sizeof path, err))
        return false;
    if (access(path, F_OK) != 0)
        return true;
    struct json *root = json_load(path, err);
    if (!root)
        return false;
    const struct json *sound = json_find(root, "sound");
    read_text(sound, "input", remembered->input, sizeof remembered->input);
    read_text(sound, "output", remembered->output, sizeof remembered->output);
    remembered->rate = read_integer(sound, "rate", DEVICE_LOWEST_RATE, DEVICE_HIGHEST_RATE);
    remembered->period = read_integer(sound, "period", 16, DEVICE_MAX_FRAMES);
    remembered->channel = read_integer(sound, "channel", 1, DEVICE_MOST_CHANNELS);
    read_text(root, "folder", remembered->folder, sizeof remembered->folder);
    json_bool(json_find(root, "history"), &remembered->history);
    read_knobs(json_find(root, "knobs"), false, remembered->value);
    const struct json *song = json_first(json_find(root, "songs"));
    for (; song && remembered->song_count < REMEMBERED_SONGS; song = json_next(song))
        read_song(song, remembered);
    json_free(root);
    return true;
}

/* ---- writing ---- */

static void put_text(struct json *in, const char *name, const char *text)
{
    if (text[0])
        json_put_string(in, name, text);
}

static void put_integer(struct json *in, const char *name, int value)
{
    if (value)
        json_put_integer(in, name, value);
}

static void put_knobs(struct json *in, const double *value)
{
    for (int knob = 0; knob < KNOB_COUNT; knob++)
        if (knob_word((enum knob)knob) && !isnan(value[knob]))
            json_put_number(in, knob_word((enum knob)knob), value[knob]);
}

static void put_song(struct json *list, const struct remembered_song *song)
{
    struct json *one = json_put_object(list, NULL), *leashes = NULL;
    json_put_string(one, "id", song->id);
    put_knobs(one, song->value);
    for (int drum = 0; drum < DRUM_COUNT; drum++) {
        if (isnan(song->drum_leash_ms[drum]))
            continue;
        if (!leashes)
            leashes = json_put_object(one, "leash_of");
        json_put_number(leashes, kitmap_name((enum drum)drum), song->drum_leash_ms[drum]);
    }
}

static bool says_so_already(const char *path, const struct json *root)
{
    struct json *there = json_load(path, NULL);
    char *old = there ? json_text(there, NULL) : NULL, *new = json_text(root, NULL);
    bool same_text = old && new &&strcmp(old, new) == 0;
    free(old);
    free(new);
    json_free(there);
    return same_text;
}

bool remembered_save(const struct remembered *remembered, struct error *err)
{
    char path[PATH_MAX];
    if (!paths_state(NAME, path, sizeof path, err))
        return false;
    struct json *root = json_object();
    struct json *sound = json_put_object(root, "sound");
    put_text(sound, "input", remembered->input);
    put_text(sound, "output", remembered->output);
    put_integer(sound, "rate", remembered->rate);
    put_integer(sound, "period", remembered->period);
    put_integer(sound, "channel", remembered->channel);
    put_text(root, "folder", remembered->folder);
    json_put_bool(root, "history", remembered->history);
    put_knobs(json_put_object(root, "knobs"), remembered->value);
    struct json *songs = json_put_array(root, "songs");
    for (int i = 0; i < remembered->song_count; i++)
        put_song(songs, &remembered->songs[i]);
    bool good = says_so_already(path, root) || json_save(root, path, err);
    json_free(root);
    return good;
}

/* ---- knobs ---- */

static void recall(const double *value, double *knobs)
{
    for (int knob = 0; knob < KNOB_COUNT; knob++)
        if (!isnan(value[knob]))
            knobs[knob] = value[knob];
}

void remembered_recall(const struct remembered *remembered, const char *song, struct knobs *knobs)
{
    recall(remembered->value, knobs->value);
    for (int i = 0; i < remembered->song_count; i++) {
        const struct remembered_song *known = &remembered->songs[i];
        if (strcmp(known->id, song) != 0)
            continue;
        recall(known->value, knobs->value);
        for (int drum = 0; drum < DRUM_COUNT; drum++)
            if (!isnan(known->drum_leash_ms[drum]))
                knobs->drum_leash_ms[drum] = known->drum_leash_ms[drum];
    }
}

static bool same(double a, double b)
{
    return a == b || fabs(a - b) < 1e-9;
}

static void keep(double *kept, double as_it_comes, double began, double ended)
{
    if (!same(began, ended))
        *kept = same(ended, as_it_comes) ? NAN : ended;
}

/* To the front; the last one makes room. */
static struct remembered_song *song_of(struct remembered *remembered, const char *id)
{
    struct remembered_song song = {.id = ""};
    int at = 0;
    while (at < remembered->song_count && strcmp(remembered->songs[at].id, id) != 0)
        at++;
    if (at < remembered->song_count) {
        song = remembered->songs[at];
    } else {
        snprintf(song.id, sizeof song.id, "%s", id);
        forget_values(song.value, KNOB_COUNT);
        forget_values(song.drum_leash_ms, DRUM_COUNT);
        if (remembered->song_count < REMEMBERED_SONGS)
            remembered->song_count++;
        at = remembered->song_count - 1;
    }
    memmove(remembered->songs + 1, remembered->songs, (size_t)at * sizeof song);
    remembered->songs[0] = song;
    return &remembered->songs[0];
}

static bool says_nothing(const struct remembered_song *song)
{
    for (int knob = 0; knob < KNOB_COUNT; knob++)
        if (!isnan(song->value[knob]))
            return false;
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        if (!isnan(song->drum_leash_ms[drum]))
            return false;
    return true;
}

void remembered_keep(struct remembered *remembered, const char *id, const struct knobs *as_it_comes,
                     const struct knobs *began, const struct knobs *ended)
{
    struct remembered_song *song = song_of(remembered, id);
    for (int knob = 0; knob < KNOB_COUNT; knob++) {
        double *kept = is_kept((enum knob)knob, true)    ? &song->value[knob]
                       : is_kept((enum knob)knob, false) ? &remembered->value[knob]
                                                         : NULL;
        if (kept)
            keep(kept, as_it_comes->value[knob], began->value[knob], ended->value[knob]);
    }
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        keep(&song->drum_leash_ms[drum], as_it_comes->drum_leash_ms[drum],
             began->drum_leash_ms[drum], ended->drum_leash_ms[drum]);
    if (says_nothing(song)) {
        memmove(song, song + 1, (size_t)(remembered->song_count - 1) * sizeof *song);
        remembered->song_count--;
    }
}
