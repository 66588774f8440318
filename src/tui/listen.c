#include "tui/listen.h"

#include "base/stopwatch.h"
#include "rehearsal/listening.h"
#include "tui/flow.h"
#include "tui/look.h"
#include "tui/say.h"
#include "tui/verdict.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void begin(struct tui *tui, int take, bool blind)
{
    struct listen *listen = &tui->screen.listen;
    *listen = (struct listen){.take = take,
                              .blind = blind,
                              .drums = true,
                              .guitar = true,
                              .loop_bars = 2,
                              .guitar_db = listen->guitar_db,
                              .back = (int)tui->screen.view};
    tui->screen.view = VIEW_LISTEN;
}

/* How far apart drums and guitar were, bar by bar, is in the take's verdict. */
static void know_bars(struct tui *tui, int take)
{
    struct error err = {.text = ""};
    struct screen *screen = &tui->screen;
    if (screen->verdict.take.number != take &&
        !verdict_load(&screen->verdict, tui->room, take, &err))
        say_error(tui, &err);
}

void listen_open(struct tui *tui, int take, int bar)
{
    struct error err = {.text = ""};
    if (room_playing(tui->room))
        say(tui, TONE_INFO, "stop the take first, then listen");
    else if (take == 0)
        say(tui, TONE_INFO, "choose a take to listen to");
    else if (!room_listen(tui->room, take, &err))
        say_error(tui, &err);
    else {
        begin(tui, take, false);
        tui->screen.listen.from = bar;
        know_bars(tui, take);
    }
}

/* Who is who is drawn by the clock. */
void listen_open_blindly(struct tui *tui)
{
    struct error err = {.text = ""};
    const struct history *history = &tui->screen.history;
    if (flow_busy(tui, "compare the drummers"))
        return;
    if (!room_listen_blindly(tui->room, (uint64_t)stopwatch_ns(), &err)) {
        say_error(tui, &err);
        return;
    }
    begin(tui, listening_number(room_listening(tui->room)), true);
    tui->screen.listen.drummers[LISTENING_NEW] = history->current;
    for (int i = 0; i < history->checkpoint_count; i++)
        if (history->checkpoints[i].number == history->current)
            tui->screen.listen.drummers[LISTENING_OLD] = history->checkpoints[i].parent;
}

static void leave(struct tui *tui)
{
    room_end_listening(tui->room);
    tui->screen.listen.bars = NULL;
    if (tui->screen.view == VIEW_LISTEN)
        tui->screen.view = (enum view)tui->screen.listen.back;
}

void listen_close(struct tui *tui)
{
    const struct listen *listen = &tui->screen.listen;
    bool open = listen->blind && listen->ready && listen->audible && !listen->chosen;
    leave(tui);
    if (open)
        say(tui, TONE_INFO, "nothing was decided: drummer #%d plays on, and %s undoes the lesson",
            listen->drummers[LISTENING_NEW], screen_key(&tui->screen, ACTION_UNDO));
}

/* ---- while it sounds ---- */

static int most_first(const struct listen *listen)
{
    int most = listen->last_bar - listen->loop_bars + 1;
    return most > listen->first_bar ? most : listen->first_bar;
}

/* The loop as it is to be, held within the take. */
static void set_loop(struct tui *tui)
{
    struct listen *listen = &tui->screen.listen;
    struct listening *listening = room_listening(tui->room);
    int most = most_first(listen);
    if (listen->loop_first > most)
        listen->loop_first = most;
    if (listen->loop_first < listen->first_bar)
        listen->loop_first = listen->first_bar;
    int last = listen->loop_first + listen->loop_bars - 1;
    if (listen->loops)
        listening_loop(listening, listen->loop_first,
                       last < listen->last_bar ? last : listen->last_bar);
    else
        listening_loop(listening, 0, 0);
}

static void balance(struct tui *tui)
{
    const struct listen *listen = &tui->screen.listen;
    float gain = powf(10, (float)listen->guitar_db / 20);
    listening_balance(room_listening(tui->room), listen->drums, listen->guitar ? gain : 0);
}

/* The first time that the song's bar is played. */
static void begin_at(struct tui *tui, int song_bar)
{
    const struct listen *listen = &tui->screen.listen;
    for (int bar = listen->first_bar; bar <= listen->last_bar; bar++)
        if (practice_song_bar(listen->score, bar - 1) + 1 == song_bar) {
            listening_seek(room_listening(tui->room), bar);
            return;
        }
}

static void start(struct tui *tui)
{
    struct error err = {.text = ""};
    struct listen *listen = &tui->screen.listen;
    struct listening *listening = room_listening(tui->room);
    const struct difference *difference = listening_difference(listening);
    if (!room_start_listening(tui->room, &err)) {
        say_error(tui, &err);
        leave(tui);
        return;
    }
    listen->ready = true;
    listen->score = listening_score(listening);
    listening_bars(listening, &listen->first_bar, &listen->last_bar);
    const char *unheard = listening_unheard(listening);
    snprintf(listen->unheard, sizeof listen->unheard, "%s", unheard ? unheard : "");
    listen->guitar = !unheard;
    if (difference) {
        listen->audible = difference_is_audible(difference);
        listen->most_ms = difference->most_ms;
        listen->most_velocity = difference->most_velocity;
        listen->bars = difference->bars;
        listen->bar_count = difference->bar_count;
        listen->loops = true;
        listen->loop_first = difference_most(difference, listen->loop_bars);
        set_loop(tui);
    } else {
        begin_at(tui, listen->from);
    }
    balance(tui);
    listening_go(listening, true);
}

