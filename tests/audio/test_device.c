#include "probe.h"
#include "suite.h"

#include "audio/patience.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct device *open_silent(struct probe *probe, int rate, int period,
                                  struct device_info *info)
{
    struct device_config config = {
        .rate = rate, .period = period, .silent = true, .process = probe_process, .context = probe};
    struct error err = {.text = ""};
    struct device *device = device_open(&config, info, &err);
    ck_assert_msg(device != NULL, "%s", err.text);
    ck_assert(info->silent);
    return device;
}

START_TEST(the_silent_device_keeps_time)
{
    static struct probe probe;
    struct device_info info;
    struct device *device = open_silent(&probe, 0, 0, &info);
    ck_assert_int_eq(info.rate, 48000);
    ck_assert_int_eq(info.period, 128);
    ck_assert_ptr_nonnull(strstr(info.name, "silent"));
    probe_sleep(20);
    ck_assert_int_eq(atomic_load(&probe.calls), 0);
    for (int round = 0; round < 2; round++) {
        long long before = atomic_load(&probe.frames);
        double start = probe_clock();
        ck_assert(device_start(device, NULL));
        probe_sleep(round ? 1300 : 300); /* the device counts whole seconds */
        device_stop(device);
        double elapsed = probe_clock() - start;
        long long frames = atomic_load(&probe.frames) - before;
        ck_assert_msg(frames <= elapsed * 48000 + 128, "%lld frames in %.3f s", frames, elapsed);
        ck_assert_msg(frames >= elapsed * 24000, "%lld frames in %.3f s", frames, elapsed);
    }
    int calls = atomic_load(&probe.calls);
    probe_sleep(20);
    ck_assert_int_eq(atomic_load(&probe.calls), calls);
    ck_assert_int_eq(atomic_load(&probe.longest), 128);
    ck_assert(!device_lost(device));
    device_close(device);
}
END_TEST

START_TEST(time_that_was_lost_stays_lost)
{
    static struct probe probe;
    struct device_info info;
    struct device *device = open_silent(&probe, 44100, 256, &info);
    ck_assert_int_eq(info.rate, 44100);
    atomic_store(&probe.sleep_ms, 300);
    double start = probe_clock();
    ck_assert(device_start(device, NULL));
    probe_sleep(500);
    device_stop(device);
    double elapsed = probe_clock() - start;
    ck_assert_int_ge(device_xruns(device), 1);
    long long frames = atomic_load(&probe.frames);
    ck_assert_msg(frames <= (elapsed - 0.29) * 44100 + 2 * 256, "%lld in %.3f", frames, elapsed);
    ck_assert_msg(frames > 256, "%lld", frames);
    device_close(device);
}
END_TEST

START_TEST(periods_stay_within_bounds)
{
    static struct probe probe;
    struct device_info info;
    device_close(open_silent(&probe, 0, 1, &info));
    ck_assert_int_eq(info.period, 16);
    struct device *device = open_silent(&probe, 0, 1000000, &info);
    ck_assert_int_eq(info.period, DEVICE_MAX_FRAMES);
    ck_assert(device_start(device, NULL));
    while (atomic_load(&probe.calls) == 0)
        probe_sleep(5);
    device_close(device); /* running: stops first */
    ck_assert_int_eq(atomic_load(&probe.longest), DEVICE_MAX_FRAMES);
    device_close(NULL);
}
END_TEST

static bool has_hardware(void)
{
    struct stat info;
    return stat("/proc/asound/card0", &info) == 0;
}

static void without_jack(void)
{
    setenv("JACK_DEFAULT_SERVER", "rolypoly-nowhere", 1);
    unsetenv("JACK_NO_START_SERVER");
}

/* An ALSA configuration with one device. PortAudio insists on a default, which need not work. */
static void set_alsa(const char *device)
{
    without_jack();
    char path[] = "/tmp/rolypoly-alsa-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "pcm.!default { type hw card 99 }\n%s\n", device);
    fclose(file);
    setenv("ALSA_CONFIG_PATH", path, 1);
}

static void clear_alsa(void)
{
    unlink(getenv("ALSA_CONFIG_PATH"));
}

