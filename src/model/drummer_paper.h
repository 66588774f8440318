/* The paper's drummer (model/paper.h): one network says how each step is played and where the
 * guitar will fall. It eats its own words: where no guitar was heard its own g-hat stands in. A
 * checkpoint holds the weights alone. */
#ifndef MODEL_DRUMMER_PAPER_H
#define MODEL_DRUMMER_PAPER_H

#include "model/model.h"

extern const struct model_ops model_paper;

#endif
