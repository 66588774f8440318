#include "store/session.h"

#include "base/paths.h"
#include "store/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Fills session->info. The hash is checked because it is compared and becomes part of file names.
 */
static bool load_info(struct session *session, struct error *err)
{
    if (!schema_check(session, err))
        return false;
    sqlite3_stmt *row = sql_prepare(session,
                                    "SELECT name, id, quantised, created_s FROM score, state"
                                    " WHERE score.one = 1 AND state.one = 1",
                                    err);
    if (!row)
        return false;
    struct session_info *info = &session->info;
    enum sql_step step = sql_step(session, row, err);
    if (step == SQL_ROW) {
        sql_text(row, 0, info->score_name, sizeof info->score_name);
        sql_text(row, 1, info->score_id, sizeof info->score_id);
        info->quantised = sql_int(row, 2) != 0;
        info->created_s = sqlite3_column_int64(row, 3);
    }
    sqlite3_finalize(row);
    if (step == SQL_FAILED)
        return false;
    if (step == SQL_DONE || strspn(info->score_id, "0123456789abcdef") != 16)
        return sql_damaged(session, err, "it says of no score that it is its own");
    return true;
}

static bool add_score(struct session *session, const struct score *score, struct error *err)
{
    sqlite3_stmt *insert =
        sql_prepare(session,
                    "INSERT INTO score (one, name, id, quantised, created_s, file)"
                    " VALUES (1, ?, ?, ?, ?, ?)",
                    err);
    if (!insert)
        return false;
    sqlite3_bind_text(insert, 1, score->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(insert, 2, score->id, -1, SQLITE_STATIC);
    sqlite3_bind_int(insert, 3, score->quantised);
    sqlite3_bind_int64(insert, 4, time(NULL));
    int code = sqlite3_bind_blob64(insert, 5, score->file, score->file_size, SQLITE_STATIC);
    bool ok = code == SQLITE_OK ? sql_run(session, insert, err) : sql_fail(session, err);
    sqlite3_finalize(insert);
    return ok && sql_exec(session, "INSERT INTO state (one) VALUES (1)", err);
}

/* A file that shrinks when something is deleted is so from its beginning, else it has to be written
 * anew (store/deletion.c). SQLite heeds this when it is prepared; to run it would write the file,
 * with nothing in it, before the transaction that fills it. */
static bool make_shrinking(struct session *session, struct error *err)
{
    sqlite3_stmt *heeded = sql_prepare(session, "PRAGMA auto_vacuum = FULL", err);
    sqlite3_finalize(heeded);
    return heeded != NULL;
}

/* Looks again whether the file is empty once it is locked: another process may have been quicker.
 */
static bool fill(struct session *session, const struct score *score, struct error *err)
{
    bool empty;
    if (!make_shrinking(session, err) || !sql_begin(session, err))
        return false;
    bool ok = schema_is_empty(session, &empty, err) &&
              (!empty || (schema_create(session, err) && add_score(session, score, err)));
    return sql_end(session, ok, err);
}

struct session *session_create(const char *path, const struct score *score, struct error *err)
{
    struct session *session = sql_open(path, SQL_OPEN_OR_CREATE, err);
    if (!session)
        return NULL;
    bool empty;
    bool ok = schema_is_empty(session, &empty, err) && (!empty || fill(session, score, err)) &&
              load_info(session, err);
    if (ok && strcmp(session->info.score_id, score->id) != 0) {
        error_set(err, "session '%s' belongs to another score ('%s')", path,
                  session->info.score_name);
        error_hint(err, "give another file with --session, or none");
        ok = false;
    }
    if (!ok) {
        sql_close(session);
        return NULL;
    }
    return session;
}

bool session_is_file(const char *path)
{
    static const char magic[16] = "SQLite format 3";
    char head[sizeof magic] = {0};
    FILE *file = paths_open_regular(path);
    if (!file)
        return false;
    bool begins_so =
        fread(head, 1, sizeof head, file) == sizeof head && memcmp(head, magic, sizeof magic) == 0;
    fclose(file);
    size_t length = strlen(path);
    return begins_so || (length > 3 && strcmp(path + length - 3, ".db") == 0);
}

struct session *session_open(const char *path, struct error *err)
{
    struct session *session = sql_open(path, SQL_OPEN_EXISTING, err);
    if (session && !load_info(session, err)) {
        sql_close(session);
        return NULL;
    }
    return session;
}

void session_close(struct session *session)
{
    sql_close(session);
}

const struct session_info *session_info(const struct session *session)
{
    return &session->info;
}

struct score *session_score(struct session *session, double tempo_percent, struct error *err)
{
    sqlite3_stmt *row = sql_prepare(session, "SELECT file FROM score", err);
    if (!row)
        return NULL;
    uint8_t *bytes = NULL;
    size_t size = 0;
    enum sql_step step = sql_step(session, row, err);
    if (step == SQL_ROW)
        bytes = sql_bytes(session, row, 0, &size, err);
    else if (step == SQL_DONE)
        sql_damaged(session, err, "the score is missing");
    sqlite3_finalize(row);
    if (!bytes)
        return NULL;
    const struct score_options options = {.quantise = session->info.quantised,
                                          .tempo_percent = tempo_percent};
    struct score *score = score_parse(bytes, size, session->info.score_name, &options, err);
    if (!score)
        error_prefix(err, "cannot read the score in session '%s'", session->info.path);
    free(bytes);
    return score;
}

bool session_check(struct session *session, struct error *err)
{
    sqlite3_stmt *row = sql_prepare(session, "PRAGMA integrity_check(1)", err);
    if (!row)
        return false;
    char verdict[200] = "";
    enum sql_step step = sql_step(session, row, err);
    if (step == SQL_ROW)
        sql_text(row, 0, verdict, sizeof verdict);
    sqlite3_finalize(row);
    if (step == SQL_FAILED)
        return false;
    if (strcmp(verdict, "ok") != 0)
        return sql_damaged(session, err, "%s", verdict);
    int64_t orphans;
    return sql_integer(session, "SELECT count(*) FROM pragma_foreign_key_check", &orphans, err) &&
           (orphans == 0 || sql_damaged(session, err, "%d rows belong to nothing", (int)orphans));
}
