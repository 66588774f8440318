#include "suite.h"

#include "audio/sound_file.h"
#include "base/rng.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/rolypoly-sound-XXXXXX";
static char path[64];

static void make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.wav", folder);
}

static void remove_folder(void)
{
    unlink(path);
    rmdir(folder);
}

static void put_le(uint8_t *at, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* A WAV of 32-bit floats; `claimed` bytes of data in its header, `size` in truth. */
static void write_wav(const float *samples, uint32_t size, uint32_t claimed, int channels, int rate)
{
    uint8_t head[44] = "RIFF____WAVEfmt ";
    put_le(head + 4, claimed + 36, 4);
    put_le(head + 16, 16, 4);
    put_le(head + 20, 3, 2);
    put_le(head + 22, (uint32_t)channels, 2);
    put_le(head + 24, (uint32_t)rate, 4);
    put_le(head + 28, (uint32_t)(rate * channels * 4), 4);
    put_le(head + 32, (uint32_t)channels * 4, 2);
    put_le(head + 34, 32, 2);
    memcpy(head + 36, "data", 4);
    put_le(head + 40, claimed, 4);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    fwrite(head, 1, sizeof head, file);
    fwrite(samples, 1, size, file);
    fclose(file);
}

static void refused(const char *reason)
{
    struct error err = {.text = ""};
    struct sound sound;
    ck_assert(!sound_load(path, 48000, &sound, &err));
    ck_assert_ptr_null(sound.samples);
    ck_assert_msg(strstr(err.text, reason) && strstr(err.text, path), "%s", err.text);
}

START_TEST(channels_are_averaged)
{
    float stereo[2 * 1000];
    for (int i = 0; i < 1000; i++) {
        stereo[2 * i] = (float)i / 1000;
        stereo[2 * i + 1] = -0.5f;
    }
    write_wav(stereo, sizeof stereo, sizeof stereo, 2, 44100);
    struct error err;
    struct sound sound;
    ck_assert(sound_load(path, 0, &sound, &err));
    ck_assert_int_eq(sound.rate, 44100);
    ck_assert_int_eq((int)sound.count, 1000);
    for (int i = 0; i < 1000; i++)
        ck_assert_float_eq_tol(sound.samples[i], ((float)i / 1000 - 0.5f) / 2, 1e-6f);
    sound_clear(&sound);
    ck_assert_ptr_null(sound.samples);
}
END_TEST

/* A click stays at its time and a sine stays a sine, from any rate to any other. */
START_TEST(resampling_keeps_time_and_shape)
{
    static const int rates[][2] = {
        {44100, 48000}, {48000, 44100}, {96000, 48000}, {22050, 48000}, {8000, 96000}};
    for (int k = 0; k < 5; k++) {
        int from = rates[k][0], to = rates[k][1];
        float *samples = calloc((size_t)from, sizeof *samples);
        double tau = 6.283185307179586;
        for (int i = 0; i < from; i++)
            samples[i] = (float)(0.4 * sin(tau * 500 * i / from));
        write_wav(samples, 4 * (uint32_t)from, 4 * (uint32_t)from, 1, from);
        struct sound sound;
        struct error err;
        ck_assert_msg(sound_load(path, to, &sound, &err), "%s", err.text);
        ck_assert_int_eq(sound.rate, to);
        ck_assert_int_le(labs((long)sound.count - to), 1);
        for (int i = to / 10; i < to * 9 / 10; i++)
            ck_assert_double_lt(fabs(sound.samples[i] - 0.4 * sin(tau * 500 * i / to)), 1e-3);
        sound_clear(&sound);
        memset(samples, 0, sizeof *samples * (size_t)from);
        samples[from / 2] = 1;
        write_wav(samples, 4 * (uint32_t)from, 4 * (uint32_t)from, 1, from);
        ck_assert(sound_load(path, to, &sound, &err));
        int peak = 0;
        for (int i = 0; i < sound.count; i++)
            if (sound.samples[i] > sound.samples[peak])
                peak = i;
        ck_assert_int_le(abs(peak - to / 2), 1);
        sound_clear(&sound);
        free(samples);
    }
}
END_TEST

START_TEST(what_is_not_finite_is_silence)
{
    float samples[8] = {0.5f, NAN, INFINITY, -INFINITY, 0.25f, 3e38f, -3e38f, -0.5f};
    write_wav(samples, sizeof samples, sizeof samples, 2, 48000);
    struct sound sound;
    struct error err;
    ck_assert(sound_load(path, 0, &sound, &err));
    static const float wanted[4] = {0.25f, 0, 0.125f, -0.25f};
    for (int i = 0; i < 4; i++)
        ck_assert_float_eq(sound.samples[i], wanted[i]);
    sound_clear(&sound);
}
END_TEST

START_TEST(bad_files_get_a_sentence)
{
    float samples[1000] = {0};
    refused("No such file");
    write_wav(samples, 2000, 4000, 1, 48000);
    refused("cut off");
    write_wav(samples, 0, 0, 1, 48000);
    refused("holds no sound");
    write_wav(samples, 4000, 4000, 1, 100);
    refused("100 Hz");
    write_wav(samples, 4000, 4000, 1, 2000000);
    refused("2000000 Hz");
    fclose(fopen(path, "wb"));
    refused("empty");
    FILE *file = fopen(path, "wb");
    for (int i = 0; i < 4000; i++)
        fputc(i * 37 % 251, file);
    fclose(file);
    refused("cannot read");
    struct error err;
    struct sound sound;
    ck_assert(!sound_load("/tmp", 0, &sound, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "no regular file"));
}
END_TEST

/* A recorder that could not go back writes a length of about 2 or 4 GB. */
START_TEST(a_streamed_header_is_fine)
{
    float samples[1000] = {0.5f};
    write_wav(samples, sizeof samples, 0x7fffffff - 36, 1, 48000);
    struct sound sound;
    struct error err;
    ck_assert_msg(sound_load(path, 0, &sound, &err), "%s", err.text);
    ck_assert_int_eq((int)sound.count, 1000);
    sound_clear(&sound);
}
END_TEST

START_TEST(more_than_three_hours_are_refused)
{
    write_wav((const float[]){0}, 4, 4, 1, 4000);
    /* 12,000 s at 4 kHz in a sparse file. */
    off_t size = 12000 * INT64_C(4000) * 4;
    FILE *file = fopen(path, "r+b");
    uint8_t length[4];
    put_le(length, (uint32_t)size + 36, 4);
    fseek(file, 4, SEEK_SET);
    fwrite(length, 1, 4, file);
    put_le(length, (uint32_t)size, 4);
    fseek(file, 40, SEEK_SET);
    fwrite(length, 1, 4, file);
    fclose(file);
    ck_assert_int_eq(truncate(path, size + 44), 0);
    refused("longer than 3 hours");
}
END_TEST

START_TEST(random_damage_never_crashes)
{
    struct rng rng;
    rng_seed(&rng, 11);
    float samples[2000];
    for (int i = 0; i < 2000; i++)
        samples[i] = (float)rng_between(&rng, -1, 1);
    for (int round = 0; round < 300; round++) {
        write_wav(samples, sizeof samples, sizeof samples, 1 + (round & 1), 44100);
        FILE *file = fopen(path, "r+b");
        for (int n = 0; n < 4; n++) {
            fseek(file, rng_below(&rng, n < 3 ? 60 : 8000), SEEK_SET);
            fputc((int)rng_below(&rng, 256), file);
        }
        fclose(file);
        struct sound sound;
        struct error err = {.text = ""};
        if (sound_load(path, 48000, &sound, &err))
            for (int64_t i = 0; i < sound.count; i++)
                ck_assert(isfinite(sound.samples[i]));
        else
            ck_assert(err.text[0]);
        sound_clear(&sound);
    }
}
END_TEST

START_TEST(what_is_written_is_read)
{
    struct error err = {.text = ""};
    struct sound_writer *writer = sound_writer_open(path, 48000, 2, &err);
    ck_assert_msg(writer != NULL, "%s", err.text);
    float block[2 * 100];
    for (int k = 0; k < 50; k++) {
        for (int i = 0; i < 100; i++)
            block[2 * i] = block[2 * i + 1] = k == 49 ? 7.0f : (float)(k * 100 + i) / 5000;
        ck_assert(sound_writer_put(writer, block, 100, &err));
    }
    ck_assert(sound_writer_close(writer, &err));
    struct sound sound;
    ck_assert(sound_load(path, 0, &sound, &err));
    ck_assert_int_eq((int)sound.count, 5000);
    for (int i = 0; i < 4900; i++)
        ck_assert_float_eq_tol(sound.samples[i], (float)i / 5000, 1.0f / 32767);
    ck_assert_float_gt(sound.samples[4950], 0.999f); /* clipped, not wrapped */
    sound_clear(&sound);
}
END_TEST

START_TEST(a_full_disk_is_reported)
{
    struct error err = {.text = ""};
    ck_assert_ptr_null(sound_writer_open("/no/such/folder/a.wav", 48000, 2, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "No such file or directory"));
    struct sound_writer *writer = sound_writer_open("/dev/full", 48000, 2, &err);
    float block[2 * 4096] = {0};
    bool fine = writer != NULL;
    for (int i = 0; fine && i < 100; i++)
        fine = sound_writer_put(writer, block, 4096, &err);
    fine = sound_writer_close(writer, &err) && fine;
    ck_assert(!fine);
    ck_assert_ptr_nonnull(strstr(err.text, "/dev/full"));
}
END_TEST

Suite *sound_file_suite(void);
Suite *sound_file_suite(void)
{
    Suite *suite = suite_create("sound_file");
    TCase *tcase = tcase_create("sound_file");
    tcase_add_checked_fixture(tcase, make_folder, remove_folder);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, channels_are_averaged);
    tcase_add_test(tcase, resampling_keeps_time_and_shape);
    tcase_add_test(tcase, what_is_not_finite_is_silence);
    tcase_add_test(tcase, bad_files_get_a_sentence);
    tcase_add_test(tcase, a_streamed_header_is_fine);
    tcase_add_test(tcase, more_than_three_hours_are_refused);
    tcase_add_test(tcase, random_damage_never_crashes);
    tcase_add_test(tcase, what_is_written_is_read);
    tcase_add_test(tcase, a_full_disk_is_reported);
    suite_add_tcase(suite, tcase);
    return suite;
}
