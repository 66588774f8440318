#include "rehearsal/difference.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

static const double AUDIBLE_MS = 3, ALONE_MS = 50, MS_OF_VELOCITY = 0.5;
enum { AUDIBLE_VELOCITY = 6 };

struct difference *difference_new(const struct score *score, const struct take *a,
                                  const struct take *b)
{
    struct difference *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->bar_count = practice_clock_bars(score);
    c->bars = calloc((size_t)c->bar_count + 1, sizeof *c->bars);
    if (!c->bars) {
        difference_free(c);
        return NULL;
    }
    for (int i = 0, k = 0; i < a->hit_count || k < b->hit_count;) {
        int of_a = i < a->hit_count ? a->hits[i].hit : INT_MAX;
        int of_b = k < b->hit_count ? b->hits[k].hit : INT_MAX;
        int hit = of_a < of_b ? of_a : of_b;
        bool has_x = of_a == hit, has_y = of_b == hit;
        double *bar = &c->bars[practice_clock_bar(score, score->hits[hit].step)];
        const struct take_hit *x = a->hits + i, *y = b->hits + k;
        i += has_x;
        k += has_y;
        if (!has_x || !has_y) {
            c->most_ms = fmax(c->most_ms, ALONE_MS);
            *bar += ALONE_MS;
            continue;
        }
        double ms = fabs(1000.0 * (double)(x->frame - y->frame) / a->settings.rate);
        int velocity = abs(x->velocity - y->velocity);
        c->hits++;
        c->most_ms = fmax(c->most_ms, ms);
        c->most_velocity = velocity > c->most_velocity ? velocity : c->most_velocity;
        *bar += ms + MS_OF_VELOCITY * velocity;
    }
    return c;
}

void difference_free(struct difference *difference)
{
    if (!difference)
        return;
    free(difference->bars);
    free(difference);
}

bool difference_is_audible(const struct difference *difference)
{
    return difference->most_ms >= AUDIBLE_MS || difference->most_velocity >= AUDIBLE_VELOCITY;
}

int difference_most(const struct difference *difference, int length)
{
    double most = -1;
    int first = 1;
    for (int bar = 0; bar + length <= difference->bar_count; bar++) {
        double sum = 0;
        for (int i = 0; i < length; i++)
            sum += difference->bars[bar + i];
        if (sum > most) {
            most = sum;
            first = bar + 1;
        }
    }
    return first;
}
