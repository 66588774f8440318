#include "tui/view.h"

#include "tui/heat_map.h"
#include "tui/history.h"
#include "tui/widgets.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MARGIN = 1, TREND_TAKES = 16, MOST_LINES = 12, ROOMY = 24 };

static const double FULL_MS = 40.0; /* a take's column in the trend is full here */

static void draw_heading(struct grid *grid, int row, const struct verdict *verdict)
{
    static const enum role roles[] = {
        [TAKE_UNDECIDED] = ROLE_WARN, [TAKE_ACCEPTED] = ROLE_GOOD, [TAKE_REJECTED] = ROLE_BAD};
    const struct session_take *take = &verdict->take;
    char length[16], right[96];
    widget_clock(verdict->length_s, length, sizeof length);
    int col = grid_print(grid, row, MARGIN, ROLE_BOLD, "Take %d", take->number);
    col = grid_print(grid, row, col + 3, ROLE_PLAIN, "%s", length);
    col = grid_put(grid, row, col + 3, roles[take->status], take_status_name(take->status));
    int used = snprintf(right, sizeof right, "by #%d   tempo %.0f %%", take->checkpoint,
                        take->settings.tempo_percent);
    if (take->sound.source == ROUND_TRIP_MEASURED && grid->cols - col > 50)
        snprintf(right + used, sizeof right - (size_t)used, "   calibration fresh");
    int end = grid_put_right(grid, row, grid->cols - MARGIN, ROLE_DIM, right);
    char note[SESSION_NOTE_SIZE + 2];
    snprintf(note, sizeof note, "\"%s\"", take->note);
    if (take->note[0])
        widget_cut(grid, row, col + 3, end - 2, ROLE_PLAIN, note);
}

/* Why there are no figures, and what may help. */
static void draw_nothing_heard(struct grid *grid, int row, const struct verdict *verdict,
                               const struct sound *sound)
{
    if (verdict->take.summary.steps > 0 && !sound->virtual_guitar)
        grid_put(grid, row, MARGIN, ROLE_PLAIN,
                 sound->silent ? "there is no sound card to hear you: 'rolypoly devices' lists them"
                               : "is the input the right one, and the level up?");
}

static void draw_remarks(struct grid *grid, int row, const struct judgement *judgement)
{
    const bool told = judgement->notes >= JUDGEMENT_LEAST_NOTES;
    char remark[REMARK_SIZE];
    if (judgement_remark(judgement, REMARK_TOGETHER, remark))
        grid_put(grid, row, MARGIN, told ? widget_judge(judgement->apart_ms) : ROLE_WARN, remark);
    if (judgement_remark(judgement, REMARK_NOTABLE, remark))
        grid_put(grid, row + 1, MARGIN, ROLE_PLAIN, remark);
}

/* The bars that stick out beside the one that is told of. */
static void draw_other_odd(struct grid *grid, int row, const struct judgement *judgement)
{
    int col = MARGIN;
    for (int i = 1; i < judgement->odd_count; i++) {
        const struct odd_bars *odd = &judgement->odd[i];
        char range[32];
        int used = snprintf(range, sizeof range, "%d", odd->first);
        if (odd->last > odd->first)
            snprintf(range + used, sizeof range - (size_t)used, "-%d", odd->last);
        col = grid_print(grid, row, col, ROLE_PLAIN, "%s%s (%.0f ms)", i == 1 ? "Then bars " : ", ",
                         range, odd->apart_ms);
    }
}

static void draw_heard(struct grid *grid, int row, int col, const struct judgement *judgement)
{
    if (judgement->expected)
        grid_print(grid, row, col, ROLE_PLAIN, "heard %d of %d expected notes",
                   judgement->expected_heard, judgement->expected);
    else
        grid_print(grid, row, col, ROLE_PLAIN, "heard at %d of %d steps", judgement->notes,
                   judgement->steps);
}

/* Who came to whom. */
static void draw_coming(struct grid *grid, int row, int col, const struct judgement *judgement)
{
    const double drums_ms = judgement_drums_ms(judgement);
    if (drums_ms >= 0)
        col = grid_print(grid, row, col, ROLE_PLAIN, "the drums came %.1f ms to you", drums_ms);
    else
        col =
            grid_print(grid, row, col, ROLE_PLAIN, "drums on the grid: %.1f ms closer", -drums_ms);
    switch (judgement_coming(judgement)) {
    case COMING:
        grid_print(grid, row, col, ROLE_PLAIN, ", you %.1f to them", judgement->reaction.ms);
        break;
    case COMING_NOT:
        grid_put(grid, row, col, ROLE_PLAIN, ", you kept your time");
        break;
    case COMING_UNKNOWN:
        break;
    }
}

