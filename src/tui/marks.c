#include "tui/marks.h"

void marks_add(struct marks *marks, const struct report *report, bool playing, double now_s)
{
    struct mark mark = {.why = report->verdict, .at_s = now_s};
    if (report->kind == REPORT_IGNORED)
        mark.kind = MARK_IGNORED;
    else if (report->kind == REPORT_HEARD)
        mark.kind = playing && report->step < 0 ? MARK_BETWEEN : MARK_HEARD;
    else
        return;
    marks->last[marks->count++ % MARKS] = mark;
}

struct mark marks_newest(const struct marks *marks, double now_s)
{
    struct mark none = {.kind = MARK_NONE};
    if (marks->count == 0)
        return none;
    struct mark newest = marks->last[(marks->count - 1) % MARKS];
    return now_s - newest.at_s < MARKS_LAST_S ? newest : none;
}

enum mark_kind marks_within(const struct marks *marks, double now_s, double from_s, double to_s)
{
    static const int weight[] = {
        [MARK_NONE] = 0, [MARK_IGNORED] = 1, [MARK_BETWEEN] = 2, [MARK_HEARD] = 3};
    enum mark_kind most = MARK_NONE;
    for (unsigned i = 0; i < MARKS && i < marks->count; i++) {
        const struct mark *mark = &marks->last[i];
        double ago_s = now_s - mark->at_s;
        if (ago_s >= from_s && ago_s < to_s && weight[mark->kind] > weight[most])
            most = mark->kind;
    }
    return most;
}

const char *mark_word(const struct mark *mark)
{
    switch (mark->kind) {
    case MARK_HEARD:
        return "heard";
    case MARK_BETWEEN:
        return "between";
    case MARK_IGNORED:
        return onset_verdict_name(mark->why);
    case MARK_NONE:
        break;
    }
    return "";
}
