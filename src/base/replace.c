#include "base/replace.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static bool write_all(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return false;
    bool written =
        fwrite(bytes, 1, size, file) == size && fflush(file) == 0 && fsync(fileno(file)) == 0;
    int why = errno;
    if (fclose(file) == 0 && written)
        return true;
    errno = written ? errno : why;
    return false;
}

/* The number keeps two programs that write at once apart. */
bool replace_file(const char *path, const void *bytes, size_t size, struct error *err)
{
    char part[PATH_MAX];
    if (snprintf(part, sizeof part, "%s.%d", path, (int)getpid()) >= (int)sizeof part)
        return error_set(err, "cannot write '%.80s...': the path is too long", path);
    if (write_all(part, bytes, size) && rename(part, path) == 0)
        return true;
    int why = errno;
    unlink(part);
    errno = why;
    return error_errno(err, "cannot write '%s'", path);
}
