#include "store/numbering.h"
#include "store/schema.h"
#include "store/sql.h"

/* A checkpoint and all that grew from it, ?1 being its number. */
#define BRANCH                                                                                     \
    "WITH RECURSIVE branch(number) AS (SELECT ?1 UNION SELECT checkpoint.number"                   \
    " FROM checkpoint JOIN branch ON checkpoint.parent = branch.number) "

/* The takes of a deletion, and before them what they have need of. */
struct takes {
    const char *with, *numbers;
};
static const struct takes one_take = {"", "SELECT ?1"},
                          takes_of_branch = {BRANCH, "SELECT number FROM take WHERE checkpoint IN"
                                                     " (SELECT number FROM branch)"};

/* Whatever is kept of a take beside its row. */
static const char *const take_tables[] = {
    "take_onset", "take_step",      "take_hit",      "take_leash", "take_change",
    "take_sound", "take_recording", "take_practice", "take_note",
};

/* `sql` with ?1 bound. */
static sqlite3_stmt *prepare(struct session *session, const char *sql, int number,
                             struct error *err)
{
    sqlite3_stmt *statement = sql_prepare(session, sql, err);
    if (statement)
        sqlite3_bind_int(statement, 1, number);
    return statement;
}

static bool run(struct session *session, const char *sql, int number, struct error *err)
{
    sqlite3_stmt *statement = prepare(session, sql, number, err);
    bool ok = statement && sql_run(session, statement, err);
    sqlite3_finalize(statement);
    return ok;
}

/* Two columns of the first row; 0 and 0 where there is none. */
static bool find(struct session *session, const char *sql, int number, int found[2],
                 struct error *err)
{
    sqlite3_stmt *rows = prepare(session, sql, number, err);
    enum sql_step step = rows ? sql_step(session, rows, err) : SQL_FAILED;
    for (int i = 0; i < 2; i++)
        found[i] = step == SQL_ROW ? sql_int(rows, i) : 0;
    sqlite3_finalize(rows);
    return step != SQL_FAILED;
}

static bool delete_takes(struct session *session, const struct takes *takes, int number,
                         struct error *err)
{
    char sql[512];
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof take_tables / sizeof *take_tables; i++) {
        sqlite3_snprintf(sizeof sql, sql, "%sDELETE FROM %s WHERE take IN (%s)", takes->with,
                         take_tables[i], takes->numbers);
        ok = run(session, sql, number, err);
    }
    sqlite3_snprintf(sizeof sql, sql, "%sDELETE FROM take WHERE number IN (%s)", takes->with,
                     takes->numbers);
    return ok && run(session, sql, number, err);
}

/* A take and a checkpoint may each refer to the other: that all is well is asked once, at the end.
 * A number that was the highest is never given again. */
static bool begin_deletion(struct session *session, struct error *err)
{
    return schema_upgrade(session, err) && numbering_remember(session, "take", err) &&
           numbering_remember(session, "checkpoint", err) &&
           sql_exec(session, "PRAGMA defer_foreign_keys = ON", err);
}

/* A file shrinks with every deletion, in the same transaction; one from before there were deletions
 * is written anew for that, once. Where that cannot be done the room is used by what comes next. */
static void shrink(struct session *session)
{
    int64_t shrinks;
    if (sql_integer(session, "PRAGMA auto_vacuum", &shrinks, NULL) && shrinks == 0)
        sql_exec(session, "PRAGMA auto_vacuum = FULL; VACUUM", NULL);
}

bool session_take_deletable(struct session *session, int number, struct error *err)
{
    struct session_take info;
    int pupil[2];
    if (!session_take_info(session, number, &info, err) ||
        !find(session, "SELECT number, 0 FROM checkpoint WHERE take = ?1", number, pupil, err))
        return false;
    if (pupil[0] == 0)
        return true;
    error_set(err, "cannot delete take %d: drummer #%d has learnt from it", number, pupil[0]);
    return error_hint(err, "delete drummer #%d first, or keep the take", pupil[0]);
}

bool session_take_delete(struct session *session, int number, struct error *err)
{
    if (!sql_begin(session, err))
        return false;
    bool ok = session_take_deletable(session, number, err) && begin_deletion(session, err) &&
              delete_takes(session, &one_take, number, err);
    if (!sql_end(session, ok, err))
        return false;
    shrink(session);
    return true;
}

/* Who plays now must stay. */
static bool check_current(struct session *session, int number, struct error *err)
{
    int current[2];
    if (!find(session,
              BRANCH "SELECT current, 0 FROM state WHERE current IN (SELECT number FROM branch)",
              number, current, err))
        return false;
    if (current[0] == 0)
        return true;
    if (current[0] == number)
        error_set(err, "cannot delete drummer #%d: it plays now", number);
    else
        error_set(err, "cannot delete drummer #%d: #%d, which plays now, grew from it", number,
                  current[0]);
    return error_hint(err, "let another drummer play first");
}

/* Nobody outside the branch may have learnt from a take of it. */
static bool check_pupils(struct session *session, int number, struct error *err)
{
    int pupil[2];
    if (!find(session,
              BRANCH "SELECT number, take FROM checkpoint WHERE take IN"
                     " (SELECT number FROM take WHERE checkpoint IN (SELECT number FROM branch))"
                     " AND number NOT IN (SELECT number FROM branch)",
              number, pupil, err))
        return false;
    if (pupil[0] == 0)
        return true;
    error_set(err, "cannot delete drummer #%d: #%d has learnt from take %d, which would go too",
              number, pupil[0], pupil[1]);
    return error_hint(err, "delete drummer #%d first", pupil[0]);
}

bool session_branch_deletable(struct session *session, int number, struct session_branch *branch,
                              struct error *err)
{
    struct session_checkpoint info;
    int counts[2];
    if (!session_checkpoint_info(session, number, &info, err) ||
        !check_current(session, number, err) || !check_pupils(session, number, err) ||
        !find(session,
              BRANCH "SELECT (SELECT count(*) FROM branch), (SELECT count(*) FROM take WHERE"
                     " checkpoint IN (SELECT number FROM branch))",
              number, counts, err))
        return false;
    *branch = (struct session_branch){.checkpoints = counts[0], .takes = counts[1]};
    return true;
}

static bool delete_checkpoints(struct session *session, int number, struct error *err)
{
    return run(session,
               BRANCH "DELETE FROM checkpoint_note WHERE checkpoint IN (SELECT number FROM branch)",
               number, err) &&
           run(session, BRANCH "DELETE FROM checkpoint WHERE number IN (SELECT number FROM branch)",
               number, err);
}

bool session_branch_delete(struct session *session, int number, struct error *err)
{
    struct session_branch branch;
    if (!sql_begin(session, err))
        return false;
    bool ok = session_branch_deletable(session, number, &branch, err) &&
              begin_deletion(session, err) &&
              delete_takes(session, &takes_of_branch, number, err) &&
              delete_checkpoints(session, number, err);
    if (!sql_end(session, ok, err))
        return false;
    shrink(session);
    return true;
}
