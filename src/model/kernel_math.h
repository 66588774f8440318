/* What the kernels inline: sums that vectorise without reordering anything behind our back, and
 * exp. */
#ifndef MODEL_KERNEL_MATH_H
#define MODEL_KERNEL_MATH_H

#include <stdint.h>
#include <string.h>

enum { LANES = 16 }; /* partial sums: one AVX-512 register */

/* Anywhere among floats: aligned to a float, and read as floats. */
#define LANES_OF(count) vector_size(4 * (count)), aligned(4), may_alias
typedef float lanes __attribute__((LANES_OF(LANES)));
typedef float half_lanes __attribute__((LANES_OF(LANES / 2)));
typedef float quarter_lanes __attribute__((LANES_OF(LANES / 4)));

/* Halves fold onto each other. By pointer, because how wide vectors are passed differs. */
static inline __attribute__((always_inline)) float sum_lanes(const lanes *x)
{
    const union {
        lanes whole;
        half_lanes half[2];
    } all = {*x};
    const union {
        half_lanes whole;
        quarter_lanes half[2];
    } folded = {all.half[0] + all.half[1]};
    const quarter_lanes last = folded.half[0] + folded.half[1];
    return last[0] + last[1] + (last[2] + last[3]);
}

/* e^x for x <= 0 (relative error 2e-7); exactly 0 below -87, where floats end. */
static inline __attribute__((always_inline)) float exp_negative(float x)
{
    const float shift = 12582912.0F; /* 1.5 * 2^23: adding it rounds to a whole number */
    float whole = x * 1.44269504F + shift;
    float n = whole - shift;
    float r = x - n * 0.693359375F + n * 2.12194440e-4F;
    float p = 1.9875691500e-4F;
    p = p * r + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    p = p * r * r + r + 1;
    uint32_t bits;
    memcpy(&bits, &whole, sizeof bits);
    bits = (bits << 23) + 0x3f800000U; /* 2^n: the low bits of whole are n */
    float scale;
    memcpy(&scale, &bits, sizeof scale);
    return x < -87.0F ? 0 : p * scale;
}

#endif