/* The last takes, or the one this is looked at beside. */
static void draw_trend(struct grid *grid, int row, int col, const struct screen *screen)
{
    const struct room_verdict *judged = &screen->verdict.judged;
    const int beside = screen->verdict.row;
    if (beside > 0) {
        const struct take_bars *other = &judged->rows[beside];
        const struct session_take *take = history_take(&screen->history, other->take);
        col = grid_print(grid, row, col, ROLE_BOLD, "take %d: %.1f ms apart", other->take,
                         take_bars_apart_ms(other, 1, other->count));
        if (take)
            grid_print(grid, row, col, ROLE_PLAIN, ", %s, heard %d, expected within %.1f",
                       take_status_name(take->status), take->summary.matched,
                       take->summary.prediction_mae_ms);
        return;
    }
    if (judged->row_count < 2)
        return;
    const int shown = judged->row_count < TREND_TAKES ? judged->row_count : TREND_TAKES;
    col = grid_put(grid, row, col, ROLE_PLAIN, "takes ");
    for (int i = shown - 1; i >= 0; i--) {
        double ms = take_bars_apart_ms(&judged->rows[i], 1, judged->rows[i].count);
        widget_spark(grid, row, col++, ms, FULL_MS, widget_judge(ms));
    }
    for (int i = 1; i < shown && i <= 2; i++)
        col = grid_print(grid, row, col + 2, ROLE_PLAIN, "take %d: %.1f", judged->rows[i].take,
                         take_bars_apart_ms(&judged->rows[i], 1, judged->rows[i].count));
}

static void draw_figures(struct grid *grid, int row, const struct screen *screen)
{
    const struct judgement *judgement = &screen->verdict.judged.judgement;
    char digits[16];
    if (judgement->notes == 0) {
        draw_nothing_heard(grid, row, &screen->verdict, &screen->sound);
        return;
    }
    snprintf(digits, sizeof digits, "%.0f", fmin(judgement->apart_ms, 999));
    int col = widget_big(grid, row, MARGIN, widget_judge(judgement->apart_ms), digits);
    col = grid_put(grid, row + BIG_ROWS - 1, col, ROLE_PLAIN, "ms") + 2;
    draw_heard(grid, row, col, judgement);
    grid_print(grid, row + 1, col, ROLE_PLAIN, "expected you within %.1f ms", judgement->within_ms);
    grid_print(grid, row + 2, col, ROLE_PLAIN, "you came %.1f ms %s the drums, give or take %.0f",
               fabs(judgement->lean_ms), judgement->lean_ms >= 0 ? "after" : "before",
               judgement->spread_ms);
    draw_coming(grid, row + 3, col, judgement);
    draw_trend(grid, row + 4, col, screen);
}

/* The drums of the song with their keys; those a lesson leaves out are crossed out. */
static void draw_drums(struct grid *grid, int row, const struct screen *screen)
{
    const uint16_t struck = score_drums(screen->score);
    int col = MARGIN;
    for (int drum = 0; drum < DRUM_COUNT; drum++) {
        bool chosen = screen->verdict.choice.drums & 1u << drum;
        if (!(struck & 1u << drum))
            continue;
        col = grid_print(grid, row, col, chosen ? ROLE_PLAIN : ROLE_WARN, "%d%s%s", drum + 1,
                         chosen ? " " : "×", widget_drum(drum));
        col++;
    }
}

/* What there is to say before a lesson, the most important first. */
struct advice_lines {
    int count;
    struct {
        enum role role;
        char text[160];
    } line[MOST_LINES];
};

__attribute__((format(printf, 3, 4))) static void add_line(struct advice_lines *lines,
                                                           enum role role, const char *format, ...)
{
    if (lines->count == MOST_LINES)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(lines->line[lines->count].text, sizeof lines->line->text, format, arguments);
    va_end(arguments);
    lines->line[lines->count++].role = role;
}

