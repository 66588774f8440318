/* A checkpoint of any bytes: read, opened as the model it claims to be, written again. */
#include "model/groove.h"
#include "model/model.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err;
    struct checkpoint *checkpoint = checkpoint_read(data, size, &err);
    if (!checkpoint)
        return 0;
    size_t written;
    uint8_t *bytes = checkpoint_write(checkpoint, &written, &err);
    if (bytes) {
        struct checkpoint *again = checkpoint_read(bytes, written, &err);
        if (!again || checkpoint_count(again) != checkpoint_count(checkpoint))
            abort();
        checkpoint_free(again);
    }
    free(bytes);
    groove_free(groove_from(checkpoint, &err));
    model_close(model_open(checkpoint, &err));
    checkpoint_free(checkpoint);
    return 0;
}
