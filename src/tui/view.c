#include "tui/view.h"

#include "tui/history.h"
#include "tui/widgets.h"

#include <stdio.h>
#include <string.h>

enum { MARGIN = 1, MESSAGE_SIZE = 800 };

enum place screen_place(const struct screen *screen)
{
    switch (screen->view) {
    case VIEW_ENTRANCE:
        return AT_ENTRANCE;
    case VIEW_TAKE:
        return AT_TAKE;
    case VIEW_LESSON:
        return screen->lesson.running ? AT_LESSON : AT_LEARNT;
    case VIEW_HISTORY:
        return AT_HISTORY;
    case VIEW_WEIGHTS:
        return AT_WEIGHTS;
    case VIEW_HELP:
        return AT_HELP;
    case VIEW_STAGE:
        break;
    }
    return screen->transport.playing ? AT_PLAYING : AT_STAGE;
}

static void too_small(struct grid *grid, const struct screen *screen)
{
    char lines[4][32] = {"larger, please", "", "", ""};
    snprintf(lines[1], sizeof lines[1], "%d x %d here", grid->cols, grid->rows);
    snprintf(lines[2], sizeof lines[2], "%d x %d needed", VIEW_MIN_COLS, VIEW_MIN_ROWS);
    if (screen->transport.playing)
        snprintf(lines[3], sizeof lines[3], "the take plays on");
    int row = grid->rows > 4 ? (grid->rows - 4) / 2 : 0;
    for (int i = 0; i < 4; i++) {
        int col = (grid->cols - grid_width(lines[i])) / 2;
        grid_put(grid, row + i, col > 0 ? col : 0, ROLE_PLAIN, lines[i]);
    }
}

static void draw_title(struct grid *grid, const struct screen *screen)
{
    const struct transport *transport = &screen->transport;
    const struct session_checkpoint *drummer = history_player(&screen->history, screen->model);
    char right[128], number[16] = "";
    if (drummer)
        snprintf(number, sizeof number, "#%d ", drummer->number);
    snprintf(right, sizeof right, "%s %d   drummer %s%s   %.0f bpm  %d/%d",
             transport->playing ? "take" : "next take", screen->take_number, number,
             drummer ? drummer->model : screen->model, transport->bpm, transport->numerator,
             transport->denominator);
    grid_put(grid, 0, MARGIN, ROLE_BOLD, screen->score->name);
    int begin = grid->cols - MARGIN - grid_width(right);
    grid_put(grid, 0, begin - 2, ROLE_PLAIN, "  ");
    grid_put(grid, 0, begin, ROLE_PLAIN, right);
}

/* Bytes at the beginning of `text` that `width` columns hold, broken at a space where there is one,
 * never within a character. */
static int break_at(const char *text, int width)
{
    int space = 0, at = 0, cols = 0;
    while (text[at]) {
        char sign[5] = {text[at]};
        int bytes = 1;
        for (; bytes < 4 && (text[at + bytes] & 0xc0) == 0x80; bytes++)
            sign[bytes] = text[at + bytes];
        cols += grid_width(sign);
        if (cols > width && at > 0)
            return space ? space : at;
        at += bytes;
        if (text[at] == ' ')
            space = at;
    }
    return at;
}

/* On the row, and on as many above it as it takes: the end of an error is its reason. */
static void draw_message(struct grid *grid, int row, const struct message *message)
{
    static const enum role roles[] = {[TONE_NONE] = ROLE_PLAIN,
                                      [TONE_INFO] = ROLE_PLAIN,
                                      [TONE_GOOD] = ROLE_GOOD,
                                      [TONE_ASK] = ROLE_WARN,
                                      [TONE_ERROR] = ROLE_BAD};
    char text[MESSAGE_SIZE];
    int width = grid->cols - 2 * MARGIN;
    snprintf(text, sizeof text, "%s%s%s%s", message->text, message->hint[0] ? " (" : "",
             message->hint, message->hint[0] ? ")" : "");
    int begins[MESSAGE_SIZE + 1], lines = 0, length = (int)strlen(text);
    for (int at = 0; at < length; at += text[at] == ' ') {
        begins[lines++] = at;
        at += break_at(text + at, width);
    }
    begins[lines] = length;
    for (int i = 0; i < lines; i++) {
        char line[MESSAGE_SIZE];
        int at = row - lines + 1 + i;
        snprintf(line, sizeof line, "%.*s", begins[i + 1] - begins[i], text + begins[i]);
        grid_fill(grid, at, 0, grid->cols, ROLE_PLAIN, " ");
        grid_put(grid, at, MARGIN, roles[message->tone], line);
    }
}

