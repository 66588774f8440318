#include "drums/striker.h"

#include <assert.h>
#include <float.h>
#include <fluidsynth.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHANNEL = 9,
    DRUM_BANK = 128,
    BLOCK = 64, /* FluidSynth renders in blocks of 64: whole ones keep a hit at frame 0 */
    MOST_VOICES = 16,
    PATIENCE_MS = 250 /* a sound may be this quiet for a while and come back */
};

struct striker {
    fluid_settings_t *settings;
    fluid_synth_t *synth;
    int patience;
};

static fluid_settings_t *quiet_settings(int rate)
{
    for (int level = 0; level < LAST_LOG_LEVEL; level++)
        fluid_set_log_function(level, NULL, NULL);
    fluid_settings_t *settings = new_fluid_settings();
    if (!settings)
        return NULL;
    fluid_settings_setnum(settings, "synth.sample-rate", rate);
    fluid_settings_setnum(settings, "synth.gain", 1.0);
    fluid_settings_setint(settings, "synth.threadsafe-api", 0);
    fluid_settings_setint(settings, "synth.cpu-cores", 1);
    fluid_settings_setint(settings, "synth.reverb.active", 0);
    fluid_settings_setint(settings, "synth.chorus.active", 0);
    fluid_settings_setint(settings, "synth.dynamic-sample-loading", 1);
    fluid_settings_setint(settings, "synth.lock-memory",
                          0); /* the samples are gone after loading */
    return settings;
}

/* The standard kit is preset 0 of the drum bank; some files hold another kit only, or one preset
 * and no bank. */
static bool select_kit(fluid_synth_t *synth, int font)
{
    if (fluid_synth_program_select(synth, CHANNEL, font, DRUM_BANK, 0) == FLUID_OK)
        return true;
    fluid_sfont_t *sfont = fluid_synth_get_sfont_by_id(synth, font);
    int presets = 0, bank = -1, program = -1, only_bank = 0, only_program = 0;
    fluid_sfont_iteration_start(sfont);
    for (fluid_preset_t *p; (p = fluid_sfont_iteration_next(sfont)) != NULL; presets++) {
        only_bank = fluid_preset_get_banknum(p);
        only_program = fluid_preset_get_num(p);
        if (bank < 0 && only_bank == DRUM_BANK) {
            bank = only_bank;
            program = only_program;
        }
    }
    if (bank < 0 && presets == 1) {
        bank = only_bank;
        program = only_program;
    }
    return bank >= 0 && fluid_synth_program_select(synth, CHANNEL, font, (unsigned)bank,
                                                   (unsigned)program) == FLUID_OK;
}

/* When its SoundFont loader gives up, FluidSynth hands the file to a DLS loader, which writes to
 * the terminal and has not been hardened. Between the two stands a loader that takes everything: a
 * font of no presets. */
static const char *refused_name(fluid_sfont_t *font)
{
    (void)font;
    return "refused";
}

static fluid_preset_t *refused_preset(fluid_sfont_t *font, int bank, int program)
{
    (void)font, (void)bank, (void)program;
    return NULL;
}

static int refused_free(fluid_sfont_t *font)
{
    delete_fluid_sfont(font);
    return 0;
}

static fluid_sfont_t *refuse(fluid_sfloader_t *loader, const char *path)
{
    (void)loader, (void)path;
    return new_fluid_sfont(refused_name, refused_preset, NULL, NULL, refused_free);
}

static bool load(struct striker *striker, const char *soundfont, int *font)
{
    fluid_sfloader_t *stop = new_fluid_sfloader(refuse, delete_fluid_sfloader);
    fluid_sfloader_t *first = new_fluid_defsfloader(striker->settings);
    if (stop)
        fluid_synth_add_sfloader(striker->synth, stop);
    if (first)
        fluid_synth_add_sfloader(striker->synth, first); /* the last one added is asked first */
    *font = fluid_synth_sfload(striker->synth, soundfont, 0);
    if (!stop || !first || *font == FLUID_FAILED)
        return false;
    fluid_sfont_t *loaded = fluid_synth_get_sfont_by_id(striker->synth, *font);
    return strcmp(fluid_sfont_get_name(loaded), "refused") != 0;
}

struct striker *striker_open(const char *soundfont, int rate, struct error *err)
{
    struct striker *striker = calloc(1, sizeof *striker);
    if (!striker) {
        error_set(err, "out of memory");
        return NULL;
    }
    striker->patience = rate / 1000 * PATIENCE_MS;
    striker->settings = quiet_settings(rate);
    striker->synth = striker->settings ? new_fluid_synth(striker->settings) : NULL;
    if (!striker->synth) {
        error_set(err, "cannot start FluidSynth at %d Hz", rate);
        goto fail;
    }
    int font;
    if (!load(striker, soundfont, &font)) {
        error_set(err, "cannot read SoundFont '%s': FluidSynth finds it damaged", soundfont);
        goto fail;
    }
    if (!select_kit(striker->synth, font)) {
        error_set(err, "SoundFont '%s' has no drum kit (no preset in bank 128)", soundfont);
        goto fail;
    }
    return striker;
fail:
    striker_close(striker);
    return NULL;
}

void striker_close(struct striker *striker)
{
    if (!striker)
        return;
    if (striker->synth)
        delete_fluid_synth(striker->synth);
    if (striker->settings)
        delete_fluid_settings(striker->settings);
    free(striker);
}

static void silence(fluid_synth_t *synth)
{
    float waste[2 * BLOCK];
    fluid_synth_all_sounds_off(synth, CHANNEL);
    for (int i = 0; i < 64 && fluid_synth_get_active_voice_count(synth) > 0; i++)
        fluid_synth_write_float(synth, BLOCK, waste, 0, 2, waste, 1, 2);
}

static int exclusive_class(fluid_synth_t *synth)
{
    fluid_voice_t *voices[MOST_VOICES] = {NULL};
    fluid_synth_get_voicelist(synth, voices, MOST_VOICES, -1);
    for (int i = 0; i < MOST_VOICES && voices[i]; i++) {
        int group = (int)fluid_voice_gen_get(voices[i], GEN_EXCLUSIVECLASS);
        if (group > 0)
            return group;
    }
    return 0;
}

/* A hostile SoundFont can drive a filter to infinity. */
static float peak_of(float *samples, int count)
{
    float peak = 0;
    for (int i = 0; i < count; i++) {
        if (!(fabsf(samples[i]) <= FLT_MAX))
            samples[i] = 0;
        if (fabsf(samples[i]) > peak)
            peak = fabsf(samples[i]);
    }
    return peak;
}

int striker_strike(struct striker *striker, int pitch, int velocity, float *stereo, int limit,
                   float floor, int *exclusive)
{
    assert(limit % BLOCK == 0);
    fluid_synth_t *synth = striker->synth;
    silence(synth);
    *exclusive = 0;
    if (fluid_synth_noteon(synth, CHANNEL, pitch, velocity) != FLUID_OK)
        return 0;
    *exclusive = exclusive_class(synth);
    int frames = 0, heard = 0;
    while (frames < limit && frames - heard < striker->patience &&
           fluid_synth_get_active_voice_count(synth) > 0) {
        float *block = stereo + 2 * frames;
        fluid_synth_write_float(synth, BLOCK, block, 0, 2, block, 1, 2);
        frames += BLOCK;
        if (peak_of(block, 2 * BLOCK) > floor)
            heard = frames;
    }
    return heard;
}
