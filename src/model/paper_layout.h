/* Where each weight of the paper's network lies in its slab. For the network's own files. */
#ifndef MODEL_PAPER_LAYOUT_H
#define MODEL_PAPER_LAYOUT_H

#include "model/block.h"
#include "model/paper.h"

enum { PAPER_BLOCKS_MAX = 16 }; /* encoders or decoders */

struct paper_layout {
    struct linear score, past, output;
    struct block encoder[PAPER_BLOCKS_MAX];
    struct block self[PAPER_BLOCKS_MAX], cross[PAPER_BLOCKS_MAX]; /* of each decoder */
    struct norm norm;
    size_t scale;
    float *positions; /* (window,width) */
    struct weights weights;
};

#endif
