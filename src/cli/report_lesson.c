#include "cli/report.h"

#include <math.h>

/* Reasons against it, or what is worth knowing. */
static void put_doubts(struct json *into, const char *name, const struct lesson_advice *advice,
                       bool against)
{
    struct json *list = json_put_array(into, name);
    for (int d = 0; (d = lesson_advice_next(advice, d)) < LESSON_DOUBTS; d++) {
        char reason[LESSON_REASON_SIZE];
        lesson_advice_reason(advice, (enum lesson_doubt)d, reason);
        if ((d < DOUBT_REPORTED) == against)
            json_put_string(list, NULL, reason);
    }
}

void report_put_advice(struct json *into, const struct lesson_advice *advice)
{
    struct json *one = json_put_object(into, "advice");
    json_put_bool(one, "against", lesson_advice_against(advice));
    put_doubts(one, "reasons", advice, true);
    put_doubts(one, "cautions", advice, false);
    json_put_integer(one, "steps", advice->steps);
    json_put_integer(one, "notes", advice->notes);
    json_put_integer(one, "strays", advice->strays);
    json_put_integer(one, "played", advice->played);
    json_put_number(one, "shift_ms", advice->shift_ms);
    json_put_number(one, "spread_ms", advice->spread_ms);
    json_put_number(one, "chance_ms", advice->chance_ms);
    json_put_number(one, "drift_ms", advice->drift_ms);
    json_put_number(one, "bleed", advice->bleed);
    json_put_number(one, "round_trip_ms", advice->round_trip_ms);
    json_put_string(one, "round_trip", round_trip_source_name(advice->round_trip));
}

void report_put_lesson(struct json *into, const struct lesson_report *report)
{
    json_put_integer(into, "onsets", report->onsets);
    json_put_number(into, "prediction_before_ms", report->prediction_before_ms);
    json_put_number(into, "prediction_after_ms", report->prediction_after_ms);
    json_put_number(into, "prediction_unseen_ms", report->prediction_unseen_ms);
    json_put_bool(into, "begins_anew", report->begins_anew);
    json_put_bool(into, "worse", report->worse);
}

void report_doubts(const struct lesson_advice *advice, FILE *out)
{
    for (int d = 0; (d = lesson_advice_next(advice, d)) < LESSON_DOUBTS; d++) {
        char reason[LESSON_REASON_SIZE];
        lesson_advice_reason(advice, (enum lesson_doubt)d, reason);
        fprintf(out, "%s: %s\n  %s\n", d < DOUBT_REPORTED ? "better not learnt" : "note", reason,
                lesson_advice_remedy((enum lesson_doubt)d));
        if (d == DOUBT_SHIFTED && advice->round_trip_ms > 0)
            fprintf(out, "  %.1f ms were taken off every note\n", advice->round_trip_ms);
        else if (d == DOUBT_SHIFTED)
            fprintf(out, "  nothing was taken off the notes: no round trip was known\n");
    }
}

void report_advice(int take, const struct lesson_advice *advice, FILE *out)
{
    fprintf(out, "take %d: the guitar was heard at %d of %d steps\n", take, advice->notes,
            advice->steps);
    if (advice->notes > 0)
        fprintf(out, "  within %.1f ms of its usual places (at random: %.0f ms), %.0f ms %s\n",
                advice->spread_ms, advice->chance_ms, fabs(advice->shift_ms),
                advice->shift_ms < 0 ? "early" : "late");
    report_doubts(advice, out);
    if (!lesson_advice_against(advice))
        fprintf(out, "nothing speaks against learning from it\n");
}

void report_lesson(const struct lesson_report *report, FILE *out)
{
    fprintf(out, "  %d notes, %d epochs, %.1f s", report->onsets, report->epochs, report->seconds);
    if (report->epochs > 0)
        fprintf(out, ", loss %.3g -> %.3g", report->loss_before, report->loss_after);
    fprintf(out, "\n  would have expected this take within %.1f ms (before: %.1f ms)\n",
            report->prediction_after_ms, report->prediction_before_ms);
    if (!isnan(report->prediction_unseen_ms))
        fprintf(out, "  on bars it had not learnt from: %.1f ms\n", report->prediction_unseen_ms);
    if (report->begins_anew)
        fprintf(out, "  played in another way than before: what was known of the guitarist is put "
                     "aside\n");
    if (report->worse)
        fprintf(out,
                "  this lesson does harm: what it did not teach is expected worse than before\n");
    if (!report->begins_anew && !report->worse)
        fprintf(out, "  %s\n", lesson_report_says(report));
    if (report->begins_anew || report->worse)
        fprintf(out, "  rolypoly rollback takes it back\n");
}
