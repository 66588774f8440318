#include "tui/foot.h"

#include "audio/pedal.h"
#include "tui/say.h"

void foot_open(struct tui *tui, const char *place)
{
    tui->pedal = place[0] ? pedal_open(place) : NULL;
    tui->pedal_there = true; /* so that it is told when it is not */
}

void foot_close(struct tui *tui)
{
    pedal_close(tui->pedal);
    tui->pedal = NULL;
}

int foot_press(struct tui *tui)
{
    static const int firsts[] = {[PEDAL_CONTROLLER] = PRESS_MIDI_CONTROLLER,
                                 [PEDAL_NOTE] = PRESS_MIDI_NOTE,
                                 [PEDAL_PROGRAM] = PRESS_MIDI_PROGRAM};
    struct pedal_press press;
    bool pressed = pedal_read(tui->pedal, &press);
    enum tone tone = tui->screen.message.tone; /* what is more urgent is read first */
    bool free_line = tone != TONE_ASK && tone != TONE_ERROR;
    if (tui->pedal && pedal_is_there(tui->pedal) != tui->pedal_there && free_line) {
        tui->pedal_there = pedal_is_there(tui->pedal);
        if (tui->pedal_there)
            say(tui, TONE_GOOD, "the pedal is there");
        else
            say(tui, TONE_INFO, "the pedal is not there; it is looked for all the time");
    }
    return pressed ? firsts[press.kind] + press.number : PRESS_NONE;
}
