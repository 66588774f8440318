#include "fixture.h"

#include "tui/history.h"
#include "tui/view.h"

static struct session_take made_take(int number, int checkpoint, enum take_status status)
{
    return (struct session_take){
        .number = number,
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
                                                              .take = i,
                                                              .model = "groove",
                                                              .loss_before = i ? 0.5 : NAN,
                                                              .loss_after = i ? 0.25 : NAN,
                                                              .epochs = 10,
                                                              .size = 1400000};
    history->current = 3;
    ck_assert(history_arrange(history));
}

static void make_verdict(struct screen *screen)
{
    struct verdict *verdict = &screen->verdict;
    verdict->take = screen->history.takes[3];
    verdict->length_s = 160;
    verdict->grid_ms = 21.3;
    verdict->choice = (struct lesson_choice)LESSON_OF_ALL;
    verdict->bar = 1;
    verdict->advice = (struct lesson_advice){.notes = 431, .steps = 448, .spread_ms = 7.9};
    verdict->bars = (struct bar_figures){4, FIXTURE_BARS, calloc(FIXTURE_BARS, sizeof(float))};
    verdict->before = (struct bar_figures){3, FIXTURE_BARS, calloc(FIXTURE_BARS, sizeof(float))};
    for (int bar = 0; bar < FIXTURE_BARS; bar++) {
        verdict->bars.ms[bar] = bar == 4 ? 39.0f : bar == 15 ? NAN : 3.0f;
        verdict->before.ms[bar] = 39.0f;
    }
}

struct screen *fixture_screen(void)
{
    struct screen *screen = calloc(1, sizeof *screen);
    ck_assert(screen != NULL);
    screen->score = screen->played = made_score(FIXTURE_BARS, 96, 7);
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
    screen->model = "";
    screen->graph_ms = 40;
    struct room_take_options take = {
        .settings = {.controls = {.follow = 0.8, .expression = 0.3, .leash_ms = 120},
                     .tempo_percent = 100},
        .reverb = 0.2};
    screen->knobs = screen->knobs_before = knobs_from(&take, &lesson_defaults);
    make_history(&screen->history);
    make_verdict(screen);
    return screen;
}

void fixture_free(struct screen *screen)
{
    score_free((struct score *)screen->score);
    history_release(&screen->history);
    free(screen->verdict.bars.ms);
    free(screen->verdict.before.ms);
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
