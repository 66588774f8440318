/* The tables of a session file, and the proof that a file has them. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "store/sql.h"

/* Makes the tables in an empty file, inside the caller's transaction. */
bool schema_create(struct session *session, struct error *err);

/* True for a file with nothing in it yet. */
bool schema_is_empty(struct session *session, bool *empty, struct error *err);

/* False when the file is another program's, a newer rolypoly's, or has other tables than those of
 * its version: no view, trigger or changed column of a stranger's file is ever run. */
bool schema_check(struct session *session, struct error *err);

/* Whether the file's version has this table of ours. Another process may bring it up to date at
 * any time, but not within a transaction. */
bool schema_has(struct session *session, const char *table, bool *has, struct error *err);

/* *row stands on what is kept of a take in such a table, to be finalised by the caller: NULL, and
 * true, where nothing is. `sql` has the take's number as its one parameter. */
bool schema_find(struct session *session, const char *table, const char *sql, int take,
                 sqlite3_stmt **row, struct error *err);

/* Gives an older rolypoly's file the tables it lacks, inside the caller's transaction: whoever
 * writes a row of one does so first. To read never changes a file. */
bool schema_upgrade(struct session *session, struct error *err);

#endif
