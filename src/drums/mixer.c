#include "drums/mixer.h"

#include "base/memory.h"
#include "drums/reverb.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    WAITING = 256, /* hits that are known and not yet due */
    VOICES = 64,
    LISTEN = 96, /* frames heard ahead, lead-in passed over, to tell how loud a voice still is */
    CLICK_MS = 60,
    ACCENT = 1
};

/* A closing hi-hat is silent within about a tenth of a second: faster than FluidSynth's choke (110
 * dB/s), which is that of any note that is cut off. Below -80 dB nothing is left to hear. */
static const double choke_db_per_s = 500, choke_depth_db = 80;

struct waiting {
    int64_t start; /* the frame its first sample sounds at */
    struct kit_sound sound;
    int pitch, skip; /* frames of its lead-in that no longer fit */
};

struct voice {
    const float *next; /* stereo */
    int left;          /* frames; 0 is a free voice */
    float gain;
    bool choked;
    int pitch, choke_group;
    int64_t since, attack; /* the frames it began at, and is heard at */
};

struct mixer {
    const struct kit *kit;
    int max_block;
    int64_t now;                     /* the next frame to be rendered */
    struct waiting waiting[WAITING]; /* latest start first: the next one is the last */
    int waiting_count;
    struct voice voices[VOICES];
    float choke_step; /* gain of a choked voice from one frame to the next */
    int choke_frames; /* and how long until it is silent */
    struct kit_sound click[2];
    struct reverb *reverb;
    _Atomic float reverb_amount;
};

/* A wood block: two short modes of a small hollow body, the accent a fourth higher. */
static bool make_click(struct kit_sound *click, int rate, bool accent)
{
    const double tau = 6.283185307179586, low = accent ? 1170 : 880, high = low * 2.74;
    int count = rate * CLICK_MS / 1000;
    float *frames = malloc(sizeof *frames * 2 * (size_t)count);
    if (!frames)
        return false;
    for (int i = 0; i < count; i++) {
        double s = (double)i / rate;
        double x = 0.7 * exp(-s / 0.011) * sin(tau * low * s + 1.2) +
                   0.3 * exp(-s / 0.004) * sin(tau * high * s + 0.8);
        double fade = 1 - (double)i / count;
        frames[2 * i] = frames[2 * i + 1] = (float)(x * fade);
    }
    *click = (struct kit_sound){.frames = frames, .count = count, .gain = accent ? 0.5f : 0.35f};
    return true;
}

struct mixer *mixer_new(const struct kit *kit, int rate, int max_block)
{
    struct mixer *mixer = memory_new(1, sizeof *mixer);
    if (!mixer)
        return NULL;
    mixer->kit = kit;
    mixer->max_block = max_block;
    mixer->choke_step = (float)pow(10, -choke_db_per_s / 20 / rate);
    mixer->choke_frames = (int)(choke_depth_db / choke_db_per_s * rate);
    mixer->reverb = reverb_new(rate);
    if (!mixer->reverb || !make_click(&mixer->click[0], rate, false) ||
        !make_click(&mixer->click[ACCENT], rate, true)) {
        mixer_free(mixer);
        return NULL;
    }
    return mixer;
}

void mixer_free(struct mixer *mixer)
{
    if (!mixer)
        return;
    free((float *)mixer->click[0].frames);
    free((float *)mixer->click[ACCENT].frames);
    reverb_free(mixer->reverb);
    free(mixer);
}

void mixer_reset(struct mixer *mixer, int64_t frame)
{
    mixer->now = frame;
    mixer->waiting_count = 0;
    memset(mixer->voices, 0, sizeof mixer->voices);
    reverb_clear(mixer->reverb);
}

void mixer_set_frame(struct mixer *mixer, int64_t frame)
{
    assert(mixer->waiting_count == 0);
    mixer->now = frame;
}

void mixer_set_reverb(struct mixer *mixer, float amount)
{
    atomic_store(&mixer->reverb_amount, amount);
}

static bool schedule(struct mixer *mixer, struct waiting hit)
{
    if (mixer->waiting_count == WAITING)
        return false;
    int i = mixer->waiting_count++;
    for (; i > 0 && mixer->waiting[i - 1].start <= hit.start; i--)
        mixer->waiting[i] = mixer->waiting[i - 1];
    mixer->waiting[i] = hit;
    return true;
}

