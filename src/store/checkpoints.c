#include "store/notes.h"
#include "store/numbering.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COLUMNS                                                                                    \
    "number, coalesce(parent, 0), coalesce(take, 0), model, date_s, epochs, loss_before,"          \
    " loss_after, seconds, length(bytes)"

enum { SQL_SIZE = 400 };

bool sql_has_checkpoint(struct session *session, int number, struct error *err)
{
    if (number == 0)
        return true;
    sqlite3_stmt *row = sql_numbered(session, "SELECT 1 FROM checkpoint WHERE number = ?",
                                     "checkpoint", number, err);
    sqlite3_finalize(row);
    return row != NULL;
}

static bool insert(struct session *session, int number, const struct session_checkpoint *info,
                   const void *bytes, size_t size, struct error *err)
{
    sqlite3_stmt *row =
        sql_prepare(session,
                    "INSERT INTO checkpoint (parent, take, model, date_s, epochs, loss_before,"
                    " loss_after, seconds, bytes, number) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    err);
    if (!row)
        return false;
    sql_bind_number(row, 1, info->parent);
    sql_bind_number(row, 2, info->take);
    sqlite3_bind_text(row, 3, info->model, -1, SQLITE_STATIC);
    sqlite3_bind_int64(row, 4, time(NULL));
    sqlite3_bind_int(row, 5, info->epochs);
    sql_bind_real(row, 6, info->loss_before);
    sql_bind_real(row, 7, info->loss_after);
    sqlite3_bind_double(row, 8, info->seconds);
    sqlite3_bind_int(row, 10, number);
    int code = sqlite3_bind_blob64(row, 9, bytes, size, SQLITE_STATIC);
    bool ok = code == SQLITE_OK ? sql_run(session, row, err) : sql_fail(session, err);
    sqlite3_finalize(row);
    return ok;
}

static bool make_current(struct session *session, int number, struct error *err)
{
    sqlite3_stmt *update = sql_prepare(session, "UPDATE state SET current = ?", err);
    if (!update)
        return false;
    sql_bind_number(update, 1, number);
    bool ok = sql_run(session, update, err);
    sqlite3_finalize(update);
    return ok;
}

int session_checkpoint_add(struct session *session, const struct session_checkpoint *info,
                           const void *bytes, size_t size, struct error *err)
{
    if (!sql_begin(session, err))
        return 0;
    int number = 0;
    bool ok = sql_has_checkpoint(session, info->parent, err) &&
              (info->take == 0 || sql_mark_take(session, info->take, TAKE_ACCEPTED, err)) &&
              numbering_next(session, "checkpoint", &number, err) &&
              insert(session, number, info, bytes, size, err) && make_current(session, number, err);
    return sql_end(session, ok, err) ? number : 0;
}

static bool read_row(struct session *session, sqlite3_stmt *row, struct session_checkpoint *info,
                     struct error *err)
{
    memset(info, 0, sizeof *info);
    info->number = sql_int(row, 0);
    info->parent = sql_int(row, 1);
    info->take = sql_int(row, 2);
    sql_text(row, 3, info->model, sizeof info->model);
    info->date_s = sqlite3_column_int64(row, 4);
    info->epochs = sql_int(row, 5);
    info->loss_before = sql_real(row, 6);
    info->loss_after = sql_real(row, 7);
    info->seconds = sql_real(row, 8);
    info->size = (size_t)sqlite3_column_int64(row, 9);
    if (!notes_read(session, row, 10, info->note, err))
        return false;
    if (info->number < 1 || info->parent < 0 || info->parent >= info->number || info->take < 0)
        return sql_damaged(session, err, "checkpoint %d grew from nothing", info->number);
    return true;
}

/* "SELECT ... FROM checkpoint" and `rest`. */
static bool selection(struct session *session, const char *rest, char sql[SQL_SIZE],
                      struct error *err)
{
    char note[NOTES_SQL_SIZE];
    if (!notes_column(session, "checkpoint", note, err))
        return false;
    sqlite3_snprintf(SQL_SIZE, sql, "SELECT " COLUMNS ", %s FROM checkpoint %s", note, rest);
    return true;
}

bool session_checkpoint_info(struct session *session, int number, struct session_checkpoint *info,
                             struct error *err)
{
    char sql[SQL_SIZE];
    if (!selection(session, "WHERE number = ?", sql, err))
        return false;
    sqlite3_stmt *row = sql_numbered(session, sql, "checkpoint", number, err);
    bool ok = row && read_row(session, row, info, err);
    sqlite3_finalize(row);
    return ok;
}

bool session_checkpoints(struct session *session, struct session_checkpoint **list, int *count,
                         struct error *err)
{
    char sql[SQL_SIZE];
    if (!selection(session, "ORDER BY number", sql, err))
        return false;
    sqlite3_stmt *rows = sql_prepare(session, sql, err);
    if (!rows)
        return false;
    struct session_checkpoint *found = NULL;
    int length = 0;
    bool ok = true;
    enum sql_step step = SQL_DONE;
    while (ok && (step = sql_step(session, rows, err)) == SQL_ROW)
        ok = sql_grow(session, (void **)&found, length, sizeof *found, err) &&
             read_row(session, rows, &found[length++], err);
    sqlite3_finalize(rows);
    if (!ok || step == SQL_FAILED) {
        free(found);
        return false;
    }
    *list = found;
    *count = length;
    return true;
}

uint8_t *session_checkpoint_get(struct session *session, int number, size_t *size,
                                struct error *err)
{
    sqlite3_stmt *row = sql_numbered(session, "SELECT bytes FROM checkpoint WHERE number = ?",
                                     "checkpoint", number, err);
    uint8_t *bytes = row ? sql_bytes(session, row, 0, size, err) : NULL;
    sqlite3_finalize(row);
    return bytes;
}

bool session_current(struct session *session, int *number, struct error *err)
{
    int64_t current;
    if (!sql_integer(session, "SELECT coalesce(current, 0) FROM state", &current, err))
        return false;
    if (current < 0 || current > INT32_MAX)
        return sql_damaged(session, err, "no such checkpoint can be current");
    *number = (int)current;
    return true;
}

bool session_set_current(struct session *session, int number, struct error *err)
{
    if (!sql_begin(session, err))
        return false;
    bool ok = sql_has_checkpoint(session, number, err) && make_current(session, number, err);
    return sql_end(session, ok, err);
}
