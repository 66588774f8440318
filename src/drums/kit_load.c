/* Strikes every key that is needed: first briefly at PROBES velocities, to hear where its timbre
 * changes and how loud it is, then once for every timbre, ringing out. */
#include "drums/kit_parts.h"
#include "drums/soundfont.h"
#include "drums/striker.h"
#include "score/kitmap.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    PROBES = 16, /* velocities a key is looked at: 8, 16, ... 120, 127 */
    PROBE_MS = 60,
    LONGEST_S = 6,
    HIGHEST_RATE = 96000, /* that FluidSynth renders at */
    FADE_MS = 500         /* where a sound is cut at LONGEST_S */
};

static const float floor_level = 1e-4f;   /* -80 dBFS: where a tail ends */
static const float loudest_level = 0.45f; /* the peak of kick or snare, struck hardest */
static const double most_gain = 2;        /* next to a louder layer */
static const double same_timbre = 1e-4;   /* energy left after fitting a gain: -40 dB */

/* All that is at hand while the keys are struck one after the other. */
struct loader {
    struct striker *striker;
    struct kit *kit;
    int rate;      /* of striking: the kit's */
    bool doubled;  /* or half of it */
    float scale;   /* FluidSynth's samples times this are ours */
    int limit;     /* frames of `ring` */
    float *ring;   /* one sound ringing out */
    int probe;     /* frames of one probe */
    float *probes; /* PROBES of them, stereo */
};

static int probe_velocity(int index)
{
    return index == PROBES - 1 ? 127 : 8 * (index + 1);
}

static double product(const float *a, const float *b, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += (double)a[i] * b[i];
    return sum;
}

/* Strikes the key at every probe velocity. level[i]: RMS there. strange[i]: how much of probe i+1
 * is not probe i made louder, in energy. False when the key has no sound. */
static bool probe_key(struct loader *l, int pitch, double level[PROBES], double strange[PROBES],
                      int *exclusive)
{
    int samples = 2 * l->probe;
    double energy[PROBES];
    bool any = false;
    for (int i = 0; i < PROBES; i++) {
        float *at = l->probes + (size_t)i * (size_t)samples;
        memset(at, 0, (size_t)samples * sizeof *at);
        int group = 0;
        if (striker_strike(l->striker, pitch, probe_velocity(i), at, l->probe, 0, &group) > 0)
            any = true;
        if (group)
            *exclusive = group;
        energy[i] = product(at, at, samples);
        level[i] = sqrt(energy[i] / samples);
        if (i == 0)
            continue;
        double shared = product(at - samples, at, samples);
        double both = energy[i - 1] * energy[i];
        strange[i - 1] = both > 0 ? 1 - shared * shared / both : 0;
    }
    return any;
}

/* Up to KIT_LAYERS runs of probes of one timbre: first[k] is the first probe of run k. Where a key
 * has more timbres than that, the smallest changes are passed over. */
static int find_layers(const double strange[PROBES], int first[KIT_LAYERS + 1])
{
    bool border[PROBES] = {false};
    int count = 1;
    for (; count < KIT_LAYERS; count++) {
        int most = -1;
        for (int i = 0; i < PROBES - 1; i++)
            if (!border[i] && strange[i] > same_timbre && (most < 0 || strange[i] > strange[most]))
                most = i;
        if (most < 0)
            break;
        border[most] = true;
    }
    first[0] = 0;
    for (int i = 0, k = 1; i < PROBES - 1; i++)
        if (border[i])
            first[k++] = i + 1;
    first[count] = PROBES;
    return count;
}

/* in[count] -> out[2 count], stereo, at twice the rate. What lies between two frames is drawn from
 * the 16 around it; the sound fills less than half of the band by then, so that is plenty. */
