#include "score/kitmap.h"

#include <string.h>

#define FIRST_KEY 22
#define LAST_KEY 81

enum {
    KK = DRUM_KICK + 1, /* 0 stays "no drum" */
    SN = DRUM_SNARE + 1,
    CH = DRUM_CLOSED_HAT + 1,
    OH = DRUM_OPEN_HAT + 1,
    LT = DRUM_LOW_TOM + 1,
    MT = DRUM_MID_TOM + 1,
    HT = DRUM_HIGH_TOM + 1,
    CR = DRUM_CRASH + 1,
    RD = DRUM_RIDE + 1,
    KIT = 16 /* the Groove MIDI Dataset says so too */
};

/* Hand percussion goes to the drum that does its job in a groove: what shakes keeps time like a
 * closed hat, its long or open sister rings like an open one, bells and blocks lead like a ride,
 * claps and claves answer like a snare, and skins are toms by their height. */
static const uint8_t classes[LAST_KEY - FIRST_KEY + 1] = {
    [22 - FIRST_KEY] = CH | KIT, /* Roland: closed hat, edge */
    [26 - FIRST_KEY] = OH | KIT, /* Roland: open hat, edge */
    [35 - FIRST_KEY] = KK | KIT,
    [36 - FIRST_KEY] = KK | KIT,
    [37 - FIRST_KEY] = SN | KIT, /* side stick */
    [38 - FIRST_KEY] = SN | KIT,
    [39 - FIRST_KEY] = SN, /* hand clap */
    [40 - FIRST_KEY] = SN | KIT,
    [41 - FIRST_KEY] = LT, /* low floor tom */
    [42 - FIRST_KEY] = CH | KIT,
    [43 - FIRST_KEY] = LT | KIT,
    [44 - FIRST_KEY] = CH | KIT, /* pedal hat */
    [45 - FIRST_KEY] = MT | KIT,
    [46 - FIRST_KEY] = OH | KIT,
    [47 - FIRST_KEY] = MT | KIT,
    [48 - FIRST_KEY] = HT | KIT,
    [49 - FIRST_KEY] = CR | KIT,
    [50 - FIRST_KEY] = HT | KIT,
    [51 - FIRST_KEY] = RD | KIT,
    [52 - FIRST_KEY] = CR | KIT, /* Chinese cymbal */
    [53 - FIRST_KEY] = RD | KIT, /* ride bell */
    [54 - FIRST_KEY] = CH,       /* tambourine */
    [55 - FIRST_KEY] = CR | KIT, /* splash */
    [56 - FIRST_KEY] = RD,       /* cowbell */
    [57 - FIRST_KEY] = CR | KIT,
    [58 - FIRST_KEY] = LT | KIT, /* Roland: third tom, rim; General MIDI: vibraslap */
    [59 - FIRST_KEY] = RD | KIT,
    [60 - FIRST_KEY] = HT, /* bongos */
    [61 - FIRST_KEY] = MT,
    [62 - FIRST_KEY] = HT, /* congas: mute high, open high, low */
    [63 - FIRST_KEY] = MT,
    [64 - FIRST_KEY] = LT,
    [65 - FIRST_KEY] = HT, /* timbales */
    [66 - FIRST_KEY] = LT,
    [67 - FIRST_KEY] = RD, /* agogos */
    [68 - FIRST_KEY] = RD,
    [69 - FIRST_KEY] = CH, /* cabasa */
    [70 - FIRST_KEY] = CH, /* maracas */
    [71 - FIRST_KEY] = CH, /* whistles: short, long */
    [72 - FIRST_KEY] = OH,
    [73 - FIRST_KEY] = CH, /* guiros: short, long */
    [74 - FIRST_KEY] = OH,
    [75 - FIRST_KEY] = SN, /* claves */
    [76 - FIRST_KEY] = RD, /* wood blocks */
    [77 - FIRST_KEY] = RD,
    [78 - FIRST_KEY] = HT, /* cuicas: mute, open */
    [79 - FIRST_KEY] = LT,
    [80 - FIRST_KEY] = CH, /* triangles: mute, open */
    [81 - FIRST_KEY] = OH,
};

static int entry(int pitch)
{
    return pitch >= FIRST_KEY && pitch <= LAST_KEY ? classes[pitch - FIRST_KEY] : 0;
}

int kitmap_drum(int pitch)
{
    return (entry(pitch) & (KIT - 1)) - 1;
}

bool kitmap_is_kit(int pitch)
{
    return entry(pitch) & KIT;
}

const char *kitmap_name(enum drum drum)
{
    static const char *const names[DRUM_COUNT] = {
        "kick",    "snare",    "closed hat", "open hat", "low tom",
        "mid tom", "high tom", "crash",      "ride",
    };
    return (unsigned)drum < DRUM_COUNT ? names[drum] : "no drum";
}

/* Whether `word` is the class's name; *length is how much of `word` that is. */
static bool is_name(const char *word, const char *name, size_t *length)
{
    size_t i = 0;
    while (name[i] && (word[i] == name[i] || (name[i] == ' ' && word[i] == '-')))
        i++;
    *length = i;
    return name[i] == '\0' && (word[i] == '\0' || word[i] == ',');
}

bool kitmap_read(const char *names, uint16_t *drums)
{
    *drums = 0;
    for (;;) {
        size_t length = 0;
        int drum = 0;
        while (drum < DRUM_COUNT && !is_name(names, kitmap_name((enum drum)drum), &length))
            drum++;
        if (drum == DRUM_COUNT)
            return false;
        *drums = (uint16_t)(*drums | 1u << drum);
        if (names[length] == '\0')
            return true;
        names += length + 1;
    }
}

void kitmap_text(uint16_t drums, char *out)
{
    out[0] = '\0';
    for (int drum = 0; drum < DRUM_COUNT; drum++)
        if (drums & 1u << drum) {
            strcat(out, out[0] ? "," : "");
            strcat(out, kitmap_name((enum drum)drum));
        }
    for (char *space = out; (space = strchr(space, ' '));)
        *space = '-';
}
