/* Where each weight of a groove lies in its slab. For the groove's own files. */
#ifndef MODEL_GROOVE_LAYOUT_H
#define MODEL_GROOVE_LAYOUT_H

#include "model/block.h"
#include "model/groove.h"

enum { GROOVE_BLOCKS_MAX = 16 }; /* encoders or decoders */
enum { RELATIVE_ENCODER, RELATIVE_MEMORY, RELATIVE_DECODER, RELATIVE_COUNT };

struct groove_layout {
    struct linear input, heard, output;
    struct block encoder[GROOVE_BLOCKS_MAX], memory, decoder[GROOVE_BLOCKS_MAX];
    struct norm norm;
    size_t null;
    size_t relative; /* (RELATIVE_COUNT, heads, 2 reach + 1) */
    size_t same;     /* (RELATIVE_COUNT, heads, 2) */
    struct weights weights;
};

#endif
