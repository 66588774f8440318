/* Takes made faster than they are played: with a guitar from a file, or again from a record. */
#include "rehearsal/room_private.h"

#include "rehearsal/render.h"

#include <stdio.h>

static struct kit *load_kit(struct room *room, int rate, struct error *err)
{
    char path[4096];
    bool pitches[128];
    room_pitches(room, pitches);
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
        .monitor = GUITAR_MONITOR,
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
    const struct take_settings offline = room_offline_settings();
    settings->rate = offline.rate;
    settings->lead_frames = offline.lead_frames;
    if (!room_check_settings(settings, err) ||
        !session_takes_numbered(o->room->session, &o->takes, err))
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
                                       .count_in_bars = ROOM_COUNT_IN_BARS,
                                       .mix = mix.writer,
                                       .monitor = GUITAR_MONITOR,
                                       .reverb = (float)reverb};
        record = close_mixed(&mix, render_again(score, stored, &config, err), err);
    }
    guitar_close(&guitar);
    model_close(model);
    take_free(stored);
    return record;
}
