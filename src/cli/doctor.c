#include "cli/doctor.h"

#include <math.h>
#include <stdio.h>

enum { ROWS = 20, COLS = 60, GOOD_ROWS = 24, GOOD_COLS = 80, MEGABYTE = 1 << 20 };

/* Players feel 20 ms; half a period is left to whatever else a machine has to do. */
static const double felt_ms = 12, hurting_ms = 25;
static const double comfortable = 0.5, tight = 0.8, late_share = 0.5;

#define SAY(line, ...) snprintf((line)->text, sizeof(line)->text, __VA_ARGS__)
#define REMEDY(line, ...) snprintf((line)->remedy, sizeof(line)->remedy, __VA_ARGS__)

static bool heard(const struct doctor_facts *facts)
{
    return !facts->no_device[0] && !facts->device.silent;
}

/* Where a driver's blocks vary: about as long as most have them. */
static int period_of(const struct device_info *device)
{
    enum { USUAL_PERIOD = 128 };
    return device->period > 0 ? device->period : USUAL_PERIOD;
}

static bool check_sound(const struct doctor_facts *facts, struct doctor_line *line)
{
    const struct device_info *device = &facts->device;
    line->topic = "sound";
    if (heard(facts)) {
        if (device->period)
            SAY(line, "%s, %d Hz, blocks of %d frames", device->name, device->rate, device->period);
        else
            SAY(line, "%s, %d Hz, blocks of any size", device->name, device->rate);
        return true;
    }
    line->grade = DOCTOR_BAD;
    SAY(line, "%s: a rehearsal is silent", facts->no_device[0] ? facts->no_device : device->name);
    REMEDY(line, "start JACK or PipeWire, or plug a card in; rolypoly devices lists what is there");
    return true;
}

static bool check_round_trip(const struct doctor_facts *facts, struct doctor_line *line)
{
    double ms = facts->trip.ms;
    if (!heard(facts))
        return false;
    line->topic = "round trip";
    SAY(line, "%.1f ms from the string to the ear", ms);
    if (ms <= felt_ms)
        return true;
    line->grade = ms <= hurting_ms ? DOCTOR_BETTER : DOCTOR_BAD;
    REMEDY(line, "shorter blocks: --period %d, or with JACK or PipeWire their own setting",
           period_of(&facts->device) > 64 ? period_of(&facts->device) / 2 : 64);
    return true;
}

static bool check_calibration(const struct doctor_facts *facts, struct doctor_line *line)
{
    const struct round_trip *trip = &facts->trip;
    if (!heard(facts))
        return false;
    line->topic = "calibration";
    if (trip->source == ROUND_TRIP_MEASURED) {
        SAY(line, "the round trip was measured, give or take %.2f ms", trip->spread_ms);
        return true;
    }
    line->grade = DOCTOR_BETTER;
    if (trip->source == ROUND_TRIP_STALE)
        SAY(line, "the round trip was measured, but %s", facts->stale);
    else
        SAY(line, "the round trip is what the driver says, and may be some ms off");
    REMEDY(line, "rolypoly calibrate");
    return true;
}

static bool check_work(const struct doctor_facts *facts, struct doctor_line *line)
{
    const struct load *work = &facts->work;
    if (work->count == 0)
        return false;
    line->topic = "processor";
    SAY(line, "a block takes %.1f %% of its time, one in a hundred %.1f %%, at most %.0f %%",
        100 * work->p50, 100 * work->p99, 100 * work->max);
    if (work->p99 <= comfortable)
        return true;
    line->grade = work->p99 <= tight ? DOCTOR_BETTER : DOCTOR_BAD;
    REMEDY(line, "longer blocks (--period %d), and close what else runs",
           2 * period_of(&facts->device));
    return true;
}

static bool check_wake(const struct doctor_facts *facts, struct doctor_line *line)
{
    const struct load *late = &facts->late;
    if (late->count == 0 || !heard(facts))
        return false;
    double period_ms = 1000.0 * period_of(&facts->device) / facts->device.rate;
    line->topic = "punctuality";
    SAY(line, "one block in a hundred comes %.1f ms late, at most %.1f ms; %d lost",
        late->p99 * period_ms, late->max * period_ms, facts->xruns);
    if (late->p99 <= late_share && facts->xruns == 0)
        return true;
    line->grade = facts->xruns ? DOCTOR_BAD : DOCTOR_BETTER;
    REMEDY(line, "let the sound server run with real-time priority (jackd -R), longer blocks");
    return true;
}

