#include "tui/view.h"

#include "score/practice.h"
#include "tui/widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MARGIN = 1, WORDS = 24, WIDEST = 7 };

/* Where bar by bar is drawn: several bars a column where the song is long, wide ones where it is
 * short. */
struct strip {
    int row, first_bar, stride, columns, width;
};

static void draw_heading(struct grid *grid, int row, const struct screen *screen)
{
    const struct listen *listen = &screen->listen;
    char now[16];
    if (listen->blind)
        grid_print(grid, row, MARGIN, ROLE_BOLD, "Which drummer?   take %d, by #%d and by #%d",
                   listen->take, listen->drummers[0], listen->drummers[1]);
    else
        grid_print(grid, row, MARGIN, ROLE_BOLD, "Listening to take %d", listen->take);
    widget_clock(fmax(listen->now_s, 0), now, sizeof now);
    if (listen->ready)
        grid_put_right(grid, row, grid->cols - MARGIN, listen->going ? ROLE_PLAIN : ROLE_WARN,
                       listen->going ? now : "paused");
}

static void draw_getting_ready(struct grid *grid, int row, const struct listen *listen)
{
    if (!listen->blind) {
        grid_put(grid, row, MARGIN, ROLE_PLAIN, "getting it ready…");
        return;
    }
    grid_put(grid, row, MARGIN, ROLE_PLAIN, "both drummers play to what was heard of you…");
    widget_bar(grid, row + 1, MARGIN, grid->cols - 2 * MARGIN, listen->done, ROLE_DRUMS);
}

static void draw_side(struct grid *grid, int row, int col, int side)
{
    static const char *const shapes[2][BIG_ROWS] = {
        {"███", "█ █", "███", "█ █", "█ █"},
        {"██ ", "█ █", "██ ", "█ █", "██ "},
    };
    for (int i = 0; i < BIG_ROWS; i++)
        grid_put(grid, row + i, col, ROLE_DRUMS, shapes[side][i]);
}

static int song_bar(const struct listen *listen, int bar)
{
    return practice_song_bar(listen->score, bar - 1) + 1;
}

/* Who is heard now, to be read from afar. */
static void draw_heard(struct grid *grid, int row, const struct listen *listen)
{
    int col = WORDS;
    if (listen->blind) {
        draw_side(grid, row, MARGIN + 2, listen->side);
    } else {
        char bar[16];
        snprintf(bar, sizeof bar, "%d", listen->bar);
        widget_big(grid, row, MARGIN + 2, ROLE_BOLD, bar);
    }
    col = grid_put(grid, row, col, listen->drums ? ROLE_DRUMS : ROLE_DIM,
                   listen->drums ? "● DRUMS" : "· drums");
    col = grid_put(grid, row, col + 3, listen->guitar ? ROLE_GUITAR : ROLE_DIM,
                   listen->guitar ? "○ GUITAR" : "· guitar");
    if (listen->guitar_db)
        grid_print(grid, row, col + 1, ROLE_PLAIN, "%+d dB", listen->guitar_db);
    col =
        grid_print(grid, row + 1, WORDS, ROLE_BOLD, "bar %d of %d", listen->bar, listen->last_bar);
    if (song_bar(listen, listen->bar) != listen->bar)
        grid_print(grid, row + 1, col, ROLE_PLAIN, ", bar %d of the song",
                   song_bar(listen, listen->bar));
    int last = listen->loop_first + listen->loop_bars - 1;
    last = last < listen->last_bar ? last : listen->last_bar;
    if (listen->loops && last > listen->loop_first)
        grid_print(grid, row + 2, WORDS, ROLE_PLAIN, "round and round bars %d-%d",
                   listen->loop_first, last);
    else if (listen->loops)
        grid_print(grid, row + 2, WORDS, ROLE_PLAIN, "round and round bar %d", listen->loop_first);
    if (listen->unheard[0])
        grid_print(grid, row + 3, WORDS, ROLE_WARN, "the drums alone: %s", listen->unheard);
}

static const char *side_name(int side)
{
    return side ? "B" : "A";
}

static void draw_revealed(struct grid *grid, int row, const struct listen *listen)
{
    grid_print(grid, row, MARGIN, ROLE_GOOD,
               listen->kept ? "%s it is: the new drummer, #%d. He stays."
                            : "%s it is: the old drummer, #%d. The lesson is undone.",
               side_name(listen->side), listen->kept ? listen->drummers[1] : listen->drummers[0]);
    for (int side = 0; side < 2; side++) {
        int col =
            grid_print(grid, row + 1 + side, MARGIN, ROLE_PLAIN, "%s was %s #%d", side_name(side),
                       listen->sides[side] == listen->drummers[1] ? "the new" : "the old",
                       listen->sides[side]);
        if (isfinite(listen->apart[side]))
            grid_print(grid, row + 1 + side, col, ROLE_PLAIN, ": %.1f ms from your guitar",
                       listen->apart[side]);
    }
}

