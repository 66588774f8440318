#include "learn/lesson_notes.h"

#include <stdlib.h>

bool lesson_notes_collect(struct lesson_notes *notes, const struct score *score,
                          const struct take *take, const struct lesson_choice *choice)
{
    const size_t room = (size_t)take->step_count + 1;
    *notes = (struct lesson_notes){
        .steps = take->step_count,
        .g_ms = calloc(room, sizeof *notes->g_ms),
        .heard = calloc(room, sizeof *notes->heard),
        .drums = calloc(room, sizeof *notes->drums),
    };
    if (!notes->g_ms || !notes->heard || !notes->drums)
        return false;
    for (int i = 0; i < take->step_count; i++) {
        const struct step *step = &score->steps[take->steps[i].step];
        if (bars_hold(&choice->bars, step->bar + 1) &&
            !take_is_out(score, &take->settings, take->steps[i].step))
            notes->drums[i] = step->drums & choice->drums;
    }
    for (int i = 0; i < take->onset_count; i++) {
        const struct take_onset *onset = &take->onsets[i];
        int place = take->step_count ? onset->step - take->steps[0].step : -1;
        if (onset->step < 0 || place < 0 || place >= take->step_count || !notes->drums[place])
            continue;
        notes->g_ms[place] = (float)onset->deviation_ms;
        notes->count += notes->heard[place] == 0;
        notes->heard[place] = 1;
    }
    return true;
}

void lesson_notes_release(struct lesson_notes *notes)
{
    free(notes->g_ms);
    free(notes->heard);
    free(notes->drums);
    *notes = (struct lesson_notes){0};
}
