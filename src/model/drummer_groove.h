/* The default drummer: the groove network says how a drummer plays each step, the ear where the
 * guitar will fall, with the network's own guess as one of its inputs. A checkpoint holds the
 * weights, and after a lesson the ear. */
#ifndef MODEL_DRUMMER_GROOVE_H
#define MODEL_DRUMMER_GROOVE_H

#include "model/model.h"

extern const struct model_ops model_groove;

#endif
