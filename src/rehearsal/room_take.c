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
          settings->tempo_percent <= SCORE_FASTEST_TEMPO))
        return error_set(err, "tempo must be between %d and %d percent", SCORE_LEAST_TEMPO,
                         SCORE_FASTEST_TEMPO);
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

bool room_can_join(const struct take_settings *settings, struct error *err)
{
    return !practice_arranges(&settings->practice) ||
           error_set(err, "bars that are repeated cannot be begun by the guitar");
}

/* A take offline, while it is made. */
struct offline {
    struct room *room;
    const struct room_take_options *options;
    struct take_settings settings;
    struct guitar guitar;
    struct model *model;
    const struct score *score;
    int takes, checkpoint; /* a virtual guitarist's mood changes with every take */
    struct mix mix;
};

static bool open_guitar(struct offline *o, struct error *err)
{
    return guitar_open(&o->guitar, o->options->guitar, o->score, o->settings.rate, o->settings.seed,
                       o->takes, err);
}

static struct render_config configure(struct offline *o)
{
    const struct room_take_options *options = o->options;
    return (struct render_config){
        .kit = o->mix.kit,
        .model = o->model,
        .guitar = &o->guitar,
        .count_in_bars = options->count_in_bars,
        .sensitivity_db = options->sensitivity_db,
        .mix = o->mix.writer,
        .monitor = MONITOR_GAIN,
        .reverb = o->mix.writer ? (float)options->reverb : 0, /* else nobody hears the room */
        .click = options->click,
        .recorder = o->room->recorder,
        .progress = options->progress,
        .context = options->context,
    };
}

static struct take *render(struct offline *o, struct error *err)
{
    struct engine_take take = {
        .score = o->score, .settings = &o->settings, .stop_frame = INT64_MAX};
    struct render_config config = configure(o);
    return render_take(&take, &config, err);
}

/* The take's time 0 is found: the guitar's own beginning lies before it, and it goes on at the
 * tempo it has. */
static bool join(struct offline *o, int64_t zero, struct error *err)
{
    o->guitar.sound_frame = -zero;
    for (int i = 0; i < o->guitar.onset_count; i++) {
        o->guitar.onsets[i].frame -= zero;
        o->guitar.onsets[i].heard_frame -= zero;
    }
    if (o->guitar.kind != GUITAR_VIRTUAL)
        return true;
    guitar_close(&o->guitar);
    return open_guitar(o, err);
}

static struct take *render_entrance(struct offline *o, struct error *err)
{
    struct entrance_cue *cue = o->options->entrance;
    struct render_config config = configure(o);
    struct awaiting_options waits = {.score = o->score,
                                     .settings = &o->settings,
                                     .plays = o->guitar.kind == GUITAR_VIRTUAL,
                                     .seed = o->settings.seed,
                                     .take = o->takes};
    config.engine = render_engine(&config, o->settings.rate, err);
    struct awaiting *awaiting = config.engine ? awaiting_new(&waits, err) : NULL;
    struct take *record = NULL;
    if (awaiting && render_guitar(config.engine, awaiting, o->settings.rate, &config, cue, err)) {
        o->settings.tempo_percent = cue->tempo_percent;
        o->score = room_score_at(o->room, cue->tempo_percent, err);
        struct engine_take take = {
            .score = o->score, .settings = &o->settings, .stop_frame = INT64_MAX, .joins = true};
        take.zero = o->score ? awaiting_zero(awaiting, cue, o->score) : 0;
        if (o->score && join(o, take.zero, err))
            record = render_take(&take, &config, err);
    }
    awaiting_free(awaiting);
    engine_free(config.engine);
    return record;
}

static bool open_offline(struct offline *o, struct error *err)
{
    struct take_settings *settings = &o->settings;
    settings->rate = OFFLINE_RATE;
    settings->lead_frames = engine_lead_frames(settings->rate, OFFLINE_PERIOD);
    if (!check_settings(settings, err) || !session_takes_numbered(o->room->session, &o->takes, err))
        return false;
    if (o->options->entrance && !room_can_join(settings, err))
        return false;
    o->score = o->options->entrance ? room_score_at(o->room, 100, err)
                                    : room_score_of(o->room, settings, err);
    o->model = o->score ? room_choose_model(o->room, settings->model, &o->checkpoint, err) : NULL;
    if (!o->model || !open_guitar(o, err))
        return false;
    snprintf(settings->model, sizeof settings->model, "%s", model_ops(o->model)->name);
    room_begin_recording(o->room, o->options, &o->guitar, settings->rate);
    return open_mix(&o->mix, o->room, o->options->mix, settings->rate, err);
}

int room_take(struct room *room, const struct room_take_options *options, struct error *err)
{
    struct offline o = {.room = room, .options = options, .settings = options->settings};
    struct take *record = NULL;
    int number = 0;
    if (open_offline(&o, err))
        record = close_mixed(&o.mix, options->entrance ? render_entrance(&o, err) : render(&o, err),
                             err);
    const struct score *score = record ? room_score_of(room, &record->settings, err) : NULL;
    if (score)
        number = room_keep_take(room, record, score, o.checkpoint, err);
    else
        room_drop_recording(room);
    take_free(record);
    guitar_close(&o.guitar);
    model_close(o.model);
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
    return check_settings(&room->settings, err);
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
        .monitor = room->guitar.guitarist ? MONITOR_GAIN : 0.0f,
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