static void join_audio(const struct doctor_facts *facts, struct doctor_line *line)
{
    if (!facts->has_limits_file)
        REMEDY(line, "printf '@audio - rtprio 95\\n@audio - memlock unlimited\\n' | sudo tee "
                     "/etc/security/limits.d/audio.conf; sudo usermod -aG audio $USER; then log in "
                     "anew");
    else if (!facts->in_audio_group)
        REMEDY(line, "sudo usermod -aG audio $USER, then log in anew");
    else
        REMEDY(line, "log in anew: the limits in /etc/security/limits.d are not yours yet");
}

static bool check_realtime(const struct doctor_facts *facts, struct doctor_line *line)
{
    line->topic = "priority";
    if (facts->realtime == REALTIME_LIMITS) {
        SAY(line, "the drummer goes before other programs");
    } else if (facts->realtime == REALTIME_KIT) {
        SAY(line, "the drummer goes before other programs (by RealtimeKit)");
    } else {
        line->grade = DOCTOR_BETTER;
        SAY(line, "the drummer waits in line with other programs: plans may come late");
        join_audio(facts, line);
    }
    return true;
}

static bool check_memory(const struct doctor_facts *facts, struct doctor_line *line)
{
    line->topic = "memory";
    if (facts->memory_locked) {
        SAY(line, "stays where it is");
        return true;
    }
    line->grade = facts->swappiness > 10 ? DOCTOR_BETTER : DOCTOR_OK;
    if (line->grade == DOCTOR_OK) {
        SAY(line, "is not locked, but there is little swapping");
        return true;
    }
    SAY(line, "may be swapped out (swappiness %d): the first notes after a pause come late",
        facts->swappiness);
    join_audio(facts, line);
    return true;
}

static bool check_governor(const struct doctor_facts *facts, struct doctor_line *line)
{
    line->topic = "processor's speed";
    if (!facts->governor[0])
        return false;
    SAY(line, "governor '%s'", facts->governor);
    if (facts->governor[0] == 'p' && facts->governor[1] == 'e') /* performance */
        return true;
    line->grade = DOCTOR_BETTER;
    REMEDY(line,
           "echo performance | sudo tee /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor");
    return true;
}

static bool check_soundfont(const struct doctor_facts *facts, struct doctor_line *line)
{
    line->topic = "drums";
    if (facts->soundfont[0]) {
        SAY(line, "%s", facts->soundfont);
        return true;
    }
    line->grade = DOCTOR_BAD;
    SAY(line, "no SoundFont was found: there are no drums to be heard");
    REMEDY(line, "sudo apt-get install fluid-soundfont-gm");
    return true;
}

static bool check_sessions(const struct doctor_facts *facts, struct doctor_line *line)
{
    line->topic = "takes";
    if (facts->sessions_problem[0]) {
        line->grade = DOCTOR_BAD;
        SAY(line, "cannot be kept: %s", facts->sessions_problem);
        REMEDY(line, "--session FILE keeps them elsewhere");
        return true;
    }
    double free_mb = (double)facts->free_bytes / MEGABYTE;
    SAY(line, "are kept in %s (%.0f MB free)", facts->sessions, free_mb);
    if (free_mb >= 100)
        return true;
    line->grade = free_mb >= 10 ? DOCTOR_BETTER : DOCTOR_BAD;
    REMEDY(line, "make room there, or --session FILE");
    return true;
}

static bool check_screen(const struct doctor_facts *facts, struct doctor_line *line)
{
    if (!facts->terminal)
        return false;
    line->topic = "screen";
    SAY(line, "%d x %d%s", facts->cols, facts->rows, facts->utf8 ? "" : ", without UTF-8");
    bool small = facts->cols < COLS || facts->rows < ROWS;
    bool fine = facts->cols >= GOOD_COLS && facts->rows >= GOOD_ROWS;
    if (small || !fine)
        REMEDY(line, "a window of %d x %d or more", GOOD_COLS, GOOD_ROWS);
    else if (!facts->utf8)
        REMEDY(line, "LC_ALL=C.UTF-8 rolypoly ... draws finer bars");
    line->grade = small ? DOCTOR_BAD : fine && facts->utf8 ? DOCTOR_OK : DOCTOR_BETTER;
    return true;
}

int doctor_examine(const struct doctor_facts *facts, struct doctor_line lines[DOCTOR_LINES])
{
    static bool (*const checks[])(const struct doctor_facts *, struct doctor_line *) = {
        check_sound,     check_round_trip, check_calibration, check_work,
        check_wake,      check_realtime,   check_memory,      check_governor,
        check_soundfont, check_sessions,   check_screen};
    int count = 0;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        lines[count] = (struct doctor_line){.grade = DOCTOR_OK};
        count += checks[i](facts, &lines[count]);
    }
    return count;
}

const char *doctor_grade_name(enum doctor_grade grade)
{
    return grade == DOCTOR_OK ? "ok" : grade == DOCTOR_BETTER ? "better" : "bad";
}
