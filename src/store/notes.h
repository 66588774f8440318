/* What the player has noted on takes and checkpoints, as a column of their lists. */
#ifndef STORE_NOTES_H
#define STORE_NOTES_H

#include "store/sql.h"

enum { NOTES_SQL_SIZE = 80 };

/* The SQL of that column in a SELECT from `table`, "take" or "checkpoint"; NULL throughout in a
 * file from before there were notes. */
bool notes_column(struct session *session, const char *table, char sql[NOTES_SQL_SIZE],
                  struct error *err);

/* "" where nothing is noted. */
bool notes_read(struct session *session, sqlite3_stmt *row, int column, char out[SESSION_NOTE_SIZE],
                struct error *err);

#endif
