/* The sound of a plucked string (Karplus and Strong 1983), for the virtual guitarist.
 * Real-time safe after string_new. */
#ifndef GUITARIST_STRING_H
#define GUITARIST_STRING_H

struct guitar_string;

struct guitar_string *string_new(int rate, unsigned seed);
void string_free(struct guitar_string *string);

/* A chord of up to six strings begins `delay` frames into the next block rendered (the first string at exactly
 * that frame, the others a few milliseconds later, as a pick crosses them). */
void string_strum(struct guitar_string *string, int delay, double root_hz, double loudness);

/* Adds `count` mono samples to `out`. */
void string_render(struct guitar_string *string, float *out, int count);

#endif
