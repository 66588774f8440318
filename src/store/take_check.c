#include "store/take_check.h"

#include <math.h>
#include <string.h>

enum { ONSETS_MAX = 1000000, BARS_MAX = 1000000, RATE_MIN = 1000, RATE_MAX = 1000000 };

static const double MOST_ROUND_TRIP_MS = 10000;
static const int64_t frame_max = INT64_C(1) << 41; /* a year at 48 kHz is 1.4 times 2^40 */

static bool frame_ok(int64_t frame)
{
    return frame >= -frame_max && frame <= frame_max;
}

static bool check_settings(const struct take_settings *settings, struct error *err)
{
    if (!memchr(settings->model, '\0', sizeof settings->model))
        return error_set(err, "the model's name does not end");
    const struct controls *controls = &settings->controls;
    if (!isfinite(controls->follow) || !isfinite(controls->expression) ||
        !isfinite(controls->leash_ms) || controls->leash_ms < 0 || controls->robot)
        return error_set(err, "a control is out of range");
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        if (controls->leashed & 1u << drum &&
            !(controls->drum_leash_ms[drum] >= 0 && controls->drum_leash_ms[drum] <= LEASH_MOST_MS))
            return error_set(err, "the leash of the %s is out of range",
                             kitmap_name((enum drum)drum));
    if (!(settings->tempo_percent >= 0 && settings->tempo_percent <= 1000))
        return error_set(err, "the tempo is out of range");
    if (settings->first_bar < 0 || settings->first_bar > BARS_MAX || settings->last_bar < 0 ||
        settings->last_bar > BARS_MAX)
        return error_set(err, "bars %d to %d are none", settings->first_bar, settings->last_bar);
    if (!practice_check(&settings->practice, settings->first_bar, settings->last_bar, err))
        return false;
    if (settings->rate < RATE_MIN || settings->rate > RATE_MAX)
        return error_set(err, "a rate of %d frames a second is out of range", settings->rate);
    if (!frame_ok(settings->lead_frames) || !frame_ok(settings->round_trip_frames))
        return error_set(err, "the latency is out of range");
    return true;
}

static bool check_end(int64_t stop_frame, int xruns, struct error *err)
{
    return (frame_ok(stop_frame) && xruns >= 0) || error_set(err, "its end is out of range");
}

bool take_check_info(const struct session_take *info, struct error *err)
{
    const struct take_summary *summary = &info->summary;
    if (summary->steps < 0 || summary->hits < 0 || summary->onsets < 0 ||
        summary->onsets > ONSETS_MAX || summary->matched < 0 || summary->deadline_misses < 0)
        return error_set(err, "a count is out of range");
    return check_settings(&info->settings, err) && check_end(info->stop_frame, info->xruns, err);
}

bool take_check_sound(const struct take_sound *sound, struct error *err)
{
    bool good = memchr(sound->input, '\0', sizeof sound->input) &&
                memchr(sound->output, '\0', sizeof sound->output) && sound->period >= 0 &&
                sound->round_trip_ms >= 0 && sound->round_trip_ms <= MOST_ROUND_TRIP_MS &&
                !isinf(sound->drift_ppm);
    return good || error_set(err, "what its sound card was is out of range");
}

bool take_check_recording(const struct take_recording *recording, struct error *err)
{
    return frame_ok(recording->first_frame) || error_set(err, "its recording begins out of range");
}

static bool check_onset(const struct take_onset *onset, int step_count)
{
    return frame_ok(onset->frame) && frame_ok(onset->heard_frame) && isfinite(onset->strength) &&
           onset->step >= -1 && onset->step < step_count && isfinite(onset->deviation_ms);
}

static bool check_step(const struct take_step *step, int after, int step_count)
{
    return step->step > after && step->step < step_count && isfinite(step->predicted_ms) &&
           isfinite(step->predicted_sd_ms) && step->predicted_sd_ms >= 0 &&
           isfinite(step->drums_ms);
}

static bool check_hit(const struct take_hit *hit, int after, int hit_count)
{
    return hit->hit > after && hit->hit < hit_count && hit->velocity >= 0 && hit->velocity <= 127 &&
           frame_ok(hit->frame);
}

static bool check_changes(const struct take *take, const struct score *score, struct error *err)
{
    struct bars flubs, others;
    if (take->change_count > TAKE_MOST_CHANGES)
        return error_set(err, "more than %d changes", TAKE_MOST_CHANGES);
    int64_t after = -frame_max;
    for (int i = 0; i < take->change_count; after = take->changes[i++].frame) {
        const struct change *change = &take->changes[i];
        if (!change_is_valid(change) || change->bar > score->bar_count || change->frame < after ||
            !frame_ok(change->frame))
            return error_set(err, "change %d is out of range or order", i);
    }
    return take_flubs(take, &flubs, &others) || error_set(err, "its flubs leave too many pieces");
}

bool take_check(const struct take *take, const struct score *score, struct error *err)
{
    if (!check_settings(&take->settings, err) || !check_end(take->stop_frame, take->xruns, err) ||
        !take_check_sound(&take->sound, err) || !take_check_recording(&take->recording, err))
        return false;
    if (take->onset_count > ONSETS_MAX)
        return error_set(err, "more than %d onsets", ONSETS_MAX);
    for (int i = 0; i < take->onset_count; i++)
        if (!check_onset(&take->onsets[i], score->step_count))
            return error_set(err, "onset %d is out of range", i);
    for (int i = 0, after = -1; i < take->step_count; after = take->steps[i++].step)
        if (!check_step(&take->steps[i], after, score->step_count))
            return error_set(err, "step %d is out of range or order", i);
    for (int i = 0, after = -1; i < take->hit_count; after = take->hits[i++].hit)
        if (!check_hit(&take->hits[i], after, score->hit_count))
            return error_set(err, "hit %d is out of range or order", i);
    return check_changes(take, score, err);
}
