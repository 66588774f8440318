/* The sound of a plucked string (Karplus and Strong 1983), for the virtual guitarist.
 * Real-time safe after string_new. */
#ifndef GUITARIST_STRING_H
#define GUITARIST_STRING_H

struct guitar_string;

/* rate: 8000..192000 frames a second. NULL when out of memory. */
struct guitar_string *string_new(int rate, unsigned seed);
void string_free(struct guitar_string *string);

/* A chord of six strings begins `delay` frames into the next block rendered: the first string at
 * exactly that frame, the others 3 ms apart, as a pick crosses them. What rang before is damped.
 * loudness is 0 to 1 (a peak of about 0.4). At most four strums may wait; one more is lost. */
void string_strum(struct guitar_string *string, int delay, double root_hz, double loudness);

/* Adds `count` mono samples to `out`. */
void string_render(struct guitar_string *string, float *out, int count);

#endif
