/* doctor: what to change on this machine. */
#include "cli/cli.h"
#include "cli/doctor.h"
#include "cli/live.h"
#include "cli/open.h"
#include "cli/report.h"

static enum doctor_grade worst_of(const struct doctor_line *lines, int count)
{
    enum doctor_grade worst = DOCTOR_OK;
    for (int i = 0; i < count; i++)
        if (lines[i].grade > worst)
            worst = lines[i].grade;
    return worst;
}

static bool put(const struct doctor_facts *facts, const struct doctor_line *lines, int count,
                struct error *err)
{
    struct json *root = json_object(), *checks = json_put_array(root, "checks");
    for (int i = 0; i < count; i++) {
        struct json *one = json_put_object(checks, NULL);
        json_put_string(one, "topic", lines[i].topic);
        json_put_string(one, "grade", doctor_grade_name(lines[i].grade));
        json_put_string(one, "text", lines[i].text);
        json_put_string(one, "remedy", lines[i].remedy);
    }
    json_put_string(root, "worst", doctor_grade_name(worst_of(lines, count)));
    json_put_string(root, "device", facts->device.name);
    json_put_integer(root, "rate", facts->device.rate);
    json_put_integer(root, "period", facts->device.period);
    json_put_number(root, "round_trip_ms", facts->trip.ms);
    json_put_string(root, "round_trip", round_trip_source_name(facts->trip.source));
    live_put_load(root, "callback_pct", &facts->work);
    live_put_load(root, "wakeup_late_pct", &facts->late);
    json_put_integer(root, "xruns", facts->xruns);
    json_put_string(root, "realtime", live_realtime_name(facts->realtime));
    json_put_bool(root, "memory_locked", facts->memory_locked);
    return report_print(root, err);
}

static void tell(const struct doctor_line *lines, int count)
{
    static const char *const words[] = {"ok", "could be better", "bad"};
    for (int i = 0; i < count; i++) {
        printf("%-15s  %s: %s\n", words[lines[i].grade], lines[i].topic, lines[i].text);
        if (lines[i].remedy[0])
            printf("%-15s  -> %s\n", "", lines[i].remedy);
    }
}

static int run_doctor(const struct arguments *arguments, struct error *err)
{
    struct doctor_facts facts;
    struct doctor_line lines[DOCTOR_LINES];
    doctor_look(arguments, &facts);
    int count = doctor_examine(&facts, lines);
    if (arguments->json)
        return put(&facts, lines, count, err) ? CLI_DONE : CLI_FAILED;
    tell(lines, count);
    return CLI_DONE;
}

static const struct option_row doctor_options[] = {
    OPTIONS_OF_DEVICE,
    OPTION_SOUNDFONT,
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_doctor = {
    .name = "doctor",
    .summary = "what keeps this machine from being on time, and what to do",
    .details = "Lets the sound run for two seconds, unheard, and looks at what the system allows.",
    .options = doctor_options,
    .run = run_doctor,
};
