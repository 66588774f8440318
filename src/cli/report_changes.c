#include "cli/report.h"

void report_put_flubs(struct json *into, const struct bars *flubs)
{
    struct json *list = json_put_array(into, "flubs");
    for (int i = 0; i < flubs->count; i++)
        for (int bar = flubs->ranges[i].first; bar <= flubs->ranges[i].last; bar++)
            json_put_integer(list, NULL, bar);
}

/* A flub's bar is the one it is about, another change's the one that was being played; 0 in the
 * count-in. */
static int bar_of(const struct score *score, const struct change *change, double time_s)
{
    if (change->kind == CHANGE_FLUB)
        return change->bar;
    if (time_s < 0)
        return 0;
    int bar = practice_song_bar(score,
                                clock_position(score->clock, clock_tick(score->clock, time_s)).bar);
    return bar < score->bar_count ? bar + 1 : score->bar_count;
}

void report_put_changes(struct json *into, const struct score *score, const struct take *take)
{
    struct json *list = json_put_array(into, "changes");
    for (int i = 0; i < take->change_count; i++) {
        const struct change *change = &take->changes[i];
        double time_s = (double)change->frame / take->settings.rate;
        struct json *one = json_put_object(list, NULL);
        json_put_number(one, "time_s", time_s);
        json_put_integer(one, "bar", bar_of(score, change, time_s));
        json_put_string(one, "kind", change_name(change->kind));
        json_put_string(one, "drum",
                        change->drum < 0 ? NULL : kitmap_name((enum drum)change->drum));
        json_put_number(one, "value", change->value);
    }
}

void report_flubs(const struct bars *flubs, FILE *out)
{
    char text[BARS_TEXT_SIZE];
    bars_text(flubs, text, sizeof text);
    if (flubs->count > 0)
        fprintf(out, "  marked as flubs, and left out of a lesson that names no bars: %s\n", text);
}
