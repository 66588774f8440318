#include "cli/report.h"

#include <math.h>
#include <time.h>

void report_put_date(struct json *into, const char *name, int64_t date_s)
{
    char text[32] = "";
    time_t date = (time_t)date_s;
    struct tm utc;
    if (gmtime_r(&date, &utc))
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    json_put_string(into, name, text);
}

void report_date(int64_t date_s, char out[32])
{
    time_t date = (time_t)date_s;
    struct tm local;
    out[0] = '\0';
    if (localtime_r(&date, &local))
        strftime(out, 32, "%Y-%m-%d %H:%M", &local);
}

static void put_practice(struct json *into, const struct practice *practice)
{
    json_put_integer(into, "passes", practice->passes);
    json_put_integer(into, "passes_played", practice->played ? practice->played : practice->passes);
    json_put_integer(into, "vamp_first_bar", practice->vamp_first);
    json_put_integer(into, "vamp_last_bar", practice->vamp_last);
    json_put_number(into, "ramp_percent", practice->ramp_percent);
    json_put_integer(into, "drop_play_bars", practice->play_bars);
    json_put_integer(into, "drop_out_bars", practice->out_bars);
}

static void put_settings(struct json *into, const struct take_settings *settings)
{
    json_put_string(into, "model", settings->model);
    json_put_unsigned(into, "seed", settings->seed);
    json_put_number(into, "follow", settings->controls.follow);
    json_put_number(into, "expression", settings->controls.expression);
    json_put_number(into, "leash_ms", settings->controls.leash_ms);
    struct json *leashes = json_put_object(into, "drum_leash_ms");
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        if (settings->controls.leashed & 1u << drum)
            json_put_number(leashes, kitmap_name((enum drum)drum),
                            settings->controls.drum_leash_ms[drum]);
    json_put_number(into, "tempo_percent", settings->tempo_percent);
    json_put_integer(into, "first_bar", settings->first_bar);
    json_put_integer(into, "last_bar", settings->last_bar);
    put_practice(into, &settings->practice);
}

static void put_sound(struct json *into, const struct session_take *take)
{
    const struct take_sound *sound = &take->sound;
    json_put_integer(into, "rate", take->settings.rate);
    json_put_string(into, "input", sound->input[0] ? sound->input : NULL);
    json_put_string(into, "output", sound->output[0] ? sound->output : NULL);
    json_put_integer(into, "period", sound->period);
    json_put_string(into, "round_trip", round_trip_source_name(sound->source));
    json_put_number(into, "round_trip_ms", sound->round_trip_ms);
    json_put_number(into, "drift_ppm", sound->drift_ppm);
}

void report_put_take(struct json *into, const struct session_take *take)
{
    const struct take_summary *summary = &take->summary;
    bool known = summary->matched > 0; /* a mean over nothing is no figure */
    json_put_integer(into, "take", take->number);
    json_put_string(into, "status", take_status_name(take->status));
    report_put_date(into, "date", take->date_s);
    json_put_integer(into, "steps", summary->steps);
    json_put_integer(into, "hits", summary->hits);
    json_put_integer(into, "onsets", summary->onsets);
    json_put_integer(into, "matched", summary->matched);
    json_put_number(into, "prediction_mae_ms", known ? summary->prediction_mae_ms : NAN);
    json_put_number(into, "asynchrony_mae_ms", known ? summary->asynchrony_mae_ms : NAN);
    json_put_number(into, "asynchrony_mean_ms", known ? summary->asynchrony_mean_ms : NAN);
    json_put_integer(into, "deadline_misses", summary->deadline_misses);
    json_put_integer(into, "xruns", take->xruns);
    json_put_integer(into, "recording_bytes", (int64_t)take->recording_size);
    json_put_integer(into, "checkpoint", take->checkpoint);
    put_settings(into, &take->settings);
    put_sound(into, take);
    json_put_string(into, "note", take->note[0] ? take->note : NULL);
}

static void put_number_or_none(struct json *into, const char *name, int number)
{
    if (number)
        json_put_integer(into, name, number);
    else
        json_put_null(into, name);
}

