#include "stand.h"

#include "drums/kit_parts.h"
#include "model/groove.h"

struct kit *impulse_kit(int attack)
{
    struct kit *kit = kit_new();
    ck_assert_ptr_nonnull(kit);
    for (int pitch = 35; pitch < 60; pitch++) {
        struct kit_key key = {.layer_count = 1};
        float *frames = calloc(2 * ((size_t)attack + 1), sizeof *frames);
        ck_assert_ptr_nonnull(frames);
        frames[2 * attack] = frames[2 * attack + 1] = 0.05f;
        key.layers[0] = (struct kit_layer){frames, attack + 1, attack};
        for (int v = 0; v < 128; v++)
            key.gain[v] = 1.0f;
        kit_put(kit, pitch, &key);
    }
    return kit;
}

struct take_settings plain_settings(uint64_t seed)
{
    return (struct take_settings){
        .model = "straight",
        .seed = seed,
        .controls = {.follow = 1.0, .expression = 0.0, .leash_ms = 100.0},
        .tempo_percent = 100,
        .rate = RATE,
        .lead_frames = engine_lead_frames(RATE, 128),
    };
}

struct checkpoint *small_checkpoint(void)
{
    struct groove_config config = groove_defaults();
    config.width = 16;
    config.heads = 2;
    config.hidden = 32;
    config.encoders = config.decoders = 1;
    struct groove *groove = groove_new(config, 7);
    struct checkpoint *checkpoint = checkpoint_new();
    ck_assert(groove && checkpoint);
    groove_store(groove, groove->params, checkpoint);
    groove_free(groove);
    return checkpoint;
}

struct model *small_drummer(void)
{
    struct error err = {.text = ""};
    struct checkpoint *checkpoint = small_checkpoint();
    struct model *model = model_open(checkpoint, &err);
    ck_assert_msg(model != NULL, "%s", err.text);
    checkpoint_free(checkpoint);
    return model;
}

bool same_take(const struct take *a, const struct take *b)
{
    if (a->onset_count != b->onset_count || a->step_count != b->step_count ||
        a->hit_count != b->hit_count || a->change_count != b->change_count ||
        a->stop_frame != b->stop_frame)
        return false;
    for (int i = 0; i < a->change_count; i++)
        if (a->changes[i].kind != b->changes[i].kind || a->changes[i].drum != b->changes[i].drum ||
            a->changes[i].bar != b->changes[i].bar || a->changes[i].value != b->changes[i].value ||
            a->changes[i].frame != b->changes[i].frame)
            return false;
    for (int i = 0; i < a->onset_count; i++)
        if (a->onsets[i].frame != b->onsets[i].frame || a->onsets[i].step != b->onsets[i].step ||
            a->onsets[i].heard_frame != b->onsets[i].heard_frame ||
            a->onsets[i].deviation_ms != b->onsets[i].deviation_ms)
            return false;
    for (int i = 0; i < a->step_count; i++)
        if (a->steps[i].step != b->steps[i].step || a->steps[i].planned != b->steps[i].planned ||
            a->steps[i].predicted_ms != b->steps[i].predicted_ms ||
            a->steps[i].drums_ms != b->steps[i].drums_ms)
            return false;
    for (int i = 0; i < a->hit_count; i++)
        if (a->hits[i].hit != b->hits[i].hit || a->hits[i].velocity != b->hits[i].velocity ||
            a->hits[i].frame != b->hits[i].frame)
            return false;
    return true;
}
