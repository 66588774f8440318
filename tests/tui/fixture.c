#include "fixture.h"

#include "tui/history.h"
#include "tui/view.h"

static struct session_take made_take(int number, int checkpoint, enum take_status status)
{
    return (struct session_take){
        .number = number,
        .date_s = FIXTURE_NOW_S - (FIXTURE_TAKES - number) * 24 * 3600,
        .status = status,
        .checkpoint = checkpoint,
        .settings = {.model = "groove",
                     .controls = {.follow = 1.0, .expression = 0.3, .leash_ms = 120},
                     .tempo_percent = 100,
                     .rate = 48000},
        .summary = {.steps = 448,
                    .hits = 900,
                    .onsets = 440,
                    .matched = 431,
                    .prediction_mae_ms = 7.9 + number,
                    .asynchrony_mae_ms = 8.1 + 4 * (FIXTURE_TAKES - number),
                    .asynchrony_mean_ms = -1.2},
        .stop_frame = 48000 * 160,
    };
}

static void make_history(struct history *history)
{
    history->take_count = FIXTURE_TAKES;
    history->takes = calloc(FIXTURE_TAKES, sizeof *history->takes);
    history->takes[0] = made_take(1, 1, TAKE_ACCEPTED);
    history->takes[1] = made_take(2, 1, TAKE_ACCEPTED);
    history->takes[2] = made_take(3, 2, TAKE_REJECTED);
    history->takes[3] = made_take(4, 3, TAKE_UNDECIDED);
    history->checkpoint_count = FIXTURE_DRUMMERS;
    history->checkpoints = calloc(FIXTURE_DRUMMERS, sizeof *history->checkpoints);
    for (int i = 0; i < FIXTURE_DRUMMERS; i++)
        history->checkpoints[i] = (struct session_checkpoint){.number = i + 1,
                                                              .parent = i > 0 ? 1 : 0,
                                                              .date_s = FIXTURE_NOW_S - 48 * 3600,
                                                              .take = i,
                                                              .model = "groove",
                                                              .loss_before = i ? 0.5 : NAN,
                                                              .loss_after = i ? 0.25 : NAN,
                                                              .epochs = 10,
                                                              .size = 1400000};
    history->current = 3;
    ck_assert(history_arrange(history));
}

/* Four notes a bar, all `ms` after the drums; NaN: none. */
static void make_row(struct take_bars *row, int take, int bars, float ms)
{
    *row = (struct take_bars){take, bars, calloc((size_t)bars, sizeof *row->bars)};
    ck_assert_ptr_nonnull(row->bars);
    for (int bar = 0; bar < bars; bar++)
        fixture_bar(row, bar + 1, ms);
}

void fixture_bar(struct take_bars *row, int bar, float ms)
{
    row->bars[bar - 1] =
        (struct take_bar){.notes = isnan(ms) ? 0 : 4, .apart_ms = ms, .lean_ms = ms};
}

void fixture_verdict(struct screen *screen, int bars)
{
    struct verdict *verdict = &screen->verdict;
    verdict_release(verdict);
    verdict->take = screen->history.takes[3];
    verdict->length_s = 160;
    verdict->choice = (struct lesson_choice)LESSON_OF_ALL;
    verdict->advice = (struct lesson_advice){.notes = 431, .steps = 448, .spread_ms = 7.9};
    struct room_verdict *judged = &verdict->judged;
    judged->judgement = (struct judgement){
        .take = 4,
        .steps = 448,
        .notes = 431,
        .expected = 440,
        .expected_heard = 428,
        .apart_ms = 8.1,
        .spread_ms = 9.4,
        .lean_ms = -1.2,
        .within_ms = 11.9,
        .grid_ms = 21.3,
        .drift_ms = 3,
        .reaction = {.notes = 430, .share = 0.3, .sd = 0.05, .ms = 1.3},
        .earlier = 2,
        .last = 3,
        .best = 3,
        .last_ms = 39,
        .best_ms = 39,
    };
    make_row(&judged->rows[0], 4, bars, 3);
    make_row(&judged->rows[1], 3, bars, 39);
    make_row(&judged->rows[2], 1, bars, 18);
    judged->row_count = 3;
    if (bars >= FIXTURE_BARS) {
        fixture_bar(&judged->rows[0], 5, 60);
        fixture_bar(&judged->rows[0], 16, NAN);
    }
}