static void double_rate(const float *in, int count, float *out)
{
    enum { SIDE = 8 };
    float weight[SIDE];
    for (int k = 0; k < SIDE; k++) {
        double x = M_PI * (k + 0.5);
        weight[k] = (float)(sin(x) / x * (0.5 + 0.5 * cos(x / SIDE)));
    }
    for (int i = 0; i < 2 * count; i++) { /* a sample of either channel */
        int frame = i / 2, at = 4 * frame + i % 2;
        float between = 0;
        for (int k = 0; k < SIDE; k++) {
            float before = frame - k >= 0 ? in[i - 2 * k] : 0;
            float after = frame + 1 + k < count ? in[i + 2 + 2 * k] : 0;
            between += weight[k] * (before + after);
        }
        out[at] = in[i];
        out[at + 2] = between;
    }
}

/* Lets the key ring at one velocity and keeps a trimmed, scaled copy. */
static bool ring_out(struct loader *l, int pitch, int velocity, struct kit_layer *layer)
{
    int ignored, times = l->doubled ? 2 : 1;
    int count = striker_strike(l->striker, pitch, velocity, l->ring, l->limit,
                               floor_level / l->scale, &ignored);
    layer->count = times * count;
    layer->frames = malloc(sizeof(float) * 2 * (size_t)(count ? layer->count : 1));
    if (!layer->frames)
        return false;
    int fade = count == l->limit ? l->rate / 1000 * FADE_MS : 0;
    for (int i = 0; i < count; i++) {
        int left = count - 1 - i;
        float gain = l->scale * (left < fade ? (float)left / (float)fade : 1);
        l->ring[2 * i] *= gain;
        l->ring[2 * i + 1] *= gain;
    }
    if (l->doubled)
        double_rate(l->ring, count, layer->frames);
    else
        memcpy(layer->frames, l->ring, sizeof(float) * 2 * (size_t)count);
    layer->attack = kit_attack(layer->frames, layer->count, times * l->rate);
    return true;
}

/* Amplitude goes about with the square of the velocity, so its root is drawn straight between
 * probes. */
static double level_at(const double level[PROBES], int velocity)
{
    int i = 0;
    while (probe_velocity(i) < velocity)
        i++;
    double v0 = i ? probe_velocity(i - 1) : 0, root0 = i ? sqrt(level[i - 1]) : 0;
    double t = (velocity - v0) / (probe_velocity(i) - v0);
    double root = root0 + t * (sqrt(level[i]) - root0);
    return root * root;
}

static bool load_key(struct loader *l, int pitch)
{
    double level[PROBES], strange[PROBES];
    struct kit_key key = {.layer_count = 0};
    int first[KIT_LAYERS + 1];
    if (!probe_key(l, pitch, level, strange, &key.choke_group))
        return true;
    int layers = find_layers(strange, first);
    for (int k = 0; k < layers; k++) {
        int loudest = first[k]; /* of its kind: it has the longest tail */
        for (int i = first[k]; i < first[k + 1]; i++)
            loudest = level[i] >= level[loudest] ? i : loudest;
        if (!ring_out(l, pitch, probe_velocity(loudest), &key.layers[k])) {
            while (k-- > 0)
                free(key.layers[k].frames);
            return false;
        }
        key.layer_count++;
        int low = k ? (probe_velocity(first[k] - 1) + probe_velocity(first[k])) / 2 + 1 : 0;
        for (int v = low; v < 128; v++) {
            double gain = level[loudest] > 0 ? level_at(level, v) / level[loudest] : 0;
            key.layer_of[v] = (uint8_t)k;
            key.gain[v] = (float)fmin(gain, most_gain);
        }
    }
    kit_put(l->kit, pitch, &key);
    return true;
}

/* Keys of the Roland TD-11 that General MIDI gives to nothing, or to something else entirely. */
static int roland(int pitch)
{
    switch (pitch) {
    case 22: /* closed hi-hat, edge */
        return 42;
    case 26: /* open hi-hat, edge */
        return 46;
    case 58: /* floor tom, rim; a vibraslap in General MIDI */
        return 43;
    default:
        return pitch;
    }
}

