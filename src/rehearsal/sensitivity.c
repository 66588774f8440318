#include "rehearsal/sensitivity.h"

#include "base/json.h"
#include "base/paths.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>

static const char NAME[] = "listening.json";

double sensitivity_load(void)
{
    char path[PATH_MAX], text[256];
    double db = 0;
    FILE *file = paths_config(NAME, path, sizeof path, NULL) ? paths_open_regular(path) : NULL;
    if (!file)
        return 0;
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    struct json *root = json_parse(text, size, NULL);
    if (!json_number(json_find(root, "sensitivity_db"), &db))
        db = 0;
    json_free(root);
    return fmax(-SENSITIVITY_MOST_DB, fmin(db, SENSITIVITY_MOST_DB));
}

bool sensitivity_save(double db, struct error *err)
{
    char path[PATH_MAX], part[PATH_MAX + 8];
    if (!paths_config(NAME, path, sizeof path, err))
        return false;
    snprintf(part, sizeof part, "%s.part", path);
    struct json *root = json_object();
    json_put_number(root, "sensitivity_db", db);
    FILE *file = fopen(part, "wb");
    bool good = file || error_errno(err, "cannot write '%s'", part);
    good = good && json_print(root, file, err);
    json_free(root);
    if (file && fclose(file) != 0 && good)
        good = error_errno(err, "cannot write '%s'", part);
    if (good && rename(part, path) != 0)
        good = error_errno(err, "cannot write '%s'", path);
    if (!good)
        remove(part);
    return good;
}
