/* The Standard MIDI File as a list of what matters to a drum score, and back.
 * The only file that includes libsmf is smf_file.c. Bytes are checked completely before
 * libsmf sees them (smf_bytes.h), because libsmf 1.3 aborts on damaged files. */
#ifndef SCORE_SMF_H
#define SCORE_SMF_H

#include "base/error.h"
#include "score/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct smf_note { /* one drum note-on, in file order (tick, then track, then place in the track) */
    int64_t tick;
    uint8_t pitch, velocity;
};

struct smf_tempo {
    int64_t tick;
    double us_per_quarter; /* over 0 */
};

struct smf_metre { /* numerator 1..255, denominator a power of two up to 64 */
    int64_t tick;
    int numerator, denominator;
};

struct smf_marker { /* at most 31 bytes as they stand in the file, blanks at either end cut off */
    int64_t tick;
    char name[32];
};

struct smf_content { /* tempos, metres and markers in rising tick order, over all tracks */
    int ppq;
    struct smf_note *notes;
    int note_count;
    struct smf_tempo *tempos;
    int tempo_count;
    struct smf_metre *metres;
    int metre_count;
    struct smf_marker *markers; /* with a name */
    int marker_count;
    struct smf_note *starts; /* all note-ons, whatever their channel, by tick */
    int start_count;
};

/* Drum notes are those of channel 10 in any track; where there are none, those of every track that
 * names itself drums or percussion. False when the bytes are no whole format 0 or 1 file, with the
 * track and the byte. */
bool smf_read(const uint8_t *bytes, size_t size, struct smf_content *content, struct error *err);
void smf_content_clear(struct smf_content *content);

/* The file's tempos and metres as a clock; NULL with a sentence. */
struct clock *smf_clock(const struct smf_content *content, double tempo_percent, struct error *err);

/* The bytes of a file, at most one more than a score may have; malloc'd, NULL with the reason
 * alone. */
uint8_t *smf_bytes_load(const char *path, size_t *size, struct error *err);

struct smf_move {     /* what becomes of drum note-on i */
    int64_t tick;     /* in the multiplied resolution; 0 or more */
    uint8_t velocity; /* 1..127 */
    bool dropped;
};

/* The smallest number that brings a resolution to at least 480 ticks a quarter. */
int smf_multiplier(int ppq);

/* Rewrites the file: resolution times `multiply` (at most smf_multiplier), note-on i (in smf_read's
 * order) and its note-off moved as moves[i] says, keeping its length as far as the next stroke on
 * the same key allows. Every other event keeps its time and its bytes; End of Track moves only to
 * make room. malloc'd bytes or NULL. */
uint8_t *smf_rewrite(const uint8_t *bytes, size_t size, int multiply, const struct smf_move *moves,
                     int count, size_t *out_size, struct error *err);

#endif
