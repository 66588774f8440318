#include "cli/doctor.h"

#include "base/paths.h"
#include "base/stopwatch.h"
#include "cli/open.h"
#include "rehearsal/engine.h"

#include <grp.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

enum { LISTEN_MS = 2000 };

/* A line of a file of the system, "" where it is not there. */
static void read_line(const char *path, char *out, int size)
{
    out[0] = '\0';
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    if (!fgets(out, size, file))
        out[0] = '\0';
    fclose(file);
    out[strcspn(out, "\n")] = '\0';
}

static bool in_group(const char *name)
{
    gid_t groups[NGROUPS_MAX];
    const struct group *wanted = getgrnam(name);
    int count = getgroups(NGROUPS_MAX, groups);
    for (int i = 0; wanted && i < count; i++)
        if (groups[i] == wanted->gr_gid)
            return true;
    return false;
}

static bool has_swap(void)
{
    char line[256] = "";
    FILE *file = fopen("/proc/swaps", "r");
    bool found = file && fgets(line, sizeof line, file) && fgets(line, sizeof line, file);
    if (file)
        fclose(file);
    return found;
}

static void look_at_system(struct doctor_facts *facts)
{
    char line[32];
    facts->realtime = realtime_allowed();
    facts->memory_locked = realtime_lock_memory();
    read_line("/proc/sys/vm/swappiness", line, sizeof line);
    facts->swappiness = has_swap() ? atoi(line) : 0;
    facts->has_limits_file = access("/etc/security/limits.d/audio.conf", R_OK) == 0;
    facts->in_audio_group = in_group("audio");
    read_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", facts->governor,
              sizeof facts->governor);
}

static void look_at_files(const struct arguments *arguments, struct doctor_facts *facts)
{
    struct error err = {.text = ""};
    struct statvfs disk;
    char path[PATH_MAX];
    if (kit_find_soundfont(arguments->soundfont, path, sizeof path, &err))
        snprintf(facts->soundfont, sizeof facts->soundfont, "%.255s", path);
    if (!paths_sessions(path, sizeof path, &err))
        snprintf(facts->sessions_problem, sizeof facts->sessions_problem, "%.255s", err.text);
    else if (access(path, W_OK) != 0)
        snprintf(facts->sessions_problem, sizeof facts->sessions_problem,
                 "nothing may be written to '%.200s'", path);
    else if (statvfs(path, &disk) == 0)
        facts->free_bytes = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
    snprintf(facts->sessions, sizeof facts->sessions, "%.255s", path);
}

static void look_at_screen(struct doctor_facts *facts)
{
    struct winsize size;
    facts->terminal = isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
    if (!facts->terminal)
        return;
    setlocale(LC_CTYPE, "");
    facts->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    facts->rows = size.ws_row;
    facts->cols = size.ws_col;
}

/* The engine at work on the bundled song, with nobody to hear it. */
struct listening {
    struct engine *engine;
    int rate;
    struct load_watch watch;
};

static void process(void *context, const float *input, float *output, int frames)
{
    struct listening *listening = context;
    load_turn_begins(&listening->watch);
    engine_process(listening->engine, input, output, frames);
    memset(output, 0, 2 * (size_t)frames * sizeof *output);
    load_turn_ends(&listening->watch, (double)frames / listening->rate);
}

static struct kit *load_kit(const struct doctor_facts *facts, const struct score *score, int rate)
{
    bool pitches[128] = {false};
    for (int h = 0; h < score->hit_count; h++)
        pitches[score->hits[h].pitch] = true;
    return facts->soundfont[0] ? kit_load(facts->soundfont, pitches, rate, NULL) : NULL;
}

static bool listen(struct device *device, struct listening *listening, const struct score *score,
                   struct doctor_facts *facts, struct error *err)
{
    struct take_settings settings = room_offline_settings();
    settings.rate = listening->rate = facts->device.rate;
    struct engine_take take = {
        .score = score, .settings = &settings, .listens = true, .stop_frame = INT64_MAX};
    struct kit *kit = load_kit(facts, score, settings.rate);
    listening->engine = engine_new(kit, settings.rate, err);
    bool good = listening->engine && engine_start(listening->engine, &take, err) &&
                device_start(device, err);
    if (good) {
        stopwatch_wait_ms(LISTEN_MS);
        device_stop(device);
        facts->work = load_read(&listening->watch.work);
        facts->late = load_read(&listening->watch.late);
        facts->xruns = device_xruns(device);
    }
    engine_free(listening->engine);
    kit_free(kit);
    return good;
}

static void look_at_sound(const struct arguments *arguments, struct doctor_facts *facts)
{
    struct error err = {.text = ""};
    static struct listening listening;
    char song[PATH_MAX];
    struct device_config config = sound_of(arguments);
    config.process = process;
    config.context = &listening;
    struct score *score =
        paths_asset("demo.mid", song, sizeof song, &err) ? score_load(song, NULL, &err) : NULL;
    struct device *device = score ? device_open(&config, &facts->device, &err) : NULL;
    if (device) {
        facts->trip = round_trip_find(&facts->device, time(NULL));
        round_trip_why(&facts->trip, &facts->device, time(NULL), facts->stale, sizeof facts->stale);
    }
    if (!device || !listen(device, &listening, score, facts, &err))
        snprintf(facts->no_device, sizeof facts->no_device, "%.255s", err.text);
    device_close(device);
    score_free(score);
}

void doctor_look(const struct arguments *arguments, struct doctor_facts *facts)
{
    *facts = (struct doctor_facts){0};
    look_at_screen(facts);
    look_at_files(arguments, facts);
    look_at_system(facts);
    look_at_sound(arguments, facts);
}