static void draw_choice(struct grid *grid, int row, const struct screen *screen)
{
    const struct listen *listen = &screen->listen;
    if (listen->chosen) {
        draw_revealed(grid, row, listen);
    } else if (!listen->audible) {
        grid_put(grid, row, MARGIN, ROLE_WARN, "Nobody could tell them apart in this take.");
        grid_print(grid, row + 1, MARGIN, ROLE_PLAIN,
                   "no hit is more than %.1f ms or %d of velocity apart", listen->most_ms,
                   listen->most_velocity);
    } else {
        grid_print(grid, row, MARGIN, ROLE_PLAIN,
                   "%s: the other one, at once   %s: this one goes on",
                   screen_key(screen, ACTION_SWAP), screen_key(screen, ACTION_PREFER));
        grid_print(grid, row + 1, MARGIN, ROLE_PLAIN,
                   "up to %.0f ms, %d of velocity apart; who is who comes after", listen->most_ms,
                   listen->most_velocity);
    }
}

static struct strip strip_of(const struct grid *grid, int row, const struct listen *listen)
{
    int bars = listen->last_bar - listen->first_bar + 1, room = grid->cols - 2 * MARGIN;
    int stride = bars > room ? (bars + room - 1) / room : 1;
    int columns = (bars + stride - 1) / stride, width = room / columns;
    return (struct strip){row, listen->first_bar, stride, columns, width > WIDEST ? WIDEST : width};
}

static int column_of(const struct strip *strip, int bar)
{
    return MARGIN + (bar - strip->first_bar) / strip->stride * strip->width;
}

/* Columns that a bar's own drawing takes: a wide one leaves a gap. */
static int ink(const struct strip *strip)
{
    return strip->width > 2 ? strip->width - 1 : strip->width;
}

/* Of a take how far apart you were, of two drummers how far they are. NaN where nobody knows. */
static double bar_value(const struct screen *screen, int bar)
{
    const struct listen *listen = &screen->listen;
    if (listen->bars)
        return bar <= listen->bar_count ? listen->bars[bar - 1] : NAN;
    const struct verdict *verdict = &screen->verdict;
    int in_song = song_bar(listen, bar);
    bool known = verdict->take.number == listen->take && in_song <= verdict_bars(verdict);
    return known ? (double)verdict->judged.rows[0].bars[in_song - 1].apart_ms : NAN;
}

static double column_value(const struct screen *screen, const struct strip *strip, int column)
{
    double most = NAN;
    for (int i = 0; i < strip->stride; i++) {
        int bar = strip->first_bar + column * strip->stride + i;
        if (bar <= screen->listen.last_bar)
            most = fmax(most, bar_value(screen, bar));
    }
    return most;
}

static void draw_numbers(struct grid *grid, int row, const struct strip *strip)
{
    enum { ROOM = 5 };
    int step = (ROOM + strip->width - 1) / strip->width;
    for (int k = 0; k < strip->columns; k += step)
        grid_print(grid, row, MARGIN + k * strip->width, ROLE_DIM, "%d",
                   strip->first_bar + k * strip->stride);
}

/* The bars of the loop, and the one that sounds. */
static void draw_place(struct grid *grid, int row, const struct strip *strip,
                       const struct listen *listen)
{
    for (int i = 0; listen->loops && i < listen->loop_bars; i++)
        if (listen->loop_first + i <= listen->last_bar)
            grid_fill(grid, row, column_of(strip, listen->loop_first + i), strip->width, ROLE_PLAIN,
                      "─");
    grid_fill(grid, row, column_of(strip, listen->bar), ink(strip), ROLE_BOLD, "▲");
}

static void draw_strip(struct grid *grid, int row, const struct screen *screen)
{
    static const double FULL_MS = 40;
    const struct listen *listen = &screen->listen;
    const struct strip strip = strip_of(grid, row + 1, listen);
    double full = listen->bars ? 0 : FULL_MS;
    for (int k = 0; listen->bars && k < strip.columns; k++)
        full = fmax(full, column_value(screen, &strip, k));
    grid_put(grid, row, MARGIN, ROLE_DIM,
             listen->bars ? "where they differ, bar by bar" : "how far apart you were, bar by bar");
    for (int k = 0; k < strip.columns; k++)
        for (int i = 0; i < ink(&strip); i++) {
            double value = column_value(screen, &strip, k);
            widget_spark(grid, strip.row, MARGIN + k * strip.width + i, value, full,
                         listen->bars ? ROLE_DRUMS : widget_judge(value));
        }
    draw_place(grid, strip.row + 1, &strip, listen);
    draw_numbers(grid, strip.row + 2, &strip);
}

void view_listen(struct grid *grid, struct area area, const struct screen *screen)
{
    const struct listen *listen = &screen->listen;
    int row = area.first;
    widget_rule(grid, row++);
    draw_heading(grid, row, screen);
    row += 2;
    if (!listen->ready) {
        draw_getting_ready(grid, row, listen);
        return;
    }
    draw_heard(grid, row, listen);
    row += BIG_ROWS + 1;
    if (listen->blind)
        draw_choice(grid, row, screen);
    row += listen->blind ? 4 : 0;
    draw_strip(grid, row, screen);
}
