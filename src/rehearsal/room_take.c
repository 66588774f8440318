#include "rehearsal/room_private.h"

#include "rehearsal/recorder.h"
#include "rehearsal/render.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OFFLINE_RATE = 48000, OFFLINE_PERIOD = 128, COUNT_IN_BARS = 1 };

static const float MONITOR_GAIN = 0.7f;
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
        .count_in_bars = COUNT_IN_BARS,
        .reverb = REVERB,
    };
    if (room->stage)
        options.settings.rate = stage_device(room->stage)->rate;
    return options;
}

static bool check_settings(const struct take_settings *settings, struct error *err)
{
    const struct controls *c = &settings->controls;
    if (!(c->follow >= 0 && c->follow <= 1))
        return error_set(err, "follow must be between 0 and 1");
    if (!(c->expression >= 0 && c->expression <= 1))
        return error_set(err, "expression must be between 0 and 1");
    if (!(c->leash_ms >= 0 && c->leash_ms <= LEASH_MOST_MS))
        return error_set(err, "leash must be between 0 and %d ms", LEASH_MOST_MS);
    if (!(settings->tempo_percent >= SCORE_LEAST_TEMPO &&
          settings->tempo_percent <= SCORE_MOST_TEMPO))
        return error_set(err, "tempo must be between %d and %d percent", SCORE_LEAST_TEMPO,
                         SCORE_MOST_TEMPO);
    return practice_check(&settings->practice, settings->first_bar, settings->last_bar, err);
}

static void needed_pitches(const struct score *score, bool pitches[128])
{
    memset(pitches, 0, 128 * sizeof *pitches);
    for (int h = 0; h < score->hit_count; h++)
        pitches[score->hits[h].pitch] = true;
}

static struct kit *load_kit(struct room *room, int rate, struct error *err)
{
    char path[4096];
    bool pitches[128];
    needed_pitches(room->score, pitches);
    return kit_find_soundfont(room->soundfont, path, sizeof path, err)
               ? kit_load(path, pitches, rate, err)
               : NULL;
}

/* The mix needs a kit; a take without one is played unheard. */
struct mix {
    struct kit *kit;
    struct sound_writer *writer;
};

static bool open_mix(struct mix *mix, struct room *room, const char *path, int rate,
                     struct error *err)
{
    *mix = (struct mix){0};
    if (!path)
        return true;
    mix->kit = load_kit(room, rate, err);
    if (mix->kit)
        mix->writer = sound_writer_open(path, rate, 2, err);
    if (!mix->writer)
        kit_free(mix->kit);
    return mix->writer != NULL;
}

/* The record, when the mix is whole too. */
static struct take *close_mixed(struct mix *mix, struct take *record, struct error *err)
{
    bool closed = !mix->writer || sound_writer_close(mix->writer, record ? err : NULL);
    kit_free(mix->kit);
    if (closed)
        return record;
    take_free(record);
    return NULL;
}

static struct take *render(struct room *room, const struct model *model,
                           const struct guitar *guitar, const struct engine_take *take,
                           const struct room_take_options *options, struct error *err)
{
    struct mix mix;
    if (!open_mix(&mix, room, options->mix, take->settings->rate, err))
        return NULL;
    struct render_config config = {
        .kit = mix.kit,
        .model = model,
        .guitar = guitar,
        .count_in_bars = options->count_in_bars,
        .sensitivity_db = options->sensitivity_db,
        .mix = mix.writer,
        .monitor = MONITOR_GAIN,
        .reverb = (float)options->reverb,
        .click = options->click,
        .recorder = room->recorder,
        .progress = options->progress,
        .context = options->context,
    };
    return close_mixed(&mix, render_take(take, &config, err), err);
}

