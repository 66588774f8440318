#include "rehearsal/guitar.h"

#include "audio/recording.h"
#include "score/smf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LONGEST_S = 3600; /* what is decoded of a file that may be a stranger's */
static const double STRUM_S = 0.030;  /* note-ons closer than this are one strum */

/* In dB, as a rise from the softest. */
static float strength(const struct smf_note *note)
{
    return 20.0f * log10f((float)note->velocity + 1.0f);
}

/* Every strum of a MIDI file is an onset at its first note, known at once. */
static bool list_strums(struct guitar *guitar, const struct smf_content *content, int rate,
                        struct error *err)
{
    struct clock *clock = smf_clock(content, 100, err);
    if (!clock)
        return false;
    guitar->onsets = calloc((size_t)content->start_count + 1, sizeof *guitar->onsets);
    double last_s = -1.0;
    for (int i = 0; guitar->onsets && i < content->start_count; i++) {
        const struct smf_note *note = &content->starts[i];
        double time_s = clock_seconds(clock, (double)note->tick);
        if (guitar->onset_count && time_s - last_s < STRUM_S)
            continue;
        last_s = time_s;
        int64_t frame = llround(time_s * rate);
        guitar->onsets[guitar->onset_count++] = (struct take_onset){
            .frame = frame, .heard_frame = frame, .strength = strength(note), .step = -1};
    }
    clock_free(clock);
    return guitar->onsets || error_set(err, "out of memory");
}

static bool open_midi(struct guitar *guitar, const char *path, int rate, struct error *err)
{
    struct smf_content content = {0};
    size_t size;
    uint8_t *bytes = smf_bytes_load(path, &size, err);
    guitar->kind = GUITAR_ONSETS;
    bool good =
        bytes && smf_read(bytes, size, &content, err) && list_strums(guitar, &content, rate, err);
    free(bytes);
    smf_content_clear(&content);
    return good || error_prefix(err, "cannot read guitar '%s'", path);
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
    if (name && strncmp(name, "odd-", 4) == 0) {
        options.name = name + 4;
        options.odd = true;
    }
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

static double length_s(const struct take *take, const struct take_recording *recording)
{
    double frames = (double)(take->stop_frame - recording->first_frame);
    return fmin(frames / take->settings.rate + 1, LONGEST_S);
}

bool guitar_of_take(struct guitar *guitar, const struct take *take,
                    const struct take_recording *recording, int rate, struct error *err)
{
    int own = take->settings.rate;
    int64_t first = recording->first_frame - take->settings.round_trip_frames;
    if (rate == 0)
        rate = own;
    *guitar = (struct guitar){.kind = GUITAR_NONE};
    guitar->sound_frame = llround((double)first * rate / own);
    return recording_read(recording->bytes, recording->size, rate, length_s(take, recording),
                          &guitar->sound, err);
}

void guitar_close(struct guitar *guitar)
{
    sound_clear(&guitar->sound);
    free(guitar->onsets);
    guitarist_free(guitar->guitarist);
    *guitar = (struct guitar){.kind = GUITAR_NONE};
}
