#include "store/sql.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BUSY_MS = 5000, LARGEST_VALUE = 128 * 1024 * 1024 };

/* A rollback journal rather than a write-ahead log: between transactions a session is one file even
 * while it is open, which a user can copy; and it works on network and overlay file systems.
 * Sessions are written a few times a minute, so a log's speed would buy nothing. `extra` makes a
 * take that was stored survive a power cut too. A session file may come from a stranger: its schema
 * gets no trust, its pages are checked as they are read, and they are never mapped into memory. */
static const char settings[] = "PRAGMA journal_mode = DELETE;"
                               "PRAGMA synchronous = EXTRA;"
                               "PRAGMA foreign_keys = ON;"
                               "PRAGMA trusted_schema = OFF;"
                               "PRAGMA cell_size_check = ON;"
                               "PRAGMA temp_store = MEMORY;"
                               "PRAGMA mmap_size = 0;";

/* SQLite reads some names as something else than a file: "", ":memory:" and "file:...". A relative
 * path that begins with "./" is always a file. */
static char *plain_path(const char *path)
{
    size_t size = strlen(path) + 3;
    char *copy = malloc(size);
    if (copy)
        snprintf(copy, size, "%s%s", path[0] == '/' ? "" : "./", path);
    return copy;
}

/* SQLite would wait for ever on a pipe, and says little about what is not there. */
static bool check_file(const char *path, enum sql_open mode, struct error *err)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        if (errno == ENOENT && mode == SQL_OPEN_OR_CREATE)
            return true;
        return error_errno(err, "cannot open session '%s'", path);
    }
    if (!S_ISREG(info.st_mode))
        return error_set(err, "cannot open session '%s': it is no file", path);
    if (info.st_size == 0 && mode == SQL_OPEN_EXISTING)
        return error_set(err, "cannot open session '%s': it is empty", path);
    return true;
}

struct session *sql_open(const char *path, enum sql_open mode, struct error *err)
{
    if (!check_file(path, mode, err))
        return NULL;
    struct session *session = calloc(1, sizeof *session);
    if (!session || !(session->info.path = strdup(path))) {
        error_set(err, "cannot open session '%s': out of memory", path);
        sql_close(session);
        return NULL;
    }
    char *plain = plain_path(path);
    int flags = SQLITE_OPEN_READWRITE | (mode == SQL_OPEN_OR_CREATE ? SQLITE_OPEN_CREATE : 0);
    int code = plain ? sqlite3_open_v2(plain, &session->handle, flags, NULL) : SQLITE_NOMEM;
    free(plain);
    if (code != SQLITE_OK) {
        sql_fail(session, err);
        sql_close(session);
        return NULL;
    }
    sqlite3_busy_timeout(session->handle, BUSY_MS);
    session->info.read_only = sqlite3_db_readonly(session->handle, "main") == 1;
    sqlite3_limit(session->handle, SQLITE_LIMIT_LENGTH, LARGEST_VALUE);
    if (!sql_exec(session, settings, err)) {
        sql_close(session);
        return NULL;
    }
    return session;
}

void sql_close(struct session *session)
{
    if (!session)
        return;
    sqlite3_close(session->handle);
    free(session->info.path);
    free(session);
}

bool sql_fail(struct session *session, struct error *err)
{
    const char *path = session->info.path;
    sqlite3 *handle = session->handle;
    int code = handle ? sqlite3_errcode(handle) & 0xff : SQLITE_NOMEM;
    switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        error_set(err, "session '%s' is in use by another program", path);
        return error_hint(err, "close the other program, then try again");
    case SQLITE_FULL:
        error_set(err, "cannot write session '%s': the disk is full", path);
        return error_hint(err, "make room and try again; what was stored before is safe");
    case SQLITE_READONLY:
        error_set(err, "cannot write session '%s': it is read-only", path);
        return error_hint(err, "make the file and its folder writable, or copy it elsewhere");
    case SQLITE_NOTADB:
        return error_set(err, "'%s' is no rolypoly session", path);
    case SQLITE_CORRUPT:
        return sql_damaged(session, err, "%s", sqlite3_errmsg(handle));
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
        errno = sqlite3_system_errno(handle);
        if (errno)
            return error_errno(err, "cannot use session '%s'", path);
        break;
    }
    return error_set(err, "cannot use session '%s': %s", path,
                     handle ? sqlite3_errmsg(handle) : "out of memory");
}

bool sql_damaged(struct session *session, struct error *err, const char *format, ...)
{
    char what[256];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    error_set(err, "session '%s' is damaged: %s", session->info.path, what);
    return error_hint(err, "keep a copy; `sqlite3 FILE .recover` may save what is left");
}

