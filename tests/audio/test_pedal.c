/* A foot pedal: what its bytes mean, and a FIFO in its place. */
#include "audio/pedal.h"
#include "audio/pedal_bytes.h"
#include "base/rng.h"
#include "base/stopwatch.h"
#include "suite.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "cc64 note36 pc3" */
static const char *meaning(const unsigned char *bytes, size_t count)
{
    static const char *const kinds[] = {"cc", "note", "pc"};
    static char text[256];
    struct pedal_bytes state = {0};
    struct pedal_press press;
    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        if (pedal_byte(&state, bytes[i], &press)) {
            size_t used = strlen(text);
            snprintf(text + used, sizeof text - used, "%s%s%d", used ? " " : "", kinds[press.kind],
                     press.number);
        }
    return text;
}

#define ck_assert_means(wanted, ...)                                                               \
    do {                                                                                           \
        const unsigned char bytes[] = {__VA_ARGS__};                                               \
        ck_assert_str_eq(meaning(bytes, sizeof bytes), wanted);                                    \
    } while (0)

START_TEST(presses_are_told)
{
    ck_assert_means("cc64", 0xb0, 64, 127, 0xb0, 64, 0);
    ck_assert_means("note36", 0x99, 36, 100, 0x89, 36, 0, 0x99, 36, 0);
    ck_assert_means("pc3 pc4", 0xc5, 3, 4);
    ck_assert_means("", 0xe0, 1, 100, 0xd0, 100, 0xa0, 5, 100);
}
END_TEST

START_TEST(status_runs_and_the_clock_stands_anywhere)
{
    ck_assert_means("cc64 cc65", 0xb0, 64, 127, 64, 0, 65, 64);
    ck_assert_means("cc64", 0xf8, 0xb0, 0xf8, 64, 0xfe, 127, 0xff);
    ck_assert_means("note1", 0xf0, 0x7e, 0x90, 1, 2); /* a message that was never ended */
    ck_assert_means("", 0x90, 0xf0, 1, 2, 3, 0xf7, 4, 5);
    ck_assert_means("", 0xf2, 1, 2, 0xf3, 1, 64, 127);
    ck_assert_means("", 64, 127); /* begun in the middle */
}
END_TEST

START_TEST(a_slow_pedal_is_one_press_a_silent_release_none_the_less)
{
    ck_assert_means("cc4", 0xb0, 4, 10, 4, 63, 4, 64, 4, 90, 4, 127, 4, 80, 4, 5);
    ck_assert_means("cc4 cc4", 0xb0, 4, 64, 4, 20, 4, 70);
    ck_assert_means("cc80 cc80 cc80", 0xb0, 80, 127, 80, 127, 80, 127);
}
END_TEST

START_TEST(rubbish_gives_numbers_in_range)
{
    struct pedal_bytes state = {0};
    struct pedal_press press;
    struct rng rng;
    rng_seed(&rng, 5);
    for (int i = 0; i < 1000000; i++)
        if (pedal_byte(&state, (uint8_t)rng_below(&rng, 256), &press))
            ck_assert(press.number >= 0 && press.number < 128 && press.kind <= PEDAL_PROGRAM);
}
END_TEST

Suite *pedal_suite(void);

static char fifo[64];

static void make_fifo(void)
{
    snprintf(fifo, sizeof fifo, "/tmp/rolypoly-pedal-%d", (int)getpid());
    unlink(fifo);
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
}

static void remove_fifo(void)
{
    unlink(fifo);
}

static bool read_soon(struct pedal *pedal, struct pedal_press *press)
{
    for (int i = 0; i < 500; i++) {
        if (pedal_read(pedal, press))
            return true;
        stopwatch_wait_ms(10);
    }
    return false;
}

static void tread(int number)
{
    const unsigned char bytes[] = {0xb0, (unsigned char)number, 127, (unsigned char)number, 0};
    int file = open(fifo, O_WRONLY | O_CLOEXEC);
    ck_assert(file >= 0 && write(file, bytes, sizeof bytes) == sizeof bytes);
    close(file);
}

START_TEST(a_pedal_that_goes_is_found_again)
{
    struct pedal_press press;
    struct pedal *pedal = pedal_open(fifo);
    ck_assert(pedal_is_there(pedal) && !pedal_read(pedal, &press));
    tread(64);
    ck_assert(read_soon(pedal, &press) && press.number == 64);
    ck_assert(!pedal_read(pedal, &press)); /* its writer has gone */
    ck_assert_int_eq(pedal_fd(pedal), -1); /* and nothing that would keep a poll busy */
    stopwatch_wait_ms(150);
    pedal_read(pedal, &press);
    ck_assert(pedal_is_there(pedal) && pedal_fd(pedal) >= 0);
    tread(65);
    ck_assert(read_soon(pedal, &press) && press.number == 65);
    remove_fifo();
    stopwatch_wait_ms(150);
    pedal_read(pedal, &press);
    pedal_read(pedal, &press);
    stopwatch_wait_ms(150);
    pedal_read(pedal, &press);
    ck_assert(!pedal_is_there(pedal));
    pedal_close(pedal);
}
END_TEST

START_TEST(what_is_no_pedal_is_not_there)
{
    struct pedal_press press;
    static const char *const places[] = {"/nowhere/midi", "/etc/passwd", "/", "hw:77,0", "no such"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct pedal *pedal = pedal_open(places[i]);
        ck_assert_msg(!pedal_is_there(pedal) && !pedal_read(pedal, &press), "%s", places[i]);
        ck_assert_int_eq(pedal_fd(pedal), -1);
        pedal_close(pedal);
    }
    ck_assert(!pedal_read(NULL, &press) && pedal_fd(NULL) == -1);
    pedal_close(NULL);
}
END_TEST

Suite *pedal_suite(void)
{
    Suite *suite = suite_create("pedal");
    TCase *tcase = tcase_create("bytes");
    tcase_add_test(tcase, presses_are_told);
    tcase_add_test(tcase, status_runs_and_the_clock_stands_anywhere);
    tcase_add_test(tcase, a_slow_pedal_is_one_press_a_silent_release_none_the_less);
    tcase_add_test(tcase, rubbish_gives_numbers_in_range);
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("fifo");
    tcase_add_checked_fixture(tcase, make_fifo, remove_fifo);
    tcase_add_test(tcase, a_pedal_that_goes_is_found_again);
    tcase_add_test(tcase, what_is_no_pedal_is_not_there);
    suite_add_tcase(suite, tcase);
    return suite;
}
