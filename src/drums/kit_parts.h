/* What a kit is made of. Private to this room and its tests. */
#ifndef DRUMS_KIT_PARTS_H
#define DRUMS_KIT_PARTS_H

#include "drums/kit.h"

enum { KIT_LAYERS = 4 };

struct kit_layer {
    float *frames; /* malloc'd, stereo */
    int count, attack;
};

struct kit_key {
    struct kit_layer layers[KIT_LAYERS];
    int layer_count;
    uint8_t layer_of[128]; /* by velocity */
    float gain[128];       /* by velocity: brings its layer to its level */
    int choke_group;
};

struct kit {
    struct kit_key keys[128];
    uint8_t sounds_as[128]; /* the key that is rendered for this one */
    int longest_attack;
};

/* An empty kit in which every key sounds as itself. NULL when out of memory. */
struct kit *kit_new(void);

/* Takes over a finished key; `frames` of its layers belong to the kit afterwards. */
void kit_put(struct kit *kit, int pitch, const struct kit_key *key);

/* Where the attack of a sound is: the first frame that reaches a tenth of the peak of its first 50
 * ms. */
int kit_attack(const float *stereo, int count, int rate);

#endif
