/* calibrate: how long the sound takes from the output to the input. */
#include "base/stopwatch.h"
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "rehearsal/calibration.h"
#include "rehearsal/round_trip.h"

#include <math.h>
#include <time.h>

enum { LOOK_MS = 50 };

static bool measure(const struct arguments *arguments, struct calibration_result *result,
                    struct error *err)
{
    struct device_config device = sound_of(arguments);
    struct calibration *calibration = calibration_open(&device, err);
    struct calibration_progress now = {.phase = CALIBRATION_CLOCKS};
    struct progress progress;
    if (!calibration)
        return false;
    bool good = true;
    progress_begin(&progress, "listening for clicks");
    while (good && now.phase != CALIBRATION_OVER) {
        stopwatch_wait_ms(LOOK_MS);
        good = calibration_step(calibration, &now, err) &&
               (progress_show(&progress, now.done) || error_set(err, "cancelled: nothing is kept"));
    }
    progress_end(&progress);
    if (good)
        *result = calibration_result(calibration);
    calibration_close(calibration);
    return good;
}

static bool put_result(const struct calibration_result *result, struct error *err)
{
    const struct device_info *device = &result->device;
    struct json *root = json_object();
    json_put_number(root, "round_trip_ms", result->round_trip_ms);
    json_put_number(root, "round_trip_frames", result->loop.latency_frames);
    json_put_number(root, "spread_ms", result->loop.spread_ms);
    json_put_number(root, "reported_ms", 1000 * device->round_trip_s);
    json_put_integer(root, "clicks", result->loop.used);
    json_put_number(root, "played_db", result->played_db);
    json_put_number(root, "level_db", result->loop.level_db);
    json_put_number(root, "noise_db", result->loop.noise_db);
    json_put_string(root, "input", device->input);
    json_put_string(root, "output", device->output);
    json_put_integer(root, "rate", device->rate);
    json_put_integer(root, "period", device->period);
    json_put_bool(root, "two_clocks", device->two_clocks);
    json_put_number(root, "drift_ppm", device->two_clocks ? result->drift.ppm : NAN);
    json_put_integer(root, "xruns", result->xruns);
    json_put_integer(root, "detector_heard", result->heard);
    return report_print(root, err);
}

static void print_result(const struct calibration_result *result)
{
    const struct device_info *device = &result->device;
    printf("%s, %d Hz, %d frames\n", device->name, device->rate, device->period);
    printf("  round trip  %.2f ms, give or take %.3f (the driver says %.1f)\n",
           result->round_trip_ms, result->loop.spread_ms, 1000 * device->round_trip_s);
    printf("  heard       %d clicks at %.0f dB over a noise of %.0f dB\n", result->loop.used,
           result->loop.level_db, result->loop.noise_db);
    if (result->heard)
        printf("  detector    heard %d of them\n", result->heard);
    else
        printf("  detector    heard none of them: they are softer than a guitar should be\n");
    if (device->two_clocks)
        printf("  two clocks  %+.1f ppm apart, brought together\n", result->drift.ppm);
    if (result->xruns)
        printf("  xruns       %d\n", result->xruns);
    printf("kept: takes with this sound card, rate and period use it from now on\n");
}

static int run_calibrate(const struct arguments *arguments, struct error *err)
{
    struct calibration_result result;
    if (!measure(arguments, &result, err))
        return CLI_FAILED;
    if (result.loop.verdict != LOOP_MEASURED)
        return calibration_refuse(&result, err) ? CLI_DONE : CLI_FAILED;
    if (!round_trip_keep(&result.device, result.round_trip_ms, result.loop.spread_ms, time(NULL),
                         err))
        return CLI_FAILED;
    if (arguments->json)
        return put_result(&result, err) ? CLI_DONE : CLI_FAILED;
    print_result(&result);
    return CLI_DONE;
}

static const struct option_row calibrate_options[] = {
    OPTIONS_OF_CARD,
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_calibrate = {
    .name = "calibrate",
    .summary = "measure the round trip of the sound, so that takes can be judged fairly",
    .details =
        "Connect the left output with the input that the guitar is plugged into, by a cable,\n"
        "or put the microphone close to the left loudspeaker. Two seconds of silence are\n"
        "listened to, then ten soft clicks; louder ones follow only where they are not\n"
        "heard. Either the figure is good to 0.1 ms, or there is none and a reason.",
    .options = calibrate_options,
    .run = run_calibrate,
};