/* What is turned stands beside its key. */
static void hint_text(const struct key *key, const struct screen *screen, char *out, int size)
{
    const struct knobs *knobs = &screen->knobs;
    const char *brief = key->brief;
    char value[32] = "";
    if (key->action == ACTION_PLAY && screen->transport.playing)
        brief = "stop";
    if (key->action == ACTION_ROBOT && screen->robot)
        brief = "human";
    if (key->action == ACTION_FOLLOW)
        knobs_text(knobs, KNOB_FOLLOW, value, sizeof value);
    if (key->action == ACTION_LEASH) {
        enum knob leash = knobs->drum < 0 ? KNOB_LEASH : KNOB_DRUM_LEASH;
        brief = knobs->drum < 0 ? brief : widget_drum(knobs->drum);
        snprintf(value, sizeof value, "%.0f", knobs_value(knobs, leash));
    }
    snprintf(out, (size_t)size, " %s%s%s", brief, value[0] ? " " : "", value);
}

/* Hints are for keys that would do something now. */
static bool worth_a_hint(const struct key *key, const struct screen *screen)
{
    const struct history *history = &screen->history;
    const struct session_checkpoint *drummer = history_checkpoint(history, history->current);
    bool idle = !screen->transport.playing && !screen->lesson.running;
    bool take_meant =
        screen->view != VIEW_HISTORY ? history->take_count > 0 : history_selected_take(history) > 0;
    switch (key->action) {
    case ACTION_ACCEPT:
    case ACTION_REJECT:
    case ACTION_EXPORT:
        return idle && take_meant;
    case ACTION_LOOK:
        return !screen->transport.playing && take_meant;
    case ACTION_CURRENT:
        return idle && !take_meant;
    case ACTION_UNDO:
        return idle && drummer && drummer->parent > 0;
    case ACTION_BACK: /* has a place of its own */
    case ACTION_HELP:
    case ACTION_QUIT:
        return false;
    default:
        return key->brief != NULL;
    }
}

/* The ways out stand on the right of every screen. */
static int draw_ways_out(struct grid *grid, int row, bool back)
{
    static const char ways[] = "esc back   ? help   q quit";
    enum { BACK = 11 };
    const char *text = back ? ways : ways + BACK;
    int begin = grid_put_right(grid, row, grid->cols - MARGIN, ROLE_PLAIN, text);
    if (back)
        grid_paint(grid, row, begin, 3, ROLE_BOLD);
    grid_paint(grid, row, grid->cols - MARGIN - 15, 1, ROLE_BOLD);
    grid_paint(grid, row, grid->cols - MARGIN - 6, 1, ROLE_BOLD);
    return begin;
}

static void draw_hints(struct grid *grid, int row, const struct screen *screen)
{
    enum place place = screen_place(screen);
    bool back = keys_action(place, PRESS_ESCAPE) == ACTION_BACK;
    int col = MARGIN, end = draw_ways_out(grid, row, back);
    for (int i = 0; i < key_count; i++) {
        const struct key *key = &keys[i];
        char text[64];
        if (!(key->places & place) || !worth_a_hint(key, screen))
            continue;
        hint_text(key, screen, text, sizeof text);
        if (col + grid_width(key->name) + grid_width(text) + 3 > end)
            continue;
        col = grid_put(grid, row, col, ROLE_BOLD, key->name);
        col = grid_put(grid, row, col, ROLE_PLAIN, text) + 3;
    }
}

/* What goes on elsewhere while another view is open. */
static void draw_elsewhere(struct grid *grid, int row, const struct screen *screen)
{
    const struct lesson_state *lesson = &screen->lesson;
    if (screen->transport.playing && screen->view != VIEW_STAGE)
        grid_print(grid, row, MARGIN, ROLE_PLAIN, "take %d is being played: bar %d of %d",
                   screen->take_number, screen->transport.bar + 1, screen->score->bar_count);
    else if (lesson->running && screen->view != VIEW_LESSON)
        grid_print(grid, row, MARGIN, ROLE_PLAIN, "learning from take %d: %.0f %%", lesson->take,
                   100.0 * lesson->progress.done);
}

void view_draw(struct grid *grid, const struct screen *screen)
{
    static void (*const views[])(struct grid *, struct area, const struct screen *) = {
        [VIEW_STAGE] = view_stage,   [VIEW_ENTRANCE] = view_entrance, [VIEW_TAKE] = view_take,
        [VIEW_LESSON] = view_lesson, [VIEW_HISTORY] = view_history,   [VIEW_WEIGHTS] = view_weights,
        [VIEW_HELP] = view_help,
    };
    grid_clear(grid);
    if (grid->rows < VIEW_MIN_ROWS || grid->cols < VIEW_MIN_COLS) {
        too_small(grid, screen);
        return;
    }
    draw_title(grid, screen);
    views[screen->view](grid, (struct area){1, grid->rows - 2}, screen);
    if (screen->prompt.open)
        view_prompt(grid, grid->rows - 2, &screen->prompt);
    else if (screen->message.tone != TONE_NONE)
        draw_message(grid, grid->rows - 2, &screen->message);
    else
        draw_elsewhere(grid, grid->rows - 2, screen);
    if (screen->prompt.open)
        view_prompt_hints(grid, grid->rows - 1, &screen->prompt);
    else
        draw_hints(grid, grid->rows - 1, screen);
}
