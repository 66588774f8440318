#include "tui/library.h"

#include "score/score.h"
#include "store/session.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void forget_items(struct library *library)
{
    for (int i = 0; i < library->count; i++) {
        free(library->items[i].name);
        free(library->items[i].path);
    }
    free(library->items);
    free(library->shown);
    library->items = NULL;
    library->shown = NULL;
    library->count = library->shown_count = 0;
}

void library_release(struct library *library)
{
    forget_items(library);
    *library = (struct library){0};
}

static struct library_item *add(struct library *library, enum library_kind kind, const char *name,
                                const char *path)
{
    if ((library->count & (library->count - 1)) == 0) { /* room is a power of two */
        size_t room = library->count ? 2 * (size_t)library->count : 1;
        struct library_item *larger = realloc(library->items, room * sizeof *larger);
        if (!larger)
            return NULL;
        library->items = larger;
    }
    struct library_item *item = &library->items[library->count];
    *item = (struct library_item){
        .kind = kind, .name = strdup(name), .path = strdup(path), .last_ms = NAN};
    if (!item->name || !item->path) {
        free(item->name);
        free(item->path);
        return NULL;
    }
    library->count++;
    return item;
}

/* ---- sessions ---- */

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool add_session(struct library *library, const struct session_summary *summary)
{
    const char *name = summary->score_name[0] ? summary->score_name : file_name(summary->path);
    struct library_item *item = add(library, LIBRARY_SESSION, name, summary->path);
    if (!item)
        return false;
    item->take_count = summary->take_count;
    item->last_s = summary->last_s;
    item->last_ms = summary->last_ms;
    if (summary->damaged)
        snprintf(item->broken, sizeof item->broken, "cannot be read");
    return true;
}

static bool add_sessions(struct library *library, const char *folder, struct error *err)
{
    struct session_summary *list;
    int count;
    if (!session_list(folder, &list, &count, err))
        return false;
    bool good = true;
    for (int i = 0; good && i < count; i++)
        good = add_session(library, &list[i]);
    session_list_free(list, count);
    return (good && add(library, LIBRARY_DEMO, "demo", "")) || error_set(err, "out of memory");
}

/* ---- a folder ---- */

static bool is_score_name(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && (strcasecmp(dot, ".mid") == 0 || strcasecmp(dot, ".midi") == 0);
}

/* What a link leads to counts, and some file systems tell nothing in advance. */
static bool is_folder(const char *path, const struct dirent *entry)
{
    struct stat info;
    if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN)
        return entry->d_type == DT_DIR;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool add_entry(struct library *library, const struct dirent *entry)
{
    char path[PATH_MAX];
    const char *between = strcmp(library->folder, "/") == 0 ? "" : "/";
    int length = snprintf(path, sizeof path, "%s%s%s", library->folder, between, entry->d_name);
    if (length >= (int)sizeof path)
        return true;
    if (is_folder(path, entry))
        return add(library, LIBRARY_FOLDER, entry->d_name, path) != NULL;
    return !is_score_name(entry->d_name) || add(library, LIBRARY_SCORE, entry->d_name, path);
}

static bool add_up(struct library *library)
{
    char above[PATH_MAX];
    snprintf(above, sizeof above, "%s", library->folder);
    char *slash = strrchr(above, '/');
    if (!slash || strcmp(above, "/") == 0)
        return true;
    slash[slash == above] = '\0';
    return add(library, LIBRARY_UP, "..", above) != NULL;
}

static int by_kind_and_name(const void *a, const void *b)
{
    const struct library_item *x = a, *y = b;
    if (x->kind != y->kind)
        return (x->kind > y->kind) - (x->kind < y->kind);
    int order = strcasecmp(x->name, y->name);
    return order ? order : strcmp(x->name, y->name);
}

static bool add_folder(struct library *library, struct error *err)
{
    struct dirent **entries;
    int before = library->count;
    int count = scandir(library->folder, &entries, is_visible, NULL);
    if (count < 0) {
        error_errno(err, "cannot read folder '%s'", library->folder);
        add_up(library);
        return false;
    }
    bool good = add_up(library);
    for (int i = 0; i < count; i++) {
        good = good && add_entry(library, entries[i]);
        free(entries[i]);
    }
    free(entries);
    if (library->count > before)
        qsort(library->items + before, (size_t)(library->count - before), sizeof *library->items,
              by_kind_and_name);
    return good || error_set(err, "out of memory");
}