sqlite3_stmt *sql_prepare(struct session *session, const char *sql, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(session->handle, sql, -1, &statement, NULL) != SQLITE_OK)
        sql_fail(session, err);
    return statement;
}

enum sql_step sql_step(struct session *session, sqlite3_stmt *statement, struct error *err)
{
    switch (sqlite3_step(statement)) {
    case SQLITE_ROW:
        return SQL_ROW;
    case SQLITE_DONE:
        return SQL_DONE;
    default:
        sql_fail(session, err);
        return SQL_FAILED;
    }
}

bool sql_run(struct session *session, sqlite3_stmt *statement, struct error *err)
{
    bool ok = sql_step(session, statement, err) == SQL_DONE;
    sqlite3_reset(statement);
    return ok;
}

bool sql_exec(struct session *session, const char *sql, struct error *err)
{
    return sqlite3_exec(session->handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
           sql_fail(session, err);
}

bool sql_integer(struct session *session, const char *sql, int64_t *out, struct error *err)
{
    sqlite3_stmt *statement = sql_prepare(session, sql, err);
    if (!statement)
        return false;
    enum sql_step step = sql_step(session, statement, err);
    if (step == SQL_ROW)
        *out = sqlite3_column_int64(statement, 0);
    else if (step == SQL_DONE)
        sql_damaged(session, err, "a row is missing");
    sqlite3_finalize(statement);
    return step == SQL_ROW;
}

sqlite3_stmt *sql_numbered(struct session *session, const char *sql, const char *what, int number,
                           struct error *err)
{
    sqlite3_stmt *statement = sql_prepare(session, sql, err);
    if (!statement)
        return NULL;
    sqlite3_bind_int(statement, 1, number);
    enum sql_step step = sql_step(session, statement, err);
    if (step == SQL_ROW)
        return statement;
    if (step == SQL_DONE)
        error_set(err, "session '%s' has no %s %d", session->info.path, what, number);
    sqlite3_finalize(statement);
    return NULL;
}

/* `immediate` takes the write lock at once, so that two writers wait for each other here, where
 * waiting is safe, and never find out half-way. */
bool sql_begin(struct session *session, struct error *err)
{
    return sql_exec(session, "BEGIN IMMEDIATE", err);
}

bool sql_end(struct session *session, bool ok, struct error *err)
{
    ok = ok && sql_exec(session, "COMMIT", err);
    if (!ok && !sqlite3_get_autocommit(session->handle))
        sqlite3_exec(session->handle, "ROLLBACK", NULL, NULL, NULL);
    return ok;
}

int sql_int(sqlite3_stmt *statement, int column)
{
    sqlite3_int64 value = sqlite3_column_int64(statement, column);
    return value < INT_MIN ? INT_MIN : value > INT_MAX ? INT_MAX : (int)value;
}

double sql_real(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? NAN
               : sqlite3_column_double(statement, column);
}

void sql_text(sqlite3_stmt *statement, int column, char *out, size_t size)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    memset(out, 0, size);
    for (size_t i = 0; text && text[i] && i + 1 < size; i++)
        out[i] = (unsigned char)text[i] < ' ' || text[i] == 0x7f ? '?' : text[i];
}

uint8_t *sql_bytes(struct session *session, sqlite3_stmt *statement, int column, size_t *size,
                   struct error *err)
{
    const void *bytes = sqlite3_column_blob(statement, column);
    *size = (size_t)sqlite3_column_bytes(statement, column);
    uint8_t *copy = malloc(*size + 1); /* never a request for nothing */
    if (!copy || (!bytes && *size > 0)) {
        error_set(err, "cannot read session '%s': out of memory", session->info.path);
        free(copy);
        return NULL;
    }
    if (bytes)
        memcpy(copy, bytes, *size);
    return copy;
}

void sql_bind_real(sqlite3_stmt *statement, int parameter, double value)
{
    if (isnan(value))
        sqlite3_bind_null(statement, parameter);
    else
        sqlite3_bind_double(statement, parameter, value);
}

void sql_bind_number(sqlite3_stmt *statement, int parameter, int number)
{
    if (number == 0)
        sqlite3_bind_null(statement, parameter);
    else
        sqlite3_bind_int(statement, parameter, number);
}

bool sql_grow(struct session *session, void **list, int count, size_t size, struct error *err)
{
    if (count & (count - 1)) /* room is a power of two */
        return true;
    void *larger = realloc(*list, (count ? 2 * (size_t)count : 1) * size);
    if (!larger)
        return error_set(err, "cannot read session '%s': out of memory", session->info.path);
    *list = larger;
    return true;
}