int room_take(struct room *room, const struct room_take_options *options, struct error *err)
{
    struct take_settings settings = options->settings;
    settings.rate = OFFLINE_RATE;
    settings.lead_frames = engine_lead_frames(settings.rate, OFFLINE_PERIOD);
    int takes, checkpoint, number = 0; /* a virtual guitarist's mood changes with every take */
    if (!check_settings(&settings, err) || !session_takes_numbered(room->session, &takes, err))
        return 0;
    const struct score *score = room_score_of(room, &settings, err);
    if (!score)
        return 0;
    struct guitar guitar = {0};
    struct take *record = NULL;
    struct model *model = room_choose_model(room, settings.model, &checkpoint, err);
    if (model &&
        guitar_open(&guitar, options->guitar, score, settings.rate, settings.seed, takes, err)) {
        snprintf(settings.model, sizeof settings.model, "%s", model_ops(model)->name);
        struct engine_take take = {.score = score, .settings = &settings, .stop_frame = INT64_MAX};
        room_begin_recording(room, options, &guitar, settings.rate);
        record = render(room, model, &guitar, &take, options, err);
    }
    score = record ? room_score_of(room, &record->settings, err) : NULL;
    if (score)
        number = room_keep_take(room, record, score, checkpoint, err);
    else
        room_drop_recording(room);
    take_free(record);
    guitar_close(&guitar);
    model_close(model);
    return number;
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

static bool open_drummer_of(struct room *room, int number, int checkpoint, struct model **model,
                            struct error *err)
{
    struct session_take info;
    if (!session_take_info(room->session, number, &info, err))
        return false;
    struct checkpoint *drummer =
        room_checkpoint(room, checkpoint ? checkpoint : info.checkpoint, NULL, err);
    *model = drummer ? model_open(drummer, err) : NULL;
    checkpoint_free(drummer);
    return *model != NULL;
}

const struct score *room_score_to_play(struct room *room, const struct take *stored,
                                       struct error *err)
{
    struct take_settings settings = stored->settings;
    settings.practice.played = 0;
    return room_score_of(room, &settings, err);
}

struct take *room_replay(struct room *room, int number, int checkpoint, const char *path,
                         double reverb, struct error *err)
{
    struct mix mix;
    const struct score *score;
    struct guitar guitar = {0};
    struct model *model = NULL;
    struct take *record = NULL;
    struct take *stored = room_stored_take(room, number, &score, err);
    if (stored && (score = room_score_to_play(room, stored, err)) &&
        open_drummer_of(room, number, checkpoint, &model, err) &&
        (!path || room_recorded_guitar(room, stored, number, 0, &guitar, err)) &&
        open_mix(&mix, room, path, stored->settings.rate, err)) {
        struct render_config config = {.kit = mix.kit,
                                       .model = model,
                                       .guitar = &guitar,
                                       .count_in_bars = COUNT_IN_BARS,
                                       .mix = mix.writer,
                                       .monitor = MONITOR_GAIN,
                                       .reverb = (float)reverb};
        record = close_mixed(&mix, render_again(score, stored, &config, err), err);
    }
    guitar_close(&guitar);
    model_close(model);
    take_free(stored);
    return record;
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
    needed_pitches(room->score, pitches);
    struct stage_config config = {
        .device = *device, .soundfont = room->soundfont, .pitches = pitches};
    room_end_listening(room);
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

/* Who plays: the room's until the next take. */
static bool call_players(struct room *room, const char *guitar, const struct score *score,
                         struct error *err)
{
    struct take_settings *settings = &room->settings;
    int takes;
    if (!session_takes_numbered(room->session, &takes, err))
        return false;
    guitar_close(&room->guitar);
    model_close(room->model);
    room->model = room_choose_model(room, settings->model, &room->checkpoint, err);
    if (!room->model ||
        !guitar_open(&room->guitar, guitar, score, settings->rate, settings->seed, takes, err))
        return false;
    if (room->guitar.kind == GUITAR_SOUND)
        return error_set(err, "a recording cannot play in a live take: '%s'", guitar);
    snprintf(settings->model, sizeof settings->model, "%s", model_ops(room->model)->name);
    return true;
}

bool room_begin_take(struct room *room, const struct room_take_options *options, struct error *err)
{
    assert(!room->playing);
    room_end_listening(room);
    room->settings = live_settings(room, options);
    if (!check_settings(&room->settings, err))
        return false;
    const struct score *score = room_score_of(room, &room->settings, err);
    if (!score || !call_players(room, options->guitar, score, err))
        return false;
    room_begin_recording(room, options, &room->guitar, room->settings.rate);
    if (room->recorder && !recorder_run(room->recorder, &room->unrecorded))
        room_drop_recording(room);
    struct engine_take take = {
        .score = score,
        .settings = &room->settings,
        .count_in_bars = options->count_in_bars,
        .listens = true,
        .onsets = room->guitar.onsets,
        .onset_count = room->guitar.onset_count,
        .guitarist = room->guitar.guitarist,
        .monitor = room->guitar.guitarist ? MONITOR_GAIN : 0.0f,
        .recorder = room->recorder,
        .stop_frame = INT64_MAX,
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

void room_close_stage(struct room *room)
{
    assert(!room->playing);
    room_end_listening(room);
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
