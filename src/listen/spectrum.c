#include "listen/spectrum.h"

#include <kiss_fftr.h>
#include <math.h>
#include <stdlib.h>

#define WINDOW_S (1024 / 48000.0)
#define FALLING (1 / 8.0) /* the part of the window that falls */
#define LOWEST_HZ 150.0
#define HIGHEST_HZ 12000.0
#define HIGHEST_OF_RATE 0.45 /* just below where converters cut off */

struct spectrum {
    int window, bands;
    kiss_fftr_cfg fft;
    float *shape, *shaped;             /* (window) */
    kiss_fft_cpx *bins;                /* (window/2 + 1) */
    int edge[SPECTRUM_MOST_BANDS + 1]; /* band b is bins edge[b] .. edge[b+1]-1 */
    float scale;
};

static void shape_window(struct spectrum *s)
{
    int fall = (int)(s->window * FALLING), rise = s->window - fall;
    double sum = 0;
    for (int i = 0; i < s->window; i++) {
        double angle = i < rise ? M_PI * (1 + i / (double)rise) : M_PI * (i - rise) / (double)fall;
        s->shape[i] = (float)(0.5 + 0.5 * cos(angle));
        sum += s->shape[i];
    }
    s->scale = (float)(4 / (sum * sum));
}

/* Bands are even in pitch, but at the bottom no narrower than a bin. */
static void lay_bands(struct spectrum *s, int rate)
{
    double top = fmin(HIGHEST_HZ, HIGHEST_OF_RATE * rate), bin_hz = rate / (double)s->window;
    s->edge[0] = (int)lround(LOWEST_HZ / bin_hz);
    s->bands = 0;
    for (int b = 1; b <= SPECTRUM_MOST_BANDS; b++) {
        double hz = LOWEST_HZ * pow(top / LOWEST_HZ, b / (double)SPECTRUM_MOST_BANDS);
        int bin = (int)lround(hz / bin_hz);
        s->edge[b] = bin > s->edge[b - 1] ? bin : s->edge[b - 1] + 1;
        if (s->edge[b] <= s->window / 2)
            s->bands = b;
    }
}

struct spectrum *spectrum_new(int rate)
{
    struct spectrum *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    /* Only factors 2, 3 and 5: for others kissfft allocates in the middle of the transform. */
    s->window = 2 * kiss_fft_next_fast_size((int)(rate * WINDOW_S / 2));
    s->fft = kiss_fftr_alloc(s->window, 0, NULL, NULL);
    s->shape = calloc((size_t)s->window, sizeof *s->shape);
    s->shaped = calloc((size_t)s->window, sizeof *s->shaped);
    s->bins = calloc((size_t)s->window / 2 + 1, sizeof *s->bins);
    if (!s->fft || !s->shape || !s->shaped || !s->bins) {
        spectrum_free(s);
        return NULL;
    }
    shape_window(s);
    lay_bands(s, rate);
    return s;
}

void spectrum_free(struct spectrum *s)
{
    if (!s)
        return;
    kiss_fftr_free(s->fft);
    free(s->shape);
    free(s->shaped);
    free(s->bins);
    free(s);
}

int spectrum_window(const struct spectrum *s)
{
    return s->window;
}

int spectrum_bands(const struct spectrum *s)
{
    return s->bands;
}

const float *spectrum_bins(const struct spectrum *s)
{
    return &s->bins[0].r;
}

int spectrum_edge(const struct spectrum *s, int band)
{
    return s->edge[band];
}

void spectrum_measure(struct spectrum *s, const float *samples, float *energy)
{
    for (int i = 0; i < s->window; i++)
        s->shaped[i] = s->shape[i] * samples[i];
    kiss_fftr(s->fft, s->shaped, s->bins);
    for (int b = 0; b < s->bands; b++) {
        float sum = 0;
        for (int k = s->edge[b]; k < s->edge[b + 1]; k++)
            sum += s->bins[k].r * s->bins[k].r + s->bins[k].i * s->bins[k].i;
        energy[b] = sum * s->scale;
    }
}
