/* library: what the library shows, without the screen. */
#include "base/paths.h"
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/report.h"
#include "tui/library.h"

#include <math.h>

static void put_item(struct json *list, const struct library_item *item)
{
    struct json *one = json_put_object(list, NULL);
    json_put_string(one, "name", item->name);
    json_put_string(one, "path", item->path);
    if (item->kind == LIBRARY_SESSION) {
        json_put_integer(one, "takes", item->take_count);
        report_put_date(one, "last_played", item->last_s);
        json_put_number(one, "last_ms", item->last_ms);
    } else if (item->kind == LIBRARY_SCORE && !item->broken[0]) {
        json_put_integer(one, "bars", item->bars);
        json_put_number(one, "length_s", item->length_s);
    }
    if (item->broken[0])
        json_put_string(one, "broken", item->broken);
}

static bool put_library(const struct library *library, struct error *err)
{
    struct json *root = json_object();
    struct json *sessions = json_put_array(root, "sessions");
    if (library->folder[0])
        json_put_string(root, "folder", library->folder);
    struct json *folders = json_put_array(root, "folders");
    struct json *scores = json_put_array(root, "scores");
    for (int i = 0; i < library->count; i++) {
        const struct library_item *item = &library->items[i];
        if (item->kind == LIBRARY_SESSION)
            put_item(sessions, item);
        else if (item->kind == LIBRARY_FOLDER)
            put_item(folders, item);
        else if (item->kind == LIBRARY_SCORE)
            put_item(scores, item);
    }
    return report_print(root, err);
}

static void print_item(const struct library_item *item)
{
    char when[32];
    if (item->kind == LIBRARY_FOLDER) {
        printf("  %s/\n", item->name);
    } else if (item->broken[0]) {
        printf("  %-32s  %s\n", item->name, item->broken);
    } else if (item->kind == LIBRARY_SCORE) {
        printf("  %-32s  %4d bar%s  %d:%02d\n", item->name, item->bars, item->bars == 1 ? " " : "s",
               (int)item->length_s / 60, (int)item->length_s % 60);
    } else if (item->kind == LIBRARY_SESSION) {
        report_date(item->last_s, when);
        printf("  %-32s  %4d take%s  ", item->name, item->take_count,
               item->take_count == 1 ? " " : "s");
        if (isfinite(item->last_ms))
            printf("%5.1f ms apart  %s\n", item->last_ms, when);
        else
            printf("%14s  %s\n", "", when);
    }
}

static void print_library(const struct library *library)
{
    bool sessions = library->count > 0 && library->items[0].kind == LIBRARY_SESSION;
    bool songs = false;
    if (sessions)
        printf("rehearsed\n");
    for (int i = 0; i < library->count; i++) {
        const struct library_item *item = &library->items[i];
        if (item->kind >= LIBRARY_FOLDER && !songs)
            printf("%ssongs in %s\n", sessions ? "\n" : "", library->folder);
        songs = songs || item->kind >= LIBRARY_FOLDER;
        print_item(item);
    }
    if (!sessions && !songs)
        printf("nothing has been rehearsed yet, and no score (.mid, .midi) is here\n");
}

static int run_library(const struct arguments *arguments, struct error *err)
{
    struct library library = {.count = 0};
    char sessions[PATH_MAX];
    const char *folder = arguments->operand ? arguments->operand : ".";
    bool good = paths_sessions(sessions, sizeof sessions, err) &&
                library_read(&library, arguments->operand ? NULL : sessions, folder, err);
    for (int i = 0; good && i < library.count; i++)
        library_look_at(&library.items[i]);
    if (good && arguments->json)
        good = put_library(&library, err);
    else if (good)
        print_library(&library);
    library_release(&library);
    return good ? CLI_DONE : CLI_FAILED;
}

static const struct option_row library_options[] = {OPTION_JSON, OPTION_LAST};

const struct command command_library = {
    .name = "library",
    .operand = "[FOLDER]",
    .summary = "what has been rehearsed, and the scores of a folder",
    .options = library_options,
    .run = run_library,
};
