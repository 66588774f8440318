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
    case VIEW_LISTEN:
        return AT_LISTEN;
    case VIEW_WEIGHTS:
        return AT_WEIGHTS;
    case VIEW_PRACTICE:
        return AT_PRACTICE;
    case VIEW_HELP:
        return AT_HELP;
    case VIEW_COMPARE:
        return AT_COMPARE;
    case VIEW_LIBRARY:
        return AT_LIBRARY;
    case VIEW_STAGE:
        break;
    }
    return screen->transport.playing ? AT_PLAYING : AT_STAGE;
}

const char *screen_key(const struct screen *screen, enum action action)
{
    const char *name = keymap_name(&screen->keymap, action, screen_place(screen));
    return name[0] ? name : keys_action_name(action);
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
    if (!screen->score) {
        grid_put(grid, 0, MARGIN, ROLE_BOLD, "rolypoly");
        grid_put_right(grid, 0, grid->cols - MARGIN, ROLE_PLAIN, "songs and rehearsals");
        return;
    }
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

int view_break_at(const char *text, int width)
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
        at += view_break_at(text + at, width);
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
    bool take_meant = screen->view != VIEW_HISTORY
                          ? history->take_count > 0
                          : history_selected_take(history, &screen->browsing) > 0;
    if (!screen->score && !(keymap_places(key->action) & AT_LIBRARY))
        return false;
    switch (key->action) {
    case ACTION_ACCEPT:
    case ACTION_REJECT:
    case ACTION_EXPORT:
        return idle && take_meant;
    case ACTION_LOOK:
    case ACTION_LISTEN:
        return !screen->transport.playing && take_meant;
    case ACTION_BLIND:
        return screen->view == VIEW_LESSON && screen->lesson.checkpoint > 0;
    case ACTION_CURRENT:
        return idle && !take_meant;
    case ACTION_LAST_TIME:
        return practice_passes(screen->played) > 1;
    case ACTION_UNDO:
        return idle && drummer && drummer->parent > 0;
    case ACTION_NOTE:
        return screen->view != VIEW_HISTORY;
    case ACTION_SWAP:
        return screen->listen.blind;
    case ACTION_PREFER:
        return screen->listen.blind && screen->listen.audible && !screen->listen.chosen;
    case ACTION_COMPARE: /* the history says so itself, as of notes */
    case ACTION_DELETE:
    case ACTION_SEARCH:
    case ACTION_BACK: /* has a place of its own */
    case ACTION_HELP:
    case ACTION_QUIT:
        return false;
    default:
        return key->brief != NULL;
    }
}

/* Where a row of the table is shown, its keys can be clicked; the first of a pair's signs is its
 * first key. */
static void put_spots(struct grid *grid, int row, int col, const struct keymap_row *keys_shown,
                      int name_cols, int cols)
{
    int first = keys_shown->codes[0], second = first;
    for (int k = 0; k < KEY_CODES && keys_shown->codes[k]; k++)
        if (keys_shown->parts[k] == 1 && second == first)
            second = keys_shown->codes[k];
    grid_put_spot(grid, (struct spot){row, col, cols, SPOT_KEY, second});
    if (second != first)
        grid_put_spot(grid, (struct spot){row, col, (name_cols + 1) / 2, SPOT_KEY, first});
}

/* The ways out stand on the right of every screen. Returns where they begin. */
static int draw_ways_out(struct grid *grid, int row, const struct screen *screen)
{
    static const struct {
        enum action action;
        const char *brief;
    } ways[] = {{ACTION_QUIT, "quit"}, {ACTION_HELP, "help"}, {ACTION_BACK, "back"}};
    enum place place = screen_place(screen);
    int end = grid->cols - MARGIN, part;
    bool back = keymap_action(&screen->keymap, place, PRESS_ESCAPE, &part) == ACTION_BACK;
    for (int i = 0; i < 2 + back; i++) {
        int at = keymap_row(&screen->keymap, ways[i].action, place);
        if (at < 0)
            continue;
        const struct keymap_row *shown = &screen->keymap.rows[at];
        int width = grid_width(shown->name), whole = width + 1 + grid_width(ways[i].brief);
        grid_put(grid, row, end - whole, ROLE_BOLD, shown->name);
        grid_put(grid, row, end - whole + width + 1, ROLE_PLAIN, ways[i].brief);
        put_spots(grid, row, end - whole, shown, width, whole);
        end -= whole + 3;
    }
    return end + 3;
}

static void draw_hints(struct grid *grid, int row, const struct screen *screen)
{
    enum place place = screen_place(screen);
    int col = MARGIN, end = draw_ways_out(grid, row, screen);
    for (int i = 0; i < key_count; i++) {
        const struct keymap_row *shown = &screen->keymap.rows[i];
        char text[64];
        if (!(keys[i].places & place) || !shown->name[0] || !worth_a_hint(&keys[i], screen))
            continue;
        hint_text(&keys[i], screen, text, sizeof text);
        int name = grid_width(shown->name), width = name + grid_width(text);
        if (col + width + 3 > end)
            continue;
        put_spots(grid, row, col, shown, name, width);
        col = grid_put(grid, row, col, ROLE_BOLD, shown->name);
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
        [VIEW_STAGE] = view_stage,       [VIEW_TAKE] = view_take,
        [VIEW_LESSON] = view_lesson,     [VIEW_HISTORY] = view_history,
        [VIEW_COMPARE] = view_compare,   [VIEW_LISTEN] = view_listen,
        [VIEW_LIBRARY] = view_library,   [VIEW_WEIGHTS] = view_weights,
        [VIEW_HELP] = view_help,         [VIEW_PRACTICE] = view_practice,
        [VIEW_ENTRANCE] = view_entrance,
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
