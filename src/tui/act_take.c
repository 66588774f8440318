#include "tui/act_take.h"

#include "tui/heat_map.h"
#include "tui/say.h"

static void choose_otherwise(struct tui *tui)
{
    struct error err = {.text = ""};
    struct verdict *verdict = &tui->screen.verdict;
    if (!room_advise(tui->room, verdict->take.number, &verdict->choice, &verdict->advice, &err))
        say_error(tui, &err);
}

static int map_stride(const struct tui *tui)
{
    return heat_map_stride(tui->cols, verdict_bars(&tui->screen.verdict));
}

void act_take_move(struct tui *tui, int direction)
{
    verdict_move_bar(&tui->screen.verdict, map_stride(tui), direction);
}

void act_take_stretch(struct tui *tui)
{
    verdict_stretch(&tui->screen.verdict);
}

void act_take_toggle_bars(struct tui *tui)
{
    if (verdict_toggle_bars(&tui->screen.verdict, map_stride(tui)))
        choose_otherwise(tui);
    else
        say(tui, TONE_INFO, "too many pieces: take some bars in again");
}

void act_take_toggle_drum(struct tui *tui, int drum)
{
    if (!(score_drums(tui->screen.score) & 1u << drum)) {
        say(tui, TONE_INFO, "the song has no %s", kitmap_name((enum drum)drum));
        return;
    }
    tui->screen.verdict.choice.drums ^= (uint16_t)(1u << drum);
    choose_otherwise(tui);
}