static void look(struct tui *tui)
{
    struct listen *listen = &tui->screen.listen;
    struct listening *listening = room_listening(tui->room);
    struct listening_place place = listening_place(listening);
    listen->going = place.going;
    listen->now_s = place.time_s;
    listen->bar = place.bar;
}

void listen_tick(struct tui *tui)
{
    struct error err = {.text = ""};
    struct listening *listening = room_listening(tui->room);
    enum view view = tui->screen.view;
    bool looked_at = view == VIEW_LISTEN || view == VIEW_HELP || view == VIEW_WEIGHTS;
    if (listening && (!looked_at || stage_lost(room_stage(tui->room)))) {
        listen_close(tui);
    } else if (listening && listening_failed(listening, &err)) {
        say_error(tui, &err);
        leave(tui);
    } else if (listening && tui->screen.listen.ready) {
        look(tui);
    } else if (listening && listening_ready(listening)) {
        start(tui);
    } else if (listening) {
        tui->screen.listen.done = listening_done(listening);
    } else if (view == VIEW_LISTEN) { /* what was opened over it has ended it */
        leave(tui);
    }
}

/* ---- the keys ---- */

static struct listening *sounding(struct tui *tui)
{
    return tui->screen.listen.ready ? room_listening(tui->room) : NULL;
}

void listen_pause(struct tui *tui)
{
    if (sounding(tui))
        listening_go(sounding(tui), !tui->screen.listen.going);
}

void listen_swap(struct tui *tui)
{
    struct listen *listen = &tui->screen.listen;
    if (!listen->blind) {
        say(tui, TONE_INFO, "one drummer is heard here: after a lesson, %s plays two",
            screen_key(&tui->screen, ACTION_BLIND));
    } else if (sounding(tui)) {
        listen->side = !listen->side;
        listening_choose(sounding(tui), listen->side);
    }
}

void listen_balance(struct tui *tui, int parts)
{
    struct listen *listen = &tui->screen.listen;
    if (!sounding(tui))
        return;
    if (listen->unheard[0] && parts != 1) {
        say(tui, TONE_INFO, "there is no guitar to hear: %s", listen->unheard);
        return;
    }
    listen->drums = parts & 1;
    listen->guitar = parts & 2;
    balance(tui);
}

void listen_level(struct tui *tui, int direction)
{
    struct listen *listen = &tui->screen.listen;
    int db = listen->guitar_db + direction * LISTEN_STEP_DB;
    if (!sounding(tui) || db < -LISTEN_MOST_DB || db > LISTEN_MOST_DB)
        return;
    listen->guitar_db = db;
    balance(tui);
}

void listen_move(struct tui *tui, int direction)
{
    struct listen *listen = &tui->screen.listen;
    if (!sounding(tui))
        return;
    if (listen->loops) {
        listen->loop_first += direction;
        set_loop(tui);
        return;
    }
    int bar = listen->bar + direction;
    if (bar >= listen->first_bar && bar <= listen->last_bar)
        listening_seek(sounding(tui), bar);
}

void listen_loop(struct tui *tui)
{
    struct listen *listen = &tui->screen.listen;
    if (!sounding(tui))
        return;
    listen->loops = !listen->loops;
    listen->loop_first = listen->bar;
    set_loop(tui);
}

void listen_length(struct tui *tui, int direction)
{
    struct listen *listen = &tui->screen.listen;
    int bars = listen->loop_bars + direction;
    if (!sounding(tui) || bars < 1 || bars > LISTEN_MOST_LOOP)
        return;
    listen->loop_bars = bars;
    if (!listen->loops) {
        listen->loops = true;
        listen->loop_first = listen->bar;
    }
    set_loop(tui);
}

static void reveal(struct tui *tui)
{
    struct listen *listen = &tui->screen.listen;
    struct listening *listening = sounding(tui);
    for (int side = 0; side < 2; side++) {
        listen->sides[side] = listen->drummers[listening_drummer(listening, side)];
        listen->apart[side] = listening_apart_ms(listening, side);
    }
    listen->chosen = true;
}

void listen_prefer(struct tui *tui)
{
    struct error err = {.text = ""};
    struct listen *listen = &tui->screen.listen;
    if (!sounding(tui))
        return;
    if (!listen->blind || listen->chosen) {
        say(tui, TONE_INFO, listen->chosen ? "it is decided already" : "there is one drummer here");
    } else if (!listen->audible) {
        say(tui, TONE_INFO, "there is nothing to choose: drummer #%d plays on",
            listen->drummers[LISTENING_NEW]);
    } else if (!room_prefer(tui->room, listen->side, &listen->kept, &err) ||
               !look_at_session(tui, &err)) {
        say_error(tui, &err);
    } else {
        reveal(tui);
        if (!listen->kept)
            listen->back = VIEW_STAGE; /* the lesson that led here is undone */
    }
}
