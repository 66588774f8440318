/* A Standard MIDI File of any bytes: what can be read as a score can be exported, and the export
 * holds the same drum hits. */
#include "score/score.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Throws every hit to another place and strength, the same for the same bytes. */
static struct played *play(const struct score *score)
{
    struct played *played = calloc((size_t)score->hit_count, sizeof *played);
    for (int h = 0; played && h < score->hit_count; h++)
        played[h] = (struct played){(h * 37 % 101 - 50) * 0.002, h * 53 % 140};
    return played;
}

static void check_export(const struct score *score)
{
    struct error err;
    size_t size;
    struct played *played = play(score);
    uint8_t *bytes = played ? score_export(score, played, NULL, &size, &err) : NULL;
    if (!bytes)
        abort();
    struct score *back = score_parse(bytes, size, "exported", NULL, &err);
    if (!back || back->hit_count != score->hit_count)
        abort();
    score_free(back);
    free(bytes);
    free(played);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int quantise = 0; quantise < 2; quantise++) {
        struct score_options options = {.quantise = quantise};
        struct error err = {0};
        struct score *score = score_parse(data, size, "fuzz", &options, &err);
        if (!score && !err.text[0])
            abort();
        if (score)
            check_export(score);
        score_free(score);
    }
    return 0;
}