static void add_doubts(struct advice_lines *lines, const struct lesson_advice *advice, int first,
                       int end)
{
    for (int d = first; (d = lesson_advice_next(advice, d)) < end; d++) {
        char reason[LESSON_REASON_SIZE];
        const bool against = d < DOUBT_REPORTED;
        lesson_advice_reason(advice, (enum lesson_doubt)d, reason);
        add_line(lines, against ? ROLE_WARN : ROLE_PLAIN, "%s %s%s",
                 against ? "!" : "note:", reason, against ? ": better not learnt" : "");
        add_line(lines, ROLE_PLAIN, "  %s", lesson_advice_remedy((enum lesson_doubt)d));
    }
}

/* Bars that disagree with the other takes, until they are left out. */
static void add_proposal(struct advice_lines *lines, const struct screen *screen)
{
    const struct verdict *verdict = &screen->verdict;
    const struct judgement *judgement = &verdict->judged.judgement;
    const struct odd_bars *odd = &judgement->odd[0];
    char remark[REMARK_SIZE];
    if (!judgement_remark(judgement, REMARK_LEAVE_OUT, remark) ||
        !bars_hold(&verdict->choice.bars, odd->first))
        return;
    if (odd->usual)
        add_line(lines, ROLE_PLAIN, "%s", remark);
    else
        add_line(lines, ROLE_WARN, "%s   %s leaves %s out", remark,
                 screen_key(screen, ACTION_BAR_OUT), odd->first == odd->last ? "it" : "them");
}

/* What a lesson would be of, or has been. */
static void add_lesson(struct advice_lines *lines, const struct screen *screen, bool learnt)
{
    const struct lesson_advice *advice = &screen->verdict.advice;
    if (learnt)
        add_line(lines, ROLE_PLAIN, "the drummer has learnt from this take");
    else if (!lesson_advice_against(advice))
        add_line(lines, ROLE_PLAIN, "%s: learns from %d notes, %.1f ms off their places",
                 screen_key(screen, ACTION_ACCEPT), advice->notes, advice->spread_ms);
}

static void draw_advice(struct grid *grid, int row, int end, const struct screen *screen)
{
    const struct verdict *verdict = &screen->verdict;
    const struct history *history = &screen->history;
    const bool learnt = history_has_learnt(history, history->current, verdict->take.number);
    struct advice_lines lines = {.count = 0};
    char flubs[BARS_TEXT_SIZE];
    if (!learnt)
        add_doubts(&lines, &verdict->advice, 0, DOUBT_REPORTED);
    bars_text(&verdict->flubs, flubs, sizeof flubs);
    if (verdict->flubs.count > 0)
        add_line(&lines, ROLE_WARN, "flubbed: %s %s", strpbrk(flubs, "-,") ? "bars" : "bar", flubs);
    if (!learnt)
        add_proposal(&lines, screen);
    add_lesson(&lines, screen, learnt);
    add_doubts(&lines, &verdict->advice, DOUBT_REPORTED, LESSON_DOUBTS);
    for (int i = 0; i < lines.count && row < end; i++, row++)
        grid_put(grid, row, MARGIN, lines.line[i].role, lines.line[i].text);
}

static void draw_map_rule(struct grid *grid, int row)
{
    static const char legend[] = " ▁ 0   ▄ 20   █ 40 ms ";
    widget_rule(grid, row);
    grid_put(grid, row, MARGIN + 2, ROLE_DIM, " bar by bar, take by take ");
    grid_put_right(grid, row, grid->cols - MARGIN - 2, ROLE_DIM, legend);
}

void view_take(struct grid *grid, struct area area, const struct screen *screen)
{
    const struct verdict *verdict = &screen->verdict;
    const int rows = area.end - area.first;
    const int advice = rows >= ROOMY ? 6 : rows >= 21 ? 3 : 2;
    int row = area.first;
    widget_rule(grid, row++);
    draw_heading(grid, row++, verdict);
    row += rows >= ROOMY;
    draw_remarks(grid, row, &verdict->judged.judgement);
    if (rows >= ROOMY)
        draw_other_odd(grid, row + 2, &verdict->judged.judgement);
    row += rows >= ROOMY ? 4 : 2;
    draw_figures(grid, row, screen);
    row += BIG_ROWS;
    draw_map_rule(grid, row++);
    heat_map_draw(grid, row, area.end - advice - 1, screen);
    draw_drums(grid, area.end - advice - 1, screen);
    draw_advice(grid, area.end - advice, area.end, screen);
}