/* Which key sounds for `pitch`: its own, else the usual keys of its drum. The choice-th of them, -1
 * after the last. */
static int candidate(int pitch, int choice)
{
    static const uint8_t usual[DRUM_COUNT][3] = {{36, 35},     {38, 40},     {42, 44},
                                                 {46, 42},     {43, 41, 45}, {47, 45, 48},
                                                 {50, 48, 47}, {49, 57, 55}, {51, 59, 42}};
    if (choice == 0)
        return roland(pitch);
    int drum = kitmap_drum(pitch);
    if (drum < 0 || choice > 3 || usual[drum][choice - 1] == 0)
        return -1;
    return usual[drum][choice - 1];
}

/* The hi-hat is one instrument, even where a SoundFont forgot to say so. */
static void join_hats(struct kit *kit)
{
    enum { HATS = 1 << 16 };
    static const int hats[] = {42, 44, 46};
    int group = 0;
    for (int i = 0; i < 3 && !group; i++)
        group = kit->keys[hats[i]].choke_group;
    for (int i = 0; i < 3; i++)
        kit->keys[hats[i]].choke_group = group ? group : HATS;
}

static bool load_keys(struct loader *l, const bool pitches[128], const char *soundfont,
                      struct error *err)
{
    bool tried[128] = {false}, needed = false, sounding = false;
    for (int pitch = 0; pitch < 128; pitch++) {
        if (!pitches[pitch])
            continue;
        needed = true;
        for (int choice = 0, key; (key = candidate(pitch, choice)) >= 0; choice++) {
            if (!tried[key] && !load_key(l, key))
                return error_set(err, "out of memory for the drum sounds");
            tried[key] = true;
            if (l->kit->keys[key].layer_count > 0) {
                l->kit->sounds_as[pitch] = (uint8_t)key;
                sounding = true;
                break;
            }
        }
    }
    join_hats(l->kit);
    if (needed && !sounding)
        return error_set(err, "SoundFont '%s' has no sound for any drum of the score", soundfont);
    return true;
}

/* SoundFonts differ in level by 20 dB: the louder of kick and snare sets the scale. */
static void set_scale(struct loader *l)
{
    float peak = 0;
    static const int keys[] = {36, 38};
    for (int k = 0; k < 2; k++) {
        int ignored;
        int count = striker_strike(l->striker, keys[k], 127, l->ring, l->probe, 0, &ignored);
        for (int i = 0; i < 2 * count; i++)
            peak = fmaxf(peak, fabsf(l->ring[i]));
    }
    l->scale = peak > floor_level ? loudest_level / peak : 1;
}

struct kit *kit_load(const char *soundfont, const bool pitches[128], int rate, struct error *err)
{
    assert(rate >= 8000 && rate <= 2 * HIGHEST_RATE);
    if (!soundfont_check(soundfont, err))
        return NULL;
    struct loader l = {.rate = rate, .doubled = rate > HIGHEST_RATE};
    if (l.doubled)
        l.rate = rate / 2;
    l.limit = (l.rate * LONGEST_S + 63) / 64 * 64;
    l.probe = (l.rate / 1000 * PROBE_MS + 63) / 64 * 64;
    l.striker = striker_open(soundfont, l.rate, err);
    if (!l.striker)
        return NULL;
    l.kit = kit_new();
    l.ring = calloc(2 * (size_t)l.limit, sizeof *l.ring);
    l.probes = malloc(sizeof *l.probes * 2 * (size_t)l.probe * PROBES);
    bool fine = l.kit && l.ring && l.probes;
    if (fine) {
        set_scale(&l);
        fine = load_keys(&l, pitches, soundfont, err);
    } else {
        error_set(err, "out of memory for the drum sounds");
    }
    free(l.probes);
    free(l.ring);
    striker_close(l.striker);
    if (!fine) {
        kit_free(l.kit);
        return NULL;
    }
    return l.kit;
}
