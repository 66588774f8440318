#include "drums/kit.h"

#include "drums/kit_parts.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

struct kit *kit_new(void)
{
    struct kit *kit = calloc(1, sizeof *kit);
    for (int pitch = 0; kit && pitch < 128; pitch++)
        kit->sounds_as[pitch] = (uint8_t)pitch;
    return kit;
}

void kit_put(struct kit *kit, int pitch, const struct kit_key *key)
{
    assert(kit->keys[pitch].layer_count == 0);
    kit->keys[pitch] = *key;
    for (int i = 0; i < key->layer_count; i++)
        if (key->layers[i].attack > kit->longest_attack)
            kit->longest_attack = key->layers[i].attack;
}

void kit_free(struct kit *kit)
{
    if (!kit)
        return;
    for (int pitch = 0; pitch < 128; pitch++)
        for (int i = 0; i < kit->keys[pitch].layer_count; i++)
            free(kit->keys[pitch].layers[i].frames);
    free(kit);
}

struct kit_sound kit_sound(const struct kit *kit, int pitch, int velocity)
{
    assert(pitch >= 0 && pitch < 128);
    int v = velocity < 1 ? 1 : velocity > 127 ? 127 : velocity;
    const struct kit_key *key = &kit->keys[kit->sounds_as[pitch]];
    if (key->layer_count == 0)
        return (struct kit_sound){.count = 0};
    const struct kit_layer *layer = &key->layers[key->layer_of[v]];
    return (struct kit_sound){.frames = layer->frames,
                              .count = layer->count,
                              .attack = layer->attack,
                              .gain = key->gain[v],
                              .choke_group = key->choke_group};
}

int kit_longest_attack(const struct kit *kit)
{
    return kit->longest_attack;
}

int kit_attack(const float *stereo, int count, int rate)
{
    int early = rate / 20 < count ? rate / 20 : count;
    float peak = 0;
    for (int i = 0; i < 2 * early; i++)
        peak = fmaxf(peak, fabsf(stereo[i]));
    for (int i = 0; i < 2 * early; i++)
        if (fabsf(stereo[i]) >= 0.1f * peak)
            return i / 2;
    return 0;
}
