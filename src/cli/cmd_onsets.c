/* onsets: what is heard in a recording, and why the rest is not. */
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "listen/onset.h"
#include "rehearsal/guitar.h"

#include <math.h>
#include <stdlib.h>

enum { RATE = 48000, BLOCK = 4096, MOST_IN_BLOCK = 64 };

struct onset_list {
    struct onset *items;
    int count, room;
};

static bool add_onset(struct onset_list *list, const struct onset *onset)
{
    if (list->count == list->room) {
        int room = list->room ? 2 * list->room : 256;
        struct onset *more = realloc(list->items, (size_t)room * sizeof *more);
        if (!more)
            return false;
        list->items = more;
        list->room = room;
    }
    list->items[list->count++] = *onset;
    return true;
}

/* The drums' samples from `at` on, as many as a block has; silence after their end. */
static const float *drums_at(const struct sound *drums, int64_t at, float *block)
{
    for (int i = 0; i < BLOCK; i++)
        block[i] = at + i < drums->count ? drums->samples[at + i] : 0;
    return block;
}

/* As a take would hear it: at its rate, through its detector. `drums` may be empty. */
static bool detect(const struct sound *sound, const struct sound *drums, double sensitivity_db,
                   struct onset_list *list, struct error *err)
{
    struct progress progress;
    float block[BLOCK];
    struct onset_detector *detector = onset_new(RATE);
    bool good = detector || error_set(err, "out of memory");
    if (detector)
        onset_set_sensitivity(detector, (float)sensitivity_db);
    progress_begin(&progress, "listening");
    for (int64_t at = 0; good && at < sound->count; at += BLOCK) {
        struct onset found[MOST_IN_BLOCK];
        int frames = (int)(sound->count - at < BLOCK ? sound->count - at : BLOCK);
        const float *own = drums->count ? drums_at(drums, at, block) : NULL;
        int count = onset_process(detector, sound->samples + at, own, frames, found, MOST_IN_BLOCK);
        for (int i = 0; good && i < count; i++)
            good = add_onset(list, &found[i]) || error_set(err, "out of memory");
        good = good && (progress_show(&progress, (double)at / (double)sound->count) ||
                        error_set(err, "cancelled"));
    }
    progress_end(&progress);
    onset_free(detector);
    return good;
}

static bool copy_onsets(const struct guitar *guitar, struct onset_list *list, struct error *err)
{
    for (int i = 0; i < guitar->onset_count; i++) {
        const struct take_onset *given = &guitar->onsets[i];
        struct onset onset = {given->frame, given->heard_frame, given->strength, ONSET_HEARD};
        if (!add_onset(list, &onset))
            return error_set(err, "out of memory");
    }
    return true;
}

static bool hear(const struct arguments *arguments, struct onset_list *list, struct error *err)
{
    struct guitar guitar = {0};
    struct sound drums = {0};
    double sensitivity_db = isnan(arguments->sensitivity_db) ? 0 : arguments->sensitivity_db;
    bool done = guitar_open(&guitar, arguments->operand, NULL, RATE, 0, 0, err);
    if (done && arguments->drums_file)
        done = sound_load(arguments->drums_file, RATE, &drums, err);
    if (done && guitar.kind == GUITAR_SOUND)
        done = detect(&guitar.sound, &drums, sensitivity_db, list, err);
    else if (done)
        done = copy_onsets(&guitar, list, err);
    sound_clear(&drums);
    guitar_close(&guitar);
    return done;
}

static void put_onset(struct json *array, const struct onset *onset)
{
    struct json *one = json_put_object(array, NULL);
    json_put_number(one, "time_s", (double)onset->frame / RATE);
    json_put_number(one, "decided_s", (double)onset->decided / RATE);
    json_put_number(one, "strength", onset->strength);
    if (onset->verdict != ONSET_HEARD)
        json_put_string(one, "reason", onset_verdict_name(onset->verdict));
}

static bool put_onsets(const struct onset_list *list, bool all, struct error *err)
{
    struct json *root = json_object();
    struct json *heard = json_put_array(root, "onset");
    struct json *ignored = all ? json_put_array(root, "ignored") : NULL;
    for (int i = 0; i < list->count; i++) {
        bool counts = list->items[i].verdict == ONSET_HEARD;
        if (counts || all)
            put_onset(counts ? heard : ignored, &list->items[i]);
    }
    return report_print(root, err);
}

static void print_onsets(const struct onset_list *list, bool all)
{
    int heard = 0;
    for (int i = 0; i < list->count; i++) {
        const struct onset *onset = &list->items[i];
        bool counts = onset->verdict == ONSET_HEARD;
        heard += counts;
        if (counts || all)
            printf("%10.4f s  %5.1f dB%s%s\n", (double)onset->frame / RATE, onset->strength,
                   counts ? "" : "  ", counts ? "" : onset_verdict_name(onset->verdict));
    }
    printf("%d onsets\n", heard);
    if (all)
        printf("%d ignored\n", list->count - heard);
}

static int run_onsets(const struct arguments *arguments, struct error *err)
{
    struct onset_list list = {0};
    if (is_virtual(arguments->operand)) {
        error_set(err, "a virtual guitarist is no recording");
        return CLI_USAGE;
    }
    bool done = hear(arguments, &list, err);
    if (done && arguments->json)
        done = put_onsets(&list, arguments->all, err);
    else if (done)
        print_onsets(&list, arguments->all);
    free(list.items);
    return done ? CLI_DONE : CLI_FAILED;
}

static const struct option_row rows[] = {
    OPTION_SENSITIVITY,
    OPTION_IS_TEXT("drums", drums_file, "DRUMS.wav",
                   "what the drums sounded, aligned: they are not heard as onsets"),
    OPTION_IS_FLAG("all", all, "also what was ignored, with the reason"),
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_onsets = {
    .name = "onsets",
    .operand = "FILE",
    .summary = "the onsets heard in a recording, or struck in a MIDI file",
    .options = rows,
    .run = run_onsets,
};
