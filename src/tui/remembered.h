/* What the program remembers from one rehearsal to the next, by itself: state.json (paths_state).
 * How a song is played is remembered with the song; what is about the player, his room and his
 * machine, for all songs. How keenly he is heard has a file of its own (rehearsal/sensitivity.h).
 */
#ifndef TUI_REMEMBERED_H
#define TUI_REMEMBERED_H

#include "audio/device.h"
#include "tui/knobs.h"

#include <limits.h>

enum { REMEMBERED_SONGS = 200, REMEMBERED_NAME = 128 };

struct remembered_song { /* NaN: as it comes */
    char id[17];         /* of the score */
    double value[KNOB_COUNT];
    double drum_leash_ms[DRUM_COUNT];
};

struct remembered {
    char input[REMEMBERED_NAME], output[REMEMBERED_NAME]; /* sound cards; "": the default */
    int rate, period, channel;                            /* 0: the card's own */
    char folder[PATH_MAX];                                /* whose scores were listed last; or "" */
    bool history;             /* the history was looked at last, not the stage */
    double value[KNOB_COUNT]; /* of all songs; NaN: as it comes */
    int song_count;
    struct remembered_song songs[REMEMBERED_SONGS]; /* the last one first */
};

/* Nothing remembered. */
void remembered_init(struct remembered *remembered);

/* False with a sentence, and nothing remembered, when the file cannot be read; one that is not
 * there is none. What is out of range in it is passed over. */
bool remembered_load(struct remembered *remembered, struct error *err);

/* Writes nothing where the file says the same already. */
bool remembered_save(const struct remembered *remembered, struct error *err);

/* Sets the knobs as they are remembered for the song. */
void remembered_recall(const struct remembered *remembered, const char *song, struct knobs *knobs);

/* Remembers every knob that is not where it began. One that is where it comes from the maker is
 * forgotten. */
void remembered_keep(struct remembered *remembered, const char *song,
                     const struct knobs *as_it_comes, const struct knobs *began,
                     const struct knobs *ended);

#endif
