#include "tui/sound.h"

#include "tui/say.h"

void sound_heed_knobs(struct tui *tui)
{
    struct stage *stage = room_stage(tui->room);
    const double *value = tui->screen.knobs.value;
    if (!stage)
        return;
    stage_set_sensitivity(stage, (float)value[KNOB_SENSITIVITY]);
    stage_set_reverb(stage, (float)value[KNOB_REVERB]);
}

static bool open_sound(struct tui *tui, const struct device_config *device, struct error *err)
{
    struct device_info info;
    bool opened = room_open_stage(tui->room, device, &info, err);
    sound_heed_knobs(tui);
    return opened;
}

/* The sound card of the last rehearsal has stayed at home, or will not have the rate. */
static bool do_without(struct tui *tui, struct error *err)
{
    tui->device.input = tui->device.output = NULL;
    tui->device.rate = tui->device.period = tui->device.channel = 0;
    tui->sound_remembered = false;
    if (!open_sound(tui, &tui->device, err))
        return false;
    say(tui, TONE_ASK, "the sound card of last time is not to be had; this is %s",
        stage_device(room_stage(tui->room))->name);
    return true;
}

bool sound_open(struct tui *tui, struct error *err)
{
    bool opened = open_sound(tui, &tui->device, err);
    if (!opened && tui->sound_remembered)
        opened = do_without(tui, err);
    tui->sound_missing = !opened || device_needs_new_process();
    return opened;
}

bool sound_open_again(struct tui *tui, struct error *err)
{
    struct device_config silent = {.silent = true, .rate = tui->device.rate};
    if (!sound_open(tui, NULL) && !open_sound(tui, &silent, err))
        return false;
    const struct device_info *info = stage_device(room_stage(tui->room));
    tui->sound_missing = info->silent && !tui->device.silent;
    if (tui->sound_missing)
        say(tui, TONE_ERROR, "the sound card is not back: %s plays in silence, or with it",
            screen_key(&tui->screen, ACTION_PLAY));
    else
        say(tui, TONE_GOOD, "there is sound again: %s", info->name);
    return true;
}

/* A sound card that came back is opened again, in another process where this one cannot do it any
 * more; one that was begun for that has done what can be done. */
bool sound_ready(struct tui *tui, struct error *err)
{
    struct stage *stage = room_stage(tui->room);
    bool usable = stage && !stage_lost(stage);
    if (usable && (!tui->sound_missing || (tui->goes_on && device_needs_new_process())))
        return true;
    tui->told_lost = false;
    if (!device_needs_new_process() && !sound_open_again(tui, err))
        return false;
    tui->again = tui->quit = device_needs_new_process();
    return !tui->again;
}

void sound_tick(struct tui *tui)
{
    struct stage *stage = room_stage(tui->room);
    if (!stage || !stage_lost(stage) || tui->told_lost)
        return;
    tui->told_lost = true;
    say(tui, TONE_ERROR, "the sound card has vanished: %s goes on, with it when it is back",
        screen_key(&tui->screen, ACTION_PLAY));
}
