#include "store/take_changes.h"

#include "store/schema.h"

#include <string.h>

static bool insert_leashes(struct session *session, int number, const struct controls *controls,
                           struct error *err)
{
    sqlite3_stmt *row = sql_prepare(session, "INSERT INTO take_leash VALUES (?, ?, ?)", err);
    bool ok = row != NULL;
    for (int drum = 0; ok && drum < DRUM_COUNT; drum++) {
        if (!(controls->leashed & 1u << drum))
            continue;
        sqlite3_bind_int(row, 1, number);
        sqlite3_bind_int(row, 2, drum);
        sqlite3_bind_double(row, 3, controls->drum_leash_ms[drum]);
        ok = sql_run(session, row, err);
    }
    sqlite3_finalize(row);
    return ok;
}

bool take_changes_insert(struct session *session, int number, const struct take *take,
                         struct error *err)
{
    if (!insert_leashes(session, number, &take->settings.controls, err))
        return false;
    sqlite3_stmt *row =
        sql_prepare(session, "INSERT INTO take_change VALUES (?, ?, ?, ?, ?, ?, ?)", err);
    bool ok = row != NULL;
    for (int i = 0; ok && i < take->change_count; i++) {
        const struct change *change = &take->changes[i];
        sqlite3_bind_int(row, 1, number);
        sqlite3_bind_int(row, 2, i);
        sqlite3_bind_int64(row, 3, change->frame);
        sqlite3_bind_text(row, 4, change_name(change->kind), -1, SQLITE_STATIC);
        sqlite3_bind_int(row, 5, change->drum);
        sqlite3_bind_int(row, 6, change->bar);
        sqlite3_bind_double(row, 7, change->value);
        ok = sql_run(session, row, err);
    }
    sqlite3_finalize(row);
    return ok;
}

/* `sql` with the take's number bound. */
static sqlite3_stmt *rows_of(struct session *session, int number, const char *sql,
                             struct error *err)
{
    sqlite3_stmt *rows = sql_prepare(session, sql, err);
    if (rows)
        sqlite3_bind_int(rows, 1, number);
    return rows;
}

bool take_leashes_read(struct session *session, struct session_take *info, struct error *err)
{
    struct controls *controls = &info->settings.controls;
    bool has;
    if (!schema_has(session, "take_leash", &has, err))
        return false;
    if (!has)
        return true;
    sqlite3_stmt *rows =
        rows_of(session, info->number, "SELECT drum, leash_ms FROM take_leash WHERE take = ?", err);
    if (!rows)
        return false;
    enum sql_step step = SQL_FAILED;
    bool sound = true;
    while (sound && (step = sql_step(session, rows, err)) == SQL_ROW) {
        int drum = sql_int(rows, 0);
        double leash_ms = sql_real(rows, 1);
        sound = drum >= 0 && drum < DRUM_COUNT && leash_ms >= 0 && leash_ms <= LEASH_MOST_MS;
        if (sound) {
            controls->drum_leash_ms[drum] = leash_ms;
            controls->leashed = (uint16_t)(controls->leashed | 1u << drum);
        }
    }
    sqlite3_finalize(rows);
    if (!sound)
        return sql_damaged(session, err, "take %d: a drum's leash is out of range", info->number);
    return step == SQL_DONE;
}

bool take_changes_count(struct session *session, int number, int *count, struct error *err)
{
    bool has;
    *count = 0;
    if (!schema_has(session, "take_change", &has, err))
        return false;
    if (!has)
        return true;
    sqlite3_stmt *row =
        rows_of(session, number, "SELECT count(*) FROM take_change WHERE take = ?", err);
    bool ok = row && sql_step(session, row, err) == SQL_ROW;
    if (ok)
        *count = sql_int(row, 0);
    sqlite3_finalize(row);
    if (ok && *count > TAKE_MOST_CHANGES)
        return sql_damaged(session, err, "take %d has %d changes", number, *count);
    return ok;
}

static enum change_kind kind_of(sqlite3_stmt *row, int column)
{
    char name[16];
    sql_text(row, column, name, sizeof name);
    int kind = 0;
    while (kind < CHANGE_KINDS && strcmp(name, change_name((enum change_kind)kind)) != 0)
        kind++;
    return (enum change_kind)kind;
}

bool take_changes_read(struct session *session, int number, int count, struct take *take,
                       struct error *err)
{
    if (count == 0)
        return true;
    sqlite3_stmt *rows = rows_of(session, number,
                                 "SELECT frame, kind, drum, bar, value, place FROM take_change"
                                 " WHERE take = ? ORDER BY place",
                                 err);
    if (!rows)
        return false;
    enum sql_step step;
    while ((step = sql_step(session, rows, err)) == SQL_ROW && take->change_count < count &&
           sql_int(rows, 5) == take->change_count)
        take->changes[take->change_count++] = (struct change){
            .frame = sqlite3_column_int64(rows, 0),
            .kind = kind_of(rows, 1),
            .drum = sql_int(rows, 2),
            .bar = sql_int(rows, 3),
            .value = sql_real(rows, 4),
        };
    sqlite3_finalize(rows);
    if (step == SQL_FAILED)
        return false;
    return step == SQL_DONE ||
           sql_damaged(session, err, "take %d: its changes are not one after the other", number);
}
