#include "rehearsal/room_private.h"

#include "rehearsal/render.h"

#include <stdio.h>
#include <stdlib.h>

static bool write_file(const char *path, const uint8_t *bytes, size_t size, struct error *err)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return error_errno(err, "cannot write '%s'", path);
    bool good = fwrite(bytes, 1, size, file) == size;
    good = fclose(file) == 0 && good;
    return good || error_errno(err, "cannot write '%s'", path);
}

/* Of bars that were played again and again the last time counts. */
static void put_hit(const struct score *song, const struct score *score, const struct take *take,
                    const struct take_hit *hit, struct played *played, bool *kept)
{
    const struct hit *scored = &score->hits[hit->hit];
    const struct step *step = &score->steps[scored->step];
    const struct passage *passage = practice_passage_of(score, scored->step);
    double slower = passage ? passage->tempo_percent / song->tempo_percent : 1;
    int to = song->steps[step->song_step].first_hit + hit->hit - step->first_hit;
    kept[to] = true;
    played[to] = (struct played){
        .offset_s = ((double)hit->frame / take->settings.rate - scored->scored_s) * slower,
        .velocity = hit->velocity,
    };
}

bool room_write_midi(const struct score *song, const struct score *score, const struct take *take,
                     const char *path, struct error *err)
{
    size_t size = 0;
    uint8_t *bytes = NULL;
    struct played *played = calloc((size_t)song->hit_count + 1, sizeof *played);
    bool *kept = calloc((size_t)song->hit_count + 1, sizeof *kept);
    if (!played || !kept) {
        error_set(err, "out of memory");
    } else {
        for (int k = 0; k < take->hit_count; k++)
            put_hit(song, score, take, &take->hits[k], played, kept);
        bytes = score_export(song, played, kept, &size, err);
    }
    bool written = bytes && write_file(path, bytes, size, err);
    free(bytes);
    free(played);
    free(kept);
    return written;
}

static int last_accepted(struct room *room, struct error *err)
{
    struct session_take *list;
    int count, last = 0;
    if (!session_takes(room->session, &list, &count, err))
        return 0;
    for (int i = 0; i < count; i++)
        if (list[i].status == TAKE_ACCEPTED)
            last = list[i].number;
    free(list);
    if (last == 0) {
        error_set(err, "no take of '%s' has been accepted", session_info(room->session)->path);
        error_hint(err, "name a take with --take N, or export the drummer alone with --drummer");
    }
    return last;
}

struct take *room_play_alone(struct room *room, int number, double expression, struct error *err)
{
    struct take *record = NULL;
    struct take_settings settings = room_offline_settings();
    settings.controls.expression = expression;
    struct checkpoint *checkpoint = room_checkpoint(room, number, NULL, err);
    struct model *model = checkpoint ? model_open(checkpoint, err) : NULL;
    if (model) {
        struct engine_take take = {
            .score = room->score, .settings = &settings, .stop_frame = INT64_MAX};
        struct render_config config = {.model = model};
        record = render_take(&take, &config, err);
    }
    model_close(model);
    checkpoint_free(checkpoint);
    return record;
}

bool room_export(struct room *room, int number, const char *path, struct error *err)
{
    const struct score *score = room->score;
    struct take *take;
    if (number == ROOM_DRUMMER) {
        take = room_play_alone(room, 0, room_offline_settings().controls.expression, err);
    } else {
        if (number == ROOM_LAST_ACCEPTED && (number = last_accepted(room, err)) == 0)
            return false;
        take = room_stored_take(room, number, &score, err);
    }
    const struct score *song = take ? room_score_at(room, take->settings.tempo_percent, err) : NULL;
    bool written = song && room_write_midi(song, score, take, path, err);
    take_free(take);
    return written;
}
