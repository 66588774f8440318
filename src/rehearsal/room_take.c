#include "rehearsal/room_private.h"

#include "rehearsal/recorder.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OFFLINE_RATE = 48000, OFFLINE_PERIOD = 128 };

static const double REVERB = 0.2;

struct take_settings room_offline_settings(void)
{
    return (struct take_settings){
        .seed = 1,
        .controls = {.follow = 1.0, .expression = 0.3, .leash_ms = 120.0},
        .tempo_percent = 100.0,
        .rate = OFFLINE_RATE,
        .lead_frames = engine_lead_frames(OFFLINE_RATE, OFFLINE_PERIOD),
    };
}

struct room_take_options room_take_defaults(const struct room *room)
{
    struct room_take_options options = {
        .settings = room_offline_settings(),
        .count_in_bars = ROOM_COUNT_IN_BARS,
        .reverb = REVERB,
    };
    if (room->stage)
        options.settings.rate = stage_device(room->stage)->rate;
    return options;
}

bool room_check_settings(const struct take_settings *settings, struct error *err)
{
    const struct controls *c = &settings->controls;
    if (!(c->follow >= 0 && c->follow <= 1))
        return error_set(err, "follow must be between 0 and 1");
    if (!(c->expression >= 0 && c->expression <= 1))
        return error_set(err, "expression must be between 0 and 1");
    if (!(c->leash_ms >= 0 && c->leash_ms <= LEASH_MOST_MS))
        return error_set(err, "leash must be between 0 and %d ms", LEASH_MOST_MS);
    if (!(settings->tempo_percent >= SCORE_LEAST_TEMPO &&
          settings->tempo_percent <= SCORE_FASTEST_TEMPO))
        return error_set(err, "tempo must be between %d and %d percent", SCORE_LEAST_TEMPO,
                         SCORE_FASTEST_TEMPO);
    return practice_check(&settings->practice, settings->first_bar, settings->last_bar, err);
}

void room_pitches(const struct room *room, bool pitches[128])
{
    memset(pitches, 0, 128 * sizeof *pitches);
    for (int h = 0; h < room->score->hit_count; h++)
        pitches[room->score->hits[h].pitch] = true;
}

bool room_can_join(const struct take_settings *settings, struct error *err)
{
    return !practice_arranges(&settings->practice) ||
           error_set(err, "bars that are repeated cannot be begun by the guitar");
}

struct take *room_stored_take(struct room *room, int number, const struct score **score,
                              struct error *err)
{
    struct session_take info;
    if (!session_take_info(room->session, number, &info, err))
        return NULL;
    *score = room_score_of(room, &info.settings, err);
    return *score ? session_take_get(room->session, number, *score, err) : NULL;
}

const struct score *room_score_to_play(struct room *room, const struct take *stored,
                                       struct error *err)
{
    struct take_settings settings = stored->settings;
    settings.practice.played = 0;
    return room_score_of(room, &settings, err);
}

int room_last_take(struct room *room, struct error *err)
{
    struct session_take *list;
    int count, last = 0;
    if (!session_takes(room->session, &list, &count, err))
        return 0;
    if (count > 0)
        last = list[count - 1].number;
    else
        error_set(err, "the session '%s' has no take yet", session_info(room->session)->path);
    free(list);
    return last;
}

bool room_open_stage(struct room *room, const struct device_config *device,
                     struct device_info *info, struct error *err)
{
    bool pitches[128];
    assert(!room->playing);
    room_pitches(room, pitches);
    struct stage_config config = {
        .device = *device, .soundfont = room->soundfont, .pitches = pitches};
    room_end_listening(room);
    room_await_no_more(room); /* what was heard is told on the stage's clock */
    stage_close(room->stage);
    room->stage = stage_open(&config, err);
    if (room->stage) {
        *info = *stage_device(room->stage);
        room->round_trip = round_trip_find(info, time(NULL));
    }
    return room->stage != NULL;
}

static struct take_settings live_settings(const struct room *room,
                                          const struct room_take_options *options)
{
    const struct device_info *device = stage_device(room->stage);
    struct take_settings settings = options->settings;
    settings.rate = device->rate;
    settings.lead_frames =
        engine_lead_frames(device->rate, device->period ? device->period : OFFLINE_PERIOD);
    settings.round_trip_frames = llround(room->round_trip.ms * device->rate / 1000);
    if (options->guitar)
        settings.round_trip_frames = 0; /* nothing has gone through the air */
    return settings;
}

