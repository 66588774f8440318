#include "tui/aside.h"

#include "tui/calibrate.h"
#include "tui/flow.h"
#include "tui/listen.h"
#include "tui/say.h"
#include "tui/signals.h"
#include "tui/sound.h"
#include "tui/terminal.h"

/* A stopped program keeps its sound card from others, and its server throws it out. */
static void stop_sound(struct tui *tui)
{
    if (tui->calibration)
        calibrate_end(tui, &(struct error){.text = ""});
    if (room_listening(tui->room))
        listen_close(tui);
    room_close_stage(tui->room);
}

static void start_sound(struct tui *tui)
{
    struct error err = {.text = ""};
    if (!sound_open_again(tui, &err))
        say_error(tui, &err);
    else if (!tui->sound_missing)
        tui->screen.message.tone = TONE_NONE;
}

void aside_tick(struct tui *tui)
{
    if (signals_put_aside()) {
        int kept = tui->room ? flow_keep(tui) : 0;
        if (tui->room)
            stop_sound(tui);
        terminal_lend();
        signals_stop();
        terminal_take_back();
        signals_gone_on();
        if (tui->room)
            start_sound(tui);
        if (kept)
            say(tui, TONE_INFO, "take %d was stopped and is kept", kept);
    } else if (signals_gone_on()) {
        terminal_lend();
        terminal_take_back();
    }
}
