#include "tui/entrance.h"

#include "tui/look.h"
#include "tui/running.h"
#include "tui/say.h"
#include "tui/sound.h"

void entrance_await(struct tui *tui)
{
    struct error err = {.text = ""};
    if (room_learning(tui->room)) {
        say(tui, TONE_INFO, "a lesson is running: wait for its end, then begin");
        return;
    }
    knobs_apply(&tui->screen.knobs, &tui->take, &tui->lesson);
    drill_apply(&tui->screen.drill, &tui->take);
    if (!sound_ready(tui, &err) || !room_await_guitar(tui->room, &tui->take, &err)) {
        if (!tui->again)
            say_error(tui, &err);
        return;
    }
    tui->screen.marks.count = 0;
    tui->screen.entrance = (struct entrance_look){.cue = {.strums = 0}};
    tui->screen.view = VIEW_ENTRANCE;
}

void entrance_give_up(struct tui *tui)
{
    room_await_no_more(tui->room);
    if (tui->screen.view == VIEW_ENTRANCE)
        tui->screen.view = VIEW_STAGE;
    if (tui->back == VIEW_ENTRANCE)
        tui->back = VIEW_STAGE;
}

void entrance_correct_beat(struct tui *tui, int faster)
{
    if (!tui->screen.entrance.cue.found) {
        say(tui, TONE_INFO, "no beat is known yet");
        return;
    }
    room_correct_cue(tui->room, faster ? 2 : 0.5);
    say(tui, TONE_INFO, "the beat is %s as fast", faster ? "twice" : "half");
}

static void begun(struct tui *tui)
{
    const struct entrance_cue *cue = &tui->screen.entrance.cue;
    struct error err = {.text = ""};
    entrance_give_up(tui);
    tui->take.settings.tempo_percent = cue->tempo_percent;
    tui->screen.view = VIEW_STAGE;
    tui->back = VIEW_STAGE;
    if (look_for_take(tui, &err)) {
        say(tui, TONE_GOOD, "the drums come in: %.1f beats a minute, %.0f %% of what is written",
            60 / cue->beat_s, cue->tempo_percent);
    } else {
        say_error(tui, &err);
        stage_stop(room_stage(tui->room));
    }
}

void entrance_tick(struct tui *tui)
{
    struct error err = {.text = ""};
    enum view view = tui->screen.view;
    bool looked_at = view == VIEW_ENTRANCE || view == VIEW_HELP || view == VIEW_WEIGHTS;
    if (!room_awaiting(tui->room)) {
        if (view == VIEW_ENTRANCE) /* the sound was closed */
            entrance_give_up(tui);
        return;
    }
    if (!looked_at || stage_lost(room_stage(tui->room))) {
        entrance_give_up(tui);
    } else if (!room_come_in(tui->room, &tui->screen.entrance.cue, &err)) {
        entrance_give_up(tui);
        say_error(tui, &err);
    } else if (room_playing(tui->room)) {
        begun(tui);
    }
}
