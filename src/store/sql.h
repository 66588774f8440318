/* SQLite as the store's own files use it. Nobody outside src/store includes this.
 *
 * Every failure ends in sql_fail, which turns SQLite's code into a sentence about the file. */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include "store/session.h"

#include <sqlite3.h>

struct session {
    sqlite3 *handle;
    struct session_info
        info; /* info.path is set first, the rest once the file is known to be good */
};

enum sql_open { SQL_OPEN_EXISTING, SQL_OPEN_OR_CREATE };

/* Opens the file and prepares the connection; looks at nothing inside. NULL on failure. */
struct session *sql_open(const char *path, enum sql_open mode, struct error *err);
void sql_close(struct session *session);

bool sql_fail(struct session *session, struct error *err);
bool sql_damaged(struct session *session, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A compiled statement, to be finalised by the caller. NULL on failure. */
sqlite3_stmt *sql_prepare(struct session *session, const char *sql, struct error *err);

enum sql_step { SQL_FAILED, SQL_ROW, SQL_DONE };
enum sql_step sql_step(struct session *session, sqlite3_stmt *statement, struct error *err);

/* Runs a statement that gives no row, and makes it ready for its next run. */
bool sql_run(struct session *session, sqlite3_stmt *statement, struct error *err);

/* The same from text, without parameters. */
bool sql_exec(struct session *session, const char *sql, struct error *err);

/* The first column of the only row of `sql`. */
bool sql_integer(struct session *session, const char *sql, int64_t *out, struct error *err);

/* `sql` standing on the row whose number is its one parameter. NULL when there is none, which the
 * error then says: "session 'x.db' has no take 7", `what` being "take". */
sqlite3_stmt *sql_numbered(struct session *session, const char *sql, const char *what, int number,
                           struct error *err);

/* A writing transaction. sql_end commits when `ok`, else rolls back; true when it is committed. */
bool sql_begin(struct session *session, struct error *err);
bool sql_end(struct session *session, bool ok, struct error *err);

/* Columns, made safe: integers are clamped to int, NULL is NaN, text is cut to `size` and has no
 * control characters. */
int sql_int(sqlite3_stmt *statement, int column);
double sql_real(sqlite3_stmt *statement, int column);
void sql_text(sqlite3_stmt *statement, int column, char *out, size_t size);

/* The bytes of a column, malloc'd. NULL on failure. */
uint8_t *sql_bytes(struct session *session, sqlite3_stmt *statement, int column, size_t *size,
                   struct error *err);

/* Binds a number: NaN as NULL; a take or checkpoint 0, which is none, as NULL. */
void sql_bind_real(sqlite3_stmt *statement, int parameter, double value);
void sql_bind_number(sqlite3_stmt *statement, int parameter, int number);

/* Makes room for one more of `size` bytes in a list of `count`. */
bool sql_grow(struct session *session, void **list, int count, size_t size, struct error *err);

/* For use inside a transaction: true when there is such a checkpoint, or it is 0. */
bool sql_has_checkpoint(struct session *session, int number, struct error *err);
bool sql_mark_take(struct session *session, int number, enum take_status status, struct error *err);

#endif
