/* What goes in comes out, to the sample; what is damaged does not. */
#include "audio/recording.h"
#include "base/rng.h"
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 48000, COUNT = 3 * RATE };

static struct error err;

/* A plucked thing with some noise, in samples that 16 bits hold exactly. */
static float *make_guitar(void)
{
    float *samples = calloc(COUNT, sizeof *samples);
    struct rng rng;
    rng_seed(&rng, 4);
    for (int i = 0; samples && i < COUNT; i++) {
        double s = (double)(i % (RATE / 2)) / RATE;
        double x = 0.5 * exp(-4 * s) * sin(6.283185307 * 196 * s) + 0.001 * rng_normal(&rng);
        samples[i] = (float)(rint(x * 32767) / 32768);
    }
    ck_assert_ptr_nonnull(samples);
    return samples;
}

static uint8_t *record(const float *samples, int count, size_t *size)
{
    struct recording_writer *writer = recording_begin(RATE, &err);
    ck_assert_msg(writer != NULL, "%s", err.text);
    for (int done = 0, block = 1; done < count; done += block, block = block % 700 + 13) {
        int left = count - done;
        block = block < left ? block : left;
        ck_assert_msg(recording_put(writer, samples + done, block, &err), "%s", err.text);
    }
    uint8_t *bytes = recording_end(writer, size, &err);
    ck_assert_msg(bytes != NULL, "%s", err.text);
    return bytes;
}

START_TEST(it_comes_back_to_the_sample)
{
    size_t size;
    float *samples = make_guitar();
    uint8_t *bytes = record(samples, COUNT, &size);
    ck_assert_uint_lt(size, COUNT); /* half of what 16 bits take */
    struct sound sound;
    ck_assert_msg(recording_read(bytes, size, 0, 3, &sound, &err), "%s", err.text);
    ck_assert_int_eq(sound.rate, RATE);
    ck_assert_int_eq(sound.count, COUNT);
    for (int i = 0; i < COUNT; i++)
        ck_assert_msg(sound.samples[i] == samples[i], "sample %d", i);
    sound_clear(&sound);
    free(bytes);
    free(samples);
}
END_TEST

START_TEST(at_another_rate_it_stays_at_its_time)
{
    size_t size;
    float samples[RATE] = {0};
    samples[RATE / 2] = 0.5f;
    uint8_t *bytes = record(samples, RATE, &size);
    struct sound sound;
    ck_assert_msg(recording_read(bytes, size, 96000, 1, &sound, &err), "%s", err.text);
    int loudest = 0;
    for (int i = 0; i < sound.count; i++)
        loudest = sound.samples[i] > sound.samples[loudest] ? i : loudest;
    ck_assert_int_eq(loudest, RATE);
    sound_clear(&sound);
    free(bytes);
}
END_TEST

START_TEST(too_loud_is_clipped_and_not_wrapped)
{
    size_t size;
    float samples[100];
    for (int i = 0; i < 100; i++)
        samples[i] = i % 2 ? 2.5f : -2.5f;
    uint8_t *bytes = record(samples, 100, &size);
    struct sound sound;
    ck_assert_msg(recording_read(bytes, size, 0, 1, &sound, &err), "%s", err.text);
    for (int i = 0; i < 100; i++)
        ck_assert_float_eq_tol(sound.samples[i], i % 2 ? 1.0f : -1.0f, 1e-4f);
    sound_clear(&sound);
    free(bytes);
}
END_TEST

static void refuse(const uint8_t *bytes, size_t size, double most_s)
{
    struct sound sound;
    err.text[0] = '\0';
    ck_assert(!recording_read(bytes, size, 0, most_s, &sound, &err));
    ck_assert_ptr_null(sound.samples);
    ck_assert_msg(strncmp(err.text, "damaged after", 13) == 0 ||
                      strncmp(err.text, "cannot read 'guitar.flac'", 25) == 0,
                  "%s", err.text);
}

START_TEST(what_is_no_recording_is_refused)
{
    size_t size;
    float *samples = make_guitar();
    uint8_t *bytes = record(samples, COUNT, &size);
    refuse(bytes, size, 2.9);
    ck_assert_ptr_nonnull(strstr(err.text, "longer than its take"));
    refuse(bytes, size / 2, 3);
    refuse(bytes, 40, 3);
    refuse(bytes, 0, 3);
    refuse(NULL, 0, 3);
    refuse((const uint8_t *)"RIFF....WAVEfmt ", 16, 3);
    memset(bytes + 4000, 0x55, 3000);
    refuse(bytes, size, 3);
    free(bytes);
    free(samples);
}
END_TEST

/* A dropped writer leaves nothing behind (the leak checker looks). */
START_TEST(a_recording_may_be_dropped)
{
    float samples[100] = {0};
    struct recording_writer *writer = recording_begin(RATE, &err);
    ck_assert(recording_put(writer, samples, 100, &err));
    recording_drop(writer);
    recording_drop(NULL);
}
END_TEST

Suite *recording_suite(void);
Suite *recording_suite(void)
{
    Suite *suite = suite_create("recording");
    TCase *tests = tcase_create("recording");
    tcase_add_test(tests, it_comes_back_to_the_sample);
    tcase_add_test(tests, at_another_rate_it_stays_at_its_time);
    tcase_add_test(tests, too_loud_is_clipped_and_not_wrapped);
    tcase_add_test(tests, what_is_no_recording_is_refused);
    tcase_add_test(tests, a_recording_may_be_dropped);
    suite_add_tcase(suite, tests);
    return suite;
}
