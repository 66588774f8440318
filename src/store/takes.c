#include "store/notes.h"
#include "store/numbering.h"
#include "store/schema.h"
#include "store/sql.h"
#include "store/take_changes.h"
#include "store/take_check.h"
#include "store/take_practice.h"
#include "store/take_recording.h"
#include "store/take_sound.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const statuses[] = {"undecided", "accepted", "rejected"};

enum { STATUS_COUNT = sizeof statuses / sizeof statuses[0], SQL_SIZE = 640 };

const char *take_status_name(enum take_status status)
{
    return statuses[status];
}

/* ---- writing ---- */

static bool insert_row(struct session *session, int number, const struct take *take, int checkpoint,
                       struct error *err)
{
    sqlite3_stmt *row = sql_prepare(
        session,
        "INSERT INTO take (number, status, date_s, checkpoint, model, seed, follow, expression, "
        "leash_ms,"
        " tempo_percent, first_bar, last_bar, rate, lead_frames, round_trip_frames, stop_frame,"
        " xruns, steps, hits, onsets, matched, deadline_misses, prediction_mae_ms,"
        " asynchrony_mae_ms, asynchrony_mean_ms) VALUES (?, 'undecided', ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?,"
        " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        err);
    if (!row)
        return false;
    const struct take_settings *settings = &take->settings;
    const struct take_summary summary = take_summarise(take);
    int i = 0;
    sqlite3_bind_int(row, ++i, number);
    sqlite3_bind_int64(row, ++i, time(NULL));
    sql_bind_number(row, ++i, checkpoint);
    sqlite3_bind_text(row, ++i, settings->model, -1, SQLITE_STATIC);
    sqlite3_bind_int64(row, ++i, (sqlite3_int64)settings->seed);
    sqlite3_bind_double(row, ++i, settings->controls.follow);
    sqlite3_bind_double(row, ++i, settings->controls.expression);
    sqlite3_bind_double(row, ++i, settings->controls.leash_ms);
    sqlite3_bind_double(row, ++i, settings->tempo_percent);
    sqlite3_bind_int(row, ++i, settings->first_bar);
    sqlite3_bind_int(row, ++i, settings->last_bar);
    sqlite3_bind_int(row, ++i, settings->rate);
    sqlite3_bind_int64(row, ++i, settings->lead_frames);
    sqlite3_bind_int64(row, ++i, settings->round_trip_frames);
    sqlite3_bind_int64(row, ++i, take->stop_frame);
    sqlite3_bind_int(row, ++i, take->xruns);
    sqlite3_bind_int(row, ++i, take->step_count);
    sqlite3_bind_int(row, ++i, take->hit_count);
    sqlite3_bind_int(row, ++i, take->onset_count);
    sqlite3_bind_int(row, ++i, summary.matched);
    sqlite3_bind_int(row, ++i, summary.deadline_misses);
    sql_bind_real(row, ++i, summary.prediction_mae_ms);
    sql_bind_real(row, ++i, summary.asynchrony_mae_ms);
    sql_bind_real(row, ++i, summary.asynchrony_mean_ms);
    bool ok = sql_run(session, row, err);
    sqlite3_finalize(row);
    return ok;
}

static bool insert_onsets(struct session *session, int number, const struct take *take,
                          struct error *err)
{
    sqlite3_stmt *row =
        sql_prepare(session, "INSERT INTO take_onset VALUES (?, ?, ?, ?, ?, ?, ?)", err);
    bool ok = row != NULL;
    for (int i = 0; ok && i < take->onset_count; i++) {
        const struct take_onset *onset = &take->onsets[i];
        sqlite3_bind_int(row, 1, number);
        sqlite3_bind_int(row, 2, i);
        sqlite3_bind_int64(row, 3, onset->frame);
        sqlite3_bind_int64(row, 4, onset->heard_frame);
        sqlite3_bind_double(row, 5, (double)onset->strength);
        sqlite3_bind_int(row, 6, onset->step);
        sqlite3_bind_double(row, 7, onset->deviation_ms);
        ok = sql_run(session, row, err);
    }
    sqlite3_finalize(row);
    return ok;
}

static bool insert_steps(struct session *session, int number, const struct take *take,
                         struct error *err)
{
    sqlite3_stmt *row =
        sql_prepare(session, "INSERT INTO take_step VALUES (?, ?, ?, ?, ?, ?)", err);
    bool ok = row != NULL;
    for (int i = 0; ok && i < take->step_count; i++) {
        const struct take_step *step = &take->steps[i];
        sqlite3_bind_int(row, 1, number);
        sqlite3_bind_int(row, 2, step->step);
        sqlite3_bind_int(row, 3, step->planned);
        sqlite3_bind_double(row, 4, step->predicted_ms);
        sqlite3_bind_double(row, 5, step->predicted_sd_ms);
        sqlite3_bind_double(row, 6, step->drums_ms);
        ok = sql_run(session, row, err);
    }
    sqlite3_finalize(row);
    return ok;
}

static bool insert_hits(struct session *session, int number, const struct take *take,
                        struct error *err)
{
    sqlite3_stmt *row = sql_prepare(session, "INSERT INTO take_hit VALUES (?, ?, ?, ?)", err);
    bool ok = row != NULL;
    for (int i = 0; ok && i < take->hit_count; i++) {
        const struct take_hit *hit = &take->hits[i];
        sqlite3_bind_int(row, 1, number);
        sqlite3_bind_int(row, 2, hit->hit);
        sqlite3_bind_int(row, 3, hit->velocity);
        sqlite3_bind_int64(row, 4, hit->frame);
        ok = sql_run(session, row, err);
    }
    sqlite3_finalize(row);
    return ok;
}

int session_take_add(struct session *session, const struct take *take, const struct score *score,
                     int checkpoint, struct error *err)
{
    if (!take_check(take, score, err)) {
        error_prefix(err, "cannot store a take in session '%s'", session->info.path);
        return 0;
    }
    if (!sql_begin(session, err))
        return 0;
    int number = 0;
    bool ok = schema_upgrade(session, err) && sql_has_checkpoint(session, checkpoint, err) &&
              numbering_next(session, "take", &number, err) &&
              insert_row(session, number, take, checkpoint, err) &&
              insert_onsets(session, number, take, err) &&
              insert_steps(session, number, take, err) && insert_hits(session, number, take, err) &&
              take_changes_insert(session, number, take, err) &&
              take_practice_insert(session, number, &take->settings.practice, err) &&
              take_sound_insert(session, number, &take->sound, err) &&
              take_recording_insert(session, number, &take->recording, err);
    return sql_end(session, ok, err) ? number : 0;
}

bool sql_mark_take(struct session *session, int number, enum take_status status, struct error *err)
{
    sqlite3_stmt *update = sql_prepare(session, "UPDATE take SET status = ? WHERE number = ?", err);
    if (!update)
        return false;
    sqlite3_bind_text(update, 1, take_status_name(status), -1, SQLITE_STATIC);
    sqlite3_bind_int(update, 2, number);
    bool ok = sql_run(session, update, err);
    sqlite3_finalize(update);
    if (ok && sqlite3_changes(session->handle) == 0)
        return error_set(err, "session '%s' has no take %d", session->info.path, number);
    return ok;
}

bool session_take_set_status(struct session *session, int number, enum take_status status,
                             struct error *err)
{
    return sql_begin(session, err) &&
           sql_end(session, sql_mark_take(session, number, status, err), err);
}

/* ---- reading ---- */

#define COLUMNS                                                                                    \
    "number, status, date_s, coalesce(checkpoint, 0), model, seed, follow, expression, leash_ms,"  \
    " tempo_percent, first_bar, last_bar, rate, lead_frames, round_trip_frames, stop_frame,"       \
    " xruns, steps, hits, onsets, matched, deadline_misses, prediction_mae_ms,"                    \
    " asynchrony_mae_ms, asynchrony_mean_ms"

static bool read_status(sqlite3_stmt *row, int column, enum take_status *status)
{
    char name[16];
    sql_text(row, column, name, sizeof name);
    for (int i = 0; i < STATUS_COUNT; i++)
        if (strcmp(name, statuses[i]) == 0) {
            *status = (enum take_status)i;
            return true;
        }
    return false;
}

static void read_settings(sqlite3_stmt *row, int i, struct take_settings *settings)
{
    sql_text(row, i++, settings->model, sizeof settings->model);
    settings->seed = (uint64_t)sqlite3_column_int64(row, i++);
    settings->controls.follow = sql_real(row, i++);
    settings->controls.expression = sql_real(row, i++);
    settings->controls.leash_ms = sql_real(row, i++);
    settings->tempo_percent = sql_real(row, i++);
    settings->first_bar = sql_int(row, i++);
    settings->last_bar = sql_int(row, i++);
    settings->rate = sql_int(row, i++);
    settings->lead_frames = sqlite3_column_int64(row, i++);
    settings->round_trip_frames = sqlite3_column_int64(row, i++);
}

static bool read_row(struct session *session, sqlite3_stmt *row, struct session_take *info,
                     struct error *err)
{
    memset(info, 0, sizeof *info);
    info->number = sql_int(row, 0);
    bool known = read_status(row, 1, &info->status);
    info->date_s = sqlite3_column_int64(row, 2);
    info->checkpoint = sql_int(row, 3);
    read_settings(row, 4, &info->settings);
    info->stop_frame = sqlite3_column_int64(row, 15);
    info->xruns = sql_int(row, 16);
    info->summary = (struct take_summary){
        .steps = sql_int(row, 17),
        .hits = sql_int(row, 18),
        .onsets = sql_int(row, 19),
        .matched = sql_int(row, 20),
        .deadline_misses = sql_int(row, 21),
        .prediction_mae_ms = sql_real(row, 22),
        .asynchrony_mae_ms = sql_real(row, 23),
        .asynchrony_mean_ms = sql_real(row, 24),
    };
    if (!notes_read(session, row, 25, info->note, err))
        return false;
    struct error why;
    if (info->number < 1 || info->checkpoint < 0 || !known)
        return sql_damaged(session, err, "take %d has no status or no number", info->number);
    if (!take_check_info(info, &why))
        return sql_damaged(session, err, "take %d: %s", info->number, why.text);
    return true;
}

/* "SELECT ... FROM take" and `rest`. */
static bool selection(struct session *session, const char *rest, char sql[SQL_SIZE],
                      struct error *err)
{
    char note[NOTES_SQL_SIZE];
    if (!notes_column(session, "take", note, err))
        return false;
    sqlite3_snprintf(SQL_SIZE, sql, "SELECT " COLUMNS ", %s FROM take %s", note, rest);
    return true;
}

bool session_take_info(struct session *session, int number, struct session_take *info,
                       struct error *err)
{
    char sql[SQL_SIZE];
    if (!selection(session, "WHERE number = ?", sql, err))
        return false;
    sqlite3_stmt *row = sql_numbered(session, sql, "take", number, err);
    bool ok = row && read_row(session, row, info, err) && take_leashes_read(session, info, err) &&
              take_practice_read(session, info, err) && take_sound_read(session, info, err) &&
              take_recording_read_size(session, info, err);
    sqlite3_finalize(row);
    return ok;
}

bool session_takes(struct session *session, struct session_take **list, int *count,
                   struct error *err)
{
    char sql[SQL_SIZE];
    if (!selection(session, "ORDER BY number", sql, err))
        return false;
    sqlite3_stmt *rows = sql_prepare(session, sql, err);
    if (!rows)
        return false;
    struct session_take *found = NULL;
    int length = 0;
    bool ok = true;
    enum sql_step step = SQL_DONE;
    while (ok && (step = sql_step(session, rows, err)) == SQL_ROW)
        ok = sql_grow(session, (void **)&found, length, sizeof *found, err) &&
             read_row(session, rows, &found[length], err) &&
             take_leashes_read(session, &found[length], err) &&
             take_practice_read(session, &found[length], err) &&
             take_sound_read(session, &found[length], err) &&
             take_recording_read_size(session, &found[length++], err);
    sqlite3_finalize(rows);
    if (!ok || step == SQL_FAILED) {
        free(found);
        return false;
    }
    *list = found;
    *count = length;
    return true;
}

/* Reads the rows of one table into the take with `read`, and wants exactly as many as the take had
 * when it was stored. */
static bool read_rows(struct session *session, int number, const char *sql, const char *what,
                      int wanted, void (*read)(sqlite3_stmt *, struct take *), struct take *take,
                      struct error *err)
{
    sqlite3_stmt *rows = sql_prepare(session, sql, err);
    if (!rows)
        return false;
    sqlite3_bind_int(rows, 1, number);
    int found = 0;
    enum sql_step step;
    while ((step = sql_step(session, rows, err)) == SQL_ROW && found < wanted) {
        read(rows, take);
        found++;
    }
    sqlite3_finalize(rows);
    if (step == SQL_FAILED)
        return false;
    if (step == SQL_ROW || found < wanted)
        return sql_damaged(session, err, "take %d has not the %d %s it was stored with", number,
                           wanted, what);
    return true;
}

static void read_onset(sqlite3_stmt *row, struct take *take)
{
    take->onsets[take->onset_count++] = (struct take_onset){
        .frame = sqlite3_column_int64(row, 0),
        .heard_frame = sqlite3_column_int64(row, 1),
        .strength = (float)sql_real(row, 2),
        .step = sql_int(row, 3),
        .deviation_ms = sql_real(row, 4),
    };
}

static void read_step(sqlite3_stmt *row, struct take *take)
{
    take->steps[take->step_count++] = (struct take_step){
        .step = sql_int(row, 0),
        .planned = sql_int(row, 1) != 0,
        .predicted_ms = sql_real(row, 2),
        .predicted_sd_ms = sql_real(row, 3),
        .drums_ms = sql_real(row, 4),
    };
}

static void read_hit(sqlite3_stmt *row, struct take *take)
{
    take->hits[take->hit_count++] = (struct take_hit){
        .hit = sql_int(row, 0),
        .velocity = sql_int(row, 1),
        .frame = sqlite3_column_int64(row, 2),
    };
}

static bool read_contents(struct session *session, const struct session_take *info,
                          struct take *take, struct error *err)
{
    return read_rows(session, info->number,
                     "SELECT frame, heard_frame, strength, step, deviation_ms FROM take_onset"
                     " WHERE take = ? ORDER BY place",
                     "onsets", info->summary.onsets, read_onset, take, err) &&
           read_rows(session, info->number,
                     "SELECT step, planned, predicted_ms, predicted_sd_ms, drums_ms FROM take_step"
                     " WHERE take = ? ORDER BY step",
                     "steps", info->summary.steps, read_step, take, err) &&
           read_rows(session, info->number,
                     "SELECT hit, velocity, frame FROM take_hit WHERE take = ? ORDER BY hit",
                     "hits", info->summary.hits, read_hit, take, err);
}

struct take *session_take_get(struct session *session, int number, const struct score *score,
                              struct error *err)
{
    struct session_take info;
    if (!session_take_info(session, number, &info, err))
        return NULL;
    if (info.summary.steps > score->step_count || info.summary.hits > score->hit_count) {
        sql_damaged(session, err, "take %d is longer than the score", number);
        return NULL;
    }
    int changes;
    if (!take_changes_count(session, number, &changes, err))
        return NULL;
    struct take *take = take_new(score, &info.settings, info.summary.onsets, changes);
    if (!take) {
        error_set(err, "cannot read session '%s': out of memory", session->info.path);
        return NULL;
    }
    take->sound = info.sound;
    take->stop_frame = info.stop_frame;
    take->xruns = info.xruns;
    struct error why;
    bool ok = read_contents(session, &info, take, err) &&
              take_changes_read(session, number, changes, take, err);
    if (ok && !take_check(take, score, &why))
        ok = sql_damaged(session, err, "take %d: %s", number, why.text);
    if (!ok) {
        take_free(take);
        return NULL;
    }
    return take;
}

bool session_takes_numbered(struct session *session, int *highest, struct error *err)
{
    return numbering_highest(session, "take", highest, err);
}
