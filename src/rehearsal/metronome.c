#include "rehearsal/metronome.h"

void metronome_begin(struct metronome *metronome, const struct timeline *timeline, int rate)
{
    *metronome = (struct metronome){.timeline = timeline, .rate = rate};
}

void metronome_play(struct metronome *metronome, struct mixer *mixer, const struct skip *skip,
                    int64_t until, bool beats)
{
    const struct timeline *timeline = metronome->timeline;
    while (metronome->next_click < timeline->click_count &&
           timeline->clicks[metronome->next_click].frame < until) {
        const struct click *click = &timeline->clicks[metronome->next_click++];
        mixer_click(mixer, click->frame, click->accent);
    }
    for (; metronome->next_beat < timeline->beat_count; metronome->next_beat++) {
        const struct click *beat = &timeline->beats[metronome->next_beat];
        int64_t frame = skip_take_frame(skip, beat->frame, metronome->rate);
        if (frame == INT64_MAX)
            continue;
        if (frame >= until)
            break;
        if (beats)
            mixer_click(mixer, frame, beat->accent);
    }
}
