#include "drums/reverb.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { LINES = 8, DIFFUSERS = 2, CHANNELS = 2 };

/* A room of some four by five metres with a carpet in it. */
static const double line_s[LINES] = {0.0113, 0.0137, 0.0159, 0.0183,
                                     0.0211, 0.0239, 0.0271, 0.0307};
static const double diffuser_s[CHANNELS][DIFFUSERS] = {{0.0047, 0.0017}, {0.0053, 0.0014}};
static const double decay_s = 0.45, dull_hz = 4500, thin_hz = 160, fade_s = 0.02;
static const float diffusion = 0.6f;
static const float loudness = 0.55f; /* brings an amount of 1 to the level of the drums */

struct line {
    float *frames;
    int length, at;
};

struct reverb {
    struct line lines[LINES];
    struct line diffusers[CHANNELS][DIFFUSERS];
    float gain[LINES], damped[LINES];
    float low[CHANNELS]; /* what the high pass takes away */
    float dull, thin, fade;
    float amount; /* as it is now; negative: to begin with what is asked for */
    bool silent;  /* nothing rings */
    size_t size;
    float frames[]; /* of all lines */
};

static int frames_of(double seconds, int rate)
{
    return (int)lrint(seconds * rate) | 1;
}

static float *place(struct line *line, float *frames, double seconds, int rate)
{
    *line = (struct line){.frames = frames, .length = frames_of(seconds, rate)};
    return frames + line->length;
}

/* The share of the way that a one-pole filter goes in a frame. */
static float one_pole(double hz, int rate)
{
    return (float)(1 - exp(-6.283185307179586 * hz / rate));
}

struct reverb *reverb_new(int rate)
{
    size_t size = 0;
    for (int i = 0; i < LINES; i++)
        size += (size_t)frames_of(line_s[i], rate);
    for (int i = 0; i < CHANNELS * DIFFUSERS; i++)
        size += (size_t)frames_of(diffuser_s[i / DIFFUSERS][i % DIFFUSERS], rate);
    struct reverb *reverb = calloc(1, sizeof *reverb + size * sizeof(float));
    if (!reverb)
        return NULL;
    reverb->size = size;
    float *next = reverb->frames;
    for (int i = 0; i < LINES; i++) {
        next = place(&reverb->lines[i], next, line_s[i], rate);
        reverb->gain[i] = (float)pow(10, -3 * line_s[i] / decay_s);
    }
    for (int i = 0; i < CHANNELS * DIFFUSERS; i++) {
        int channel = i / DIFFUSERS, k = i % DIFFUSERS;
        next = place(&reverb->diffusers[channel][k], next, diffuser_s[channel][k], rate);
    }
    reverb->dull = one_pole(fmin(dull_hz, 0.4 * rate), rate);
    reverb->thin = one_pole(thin_hz, rate);
    reverb->fade = (float)(1 - exp(-1 / (fade_s * rate)));
    reverb_clear(reverb);
    return reverb;
}

void reverb_free(struct reverb *reverb)
{
    free(reverb);
}

void reverb_clear(struct reverb *reverb)
{
    memset(reverb->frames, 0, reverb->size * sizeof *reverb->frames);
    memset(reverb->damped, 0, sizeof reverb->damped);
    memset(reverb->low, 0, sizeof reverb->low);
    reverb->amount = -1;
    reverb->silent = true;
}

static float *advance(struct line *line)
{
    float *now = &line->frames[line->at];
    line->at = line->at + 1 == line->length ? 0 : line->at + 1;
    return now;
}

static float diffuse(struct line *line, float x)
{
    float *kept = advance(line), y = *kept - diffusion * x;
    *kept = x + diffusion * y;
    return y;
}

static float enter(struct reverb *reverb, int channel, float x)
{
    if (!isfinite(x))
        x = 0; /* it would ring for ever */
    reverb->low[channel] += reverb->thin * (x - reverb->low[channel]);
    x -= reverb->low[channel];
    for (int i = 0; i < DIFFUSERS; i++)
        x = diffuse(&reverb->diffusers[channel][i], x);
    return x;
}

/* The fast Hadamard transform, scaled to leave the energy as it is. */
static void mix(float x[LINES])
{
    for (int half = 1; half < LINES; half *= 2)
        for (int i = 0; i < LINES; i++)
            if (!(i & half)) {
                float a = x[i], b = x[i + half];
                x[i] = a + b;
                x[i + half] = a - b;
            }
    for (int i = 0; i < LINES; i++)
        x[i] *= 0.35355339f;
}

/* One frame: what enters on either side, and what comes back from there. */
static void ring(struct reverb *reverb, const float in[CHANNELS], float out[CHANNELS])
{
    float x[LINES], *kept[LINES];
    for (int i = 0; i < LINES; i++) {
        kept[i] = advance(&reverb->lines[i]);
        reverb->damped[i] += reverb->dull * (*kept[i] - reverb->damped[i]);
        x[i] = reverb->gain[i] * reverb->damped[i];
    }
    out[0] = x[0] - x[2] + x[4] - x[6];
    out[1] = x[1] - x[3] + x[5] - x[7];
    mix(x);
    for (int i = 0; i < LINES; i++)
        *kept[i] = x[i] + in[i % CHANNELS];
}

void reverb_process(struct reverb *reverb, float *stereo, int count, float amount)
{
    if (reverb->amount < 0)
        reverb->amount = amount;
    if (amount == 0 && reverb->amount < 1e-5f) {
        if (!reverb->silent)
            reverb_clear(reverb);
        return;
    }
    reverb->silent = false;
    for (int i = 0; i < count; i++) {
        float *frame = stereo + 2 * i, answer[CHANNELS];
        float in[CHANNELS] = {enter(reverb, 0, frame[0]), enter(reverb, 1, frame[1])};
        ring(reverb, in, answer);
        reverb->amount += reverb->fade * (amount - reverb->amount);
        frame[0] += loudness * reverb->amount * answer[0];
        frame[1] += loudness * reverb->amount * answer[1];
    }
}
