#include "rehearsal/round_trip.h"

#include "base/json.h"
#include "base/paths.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_LOOPS = 64, OLD_DAYS = 60, DAY_S = 86400 };

static const double OTHER_REPORT_MS = 0.5;

/* One measurement, as it stands in the file. */
struct loop {
    char input[128], output[128];
    struct round_trip trip;
};

struct loops {
    struct loop items[MOST_LOOPS]; /* in the order in which they were made */
    int count;
};

/* ---- the file ---- */

static bool read_text(const struct json *in, const char *name, char out[128])
{
    const char *text = json_string(json_find(in, name));
    return text && snprintf(out, 128, "%s", text) < 128;
}

static bool read_integer(const struct json *in, const char *name, int64_t most, int64_t *out)
{
    return json_integer(json_find(in, name), out) && *out >= 0 && *out <= most;
}

static bool read_ms(const struct json *in, const char *name, double *out)
{
    return json_number(json_find(in, name), out) && *out >= 0 && *out <= 10000;
}

static bool read_loop(const struct json *in, struct loop *loop)
{
    int64_t rate, period;
    bool good = read_text(in, "input", loop->input) && read_text(in, "output", loop->output) &&
                read_integer(in, "rate", DEVICE_HIGHEST_RATE, &rate) &&
                read_integer(in, "period", INT_MAX, &period) &&
                read_integer(in, "date_s", INT64_MAX, &loop->trip.date_s) &&
                read_ms(in, "measured_ms", &loop->trip.measured_ms) &&
                read_ms(in, "spread_ms", &loop->trip.spread_ms) &&
                read_ms(in, "reported_ms", &loop->trip.reported_ms);
    loop->trip.rate = good ? (int)rate : 0;
    loop->trip.period = good ? (int)period : 0;
    return good;
}

static struct json *parse_file(const char *path)
{
    enum { MOST_BYTES = 1 << 20 };
    FILE *file = paths_open_regular(path);
    char *text = malloc(MOST_BYTES);
    size_t size = file && text ? fread(text, 1, MOST_BYTES, file) : 0;
    struct json *root = size ? json_parse(text, size, NULL) : NULL;
    free(text);
    if (file)
        fclose(file);
    return root;
}

static void read_all(const char *path, struct loops *loops)
{
    struct json *root = parse_file(path);
    loops->count = 0;
    for (const struct json *one = json_first(json_find(root, "loops"));
         one && loops->count < MOST_LOOPS; one = json_next(one)) {
        loops->items[loops->count] = (struct loop){.trip = {0}};
        if (read_loop(one, &loops->items[loops->count]))
            loops->count++;
    }
    json_free(root);
}

static struct json *tree_of(const struct loops *loops)
{
    struct json *root = json_object(), *array = json_put_array(root, "loops");
    for (int i = 0; i < loops->count; i++) {
        const struct loop *loop = &loops->items[i];
        struct json *one = json_put_object(array, NULL);
        json_put_string(one, "input", loop->input);
        json_put_string(one, "output", loop->output);
        json_put_integer(one, "rate", loop->trip.rate);
        json_put_integer(one, "period", loop->trip.period);
        json_put_number(one, "measured_ms", loop->trip.measured_ms);
        json_put_number(one, "spread_ms", loop->trip.spread_ms);
        json_put_number(one, "reported_ms", loop->trip.reported_ms);
        json_put_integer(one, "date_s", loop->trip.date_s);
    }
    return root;
}

/* Beside the file, then in its place: whoever reads meanwhile sees the one or the other whole. */
static bool write_all(const char *path, const struct loops *loops, struct error *err)
{
    char part[PATH_MAX];
    if (snprintf(part, sizeof part, "%s.%d", path, (int)getpid()) >= (int)sizeof part)
        return error_set(err, "cannot keep settings: the folder's path is too long");
    FILE *file = fopen(part, "wb");
    if (!file)
        return error_errno(err, "cannot write '%s'", part);
    struct json *root = tree_of(loops);
    bool good = json_print(root, file, err);
    json_free(root);
    if (good && fsync(fileno(file)) != 0)
        good = error_errno(err, "cannot write '%s'", part);
    fclose(file);
    if (good && rename(part, path) != 0)
        good = error_errno(err, "cannot write '%s'", path);
    if (!good)
        unlink(part);
    return good;
}

