/* The grid: no offset, velocities as scored, no idea of the guitar. */
#ifndef MODEL_STRAIGHT_H
#define MODEL_STRAIGHT_H

#include "model/model.h"

extern const struct model_ops model_straight;

/* What the grid has to say about a step; others fall back on it. */
void straight_prediction(const struct step *step, struct prediction *out);

#endif
