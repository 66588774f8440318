#include "store/schema.h"

#include <string.h>

/* PRAGMA application_id: "Roly". user_version counts the changes to the tables: a version is the
 * one before it and some tables more, so that an older file needs nothing but these. */
enum { APPLICATION = 0x526f6c79, VERSION = 3 };

/* What is played is kept in rows, not in blobs, so that `sqlite3 FILE` can answer questions of its
 * own. Floating-point columns that must come back bit for bit are ANY: REAL would make 0.0 of -0.0.
 */
static const struct table {
    int since; /* the first version that has it */
    const char *name, *sql;
} tables[] = {
    {1, "score",
     "CREATE TABLE score (one INTEGER PRIMARY KEY CHECK (one = 1),"
     " name TEXT NOT NULL, id TEXT NOT NULL, quantised INTEGER NOT NULL,"
     " created_s INTEGER NOT NULL, file BLOB NOT NULL) STRICT"},
    {1, "state",
     "CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1),"
     " current INTEGER REFERENCES checkpoint) STRICT"},
    {1, "checkpoint",
     "CREATE TABLE checkpoint (number INTEGER PRIMARY KEY,"
     " parent INTEGER REFERENCES checkpoint CHECK (parent < number),"
     " take INTEGER REFERENCES take, model TEXT NOT NULL,"
     " date_s INTEGER NOT NULL, epochs INTEGER NOT NULL,"
     " loss_before ANY, loss_after ANY, seconds ANY NOT NULL,"
     " bytes BLOB NOT NULL) STRICT"},
    {1, "take",
     "CREATE TABLE take (number INTEGER PRIMARY KEY, status TEXT NOT NULL"
     " CHECK (status IN ('undecided', 'accepted', 'rejected')),"
     " date_s INTEGER NOT NULL, checkpoint INTEGER REFERENCES checkpoint,"
     " model TEXT NOT NULL, seed INTEGER NOT NULL, follow ANY NOT NULL,"
     " expression ANY NOT NULL, leash_ms ANY NOT NULL, tempo_percent ANY NOT NULL,"
     " first_bar INTEGER NOT NULL, last_bar INTEGER NOT NULL, rate INTEGER NOT NULL,"
     " lead_frames INTEGER NOT NULL, round_trip_frames INTEGER NOT NULL,"
     " stop_frame INTEGER NOT NULL, xruns INTEGER NOT NULL,"
     " steps INTEGER NOT NULL, hits INTEGER NOT NULL, onsets INTEGER NOT NULL,"
     " matched INTEGER NOT NULL, deadline_misses INTEGER NOT NULL,"
     " prediction_mae_ms ANY, asynchrony_mae_ms ANY, asynchrony_mean_ms ANY) STRICT"},
    {1, "take_onset",
     "CREATE TABLE take_onset (take INTEGER NOT NULL REFERENCES take,"
     " place INTEGER NOT NULL, frame INTEGER NOT NULL,"
     " heard_frame INTEGER NOT NULL, strength ANY NOT NULL, step INTEGER NOT NULL,"
     " deviation_ms ANY NOT NULL, PRIMARY KEY (take, place)) STRICT, WITHOUT ROWID"},
    {1, "take_step",
     "CREATE TABLE take_step (take INTEGER NOT NULL REFERENCES take,"
     " step INTEGER NOT NULL, planned INTEGER NOT NULL, predicted_ms ANY NOT NULL,"
     " predicted_sd_ms ANY NOT NULL, drums_ms ANY NOT NULL,"
     " PRIMARY KEY (take, step)) STRICT, WITHOUT ROWID"},
    {1, "take_hit",
     "CREATE TABLE take_hit (take INTEGER NOT NULL REFERENCES take,"
     " hit INTEGER NOT NULL, velocity INTEGER NOT NULL, frame INTEGER NOT NULL,"
     " PRIMARY KEY (take, hit)) STRICT, WITHOUT ROWID"},
    {2, "take_leash",
     "CREATE TABLE take_leash (take INTEGER NOT NULL REFERENCES take,"
     " drum INTEGER NOT NULL, leash_ms ANY NOT NULL, PRIMARY KEY (take, drum))"
     " STRICT, WITHOUT ROWID"},
    {2, "take_change",
     "CREATE TABLE take_change (take INTEGER NOT NULL REFERENCES take,"
     " place INTEGER NOT NULL, frame INTEGER NOT NULL, kind TEXT NOT NULL,"
     " drum INTEGER NOT NULL, bar INTEGER NOT NULL, value ANY NOT NULL,"
     " PRIMARY KEY (take, place)) STRICT, WITHOUT ROWID"},
    {2, "take_sound",
     "CREATE TABLE take_sound (take INTEGER PRIMARY KEY REFERENCES take,"
     " input TEXT NOT NULL, output TEXT NOT NULL, period INTEGER NOT NULL,"
     " round_trip TEXT NOT NULL, round_trip_ms ANY NOT NULL, drift_ppm ANY) STRICT"},
    {3, "take_practice",
     "CREATE TABLE take_practice (take INTEGER PRIMARY KEY REFERENCES take,"
     " passes INTEGER NOT NULL, played INTEGER NOT NULL, vamp_first INTEGER NOT NULL,"
     " vamp_last INTEGER NOT NULL, ramp_percent ANY NOT NULL, play_bars INTEGER NOT NULL,"
     " out_bars INTEGER NOT NULL) STRICT"},
    {3, "take_recording",
     "CREATE TABLE take_recording (take INTEGER PRIMARY KEY REFERENCES take,"
     " first_frame INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT"},
    {3, "take_note",
     "CREATE TABLE take_note (take INTEGER PRIMARY KEY REFERENCES take, text TEXT NOT NULL) "
     "STRICT"},
    {3, "checkpoint_note",
     "CREATE TABLE checkpoint_note (checkpoint INTEGER PRIMARY KEY REFERENCES checkpoint,"
     " text TEXT NOT NULL) STRICT"},
    {3, "numbering",
     "CREATE TABLE numbering (what TEXT PRIMARY KEY, highest INTEGER NOT NULL)"
     " STRICT, WITHOUT ROWID"},
};

