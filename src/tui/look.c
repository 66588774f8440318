#include "tui/look.h"

#include "base/stopwatch.h"
#include "tui/history.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double SILENCE_DB = -90.0, FALL_DB_S = 30.0, PEAK_HOLD_S = 1.5;
static const double GRAPH_MS = 40.0, WIDEST_GRAPH_MS = 160.0;
enum { LATELY_BARS = 4, SLIPS = 5 };

bool look_at_session(struct tui *tui, struct error *err)
{
    struct session *session = room_session(tui->room);
    struct screen *screen = &tui->screen;
    int numbered;
    if (!history_read(&screen->history, session, err) ||
        !session_takes_numbered(session, &numbered, err))
        return false;
    browsing_find_again(&screen->browsing, &screen->history);
    screen->take_number = numbered + 1;
    return true;
}

static bool make_room(struct screen *screen, int steps, struct error *err)
{
    if (steps <= screen->moment_room)
        return true;
    struct moment *moments = realloc(screen->moments, (size_t)steps * sizeof *moments);
    if (!moments)
        return error_set(err, "out of memory");
    screen->moments = moments;
    screen->moment_room = steps;
    return true;
}

bool look_for_take(struct tui *tui, struct error *err)
{
    struct screen *screen = &tui->screen;
    const struct score *played = room_played(tui->room);
    if (!make_room(screen, played->step_count, err))
        return false;
    screen->played = played;
    memset(screen->moments, 0, (size_t)played->step_count * sizeof *screen->moments);
    screen->drill_now = (struct drill_now){0};
    tui->practised_bar = -1;
    screen->lately = screen->whole = (struct together){0};
    screen->graph_ms = GRAPH_MS;
    screen->beyond = 0;
    screen->heard = screen->late_plans = screen->xruns = screen->refused = 0;
    screen->robot = false;
    screen->flubs = (struct bars){0};
    screen->unflubbed = bars_all;
    return true;
}

static int first_bar(const struct tui *tui)
{
    return tui->take.settings.first_bar > 0 ? tui->take.settings.first_bar : 1;
}

/* The beat of the count-in that sounds `left_s` seconds (of the score) before the first bar. */
static int counted_beat(const struct tui *tui, double left_s, const struct position *at)
{
    double beat_s = at->bar_s / at->numerator;
    int beats = tui->take.count_in_bars * at->numerator;
    int counted = beats - (int)ceil(left_s / beat_s) + 1;
    return beats == 0 ? 0 : counted < 1 ? 1 : (counted - 1) % at->numerator + 1;
}

/* Where in the song a place of what is played is. */
static double in_song(const struct score *song, const struct score *played, int clock_bar,
                      double played_s)
{
    const struct passage *passage = practice_passage(played, clock_bar);
    if (!passage)
        return played_s;
    double into_s = played_s - score_bar_s(played, clock_bar + 1);
    return score_bar_s(song, practice_song_bar(played, clock_bar) + 1) +
           into_s * passage->tempo_percent / song->tempo_percent;
}

static void look_at_song(struct tui *tui, double take_s, bool playing)
{
    struct transport *transport = &tui->screen.transport;
    const struct score *song = tui->screen.score, *score = playing ? tui->screen.played : song;
    double percent =
        playing ? tui->take.settings.tempo_percent : tui->screen.knobs.value[KNOB_TEMPO];
    double speed = percent / score->tempo_percent;
    double start_s = score->passage_count ? 0 : score_bar_s(score, first_bar(tui));
    double score_s = playing ? take_s * speed : start_s;
    double tick = clock_tick(score->clock, score_s);
    struct position at = clock_position(score->clock, fmax(tick, 0.0));
    if (score_s < start_s)
        at = clock_position(score->clock, clock_tick(score->clock, start_s + 1e-6));
    tui->at = at;
    transport->playing = playing;
    transport->score_s = in_song(song, score, at.bar, score_s);
    transport->shown_s = fmax(transport->score_s, 0.0) / (percent / song->tempo_percent);
    transport->length_s = song->duration_s / (percent / song->tempo_percent);
    transport->quarters = tick / score->ppq;
    transport->clock_bar = at.bar;
    int bar = practice_song_bar(score, at.bar);
    transport->bar = bar < song->bar_count ? bar : song->bar_count - 1;
    transport->numerator = at.numerator;
    transport->denominator = at.denominator;
    transport->bpm = at.bpm * speed;
    transport->count_in =
        playing && score_s < start_s ? counted_beat(tui, start_s - score_s, &at) : 0;
}

