#include "cli/demo.h"

#include "cli/lesson.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "cli/report.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

enum { TAKES = 3 };

bool demo_session_make(struct demo_session *session, struct error *err)
{
    const char *temporary = getenv("TMPDIR");
    if (!temporary || !temporary[0])
        temporary = "/tmp";
    int length =
        snprintf(session->folder, sizeof session->folder, "%s/rolypoly-demo-XXXXXX", temporary);
    if (length >= (int)sizeof session->folder || !mkdtemp(session->folder)) {
        session->folder[0] = '\0';
        return error_errno(err, "cannot make a folder in '%s'", temporary);
    }
    snprintf(session->path, sizeof session->path, "%s/demo.db", session->folder);
    return true;
}

void demo_session_find(struct demo_session *session, const char *folder)
{
    snprintf(session->folder, sizeof session->folder, "%s", folder);
    snprintf(session->path, sizeof session->path, "%s/demo.db", session->folder);
}

void demo_session_remove(struct demo_session *session)
{
    if (!session->folder[0])
        return;
    DIR *folder = opendir(session->folder);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        unlinkat(dirfd(folder), entry->d_name,
                 0); /* the database and what SQLite keeps beside it */
    if (folder)
        closedir(folder);
    rmdir(session->folder);
}

static bool play(const struct arguments *arguments, struct room *room, struct session_take *info,
                 struct error *err)
{
    struct progress progress;
    struct room_take_options options = room_take_defaults(room);
    apply_options(arguments, &options);
    options.progress = progress_show;
    options.context = &progress;
    progress_begin(&progress, "playing");
    int number = room_take(room, &options, err);
    progress_end(&progress);
    return number && session_take_info(room_session(room), number, info, err);
}

static bool learn(struct room *room, int take, struct error *err)
{
    struct lesson_report report;
    return room_start_lesson(room, take, &lesson_defaults, err) &&
           lesson_wait(room, &report, err) != 0;
}

static void print_row(struct room *room, const struct session_take *take)
{
    struct session_checkpoint drummer;
    printf("%5d", take->number);
    if (take->summary.matched)
        printf("  %11.1f ms  %8.1f ms", take->summary.prediction_mae_ms,
               take->summary.asynchrony_mae_ms);
    else
        printf("  %14s  %11s", "-", "-");
    printf("   #%d", take->checkpoint);
    if (session_checkpoint_info(room_session(room), take->checkpoint, &drummer, NULL)) {
        if (drummer.take)
            printf(", has learnt from take %d", drummer.take);
        else
            printf(", %s as it comes", drummer.model);
    }
    printf("\n");
    fflush(stdout);
}

static void print_head(const struct room *room)
{
    printf("%d takes of %s with a virtual guitarist, a lesson after each\n\n", TAKES,
           room_score(room)->name);
    printf(" take  guitar expected  together within   drummer\n");
}

bool demo_play(const struct arguments *arguments, struct room *room, struct error *err)
{
    struct json *root = arguments->json ? json_object() : NULL;
    struct json *takes = json_put_array(root, "takes");
    if (!arguments->json)
        print_head(room);
    bool good = true;
    for (int i = 0; good && i < TAKES; i++) {
        struct session_take take;
        good = play(arguments, room, &take, err);
        if (good && arguments->json)
            report_put_take(json_put_object(takes, NULL), &take);
        else if (good)
            print_row(room, &take);
        good = good && (i == TAKES - 1 || learn(room, take.number, err));
    }
    if (good && arguments->json)
        return report_print(root, err);
    json_free(root);
    return good;
}
