#include "cli/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool same_file(const char *a, const char *b)
{
    struct stat one, other;
    return a && b && stat(a, &one) == 0 && stat(b, &other) == 0 && S_ISREG(one.st_mode) &&
           one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

static bool spares_inputs(const char *wanted, const struct arguments *arguments,
                          const char *session, struct error *err)
{
    const char *const inputs[] = {
        arguments->operand,      arguments->guitar,    arguments->session, session,
        arguments->lessons_from, arguments->soundfont, arguments->model,
    };
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
        if (same_file(wanted, inputs[i])) {
            error_set(err, "cannot write '%s': it is what is read, and would be lost", wanted);
            return error_hint(err, "name another file");
        }
    return true;
}

bool output_begin(struct output *output, const char *wanted, const struct arguments *arguments,
                  const char *session, struct error *err)
{
    struct stat info;
    *output = (struct output){.wanted = wanted};
    if (!wanted)
        return true;
    bool exists = stat(wanted, &info) == 0;
    if (exists && !S_ISREG(info.st_mode)) {
        output->path = wanted;
        return !S_ISDIR(info.st_mode) ||
               error_set(err, "cannot write '%s': it is a folder", wanted);
    }
    if (!spares_inputs(wanted, arguments, session, err))
        return false;
    /* Renaming would replace a file that its owner has protected. */
    if (exists && (access(wanted, W_OK) != 0 || !realpath(wanted, output->target)))
        return error_errno(err, "cannot write '%s'", wanted);
    if (!exists)
        snprintf(output->target, sizeof output->target, "%s", wanted);
    int length = snprintf(output->part, sizeof output->part, "%s.part", output->target);
    if (length >= (int)sizeof output->part)
        return error_set(err, "cannot write '%s': its name is too long", wanted);
    FILE *file = fopen(output->part, "wb");
    if (!file)
        return error_errno(err, "cannot write '%s'", wanted);
    fclose(file);
    output->path = output->part;
    return true;
}

bool output_keep(struct output *output, struct error *err)
{
    if (output->path != output->part)
        return true;
    if (rename(output->part, output->target) != 0)
        return error_errno(err, "cannot write '%s'", output->wanted);
    output->path = NULL;
    return true;
}

void output_drop(struct output *output)
{
    if (output->path && output->path == output->part)
        unlink(output->part);
    output->path = NULL;
}

bool output_same(const struct output *a, const struct output *b)
{
    return same_file(a->path, b->path);
}
