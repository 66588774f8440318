#include "learn/lesson.h"

#include <string.h>

/* Leaves out every second point. */
static void thin_out(struct lesson_curve *curve)
{
    for (int i = 0; 2 * i < curve->count; i++)
        memmove(curve->terms[i], curve->terms[2 * i], sizeof curve->terms[i]);
    curve->count = (curve->count + 1) / 2;
    curve->every *= 2;
}

void lesson_curve_add(struct lesson_curve *curve, const double terms[LESSON_TERMS])
{
    if (curve->every == 0)
        curve->every = 1;
    if (curve->added++ % curve->every != 0)
        return;
    if (curve->count == LESSON_CURVE_POINTS) {
        thin_out(curve);
        if ((curve->added - 1) % curve->every != 0)
            return;
    }
    for (int i = 0; i < LESSON_TERMS; i++)
        curve->terms[curve->count][i] = (float)terms[i];
    curve->count++;
}
