#include "tui/completion.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void completion_try(struct completion *completion, const char *candidate)
{
    char *common = completion->common;
    if (strncmp(candidate, completion->word, strlen(completion->word)) != 0)
        return;
    if (completion->count++ == 0)
        snprintf(common, sizeof completion->common, "%s", candidate);
    size_t same = 0;
    while (common[same] && common[same] == candidate[same])
        same++;
    while (same > 0 && (common[same] & 0xc0) == 0x80) /* never half a character */
        same--;
    common[same] = '\0';
    size_t used = strlen(completion->list);
    if (used + strlen(candidate) + 2 < sizeof completion->list)
        snprintf(completion->list + used, sizeof completion->list - used, "%s%s", used ? " " : "",
                 candidate);
}

static bool ends_so(const char *name, const char *const *endings)
{
    size_t length = strlen(name);
    for (; endings && *endings; endings++) {
        size_t end = strlen(*endings);
        if (length > end && strcasecmp(name + length - end, *endings) == 0)
            return true;
    }
    return !endings;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

void completion_try_files(struct completion *completion, const char *const *endings)
{
    char folder[PATH_MAX], path[2 * PATH_MAX];
    const char *slash = strrchr(completion->word, '/');
    int length = slash ? (int)(slash - completion->word) + 1 : 0;
    struct dirent **entries;
    snprintf(folder, sizeof folder, "%.*s", length, completion->word);
    int count = scandir(length ? folder : ".", &entries, is_visible, alphasort);
    for (int i = 0; i < count; i++) {
        struct stat info;
        snprintf(path, sizeof path, "%s%s", folder, entries[i]->d_name);
        bool is_folder = stat(path, &info) == 0 && S_ISDIR(info.st_mode);
        if (is_folder)
            strcat(path, "/");
        if (is_folder || ends_so(entries[i]->d_name, endings))
            completion_try(completion, path);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}
