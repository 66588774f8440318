#include "store/notes.h"

#include "base/utf8.h"
#include "store/schema.h"

#include <string.h>

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

static bool check(const char *text, struct error *err)
{
    if (strlen(text) >= SESSION_NOTE_SIZE)
        return error_set(err, "it is longer than %d bytes", SESSION_NOTE_SIZE - 1);
    for (int length; *text; text += length) {
        length = utf8_length(text);
        if (length == 0)
            return error_set(err, "it is no UTF-8");
        if (is_control(utf8_code(text, length)))
            return error_set(err, "it has a control character");
    }
    return true;
}

/* An empty text takes the note away. */
static bool write_note(struct session *session, const char *table, int number, const char *text,
                       struct error *err)
{
    char sql[120];
    sqlite3_snprintf(sizeof sql, sql,
                     text[0] ? "INSERT OR REPLACE INTO %s_note VALUES (?1, ?2)"
                             : "DELETE FROM %s_note WHERE %s = ?1",
                     table, table);
    sqlite3_stmt *row = sql_prepare(session, sql, err);
    if (!row)
        return false;
    sqlite3_bind_int(row, 1, number);
    if (text[0])
        sqlite3_bind_text(row, 2, text, -1, SQLITE_STATIC);
    bool ok = sql_run(session, row, err);
    sqlite3_finalize(row);
    return ok;
}

static bool exists(struct session *session, const char *table, int number, struct error *err)
{
    char sql[80];
    sqlite3_snprintf(sizeof sql, sql, "SELECT 1 FROM %s WHERE number = ?", table);
    sqlite3_stmt *row = sql_numbered(session, sql, table, number, err);
    sqlite3_finalize(row);
    return row != NULL;
}

static bool note(struct session *session, const char *table, int number, const char *text,
                 struct error *err)
{
    if (!check(text, err)) {
        error_prefix(err, "cannot note that");
        return false;
    }
    if (!sql_begin(session, err))
        return false;
    bool ok = exists(session, table, number, err) && schema_upgrade(session, err) &&
              write_note(session, table, number, text, err);
    return sql_end(session, ok, err);
}

bool session_note_take(struct session *session, int number, const char *text, struct error *err)
{
    return note(session, "take", number, text, err);
}

bool session_note_checkpoint(struct session *session, int number, const char *text,
                             struct error *err)
{
    return note(session, "checkpoint", number, text, err);
}

bool notes_column(struct session *session, const char *table, char sql[NOTES_SQL_SIZE],
                  struct error *err)
{
    bool has;
    if (!schema_has(session, "take_note", &has, err)) /* came with checkpoint_note */
        return false;
    if (has)
        sqlite3_snprintf(NOTES_SQL_SIZE, sql, "(SELECT text FROM %s_note WHERE %s = number)", table,
                         table);
    else
        sqlite3_snprintf(NOTES_SQL_SIZE, sql, "NULL");
    return true;
}

bool notes_read(struct session *session, sqlite3_stmt *row, int column, char out[SESSION_NOTE_SIZE],
                struct error *err)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    struct error why;
    memset(out, 0, SESSION_NOTE_SIZE);
    if (!text)
        return true;
    if (!check(text, &why))
        return sql_damaged(session, err, "a note: %s", why.text);
    strcpy(out, text);
    return true;
}
