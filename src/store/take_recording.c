#include "store/take_recording.h"

#include "store/schema.h"
#include "store/take_check.h"

bool take_recording_insert(struct session *session, int number,
                           const struct take_recording *recording, struct error *err)
{
    if (!recording->bytes)
        return true;
    sqlite3_stmt *row = sql_prepare(session, "INSERT INTO take_recording VALUES (?, ?, ?)", err);
    if (!row)
        return false;
    sqlite3_bind_int(row, 1, number);
    sqlite3_bind_int64(row, 2, recording->first_frame);
    int code = sqlite3_bind_blob64(row, 3, recording->bytes, recording->size, SQLITE_STATIC);
    bool ok = code == SQLITE_OK ? sql_run(session, row, err) : sql_fail(session, err);
    sqlite3_finalize(row);
    return ok;
}

bool take_recording_read_size(struct session *session, struct session_take *info, struct error *err)
{
    sqlite3_stmt *row;
    info->recording_size = 0;
    if (!schema_find(session, "take_recording",
                     "SELECT length(bytes) FROM take_recording WHERE take = ?", info->number, &row,
                     err))
        return false;
    if (row)
        info->recording_size = (size_t)sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    return true;
}

bool session_recording(struct session *session, int number, struct take_recording *recording,
                       struct error *err)
{
    sqlite3_stmt *row;
    *recording = (struct take_recording){.bytes = NULL};
    if (!schema_find(session, "take_recording",
                     "SELECT first_frame, bytes FROM take_recording WHERE take = ?", number, &row,
                     err))
        return false;
    if (!row)
        return true;
    struct error why;
    recording->first_frame = sqlite3_column_int64(row, 0);
    if (take_check_recording(recording, &why))
        recording->bytes = sql_bytes(session, row, 1, &recording->size, err);
    else
        sql_damaged(session, err, "take %d: %s", number, why.text);
    sqlite3_finalize(row);
    return recording->bytes != NULL;
}