/* ---- what is shown ---- */

static bool holds(const char *text, const char *word, size_t length)
{
    for (; strlen(text) >= length; text++)
        if (strncasecmp(text, word, length) == 0)
            return true;
    return false;
}

static bool passes(const struct library_item *item, const char *filter)
{
    while (*filter) {
        size_t length = strcspn(filter, " ");
        if (length > 0 && !holds(item->name, filter, length))
            return false;
        filter += length + (filter[length] == ' ');
    }
    return true;
}

static void show_what_passes(struct library *library)
{
    assert(library->items || library->count == 0);
    library->shown_count = library->selected = library->first = 0;
    for (int i = 0; i < library->count; i++)
        if (passes(&library->items[i], library->filter))
            library->shown[library->shown_count++] = i;
    const struct library_item *first = library_selected(library);
    if (first && first->kind == LIBRARY_UP && library->shown_count > 1)
        library->selected = 1; /* nobody comes to leave */
}

bool library_read(struct library *library, const char *sessions, const char *folder,
                  struct error *err)
{
    char place[PATH_MAX] = "";
    bool good = !folder || realpath(folder, place);
    if (!good) {
        error_errno(err, "cannot read folder '%s'", folder);
        place[0] = '\0';
    }
    forget_items(library); /* `folder` may have been one of them */
    memcpy(library->folder, place, sizeof place);
    good = (!sessions || add_sessions(library, sessions, good ? err : NULL)) && good;
    good = (!place[0] || add_folder(library, good ? err : NULL)) && good;
    library->shown = calloc((size_t)library->count + 1, sizeof *library->shown);
    if (!library->shown)
        return error_set(err, "out of memory");
    show_what_passes(library);
    return good;
}

void library_filter(struct library *library, const char *text)
{
    const struct library_item *selected = library_selected(library);
    if (text != library->filter)
        snprintf(library->filter, sizeof library->filter, "%s", text);
    show_what_passes(library);
    if (selected)
        library_select(library, selected->path);
}

const struct library_item *library_selected(const struct library *library)
{
    return library->selected < library->shown_count
               ? &library->items[library->shown[library->selected]]
               : NULL;
}

void library_select(struct library *library, const char *path)
{
    for (int i = 0; path[0] && i < library->shown_count; i++)
        if (strcmp(library->items[library->shown[i]].path, path) == 0) {
            library->selected = i;
            return;
        }
}

void library_move(struct library *library, int by, int page)
{
    int to = library->selected + by;
    if (to >= library->shown_count)
        to = library->shown_count - 1;
    library->selected = to < 0 ? 0 : to;
    if (library->first > library->selected)
        library->first = library->selected;
    if (page > 0 && library->first < library->selected - page + 1)
        library->first = library->selected - page + 1;
}

void library_look_at(struct library_item *item)
{
    struct error err = {.text = ""};
    if (item->looked_at || item->kind != LIBRARY_SCORE)
        return;
    item->looked_at = true;
    struct score *score = score_load(item->path, NULL, &err);
    if (score) {
        item->bars = score->bar_count;
        item->length_s = score->duration_s;
    } else {
        snprintf(item->broken, sizeof item->broken, "%.255s", err.text);
    }
    score_free(score);
}

bool library_look(struct library *library, int page)
{
    for (int i = library->first; i < library->first + page && i < library->shown_count; i++) {
        struct library_item *item = &library->items[library->shown[i]];
        if (item->kind == LIBRARY_SCORE && !item->looked_at) {
            library_look_at(item);
            return true;
        }
    }
    return false;
}

void library_mark_broken(struct library *library, const char *path, const char *why)
{
    for (int i = 0; i < library->count; i++)
        if (strcmp(library->items[i].path, path) == 0)
            snprintf(library->items[i].broken, sizeof library->items[i].broken, "%.255s", why);
}