bool room_settle(struct room *room, const struct room_take_options *options, struct error *err)
{
    assert(!room->playing && !room->awaiting);
    room_end_listening(room);
    room->settings = live_settings(room, options);
    return room_check_settings(&room->settings, err);
}

bool room_call_drummer(struct room *room, struct error *err)
{
    struct take_settings *settings = &room->settings;
    model_close(room->model);
    room->model = room_choose_model(room, settings->model, &room->checkpoint, err);
    if (!room->model)
        return false;
    snprintf(settings->model, sizeof settings->model, "%s", model_ops(room->model)->name);
    return true;
}

/* Who plays: the room's until the next take. */
static bool call_guitarist(struct room *room, const char *guitar, const struct score *score,
                           struct error *err)
{
    const struct take_settings *settings = &room->settings;
    int takes;
    if (!session_takes_numbered(room->session, &takes, err))
        return false;
    guitar_close(&room->guitar);
    return guitar_open(&room->guitar, guitar, score, settings->rate, settings->seed, takes, err) &&
           (room->guitar.kind != GUITAR_SOUND ||
            error_set(err, "a recording cannot play in a live take: '%s'", guitar));
}

bool room_start_take(struct room *room, const struct room_take_options *options,
                     const int64_t *zero, struct error *err)
{
    const struct score *score = room_score_of(room, &room->settings, err);
    if (!score || !call_guitarist(room, options->guitar, score, err))
        return false;
    room_begin_recording(room, options, &room->guitar, room->settings.rate);
    if (room->recorder && !recorder_run(room->recorder, &room->unrecorded))
        room_drop_recording(room);
    struct engine_take take = {
        .score = score,
        .settings = &room->settings,
        .count_in_bars = zero ? 0 : options->count_in_bars,
        .listens = true,
        .onsets = room->guitar.onsets,
        .onset_count = room->guitar.onset_count,
        .guitarist = room->guitar.guitarist,
        .monitor = room->guitar.guitarist ? GUITAR_MONITOR : 0.0f,
        .recorder = room->recorder,
        .stop_frame = INT64_MAX,
        .joins = zero != NULL,
        .zero = zero ? *zero : 0,
    };
    stage_set_sensitivity(room->stage, (float)options->sensitivity_db);
    stage_set_reverb(room->stage, (float)options->reverb);
    stage_set_click(room->stage, options->click);
    room->played = score;
    room->playing = stage_start(room->stage, &take, room->model, err);
    if (!room->playing)
        room_drop_recording(room);
    return room->playing;
}

bool room_begin_take(struct room *room, const struct room_take_options *options, struct error *err)
{
    return room_settle(room, options, err) && room_call_drummer(room, err) &&
           room_start_take(room, options, NULL, err);
}

void room_close_stage(struct room *room)
{
    assert(!room->playing);
    room_end_listening(room);
    room_await_no_more(room);
    stage_close(room->stage);
    room->stage = NULL;
}

const struct round_trip *room_round_trip(const struct room *room)
{
    return &room->round_trip;
}

const struct score *room_played(const struct room *room)
{
    return room->playing ? room->played : room->score;
}

bool room_playing(const struct room *room)
{
    return room->playing;
}

/* What a take was heard through; nothing where nobody played at a sound card. */
static struct take_sound sound_of_take(const struct room *room)
{
    const struct device_info *device = stage_device(room->stage);
    const bool through_air = room->settings.round_trip_frames > 0;
    struct device_drift drift = {.ppm = NAN};
    struct take_sound sound = {.period = device->period, .drift_ppm = NAN};
    snprintf(sound.input, sizeof sound.input, "%s", device->input);
    snprintf(sound.output, sizeof sound.output, "%s", device->output);
    sound.source = through_air ? room->round_trip.source : ROUND_TRIP_NONE;
    sound.round_trip_ms = through_air ? room->round_trip.ms : 0;
    if (stage_drift(room->stage, &drift))
        sound.drift_ppm = drift.ppm;
    return sound;
}

int room_end_take(struct room *room, struct error *err)
{
    if (!room->playing) {
        error_set(err, "no take is being played");
        return 0;
    }
    stage_stop(room->stage);
    struct take *take = stage_finish(room->stage);
    take->sound = sound_of_take(room);
    room->playing = false;
    const struct score *score = room_score_of(room, &take->settings, err);
    int number = score ? room_keep_take(room, take, score, room->checkpoint, err) : 0;
    take_free(take);
    return number;
}