/* Once a bar: what there is to tell changes with the bars. */
static void look_at_practice(struct tui *tui, bool told)
{
    struct screen *screen = &tui->screen;
    const struct take_settings *settings = &tui->take.settings;
    int bar = screen->transport.clock_bar;
    if (bar == tui->practised_bar && told == screen->drill_now.told)
        return;
    tui->practised_bar = bar;
    screen->drill_now = drill_now_at(screen->played, settings, screen->moments, bar, told);
}

static void look_at_level(struct tui *tui, float peak)
{
    struct sound *sound = &tui->screen.sound;
    double now_s = stopwatch_s();
    double fallen_db = sound->level_db - FALL_DB_S * (now_s - tui->level_s);
    double db = peak > 0 ? fmax(20.0 * log10(peak), SILENCE_DB) : SILENCE_DB;
    sound->level_db = fmax(db, fallen_db);
    tui->level_s = now_s;
    if (db >= sound->peak_db || now_s > tui->peak_end_s) {
        sound->peak_db = sound->level_db;
        tui->peak_end_s = now_s + PEAK_HOLD_S;
    }
}

/* The graph reaches as far as the notes do, in doublings, but not for the sake of a slip or two,
 * and never shrinks within a take. */
static void widen_graph(struct screen *screen, const struct moment *moment)
{
    double reach = fmax(fabsf(moment->drums_ms), moment->heard ? fabsf(moment->guitar_ms) : 0.0);
    if (reach <= screen->graph_ms || ++screen->beyond < SLIPS)
        return;
    screen->beyond = 0;
    screen->graph_ms = fmin(2 * screen->graph_ms, WIDEST_GRAPH_MS);
}

/* Of the take, and of what is heard between takes. */
static void look_at_news(struct tui *tui, bool playing)
{
    struct screen *screen = &tui->screen;
    struct report report;
    bool news = false;
    screen->now_s = stopwatch_s();
    while (stage_news(room_stage(tui->room), &report)) {
        marks_add(&screen->marks, &report, playing, screen->now_s);
        if (room_awaiting(tui->room))
            room_overhear(tui->room, &report);
        if (!playing || !moments_hear(screen->moments, screen->played->step_count, &report))
            continue;
        widen_graph(screen, &screen->moments[report.step]);
        news = true;
    }
    if (!news)
        return;
    screen->lately =
        moments_together(screen->played, screen->moments, screen->transport.clock_bar, LATELY_BARS);
    screen->whole = moments_together(screen->played, screen->moments, 0, 0);
}

static void look_at_clocks(const struct stage *stage, struct sound *sound)
{
    struct device_drift drift = {.ppm = 0};
    sound->two_clocks = stage_drift(stage, &drift);
    sound->clocks_known = drift.locked;
    sound->drift_ppm = drift.ppm;
}

void look_at_stage(struct tui *tui)
{
    struct screen *screen = &tui->screen;
    struct stage *stage = room_stage(tui->room);
    if (!stage) {
        look_at_song(tui, 0, false);
        return;
    }
    const struct device_info *device = stage_device(stage);
    struct engine_status status = stage_status(stage);
    bool playing = room_playing(tui->room);
    snprintf(screen->sound.device, sizeof screen->sound.device, "%s", device->name);
    screen->sound.silent = device->silent;
    screen->sound.lost = stage_lost(stage);
    screen->sound.round_trip_ms = room_round_trip(tui->room)->ms;
    screen->sound.round_trip = room_round_trip(tui->room)->source;
    look_at_clocks(stage, &screen->sound);
    screen->sound.no_priority = !device->silent && stage_realtime(stage) == REALTIME_NONE;
    look_at_level(tui, status.input_peak);
    look_at_song(tui, (double)status.frame / device->rate, playing);
    if (playing) {
        look_at_practice(tui, status.last_time);
        screen->heard = (int)status.onsets;
        screen->late_plans = (int)status.missed;
        screen->refused = (int)status.refused;
        screen->xruns = stage_xruns(stage);
        screen->sound.load = stage_load(stage).work.p99;
    }
    look_at_news(tui, playing);
}

void look_at_lesson(struct tui *tui)
{
    struct lesson_state *lesson = &tui->screen.lesson;
    if (!lesson->running)
        return;
    room_lesson_progress(tui->room, &lesson->progress);
    time_left_update(&lesson->left, stopwatch_s(), lesson->progress.done);
}
