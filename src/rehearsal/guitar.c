#include "rehearsal/guitar.h"

#include <stdlib.h>
#include <string.h>

static const double STRUM_S = 0.030; /* note-ons closer than this are one strum */

/* Every strum of a MIDI file is an onset at its first note, known at once. */
static bool open_midi(struct guitar *guitar, const char *path, int rate, struct error *err)
{
    double *times;
    int count;
    if (!score_note_times(path, &times, &count, err))
        return false;
    guitar->kind = GUITAR_ONSETS;
    guitar->onsets = calloc((size_t)count + 1, sizeof *guitar->onsets);
    double last = -1.0;
    for (int i = 0; guitar->onsets && i < count; i++) {
        if (guitar->onset_count && times[i] - last < STRUM_S)
            continue;
        last = times[i];
        int64_t frame = (int64_t)(times[i] * rate + 0.5);
        guitar->onsets[guitar->onset_count++] =
            (struct take_onset){.frame = frame, .heard_frame = frame, .strength = 1.0f, .step = -1};
    }
    free(times);
    return guitar->onsets || error_set(err, "out of memory");
}

static bool is_midi(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && (strcasecmp(dot, ".mid") == 0 || strcasecmp(dot, ".midi") == 0);
}

static bool open_virtual(struct guitar *guitar, const char *name, const struct score *score,
                         uint64_t seed, int take, struct error *err)
{
    struct guitarist_options options = {.name = name, .seed = seed};
    guitar->kind = GUITAR_VIRTUAL;
    guitar->guitarist = guitarist_new(score, &options, err);
    if (!guitar->guitarist)
        return false;
    guitarist_start(guitar->guitarist, take);
    return true;
}

bool guitar_open(struct guitar *guitar, const char *source, const struct score *score, int rate,
                 uint64_t seed, int take, struct error *err)
{
    *guitar = (struct guitar){.kind = GUITAR_NONE};
    if (!source)
        return true;
    if (strcmp(source, "virtual") == 0)
        return open_virtual(guitar, NULL, score, seed, take, err);
    if (strncmp(source, "virtual:", 8) == 0)
        return open_virtual(guitar, source + 8, score, seed, take, err);
    if (is_midi(source))
        return open_midi(guitar, source, rate, err);
    guitar->kind = GUITAR_SOUND;
    return sound_load(source, rate, &guitar->sound, err);
}

void guitar_close(struct guitar *guitar)
{
    sound_clear(&guitar->sound);
    free(guitar->onsets);
    guitarist_free(guitar->guitarist);
    *guitar = (struct guitar){.kind = GUITAR_NONE};
}
