#include "store/take_practice.h"

#include "store/schema.h"

static bool is_plain(const struct practice *practice)
{
    return practice->passes == 0 && practice->vamp_first == 0 && practice->vamp_last == 0 &&
           practice->ramp_percent == 0 && practice->play_bars == 0 && practice->out_bars == 0;
}

bool take_practice_insert(struct session *session, int number, const struct practice *practice,
                          struct error *err)
{
    if (is_plain(practice))
        return true;
    sqlite3_stmt *row =
        sql_prepare(session, "INSERT INTO take_practice VALUES (?, ?, ?, ?, ?, ?, ?, ?)", err);
    if (!row)
        return false;
    sqlite3_bind_int(row, 1, number);
    sqlite3_bind_int(row, 2, practice->passes);
    sqlite3_bind_int(row, 3, practice->played);
    sqlite3_bind_int(row, 4, practice->vamp_first);
    sqlite3_bind_int(row, 5, practice->vamp_last);
    sqlite3_bind_double(row, 6, practice->ramp_percent);
    sqlite3_bind_int(row, 7, practice->play_bars);
    sqlite3_bind_int(row, 8, practice->out_bars);
    bool ok = sql_run(session, row, err);
    sqlite3_finalize(row);
    return ok;
}

static bool read_row(struct session *session, sqlite3_stmt *row, struct session_take *info,
                     struct error *err)
{
    const struct take_settings *settings = &info->settings;
    struct error why;
    info->settings.practice = (struct practice){
        .passes = sql_int(row, 0),
        .played = sql_int(row, 1),
        .vamp_first = sql_int(row, 2),
        .vamp_last = sql_int(row, 3),
        .ramp_percent = sql_real(row, 4),
        .play_bars = sql_int(row, 5),
        .out_bars = sql_int(row, 6),
    };
    return practice_check(&settings->practice, settings->first_bar, settings->last_bar, &why) ||
           sql_damaged(session, err, "take %d: %s", info->number, why.text);
}

bool take_practice_read(struct session *session, struct session_take *info, struct error *err)
{
    sqlite3_stmt *row;
    if (!schema_find(session, "take_practice",
                     "SELECT passes, played, vamp_first, vamp_last, ramp_percent,"
                     " play_bars, out_bars FROM take_practice WHERE take = ?",
                     info->number, &row, err))
        return false;
    bool ok = !row || read_row(session, row, info, err);
    sqlite3_finalize(row);
    return ok;
}
