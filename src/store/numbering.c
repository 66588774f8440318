#include "store/numbering.h"

#include "store/schema.h"

#include <limits.h>

/* The larger of `*highest` and the first column of `sql`. */
static bool raise(struct session *session, const char *sql, int64_t *highest, struct error *err)
{
    int64_t number;
    if (!sql_integer(session, sql, &number, err))
        return false;
    if (number > *highest)
        *highest = number;
    return true;
}

/* Those that are there; and, where some were deleted, those that were. */
static bool read_highest(struct session *session, const char *table, int64_t *highest,
                         struct error *err)
{
    char sql[120];
    bool has;
    *highest = 0;
    sqlite3_snprintf(sizeof sql, sql, "SELECT coalesce(max(number), 0) FROM %s", table);
    if (!raise(session, sql, highest, err) || !schema_has(session, "numbering", &has, err))
        return false;
    sqlite3_snprintf(sizeof sql, sql,
                     "SELECT coalesce(max(highest), 0) FROM numbering WHERE what = '%s'", table);
    return !has || raise(session, sql, highest, err);
}

bool numbering_highest(struct session *session, const char *table, int *number, struct error *err)
{
    int64_t highest;
    if (!read_highest(session, table, &highest, err))
        return false;
    *number = highest < INT_MAX ? (int)highest : INT_MAX;
    return true;
}

bool numbering_next(struct session *session, const char *table, int *number, struct error *err)
{
    if (!numbering_highest(session, table, number, err))
        return false;
    if (*number == INT_MAX)
        return sql_damaged(session, err, "its numbers are used up");
    ++*number;
    return true;
}

bool numbering_remember(struct session *session, const char *table, struct error *err)
{
    int highest;
    char sql[120];
    if (!numbering_highest(session, table, &highest, err))
        return false;
    sqlite3_snprintf(sizeof sql, sql, "INSERT OR REPLACE INTO numbering VALUES ('%s', %d)", table,
                     highest);
    return sql_exec(session, sql, err);
}
