/* onsets: what is heard. */
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "listen/onset.h"
#include "rehearsal/guitar.h"

#include <stdlib.h>
#include <string.h>

enum { RATE = 48000, BLOCK = 4096, MOST_IN_BLOCK = 16 };

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

/* As a take would hear it: at its rate, through its detector. */
static bool detect(const struct sound *sound, struct onset_list *list, struct error *err)
{
    struct progress progress;
    struct onset_detector *detector = onset_new(RATE);
    bool good = detector || error_set(err, "out of memory");
    progress_begin(&progress, "listening");
    for (int64_t at = 0; good && at < sound->count; at += BLOCK) {
        struct onset found[MOST_IN_BLOCK];
        int frames = (int)(sound->count - at < BLOCK ? sound->count - at : BLOCK);
        int count =
            onset_process(detector, sound->samples + at, NULL, frames, found, MOST_IN_BLOCK);
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

static bool tell_onsets(const struct arguments *arguments, const struct onset_list *list,
                        struct error *err)
{
    struct json *root = arguments->json ? json_object() : NULL;
    struct json *array = json_put_array(root, "onset");
    for (int i = 0; i < list->count; i++) {
        double time_s = (double)list->items[i].frame / RATE;
        if (arguments->json) {
            struct json *one = json_put_object(array, NULL);
            json_put_number(one, "time_s", time_s);
            json_put_number(one, "strength", list->items[i].strength);
        } else {
            printf("%10.4f s  %5.1f dB\n", time_s, list->items[i].strength);
        }
    }
    if (!arguments->json)
        printf("%d onsets\n", list->count);
    return !arguments->json || report_print(root, err);
}

static int run_onsets(const struct arguments *arguments, struct error *err)
{
    struct guitar guitar = {0};
    struct onset_list list = {0};
    bool done = false;
    if (is_virtual(arguments->operand)) {
        error_set(err, "a virtual guitarist is no recording");
        return CLI_USAGE;
    }
    if (guitar_open(&guitar, arguments->operand, NULL, RATE, 0, 0, err)) {
        bool is_sound = guitar.kind == GUITAR_SOUND;
        done = is_sound ? detect(&guitar.sound, &list, err) : copy_onsets(&guitar, &list, err);
    }
    done = done && tell_onsets(arguments, &list, err);
    free(list.items);
    guitar_close(&guitar);
    return done ? CLI_DONE : CLI_FAILED;
}

static const struct option_row json_only[] = {OPTION_JSON, OPTION_LAST};

const struct command command_onsets = {
    .name = "onsets",
    .operand = "FILE",
    .summary = "the onsets heard in a recording, or struck in a MIDI file",
    .options = json_only,
    .run = run_onsets,
};
