#include "base.h"
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIZE = 8 << 20, PAGE = 4096 };

static int resident_pages(void *block)
{
    static unsigned char there[SIZE / PAGE + 1];
    char *first = (char *)((uintptr_t)block / PAGE * PAGE);
    int count = 0;
    ck_assert_int_eq(mincore(first, SIZE, there), 0);
    for (int i = 0; i < SIZE / PAGE; i++)
        count += there[i] & 1;
    return count;
}

START_TEST(its_pages_are_there_and_empty)
{
    char *block = memory_new(SIZE / 8, 8);
    ck_assert_ptr_nonnull(block);
    ck_assert_int_eq(resident_pages(block), SIZE / PAGE);
    int written = 0;
    for (int i = 0; i < SIZE; i++)
        written += block[i] != 0;
    ck_assert_int_eq(written, 0);
    free(block);
}
END_TEST

START_TEST(what_was_allocated_otherwise_can_be_fetched)
{
    char *block = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert(block != MAP_FAILED);
    ck_assert_int_lt(resident_pages(block), SIZE / PAGE);
    memory_touch(block, SIZE);
    ck_assert_int_eq(resident_pages(block), SIZE / PAGE);
    munmap(block, SIZE);
    memory_touch(NULL, 0);
}
END_TEST

Suite *memory_suite(void)
{
    Suite *suite = suite_create("memory");
    TCase *tests = tcase_create("memory");
    tcase_add_test(tests, its_pages_are_there_and_empty);
    tcase_add_test(tests, what_was_allocated_otherwise_can_be_fetched);
    suite_add_tcase(suite, tests);
    return suite;
}