/* ---- what is in it ---- */

static bool is_of(const struct loop *loop, const struct device_info *device)
{
    return strcmp(loop->input, device->input) == 0 && strcmp(loop->output, device->output) == 0;
}

static bool is_at(const struct loop *loop, const struct device_info *device)
{
    return loop->trip.rate == device->rate && loop->trip.period == device->period;
}

/* The newest of this very setting, else the newest of these devices. */
static const struct loop *search(const struct loops *loops, const struct device_info *device)
{
    const struct loop *found = NULL;
    for (int i = loops->count - 1; i >= 0; i--) {
        const struct loop *loop = &loops->items[i];
        if (is_of(loop, device) && is_at(loop, device))
            return loop;
        if (!found && is_of(loop, device))
            found = loop;
    }
    return found;
}

static double change_ms(const struct round_trip *trip, const struct device_info *device)
{
    return 1000 * device->round_trip_s - trip->reported_ms;
}

void round_trip_why(const struct round_trip *found, const struct device_info *device, int64_t now_s,
                    char *out, int size)
{
    out[0] = '\0';
    if (found->date_s == 0)
        return;
    if (found->rate != device->rate || found->period != device->period)
        snprintf(out, (size_t)size, "measured at %d Hz, %d frames", found->rate, found->period);
    else if (fabs(change_ms(found, device)) > OTHER_REPORT_MS)
        snprintf(out, (size_t)size, "the driver's report has changed by %+.1f ms",
                 change_ms(found, device));
    else if (now_s - found->date_s > OLD_DAYS * DAY_S)
        snprintf(out, (size_t)size, "measured %d days ago", (int)((now_s - found->date_s) / DAY_S));
}

struct round_trip round_trip_find(const struct device_info *device, int64_t now_s)
{
    char path[PATH_MAX], why[64];
    struct round_trip found = {.source = ROUND_TRIP_REPORTED, .ms = 1000 * device->round_trip_s};
    if (!device->input[0] || !device->output[0])
        return (struct round_trip){.source = ROUND_TRIP_NONE};
    struct loops *loops = malloc(sizeof *loops);
    if (loops && paths_config("calibration.json", path, sizeof path, NULL)) {
        read_all(path, loops);
        const struct loop *loop = search(loops, device);
        if (loop) {
            found = loop->trip;
            round_trip_why(&found, device, now_s, why, sizeof why);
            found.source = why[0] ? ROUND_TRIP_STALE : ROUND_TRIP_MEASURED;
            found.ms = fmax(0, found.measured_ms + (why[0] ? change_ms(&found, device) : 0));
        }
    }
    free(loops);
    return found;
}

bool round_trip_keep(const struct device_info *device, double measured_ms, double spread_ms,
                     int64_t now_s, struct error *err)
{
    char path[PATH_MAX];
    if (!paths_config("calibration.json", path, sizeof path, err))
        return false;
    struct loops *loops = malloc(sizeof *loops);
    if (!loops)
        return error_set(err, "out of memory");
    read_all(path, loops);
    int kept = 0, first = loops->count == MOST_LOOPS; /* the oldest makes room */
    for (int i = first; i < loops->count; i++)
        if (!is_of(&loops->items[i], device) || !is_at(&loops->items[i], device))
            loops->items[kept++] = loops->items[i];
    struct loop *loop = &loops->items[kept];
    *loop = (struct loop){.trip = {.measured_ms = measured_ms,
                                   .spread_ms = spread_ms,
                                   .reported_ms = 1000 * device->round_trip_s,
                                   .rate = device->rate,
                                   .period = device->period,
                                   .date_s = now_s}};
    snprintf(loop->input, sizeof loop->input, "%s", device->input);
    snprintf(loop->output, sizeof loop->output, "%s", device->output);
    loops->count = kept + 1;
    bool good = write_all(path, loops, err);
    free(loops);
    return good;
}