void report_put_checkpoint(struct json *into, const struct session_checkpoint *checkpoint)
{
    json_put_integer(into, "checkpoint", checkpoint->number);
    put_number_or_none(into, "parent", checkpoint->parent);
    put_number_or_none(into, "take", checkpoint->take);
    json_put_string(into, "model", checkpoint->model);
    report_put_date(into, "date", checkpoint->date_s);
    json_put_integer(into, "epochs", checkpoint->epochs);
    json_put_number(into, "loss_before", checkpoint->loss_before);
    json_put_number(into, "loss_after", checkpoint->loss_after);
    json_put_number(into, "seconds", checkpoint->seconds);
    json_put_integer(into, "bytes", (int64_t)checkpoint->size);
    json_put_string(into, "note", checkpoint->note[0] ? checkpoint->note : NULL);
}

bool report_print(struct json *root, struct error *err)
{
    bool printed = json_print(root, stdout, err);
    json_free(root);
    return printed;
}

static void print_sound(const struct take_sound *sound, FILE *out)
{
    if (!sound->input[0] && !sound->output[0])
        return;
    fprintf(out, "  heard by %s, played by %s", sound->input[0] ? sound->input : "nothing",
            sound->output[0] ? sound->output : "nothing");
    if (sound->source != ROUND_TRIP_NONE)
        fprintf(out, "; round trip %.1f ms %s", sound->round_trip_ms,
                round_trip_source_name(sound->source));
    if (!isnan(sound->drift_ppm))
        fprintf(out, "; clocks %+.1f ppm apart", sound->drift_ppm);
    fputc('\n', out);
}

static void print_practice(const struct practice *practice, FILE *out)
{
    int passes = practice->played ? practice->played : practice->passes;
    if (practice->vamp_first)
        fprintf(out, ", bars %d to %d as a vamp, %d %s", practice->vamp_first, practice->vamp_last,
                passes, passes == 1 ? "pass" : "passes");
    else if (passes > 1)
        fprintf(out, ", %d times", passes);
    if (practice->out_bars)
        fprintf(out, ", %d bars with drums and %d without", practice->play_bars,
                practice->out_bars);
}

void report_take(const struct session_take *take, const struct room *room, FILE *out)
{
    const struct take_summary *summary = &take->summary;
    const struct take_settings *settings = &take->settings;
    fprintf(out, "take %d of %s: %d steps, %d hits", take->number, room_score(room)->name,
            summary->steps, summary->hits);
    if (settings->first_bar) {
        int bars = room_score(room)->bar_count, last = settings->last_bar;
        fprintf(out, ", bars %d to %d", settings->first_bar, last && last < bars ? last : bars);
    }
    print_practice(&settings->practice, out);
    if (settings->practice.ramp_percent != 0)
        fprintf(out, ", at %g%% to %g%% tempo", settings->tempo_percent,
                practice_tempo(&settings->practice, settings->tempo_percent,
                               settings->practice.passes));
    else if (settings->tempo_percent != 100)
        fprintf(out, ", at %g%% tempo", settings->tempo_percent);
    fprintf(out, "\n  drummer #%d (%s), seed %llu\n", take->checkpoint, settings->model,
            (unsigned long long)settings->seed);
    print_sound(&take->sound, out);
    if (summary->matched == 0)
        fprintf(out, "  no guitar was heard\n");
    else
        fprintf(out,
                "  heard %d notes, %d of them at a step\n"
                "  expected within %.1f ms, together within %.1f ms (the guitar %.1f ms %s)\n",
                summary->onsets, summary->matched, summary->prediction_mae_ms,
                summary->asynchrony_mae_ms, fabs(summary->asynchrony_mean_ms),
                summary->asynchrony_mean_ms < 0 ? "before the drums" : "after the drums");
    if (summary->deadline_misses || take->xruns)
        fprintf(out, "  %d plans came too late, %d buffers were lost\n", summary->deadline_misses,
                take->xruns);
    if (take->note[0])
        fprintf(out, "  \"%s\"\n", take->note);
}
