/* The sessions of a folder: which file belongs to a score, and which to its earlier versions. */
#include "store/sql.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SLUG_MAX = 40, ID_SHORT = 8, ID_LONG = 16 };

/* "My Song (2nd take)" becomes "my-song-2nd-take". */
static void slug(const char *name, char out[SLUG_MAX + 1])
{
    int length = 0;
    for (; *name && length < SLUG_MAX; name++) {
        char c = *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a') : *name;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            out[length++] = c;
        else if (length > 0 && out[length - 1] != '-')
            out[length++] = '-';
    }
    while (length > 0 && out[length - 1] == '-')
        length--;
    out[length] = '\0';
    if (length == 0)
        memcpy(out, "song", sizeof "song");
}

static int is_session_name(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 3 && strcmp(entry->d_name + length - 3, ".db") == 0;
}

/* Calls `visit` with every session in the folder, by name, until it returns true. A folder that is
 * not there holds none. */
typedef bool visit(struct session *session, void *context);

static bool each_session(const char *folder, visit *found, void *context, struct error *err)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_session_name, alphasort);
    if (count < 0)
        return errno == ENOENT || error_errno(err, "cannot read folder '%s'", folder);
    bool done = false;
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        int length = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        free(entries[i]);
        if (done || length >= (int)sizeof path)
            continue;
        struct session *session = session_open(path, NULL);
        done = session && found(session, context);
        session_close(session);
    }
    free(entries);
    return true;
}

struct search {
    const char *id;
    char path[PATH_MAX];
};

static bool has_id(struct session *session, void *context)
{
    struct search *search = context;
    if (strcmp(session->info.score_id, search->id) != 0)
        return false;
    snprintf(search->path, sizeof search->path, "%s", session->info.path);
    return true;
}

/* A file that cannot be opened counts as the score's own: opening it then tells the user what is
 * wrong, where a fresh file would hide it. */
static bool is_free_or_own(const char *path, const char *id)
{
    struct session *session = session_open(path, NULL);
    bool other = session && strcmp(session->info.score_id, id) != 0;
    session_close(session);
    return !other;
}

bool session_find(const char *folder, const struct score *score, char *path, int size,
                  struct error *err)
{
    char name[SLUG_MAX + 1];
    slug(score->name, name);
    struct stat info;
    int length =
        snprintf(path, (size_t)size, "%s/%s-%.*s.db", folder, name, (int)ID_SHORT, score->id);
    if (length < size && stat(path, &info) == 0 && is_free_or_own(path, score->id))
        return true;
    struct search search = {.id = score->id};
    if (!each_session(folder, has_id, &search, err))
        return false;
    if (search.path[0]) {
        length = snprintf(path, (size_t)size, "%s", search.path);
    } else if (length < size && stat(path, &info) == 0) { /* two scores, one short hash */
        length =
            snprintf(path, (size_t)size, "%s/%s-%.*s.db", folder, name, (int)ID_LONG, score->id);
    }
    return length < size || error_set(err, "the path of folder '%s' is too long", folder);
}

struct siblings {
    const struct score *score;
    struct session_sibling *list;
    int count;
    bool out_of_memory;
};

static bool add_sibling(struct session *session, void *context)
{
    struct siblings *siblings = context;
    const struct session_info *info = &session->info;
    int64_t takes, checkpoints, last_s;
    if (strcmp(info->score_name, siblings->score->name) != 0 ||
        strcmp(info->score_id, siblings->score->id) == 0 ||
        !sql_integer(session, "SELECT count(*) FROM take", &takes, NULL) ||
        !sql_integer(session, "SELECT count(*) FROM checkpoint", &checkpoints, NULL) ||
        !sql_integer(session,
                     "SELECT coalesce(max(date_s), 0) FROM"
                     " (SELECT date_s FROM take UNION ALL SELECT date_s FROM checkpoint)",
                     &last_s, NULL))
        return false;
    char *path = strdup(info->path);
    if (!path || !sql_grow(session, (void **)&siblings->list, siblings->count,
                           sizeof *siblings->list, NULL)) {
        free(path);
        siblings->out_of_memory = true;
        return true;
    }
    siblings->list[siblings->count++] = (struct session_sibling){
        .path = path,
        .take_count = (int)takes,
        .checkpoint_count = (int)checkpoints,
        .last_s = last_s,
    };
    return false;
}

