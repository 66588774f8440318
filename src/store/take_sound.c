#include "store/take_sound.h"

#include "store/schema.h"
#include "store/take_check.h"

#include <math.h>
#include <string.h>

bool take_sound_insert(struct session *session, int number, const struct take_sound *sound,
                       struct error *err)
{
    if (!sound->input[0] && !sound->output[0])
        return true;
    sqlite3_stmt *row =
        sql_prepare(session, "INSERT INTO take_sound VALUES (?, ?, ?, ?, ?, ?, ?)", err);
    if (!row)
        return false;
    sqlite3_bind_int(row, 1, number);
    sqlite3_bind_text(row, 2, sound->input, -1, SQLITE_STATIC);
    sqlite3_bind_text(row, 3, sound->output, -1, SQLITE_STATIC);
    sqlite3_bind_int(row, 4, sound->period);
    sqlite3_bind_text(row, 5, round_trip_source_name(sound->source), -1, SQLITE_STATIC);
    sqlite3_bind_double(row, 6, sound->round_trip_ms);
    sql_bind_real(row, 7, sound->drift_ppm);
    bool ok = sql_run(session, row, err);
    sqlite3_finalize(row);
    return ok;
}

static bool source_of(sqlite3_stmt *row, int column, enum round_trip_source *source)
{
    char name[16];
    sql_text(row, column, name, sizeof name);
    for (int i = 0; i < ROUND_TRIP_SOURCES; i++)
        if (strcmp(name, round_trip_source_name((enum round_trip_source)i)) == 0) {
            *source = (enum round_trip_source)i;
            return true;
        }
    return false;
}

static bool read_row(struct session *session, sqlite3_stmt *row, struct session_take *info,
                     struct error *err)
{
    struct take_sound *sound = &info->sound;
    struct error why;
    sql_text(row, 0, sound->input, sizeof sound->input);
    sql_text(row, 1, sound->output, sizeof sound->output);
    sound->period = sql_int(row, 2);
    sound->round_trip_ms = sql_real(row, 4);
    sound->drift_ppm = sql_real(row, 5);
    if (!source_of(row, 3, &sound->source))
        return sql_damaged(session, err, "take %d: the round trip is of no known kind",
                           info->number);
    return take_check_sound(sound, &why) ||
           sql_damaged(session, err, "take %d: %s", info->number, why.text);
}

bool take_sound_read(struct session *session, struct session_take *info, struct error *err)
{
    sqlite3_stmt *row;
    info->sound = (struct take_sound){.drift_ppm = NAN};
    if (!schema_find(session, "take_sound",
                     "SELECT input, output, period, round_trip, round_trip_ms,"
                     " drift_ppm FROM take_sound WHERE take = ?",
                     info->number, &row, err))
        return false;
    bool ok = !row || read_row(session, row, info, err);
    sqlite3_finalize(row);
    return ok;
}
