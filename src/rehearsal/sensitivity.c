#include "rehearsal/sensitivity.h"

#include "base/json.h"
#include "base/paths.h"

#include <limits.h>
#include <math.h>

static const char NAME[] = "listening.json";

double sensitivity_load(void)
{
    char path[PATH_MAX];
    double db = 0;
    struct json *root = paths_config(NAME, path, sizeof path, NULL) ? json_load(path, NULL) : NULL;
    if (!json_number(json_find(root, "sensitivity_db"), &db))
        db = 0;
    json_free(root);
    return fmax(-SENSITIVITY_MOST_DB, fmin(db, SENSITIVITY_MOST_DB));
}

bool sensitivity_save(double db, struct error *err)
{
    char path[PATH_MAX];
    if (!paths_config(NAME, path, sizeof path, err))
        return false;
    struct json *root = json_object();
    json_put_number(root, "sensitivity_db", db);
    bool good = json_save(root, path, err);
    json_free(root);
    return good;
}