static int newer(const void *a, const void *b)
{
    const struct session_sibling *x = a, *y = b;
    return (y->last_s > x->last_s) - (y->last_s < x->last_s);
}

bool session_siblings(const char *folder, const struct score *score, struct session_sibling **list,
                      int *count, struct error *err)
{
    struct siblings siblings = {.score = score};
    bool ok = each_session(folder, add_sibling, &siblings, err);
    if (ok && siblings.out_of_memory)
        ok = error_set(err, "cannot list sessions: out of memory");
    if (!ok) {
        session_siblings_free(siblings.list, siblings.count);
        return false;
    }
    if (siblings.count > 0)
        qsort(siblings.list, (size_t)siblings.count, sizeof *siblings.list, newer);
    *list = siblings.list;
    *count = siblings.count;
    return true;
}

void session_siblings_free(struct session_sibling *list, int count)
{
    for (int i = 0; i < count; i++)
        free(list[i].path);
    free(list);
}

/* ---- all of them ---- */

/* The tables are not compared with what they should be: who opens it does that. */
static bool summarise(struct session *session, struct session_summary *summary)
{
    sqlite3_stmt *row = sql_prepare(session,
                                    "SELECT (SELECT name FROM score),"
                                    " (SELECT count(*) FROM take),"
                                    " (SELECT max(date_s) FROM take),"
                                    " (SELECT max(date_s) FROM checkpoint),"
                                    " (SELECT iif(matched > 0, asynchrony_mae_ms, NULL) FROM take"
                                    "  ORDER BY number DESC LIMIT 1)",
                                    NULL);
    bool good = row && sql_step(session, row, NULL) == SQL_ROW;
    if (good) {
        int64_t played_s = sqlite3_column_int64(row, 2), taught_s = sqlite3_column_int64(row, 3);
        sql_text(row, 0, summary->score_name, sizeof summary->score_name);
        summary->take_count = sql_int(row, 1);
        summary->last_s = played_s > taught_s ? played_s : taught_s;
        summary->last_ms = sql_real(row, 4);
    }
    sqlite3_finalize(row);
    return good;
}

/* One that cannot be read is dated by its file, so that it stands where it is looked for. */
static bool read_summary(const char *path, struct session_summary *summary)
{
    struct stat info;
    struct session *session = sql_open(path, SQL_OPEN_EXISTING, NULL);
    *summary = (struct session_summary){.path = strdup(path), .last_ms = NAN};
    summary->damaged = !session || !summarise(session, summary);
    if (summary->damaged && stat(path, &info) == 0)
        summary->last_s = info.st_mtime;
    sql_close(session);
    return summary->path != NULL;
}

static int later(const void *a, const void *b)
{
    const struct session_summary *x = a, *y = b;
    return (y->last_s > x->last_s) - (y->last_s < x->last_s);
}

bool session_list(const char *folder, struct session_summary **list, int *count, struct error *err)
{
    struct dirent **entries;
    int found = scandir(folder, &entries, is_session_name, alphasort), read = 0;
    *list = NULL;
    *count = 0;
    if (found < 0)
        return errno == ENOENT || error_errno(err, "cannot read folder '%s'", folder);
    struct session_summary *all = calloc((size_t)found + 1, sizeof *all);
    bool good = all != NULL;
    for (int i = 0; i < found; i++) {
        char path[PATH_MAX];
        int length = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        free(entries[i]);
        if (good && length < (int)sizeof path)
            good = read_summary(path, &all[read++]);
    }
    free(entries);
    if (!good) {
        session_list_free(all, read);
        return error_set(err, "cannot list sessions: out of memory");
    }
    qsort(all, (size_t)read, sizeof *all, later);
    *list = all;
    *count = read;
    return true;
}

void session_list_free(struct session_summary *list, int count)
{
    for (int i = 0; i < count; i++)
        free(list[i].path);
    free(list);
}