enum { TABLE_COUNT = sizeof tables / sizeof tables[0] };

/* The tables that came after version `have`. */
static bool add_tables(struct session *session, int have, struct error *err)
{
    char pragmas[96];
    sqlite3_snprintf(sizeof pragmas, pragmas,
                     "PRAGMA application_id = %d; PRAGMA user_version = %d;", APPLICATION, VERSION);
    bool ok = sql_exec(session, pragmas, err);
    for (int i = 0; ok && i < TABLE_COUNT; i++)
        if (tables[i].since > have)
            ok = sql_exec(session, tables[i].sql, err);
    return ok;
}

bool schema_create(struct session *session, struct error *err)
{
    return add_tables(session, 0, err);
}

/* Of the file, as user_version has it. */
static bool read_version(struct session *session, int *version, struct error *err)
{
    int64_t read;
    if (!sql_integer(session, "PRAGMA user_version", &read, err))
        return false;
    *version = (int)read;
    return true;
}

bool schema_has(struct session *session, const char *table, bool *has, struct error *err)
{
    int version;
    *has = false;
    if (!read_version(session, &version, err))
        return false;
    for (int i = 0; i < TABLE_COUNT; i++)
        if (strcmp(table, tables[i].name) == 0)
            *has = tables[i].since <= version;
    return true;
}

bool schema_find(struct session *session, const char *table, const char *sql, int take,
                 sqlite3_stmt **row, struct error *err)
{
    bool has;
    *row = NULL;
    if (!schema_has(session, table, &has, err))
        return false;
    if (!has)
        return true;
    sqlite3_stmt *found = sql_prepare(session, sql, err);
    if (!found)
        return false;
    sqlite3_bind_int(found, 1, take);
    enum sql_step step = sql_step(session, found, err);
    if (step == SQL_ROW)
        *row = found;
    else
        sqlite3_finalize(found);
    return step != SQL_FAILED;
}

bool schema_upgrade(struct session *session, struct error *err)
{
    int version;
    return read_version(session, &version, err) &&
           (version >= VERSION || add_tables(session, version, err));
}

bool schema_is_empty(struct session *session, bool *empty, struct error *err)
{
    int64_t things, application;
    if (!sql_integer(session, "SELECT count(*) FROM sqlite_schema", &things, err) ||
        !sql_integer(session, "PRAGMA application_id", &application, err))
        return false;
    *empty = things == 0 && application == 0;
    return true;
}

static bool is_table(const char *name, const char *sql, int version)
{
    for (int i = 0; i < TABLE_COUNT; i++)
        if (strcmp(name, tables[i].name) == 0)
            return tables[i].since <= version && strcmp(sql, tables[i].sql) == 0;
    return false;
}

static int table_count(int version)
{
    int count = 0;
    for (int i = 0; i < TABLE_COUNT; i++)
        count += tables[i].since <= version;
    return count;
}

/* The tables must be ours to the letter. sqlite_stat1 and 4 are what ANALYZE leaves, and harmless.
 */
static bool check_tables(struct session *session, int version, struct error *err)
{
    sqlite3_stmt *rows = sql_prepare(session,
                                     "SELECT name, sql FROM sqlite_schema"
                                     " WHERE name NOT IN ('sqlite_stat1', 'sqlite_stat4')",
                                     err);
    if (!rows)
        return false;
    int found = 0;
    enum sql_step step;
    while ((step = sql_step(session, rows, err)) == SQL_ROW) {
        const char *name = (const char *)sqlite3_column_text(rows, 0);
        const char *sql = (const char *)sqlite3_column_text(rows, 1);
        if (!name || !sql || !is_table(name, sql, version))
            break;
        found++;
    }
    sqlite3_finalize(rows);
    if (step == SQL_FAILED)
        return false;
    if (step == SQL_ROW || found != table_count(version))
        return sql_damaged(session, err, "its tables are not as rolypoly makes them");
    return true;
}

bool schema_check(struct session *session, struct error *err)
{
    int64_t application;
    int version;
    if (!sql_integer(session, "PRAGMA application_id", &application, err) ||
        !read_version(session, &version, err))
        return false;
    if (application != APPLICATION)
        return error_set(err, "'%s' is no rolypoly session", session->info.path);
    if (version > VERSION) {
        error_set(err, "session '%s' was made by a newer rolypoly (format %d, this one knows %d)",
                  session->info.path, version, VERSION);
        return error_hint(err, "update rolypoly");
    }
    if (version < 1)
        return sql_damaged(session, err, "format %d is unknown", version);
    return check_tables(session, version, err);
}
