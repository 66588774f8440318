#include "cli/recall.h"

#include "cli/open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void tell(const char *what, const struct error *err)
{
    fprintf(stderr, "rolypoly: %s: %s\n", what, err->text);
}

/* The memory itself, read once; a damaged one is told of on stderr, and empty. */
static struct remembered *recall_all(void)
{
    static struct remembered remembered;
    static bool read;
    struct error err = {.text = ""};
    if (!read && !remembered_load(&remembered, &err))
        tell("nothing is remembered of the last rehearsal", &err);
    read = true;
    return &remembered;
}

static void save(void)
{
    struct error err = {.text = ""};
    if (!remembered_save(recall_all(), &err))
        tell("this rehearsal cannot be remembered", &err);
}

/* True when something of it comes from memory; who names a card means nothing of the last one. */
static bool recall_sound(const struct remembered *remembered, struct device_config *device)
{
    if (device->silent || device->input || device->output)
        return false;
    device->input = remembered->input[0] ? remembered->input : NULL;
    device->output = remembered->output[0] ? remembered->output : NULL;
    if (!device->channel)
        device->channel = remembered->channel;
    if (!device->rate)
        device->rate = remembered->rate;
    if (!device->period)
        device->period = remembered->period;
    return device->input || device->output || remembered->rate || remembered->period ||
           remembered->channel;
}

void recall_begin(struct recall *recall, const struct arguments *arguments, struct room *room,
                  struct tui_options *options)
{
    options->take = room_take_defaults(room);
    options->take.sensitivity_db = sensitivity_load();
    options->lesson = room_lesson_recipe(room);
    options->device = sound_of(arguments);
    recall->as_it_comes = knobs_from(&options->take, &options->lesson);
    if (!options->demo) {
        const struct remembered *remembered = recall_all();
        struct knobs knobs = recall->as_it_comes;
        remembered_recall(remembered, room_score(room)->id, &knobs);
        knobs_apply(&knobs, &options->take, &options->lesson);
        options->sound_remembered = recall_sound(remembered, &options->device);
        options->history = remembered->history;
    }
    apply_options(arguments, &options->take);
    recall->began = knobs_from(&options->take, &options->lesson);
}

/* A sound card is remembered as it is called, not by the number or the part of a name it was asked
 * for with. */
static void keep_sound(struct remembered *remembered, const struct arguments *arguments,
                       struct room *room)
{
    struct stage *stage = room_stage(room);
    const struct device_info *info = stage ? stage_device(stage) : NULL;
    if (!info || info->silent)
        return;
    if (arguments->input_device)
        snprintf(remembered->input, sizeof remembered->input, "%s", info->input);
    if (arguments->output_device)
        snprintf(remembered->output, sizeof remembered->output, "%s", info->output);
    if (arguments->channel)
        remembered->channel = arguments->channel;
    if (arguments->rate)
        remembered->rate = arguments->rate;
    if (arguments->period)
        remembered->period = arguments->period;
}

void recall_end(const struct recall *recall, const struct arguments *arguments, struct room *room,
                const struct tui_options *options, const struct tui_rest *rest)
{
    struct error err = {.text = ""};
    double db = rest->knobs.value[KNOB_SENSITIVITY];
    if (db != recall->began.value[KNOB_SENSITIVITY] && !sensitivity_save(db, &err))
        tell("sensitivity cannot be kept", &err);
    if (options->demo)
        return;
    struct remembered *remembered = recall_all();
    const char *song = room_score(room)->id;
    remembered_keep(remembered, song, &recall->as_it_comes, &recall->began, &rest->knobs);
    remembered->history = rest->history;
    keep_sound(remembered, arguments, room);
    save();
}

void recall_folder(const char *given, char folder[PATH_MAX])
{
    const char *last = recall_all()->folder;
    bool there = last[0] && access(last, R_OK | X_OK) == 0;
    snprintf(folder, PATH_MAX, "%s", given ? given : there ? last : ".");
}

void recall_keep_folder(const char *folder)
{
    struct remembered *remembered = recall_all();
    char whole[PATH_MAX];
    if (!realpath(folder, whole) || strcmp(whole, remembered->folder) == 0)
        return;
    memcpy(remembered->folder, whole, sizeof whole);
    save();
}
