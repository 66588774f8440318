/* Numbers too small for the normal format cost a hundred times more to compute with, and they come
 * with every sound that fades. A thread that renders turns them into zero first. */
#ifndef AUDIO_DENORMALS_H
#define AUDIO_DENORMALS_H

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

/* For the calling thread, until it ends. Real-time safe. */
static inline void denormals_off(void)
{
#if defined(__SSE__)
    _mm_setcsr(_mm_getcsr() | 0x8040); /* flush to zero, denormals are zero */
#elif defined(__aarch64__)
    unsigned long control;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    __asm__ volatile("msr fpcr, %0" : : "r"(control | 1ul << 24));
#endif
}

#endif
