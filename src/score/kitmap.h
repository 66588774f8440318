/* The nine drum classes and the MIDI keys that belong to them.
 *
 * Classes and their order: Burloiu, AIMC 2023, appendix 1 (after the Groove MIDI
 * Dataset's mapping). The table of all keys is in docs/KITMAP.md. */
#ifndef SCORE_KITMAP_H
#define SCORE_KITMAP_H

#include <stdbool.h>
#include <stdint.h>

enum drum {
    DRUM_KICK,
    DRUM_SNARE,
    DRUM_CLOSED_HAT,
    DRUM_OPEN_HAT,
    DRUM_LOW_TOM,
    DRUM_MID_TOM,
    DRUM_HIGH_TOM,
    DRUM_CRASH,
    DRUM_RIDE,
    DRUM_COUNT
};

/* The class of a MIDI key, or -1 when the key is no drum. Every General MIDI
 * percussion key (35-81) and every key of a Roland TD-11 has a class. */
int kitmap_drum(int pitch);

/* True for the keys whose class the Groove MIDI Dataset defines: training uses those alone. */
bool kitmap_is_kit(int pitch);

/* "kick", "snare", "closed hat", ... */
const char *kitmap_name(enum drum drum);

/* Several classes, bit c for class c. */
enum { KITMAP_ALL = (1 << DRUM_COUNT) - 1, KITMAP_TEXT_SIZE = 16 * DRUM_COUNT };

/* Their names with commas between, "kick,closed-hat"; "kick,closed hat" is read too. False when one
 * is no class's name. */
bool kitmap_read(const char *names, uint16_t *drums);

/* The same with hyphens, one word for a shell; KITMAP_TEXT_SIZE bytes at `out`. */
void kitmap_text(uint16_t drums, char *out);

#endif
