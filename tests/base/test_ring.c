#include "base.h"
#include "base/ring.h"
#include "base/rng.h"

#include <pthread.h>
#include <sched.h>
#include <stdint.h>

START_TEST(messages_come_out_in_order_and_the_ring_wraps)
{
    struct ring *ring = ring_new(5, sizeof(int));
    int out = -1;
    ck_assert(!ring_pop(ring, &out));
    ck_assert_int_eq(out, -1);
    for (int in = 0, next = 0; in < 100;) {
        for (int k = 0; k < 5; k++, in++)
            ck_assert(ring_push(ring, &in));
        while (ring_pop(ring, &out))
            ck_assert_int_eq(out, next++);
        ck_assert_int_eq(next, in);
    }
    ring_free(ring);
}
END_TEST

START_TEST(a_full_ring_refuses_and_keeps_what_it_has)
{
    struct ring *ring = ring_new(4, sizeof(int));
    int held = 0, out;
    while (held < 1000 && ring_push(ring, &held))
        held++;
    ck_assert_int_ge(held, 4);
    ck_assert_int_lt(held, 1000);
    for (int next = 0; next < held; next++) {
        ck_assert(ring_pop(ring, &out));
        ck_assert_int_eq(out, next);
    }
    ck_assert(!ring_pop(ring, &out));
    ring_free(ring);
}
END_TEST

START_TEST(clearing_forgets_everything)
{
    struct ring *ring = ring_new(4, sizeof(int));
    int in = 7, out;
    ring_push(ring, &in);
    ring_clear(ring);
    ck_assert(!ring_pop(ring, &out));
    for (int k = 0; k < 4; k++)
        ck_assert(ring_push(ring, &k));
    ring_free(ring);
    ring_free(NULL);
}
END_TEST

/* Every word of a message is a function of its number, so that a torn one shows. */
struct message {
    uint64_t number, words[11];
};

enum { MESSAGES = 100000 };

static struct message message_of(uint64_t number)
{
    struct message message = {.number = number};
    struct rng rng;
    rng_seed(&rng, number);
    for (int i = 0; i < 11; i++)
        message.words[i] = rng_next(&rng);
    return message;
}

static void *write_all(void *context)
{
    for (uint64_t number = 0; number < MESSAGES; number++) {
        struct message message = message_of(number);
        while (!ring_push(context, &message))
            sched_yield();
    }
    return NULL;
}

START_TEST(two_threads_lose_and_tear_nothing)
{
    struct ring *ring = ring_new(8, sizeof(struct message));
    pthread_t writer;
    ck_assert_int_eq(pthread_create(&writer, NULL, write_all, ring), 0);
    uint64_t wrong = 0;
    for (uint64_t number = 0; number < MESSAGES; number++) {
        struct message got, want = message_of(number);
        while (!ring_pop(ring, &got))
            sched_yield();
        wrong += got.number != want.number;
        for (int i = 0; i < 11; i++)
            wrong += got.words[i] != want.words[i];
    }
    pthread_join(writer, NULL);
    ck_assert_uint_eq(wrong, 0);
    ring_free(ring);
}
END_TEST

Suite *ring_suite(void)
{
    Suite *suite = suite_create("ring");
    TCase *tests = tcase_create("ring");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, messages_come_out_in_order_and_the_ring_wraps);
    tcase_add_test(tests, a_full_ring_refuses_and_keeps_what_it_has);
    tcase_add_test(tests, clearing_forgets_everything);
    tcase_add_test(tests, two_threads_lose_and_tear_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
