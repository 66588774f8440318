#include "base/paths.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

__attribute__((format(printf, 3, 4))) static bool join(char *out, int size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(out, (size_t)size, format, args);
    va_end(args);
    return length >= 0 && length < size;
}

/* The folder of the running executable. */
static bool executable_folder(char out[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", out, PATH_MAX - 1);
    if (length <= 0)
        return false;
    out[length] = '\0';
    char *slash = strrchr(out, '/');
    if (!slash)
        return false;
    *slash = '\0';
    return true;
}

static bool has_folder(const char *folder, const char *name)
{
    char path[PATH_MAX];
    struct stat info;
    return join(path, sizeof path, "%s/%s", folder, name) && stat(path, &info) == 0 &&
           S_ISDIR(info.st_mode);
}

bool paths_root(char *out, int size)
{
    char folder[PATH_MAX];
    if (!executable_folder(folder))
        return false;
    for (char *slash; (slash = strrchr(folder, '/')); *slash = '\0')
        if (has_folder(folder, "assets") && has_folder(folder, "src"))
            return join(out, size, "%s", folder);
    return false;
}

static bool asset_in(const char *folder, const char *name, char *out, int size)
{
    return join(out, size, "%s/%s", folder, name) && access(out, R_OK) == 0;
}

bool paths_asset(const char *name, char *out, int size, struct error *err)
{
    const char *chosen = getenv("ROLYPOLY_ASSETS");
    if (chosen && *chosen && asset_in(chosen, name, out, size))
        return true;
    char base[PATH_MAX], folder[PATH_MAX];
    if (paths_root(base, sizeof base) && join(folder, sizeof folder, "%s/assets", base) &&
        asset_in(folder, name, out, size))
        return true;
    if (asset_in(ROLYPOLY_PREFIX "/share/rolypoly/assets", name, out, size))
        return true;
    if (executable_folder(base) &&
        join(folder, sizeof folder, "%s/../share/rolypoly/assets", base) &&
        asset_in(folder, name, out, size))
        return true;
    error_set(err, "cannot find '%s' among the program's assets", name);
    return error_hint(err, "set ROLYPOLY_ASSETS to the folder that holds it");
}

/* mkdir -p; private, as the XDG base directory specification asks. */
static bool make_folders(char *path, struct error *err)
{
    for (char *end = strchr(path + 1, '/');; end = strchr(end + 1, '/')) {
        if (end)
            *end = '\0';
        bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
        if (!made)
            error_errno(err, "cannot make folder '%s'", path);
        if (end)
            *end = '/';
        if (!made || !end)
            return made;
    }
}

bool paths_sessions(char *out, int size, struct error *err)
{
    char root[PATH_MAX];
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    bool fits;
    if (paths_root(root, sizeof root)) {
        fits = join(out, size, "%s/sessions", root);
    } else if (data && data[0] == '/') {
        fits = join(out, size, "%s/rolypoly/sessions", data);
    } else if (home && home[0] == '/') {
        fits = join(out, size, "%s/.local/share/rolypoly/sessions", home);
    } else {
        error_set(err, "cannot tell where to keep sessions: HOME is not set");
        return error_hint(err, "give the session file with --session FILE");
    }
    if (!fits)
        return error_set(err, "cannot keep sessions: the folder's path is too long");
    return make_folders(out, err);
}

/* Of the XDG base directory `variable` names, or of `fallback` below the home. */
static bool personal(const char *variable, const char *fallback, const char *name, char *out,
                     int size, struct error *err)
{
    char folder[PATH_MAX];
    const char *base = getenv(variable), *home = getenv("HOME");
    bool fits;
    if (base && base[0] == '/')
        fits = join(folder, sizeof folder, "%s/rolypoly", base);
    else if (home && home[0] == '/')
        fits = join(folder, sizeof folder, "%s/%s/rolypoly", home, fallback);
    else
        return error_set(err, "cannot tell where settings are kept: HOME is not set");
    if (!fits || !join(out, size, "%s/%s", folder, name))
        return error_set(err, "cannot keep settings: the folder's path is too long");
    return make_folders(folder, err);
}

bool paths_config(const char *name, char *out, int size, struct error *err)
{
    return personal("XDG_CONFIG_HOME", ".config", name, out, size, err);
}

bool paths_state(const char *name, char *out, int size, struct error *err)
{
    return personal("XDG_STATE_HOME", ".local/state", name, out, size, err);
}

FILE *paths_open_regular(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return NULL;
    if (S_ISREG(info.st_mode))
        return fopen(path, "rb");
    errno = EINVAL;
    return NULL;
}