START_TEST(a_machine_without_sound_is_quiet_and_quick)
{
    without_jack();
    FILE *heard = tmpfile();
    int kept = dup(2);
    dup2(fileno(heard), 2);
    static struct probe probe;
    struct device_config config = {.process = probe_process, .context = &probe};
    struct device_info info;
    struct error err = {.text = ""};
    double start = probe_clock();
    struct device *device = device_open(&config, &info, &err);
    double opened = probe_clock() - start;
    dup2(kept, 2);
    ck_assert_msg(device != NULL, "%s", err.text);
    ck_assert_int_eq((int)lseek(fileno(heard), 0, SEEK_END), 0);
    ck_assert_msg(opened < 1, "%.3f s", opened);
    ck_assert_str_eq(getenv("JACK_NO_START_SERVER"), "1");
    if (!has_hardware())
        ck_assert_str_eq(info.name, "no sound card (silent)");
    device_close(device);
    config.input = "no such thing";
    ck_assert_ptr_null(device_open(&config, &info, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "input named 'no such thing'"));
    ck_assert_ptr_nonnull(strstr(err.hint, "rolypoly devices"));
    fclose(heard);
    close(kept);
}
END_TEST

/* ALSA's null device is not paced: process is called as fast as can be. */
static void run_alsa(const char *input, const char *output, const char *name)
{
    static struct probe probe;
    struct device_config config = {
        .input = input, .output = output, .process = probe_process, .context = &probe};
    struct device_info info;
    struct error err = {.text = ""};
    struct device *device = device_open(&config, &info, &err);
    ck_assert_msg(device != NULL, "%s", err.text);
    ck_assert(!info.silent);
    ck_assert_int_eq(atomic_load(&probe.calls), 0);
    if (!has_hardware())
        ck_assert_msg(strstr(info.name, name), "%s", info.name);
    ck_assert(device_start(device, &err));
    double start = probe_clock();
    while (atomic_load(&probe.calls) < 20 && probe_clock() - start < 2)
        probe_sleep(5);
    ck_assert_int_ge(atomic_load(&probe.calls), 20);
    device_stop(device);
    int calls = atomic_load(&probe.calls);
    probe_sleep(20);
    ck_assert_int_eq(atomic_load(&probe.calls), calls);
    ck_assert_int_eq(atomic_load(&probe.unclean), 0);
    ck_assert(!device_lost(device));
    device_close(device);
}

START_TEST(full_duplex_through_alsa)
{
    set_alsa("pcm.both { type null }");
    run_alsa("ALSA: BOTH", "both", "ALSA: both");
    clear_alsa();
}
END_TEST

START_TEST(an_output_alone_will_do)
{
    set_alsa("pcm.speaker { type asym playback.pcm { type null } }");
    run_alsa(NULL, "speaker", "speaker, no input");
    clear_alsa();
}
END_TEST

START_TEST(an_input_alone_will_do)
{
    set_alsa("pcm.microphone { type asym capture.pcm { type null } }");
    run_alsa("microphone", NULL, "microphone, no output");
    clear_alsa();
}
END_TEST

static void return_at_once(void *arg)
{
    *(int *)arg = 1;
}

static void never_return(void *arg)
{
    (void)arg;
    for (;;)
        probe_sleep(1000);
}

START_TEST(patience_ends)
{
    int done = 0;
    ck_assert(patience_run(return_at_once, &done, 5000));
    ck_assert_int_eq(done, 1);
    double start = probe_clock();
    ck_assert(!patience_run(never_return, NULL, 100));
    ck_assert_double_lt(probe_clock() - start, 2);
}
END_TEST

/* As in a driver that does not let go: the signal that holds the thread comes late. */
static void deaf_for_a_while(void *arg)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    probe_sleep(400);
    pthread_sigmask(SIG_UNBLOCK, &all, NULL);
    atomic_store((atomic_int *)arg, 1);
}

START_TEST(who_comes_back_late_is_held_all_the_same)
{
    static atomic_int came_back;
    ck_assert(!patience_run(deaf_for_a_while, &came_back, 50));
    probe_sleep(600);
    ck_assert_int_eq(atomic_load(&came_back), 0);
}
END_TEST

Suite *device_suite(void);
Suite *device_suite(void)
{
    Suite *suite = suite_create("device");
    TCase *tcase = tcase_create("device");
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, the_silent_device_keeps_time);
    tcase_add_test(tcase, time_that_was_lost_stays_lost);
    tcase_add_test(tcase, periods_stay_within_bounds);
    tcase_add_test(tcase, a_machine_without_sound_is_quiet_and_quick);
    tcase_add_test(tcase, full_duplex_through_alsa);
    tcase_add_test(tcase, an_output_alone_will_do);
    tcase_add_test(tcase, an_input_alone_will_do);
    tcase_add_test(tcase, patience_ends);
    tcase_add_test(tcase, who_comes_back_late_is_held_all_the_same);
    suite_add_tcase(suite, tcase);
    return suite;
}
