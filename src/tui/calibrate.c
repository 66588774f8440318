#include "tui/calibrate.h"

#include "rehearsal/round_trip.h"
#include "tui/say.h"
#include "tui/sound.h"

#include <time.h>

void calibrate_begin(struct tui *tui)
{
    struct error err = {.text = ""};
    if (room_learning(tui->room)) {
        say(tui, TONE_INFO, "a lesson is running: wait for its end, then measure");
        return;
    }
    room_close_stage(tui->room);
    tui->calibration = calibration_open(&tui->device, &err);
    if (!tui->calibration)
        calibrate_end(tui, &err);
}

/* The stage again, and then what came of it. */
void calibrate_end(struct tui *tui, const struct error *why)
{
    struct error err = {.text = ""};
    calibration_close(tui->calibration);
    tui->calibration = NULL;
    if (!sound_open_again(tui, &err))
        say_error(tui, &err);
    else if (why->text[0])
        say_error(tui, why);
    else
        tui->screen.message.tone = TONE_NONE;
}

static void finish(struct tui *tui)
{
    struct error err = {.text = ""};
    struct calibration_result result = calibration_result(tui->calibration);
    bool good = result.loop.verdict == LOOP_MEASURED
                    ? round_trip_keep(&result.device, result.round_trip_ms, result.loop.spread_ms,
                                      time(NULL), &err)
                    : calibration_refuse(&result, &err);
    calibrate_end(tui, &err);
    if (good)
        say(tui, TONE_GOOD, "round trip %.2f ms, give or take %.2f: kept, and used from now on",
            result.round_trip_ms, result.loop.spread_ms);
}

void calibrate_tick(struct tui *tui)
{
    struct error err = {.text = ""};
    struct calibration_progress now;
    if (!tui->calibration)
        return;
    if (!calibration_step(tui->calibration, &now, &err))
        calibrate_end(tui, &err);
    else if (now.phase == CALIBRATION_OVER)
        finish(tui);
    else if (now.phase == CALIBRATION_CLOCKS)
        say(tui, TONE_ASK, "measuring the round trip: two clocks are brought together");
    else if (now.phase == CALIBRATION_SILENCE)
        say(tui, TONE_ASK, "measuring the round trip: quiet, please");
    else
        say(tui, TONE_ASK, "measuring the round trip: clicks at %.0f dB, %2.0f %% done",
            now.played_db, 100 * now.done);
}