enum action keys_action(enum place place, int code)
{
    struct keymap map;
    int part;
    keymap_init(&map);
    return keymap_action(&map, place, code, &part);
}

struct screen *fixture_screen(void)
{
    struct screen *screen = calloc(1, sizeof *screen);
    ck_assert(screen != NULL);
    keymap_init(&screen->keymap);
    screen->score = screen->played = made_score(FIXTURE_BARS, 96, 7);
    screen->form = form_new(screen->score);
    ck_assert(screen->form != NULL);
    screen->drill = (struct drill){.bar_count = FIXTURE_BARS};
    drill_clear(&screen->drill);
    screen->moments = calloc((size_t)screen->score->step_count, sizeof *screen->moments);
    screen->transport = (struct transport){
        .length_s = screen->score->duration_s, .numerator = 4, .denominator = 4, .bpm = 96};
    snprintf(screen->sound.device, sizeof screen->sound.device, "JACK: system");
    screen->sound.round_trip_ms = 9.3;
    screen->sound.round_trip = ROUND_TRIP_MEASURED;
    screen->sound.level_db = screen->sound.peak_db = -14;
    screen->take_number = 5;
    screen->browsing.now_s = FIXTURE_NOW_S;
    screen->model = "";
    screen->graph_ms = 40;
    struct room_take_options take = {
        .settings = {.controls = {.follow = 0.8, .expression = 0.3, .leash_ms = 120},
                     .tempo_percent = 100},
        .reverb = 0.2};
    screen->knobs = screen->knobs_before = knobs_from(&take, &lesson_defaults);
    make_history(&screen->history);
    fixture_verdict(screen, FIXTURE_BARS);
    return screen;
}

void fixture_free(struct screen *screen)
{
    form_free((struct form *)screen->form);
    score_free((struct score *)screen->score);
    history_release(&screen->history);
    verdict_release(&screen->verdict);
    comparison_release(&screen->comparison);
    free(screen->moments);
    free(screen);
}

void fixture_play(struct screen *screen, int bars, float guitar_ms)
{
    for (int i = 0; i < screen->score->step_count; i++)
        if (screen->score->steps[i].at.bar < bars)
            screen->moments[i] =
                (struct moment){.planned = true, .heard = true, .guitar_ms = guitar_ms};
    screen->transport.playing = true;
    screen->transport.bar = bars;
    screen->transport.quarters = 4.0 * bars;
    screen->transport.score_s = screen->transport.shown_s = score_bar_s(screen->score, bars + 1);
    screen->lately = moments_together(screen->score, screen->moments, bars, 4);
    screen->whole = moments_together(screen->score, screen->moments, 0, 0);
    screen->heard = screen->whole.count;
}

const char *fixture_draw(const struct screen *screen, int rows, int cols, bool utf8)
{
    static char text[65536];
    struct grid grid = {.utf8 = utf8};
    ck_assert(grid_resize(&grid, rows, cols));
    view_draw(&grid, screen);
    size_t length = 0;
    for (int row = 0; row < rows; row++) {
        grid_row_text(&grid, row, text + length, (int)(sizeof text - length - 1));
        length += strlen(text + length);
        text[length++] = '\n';
    }
    text[length] = '\0';
    grid_release(&grid);
    return text;
}

const char *line_of(const char *text, int row)
{
    static char line[1024];
    while (row-- > 0)
        text = strchr(text, '\n') + 1;
    snprintf(line, sizeof line, "%.*s", (int)strcspn(text, "\n"), text);
    return line;
}

int row_of(const char *text, const char *part)
{
    const char *found = strstr(text, part);
    int row = 0;
    for (const char *c = text; found && c < found; c++)
        row += *c == '\n';
    return found ? row : -1;
}