bool mixer_strike(struct mixer *mixer, int pitch, int velocity, int64_t frame, int *late)
{
    *late = frame < mixer->now ? (int)(mixer->now - frame) : 0;
    struct waiting hit = {.pitch = pitch};
    if (mixer->kit)
        hit.sound = kit_sound(mixer->kit, pitch, velocity);
    if (hit.sound.count == 0)
        return true;
    hit.start = frame - hit.sound.attack;
    if (hit.start < mixer->now) {
        int64_t missed = mixer->now - hit.start;
        hit.skip = missed < hit.sound.attack ? (int)missed : hit.sound.attack;
        hit.start = mixer->now;
    }
    return schedule(mixer, hit);
}

bool mixer_click(struct mixer *mixer, int64_t frame, bool accent)
{
    if (!mixer->kit)
        return true;
    struct waiting hit = {.start = frame < mixer->now ? mixer->now : frame,
                          .sound = mixer->click[accent ? ACCENT : 0],
                          .pitch = -1};
    return schedule(mixer, hit);
}

static float loudness(const struct voice *voice, int64_t now)
{
    int lead = voice->attack > now ? (int)(voice->attack - now) : 0, left = voice->left - lead;
    const float *heard = voice->next + 2 * lead;
    float peak = 0;
    for (int i = 0; i < 2 * (left < LISTEN ? left : LISTEN); i++)
        peak = fmaxf(peak, fabsf(heard[i]));
    return peak * voice->gain;
}

/* A free voice, else the one that will be missed least: the quietest, of equals the oldest. */
static struct voice *take_voice(struct mixer *mixer)
{
    struct voice *best = NULL;
    for (int i = 0; i < VOICES; i++)
        if (mixer->voices[i].left == 0)
            return &mixer->voices[i];
    float least = 0;
    for (int i = 0; i < VOICES; i++) {
        struct voice *voice = &mixer->voices[i];
        float loud = loudness(voice, mixer->now);
        if (!best || loud < least || (loud == least && voice->since < best->since)) {
            best = voice;
            least = loud;
        }
    }
    return best;
}

static void choke(const struct mixer *mixer, struct voice *voice)
{
    if (voice->choked)
        return;
    voice->choked = true;
    if (voice->left > mixer->choke_frames)
        voice->left = mixer->choke_frames;
}

/* Of a choke group the last attack rings. Lead-ins differ in length, so that it can be one that
 * began before this hit. */
static void begin(struct mixer *mixer, const struct waiting *hit)
{
    const struct kit_sound *sound = &hit->sound;
    struct voice voice = {.next = sound->frames + 2 * hit->skip,
                          .left = sound->count - hit->skip,
                          .gain = sound->gain,
                          .pitch = hit->pitch,
                          .choke_group = sound->choke_group,
                          .since = mixer->now,
                          .attack = mixer->now + sound->attack - hit->skip};
    for (int i = 0; sound->choke_group && i < VOICES; i++) {
        struct voice *other = &mixer->voices[i];
        if (other->left == 0 || other->pitch == hit->pitch ||
            other->choke_group != sound->choke_group)
            continue;
        choke(mixer, other->attack > voice.attack ? &voice : other);
    }
    *take_voice(mixer) = voice;
}

static void sound_voice(const struct mixer *mixer, struct voice *voice, float *out, int count)
{
    int frames = voice->left < count ? voice->left : count;
    const float *in = voice->next;
    float gain = voice->gain;
    if (voice->choked) {
        for (int i = 0; i < frames; i++, gain *= mixer->choke_step) {
            out[2 * i] += gain * in[2 * i];
            out[2 * i + 1] += gain * in[2 * i + 1];
        }
        voice->gain = gain;
    } else {
        for (int i = 0; i < 2 * frames; i++)
            out[i] += gain * in[i];
    }
    voice->next += 2 * frames;
    voice->left -= frames;
}

void mixer_render(struct mixer *mixer, float *out, int count)
{
    assert(count <= mixer->max_block);
    float *const all = out;
    memset(out, 0, sizeof *out * 2 * (size_t)count);
    int64_t end = mixer->now + count;
    /* From hit to hit, so that voices begin, end and are taken at the same frames however blocks
     * are cut. */
    while (mixer->now < end) {
        while (mixer->waiting_count && mixer->waiting[mixer->waiting_count - 1].start <= mixer->now)
            begin(mixer, &mixer->waiting[--mixer->waiting_count]);
        int64_t until = end;
        if (mixer->waiting_count && mixer->waiting[mixer->waiting_count - 1].start < end)
            until = mixer->waiting[mixer->waiting_count - 1].start;
        for (int i = 0; i < VOICES; i++)
            if (mixer->voices[i].left)
                sound_voice(mixer, &mixer->voices[i], out, (int)(until - mixer->now));
        out += 2 * (until - mixer->now);
        mixer->now = until;
    }
    reverb_process(mixer->reverb, all, count, atomic_load(&mixer->reverb_amount));
}
