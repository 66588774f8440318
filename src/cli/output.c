#include "cli/output.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

bool output_begin(struct output *output, const char *wanted, struct error *err)
{
    struct stat info;
    *output = (struct output){.wanted = wanted};
    if (!wanted)
        return true;
    if (stat(wanted, &info) == 0 && !S_ISREG(info.st_mode)) {
        output->path = wanted;
        return !S_ISDIR(info.st_mode) ||
               error_set(err, "cannot write '%s': it is a folder", wanted);
    }
    int length = snprintf(output->part, sizeof output->part, "%s.part", wanted);
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
    if (rename(output->part, output->wanted) != 0)
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
