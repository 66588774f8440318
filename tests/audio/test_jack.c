/* PortAudio on a real JACK server with the dummy driver, started by the test. */
#include "probe.h"
#include "suite.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RATE = 48000, PERIOD = 128 };

/* One name for all runs: JACK keeps a place for every server that was ever killed, and has eight.
 */
static const char *const server = "rolypoly-test";
static pid_t server_pid;

/* The server ends with the test, however that ends. */
static void exec_server(const char *period)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int nothing = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; fd++)
        dup2(nothing, fd);
    execl("/usr/bin/jackd", "jackd", "-r", "-S", "-n", server, "-d", "dummy", "-r", "48000", "-p",
          period, (char *)NULL);
    _exit(127);
}

/* False, with a word why, where there is no JACK server to be had. */
static bool start_server(const char *period)
{
    setenv("JACK_DEFAULT_SERVER", server, 1);
    setenv("JACK_NO_START_SERVER", "1", 1);
    setenv("JACK_NO_AUDIO_RESERVATION", "1", 1);
    int lock = open("/tmp/rolypoly-test.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    flock(lock, LOCK_EX); /* until this test ends */
    server_pid = access("/usr/bin/jackd", X_OK) == 0 ? fork() : -1;
    if (server_pid == 0)
        exec_server(period);
    probe_sleep(200);
    if (server_pid < 0 || waitpid(server_pid, NULL, WNOHANG) != 0) {
        fprintf(stderr, "skipped: jackd is not there or does not start\n");
        server_pid = 0;
        return false;
    }
    return true;
}

static void kill_server(int how)
{
    if (server_pid <= 0)
        return;
    kill(server_pid, how);
    for (int ms = 0; waitpid(server_pid, NULL, WNOHANG) == 0; ms += 10) {
        if (ms == 1000)
            kill(server_pid, SIGKILL);
        probe_sleep(10);
    }
    server_pid = 0;
}

static void clean_up(void)
{
    kill_server(SIGTERM);
}

/* Opens the device as soon as the server is up. */
static struct device *open_device(const struct device_config *config, struct device_info *info)
{
    struct error err = {.text = ""};
    for (double start = probe_clock(); probe_clock() - start < 10; probe_sleep(50)) {
        struct device *device = device_open(config, info, &err);
        ck_assert_msg(device != NULL, "%s", err.text);
        if (strncmp(info->name, "JACK", 4) == 0)
            return device;
        device_close(device);
    }
    ck_abort_msg("no JACK server within 10 s");
}

START_TEST(the_stream_runs_and_its_end_is_noticed)
{
    if (!start_server("128"))
        return;
    static struct probe probe;
    struct device_config config = {.process = probe_process, .context = &probe};
    struct device_info info;
    struct device *device = open_device(&config, &info);
    ck_assert_str_eq(info.name, "JACK: system");
    ck_assert(!info.silent);
    ck_assert_int_eq(info.rate, RATE);
    ck_assert_int_eq(info.period, PERIOD);
    ck_assert_double_gt(info.round_trip_s, 0);
    ck_assert_double_lt(info.round_trip_s, 0.05);
    ck_assert_int_eq(atomic_load(&probe.calls), 0);
    for (int round = 0; round < 2; round++) {
        long long before = atomic_load(&probe.frames);
        double start = probe_clock();
        ck_assert(device_start(device, NULL));
        probe_sleep(round ? 100 : 500);
        device_stop(device);
        double elapsed = probe_clock() - start;
        long long frames = atomic_load(&probe.frames) - before;
        ck_assert_msg(frames > elapsed * RATE / 2 && frames < elapsed * RATE * 2,
                      "%lld frames in %.3f s", frames, elapsed);
        ck_assert_int_eq((int)(frames % PERIOD), 0);
        int calls = atomic_load(&probe.calls);
        probe_sleep(30);
        ck_assert_int_eq(atomic_load(&probe.calls), calls);
    }
    ck_assert_int_eq(atomic_load(&probe.longest), PERIOD);
    ck_assert_int_eq(atomic_load(&probe.unclean), 0);
    ck_assert(!device_lost(device));

    ck_assert(device_start(device, NULL));
    probe_sleep(50);
    kill_server(SIGKILL);
    double start = probe_clock();
    while (!device_lost(device) && probe_clock() - start < 2)
        probe_sleep(10);
    ck_assert(device_lost(device));
    start = probe_clock();
    device_stop(device);
    struct error err = {.text = ""};
    ck_assert(!device_start(device, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "vanished"));
    device_close(device);
    ck_assert(device_needs_new_process());
    device = device_open(&config, &info, &err);
    ck_assert(device != NULL && info.silent);
    device_close(device);
    ck_assert_double_lt(probe_clock() - start, 2);
}
END_TEST

START_TEST(closing_gives_the_server_back)
{
    if (!start_server("256"))
        return;
    static struct probe probe;
    struct device_config config = {
        .process = probe_process, .context = &probe, .input = "jack: sys"};
    struct device_info info;
    struct error err;
    struct device_config any = config;
    any.input = NULL;
    device_close(open_device(&any, &info));
    for (int round = 0; round < 2; round++) {
        struct device *device = device_open(&config, &info, &err);
        ck_assert_ptr_nonnull(device);
        ck_assert_int_eq(info.rate, RATE);
        ck_assert_int_eq(info.period, 256);
        ck_assert(device_start(device, NULL));
        probe_sleep(60);
        device_close(device);
    }
    ck_assert_int_gt(atomic_load(&probe.calls), 0);
}
END_TEST

static void refused(struct device_config config, const char *words, const char *hint)
{
    struct device_info info;
    struct error err = {.text = ""};
    struct device *device = device_open(&config, &info, &err);
    ck_assert_msg(device == NULL, "%s", info.name);
    ck_assert_msg(strstr(err.text, words), "%s", err.text);
    ck_assert_msg(strstr(err.hint, hint), "%s", err.hint);
}

/* JACK has one rate and one period for all. */
START_TEST(what_the_server_cannot_do_is_told)
{
    if (!start_server("256"))
        return;
    static struct probe probe;
    const struct device_config config = {.process = probe_process, .context = &probe};
    struct device_config wanted = config;
    struct device_info info;
    struct error err;
    device_close(open_device(&config, &info));
    ck_assert_str_eq(info.input, "JACK: system");
    ck_assert_str_eq(info.output, "JACK: system");
    ck_assert(!info.two_clocks);
    wanted.rate = 44100;
    refused(wanted, "'system' cannot run at 44100 frames a second", "runs at 48000");
    wanted.input = wanted.output = "1";
    refused(wanted, "'system' cannot run at 44100 frames a second", "runs at 48000");
    wanted = config;
    wanted.period = 64;
    refused(wanted, "runs with 256 frames a call, not 64", "jack_bufsize 64");
    wanted = config;
    wanted.channel = 3;
    refused(wanted, "channel 3 of 'system': it has 2", "from 1");
    wanted = config;
    wanted.input = "scarlett";
    refused(wanted, "input named 'scarlett'", "there is 1 system");
    wanted = config;
    wanted.period = 256;
    wanted.rate = RATE;
    wanted.channel = 2;
    wanted.input = wanted.output = "SYST";
    struct device *device = device_open(&wanted, &info, &err);
    ck_assert_msg(device != NULL, "%s", err.text);
    ck_assert_str_eq(info.name, "JACK: system");
    struct device_drift drift;
    ck_assert(!device_drift(device, &drift));
    device_close(device);
}
END_TEST

static void count_jack(void *context, const struct device_entry *entry)
{
    if (strcmp(entry->api, "JACK") == 0 && strcmp(entry->name, "system") == 0 &&
        entry->is_default_input && entry->is_default_output && entry->number == 1 &&
        !entry->plumbing && entry->rates == 1u << 1 && entry->inputs == 2 && entry->outputs == 2 &&
        entry->rate == RATE)
        ++*(int *)context;
}

START_TEST(devices_are_listed)
{
    if (!start_server("1024"))
        return;
    static struct probe probe;
    struct device_config config = {.process = probe_process, .context = &probe};
    struct device_info info;
    struct device *device = open_device(&config, &info);
    int found = 0;
    ck_assert(device_list(count_jack, &found, NULL)); /* also while one is open */
    device_close(device);
    ck_assert(device_list(count_jack, &found, NULL));
    ck_assert_int_eq(found, 2);
}
END_TEST

/* A server that stands still would keep PortAudio waiting for minutes. */
START_TEST(a_server_that_hangs_is_given_up)
{
    if (!start_server("128"))
        return;
    static struct probe probe;
    struct device_config config = {.process = probe_process, .context = &probe};
    struct device_info info;
    device_close(open_device(&config, &info));
    kill(server_pid, SIGSTOP);
    double start = probe_clock();
    struct device *device = device_open(&config, &info, NULL);
    kill(server_pid, SIGCONT);
    ck_assert(device != NULL && info.silent);
    ck_assert_ptr_nonnull(strstr(info.name, "does not answer"));
    ck_assert_double_lt(probe_clock() - start, 8);
    device_close(device);
    ck_assert(!device_list(count_jack, NULL, NULL));
}
END_TEST

Suite *jack_suite(void);
Suite *jack_suite(void)
{
    Suite *suite = suite_create("jack");
    TCase *tcase = tcase_create("jack");
    tcase_add_checked_fixture(tcase, NULL, clean_up);
    tcase_set_timeout(tcase, 40);
    /* The servers that get killed come first: those after them clear away what they left behind. */
    tcase_add_test(tcase, a_server_that_hangs_is_given_up);
    tcase_add_test(tcase, the_stream_runs_and_its_end_is_noticed);
    tcase_add_test(tcase, closing_gives_the_server_back);
    tcase_add_test(tcase, what_the_server_cannot_do_is_told);
    tcase_add_test(tcase, devices_are_listed);
    suite_add_tcase(suite, tcase);
    return suite;
}
