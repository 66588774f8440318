/* A checkpoint of any bytes: read, opened as the model it claims to be, played, written again. */
#include "model/model.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Three hits in 4/4 at 96 ticks a quarter: kick, snare, hat and kick. */
static struct score *short_score(void)
{
    static const uint8_t bytes[] = "MThd\0\0\0\6\0\0\0\1\0\x60"
                                   "MTrk\0\0\0\x14\0\x99\x24\x60\x30\x99\x26\x50"
                                   "\x60\x99\x2a\x40\0\x99\x24\x7f\0\xff\x2f";
    struct error err;
    struct score *score = score_parse(bytes, sizeof bytes, "short", NULL, &err);
    if (!score)
        abort();
    return score;
}

/* The same bytes read again, as many tensors. */
static void write_again(const struct checkpoint *checkpoint)
{
    struct error err;
    size_t size;
    uint8_t *bytes = checkpoint_write(checkpoint, &size, &err);
    if (!bytes)
        return;
    struct checkpoint *again = checkpoint_read(bytes, size, &err);
    if (!again || checkpoint_count(again) != checkpoint_count(checkpoint))
        abort();
    checkpoint_free(again);
    free(bytes);
}

static void play(const struct model *model, const struct score *score,
                 struct checkpoint *checkpoint)
{
    struct error err;
    struct prediction out;
    struct performance *performance = model_begin(model, score, &err);
    for (int i = 0; performance && i < score->step_count; i++) {
        performance_predict(performance, i, &out);
        if (!isfinite(out.guitar_ms) || !isfinite(out.guitar_sd_ms) || !isfinite(out.offset_ms[0]))
            abort();
        performance_hear(performance, i, 10, 5);
    }
    if (performance && performance_keep(performance, checkpoint, &err)) {
        size_t size;
        uint8_t *bytes = checkpoint_write(checkpoint, &size, &err);
        if (!bytes)
            abort(); /* what an ear has learnt can be stored */
        free(bytes);
    }
    performance_end(performance);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err;
    struct checkpoint *checkpoint = checkpoint_read(data, size, &err);
    if (!checkpoint)
        return 0;
    write_again(checkpoint);
    struct model *model = model_open(checkpoint, &err);
    if (model) {
        struct score *score = short_score();
        play(model, score, checkpoint);
        score_free(score);
    }
    model_close(model);
    checkpoint_free(checkpoint);
    return 0;
}
