/* What is written is read again, and bytes from elsewhere are refused with a sentence. */
#include "base/rng.h"
#include "model/checkpoint.h"
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct checkpoint *made(void)
{
    static const float f[] = {1, -2.5F, 3e-38F, 4, 5, 6};
    static const double d[] = {M_PI, -1e300};
    struct checkpoint *c = checkpoint_new();
    checkpoint_set(c, "model", "groove");
    checkpoint_set(c, "note", "\"quoted\", \\ and \xc3\xa9");
    checkpoint_put(c, "a", TENSOR_F32, 2, (int64_t[]){2, 3}, f);
    checkpoint_put(c, "b.weight", TENSOR_F64, 1, (int64_t[]){2}, d);
    checkpoint_put(c, "scalar", TENSOR_F32, 0, NULL, f);
    checkpoint_put(c, "empty", TENSOR_F32, 2, (int64_t[]){0, 7}, f);
    return c;
}

static void same(const struct checkpoint *a, const struct checkpoint *b)
{
    ck_assert_int_eq(checkpoint_count(a), checkpoint_count(b));
    for (int i = 0; i < checkpoint_count(a); i++) {
        const struct tensor *x = checkpoint_at(a, i), *y = checkpoint_at(b, i);
        size_t size = x->type == TENSOR_F32 ? 4 : 8;
        ck_assert_str_eq(x->name, y->name);
        ck_assert_int_eq(x->type, y->type);
        ck_assert_int_eq(x->rank, y->rank);
        for (int k = 0; k < x->rank; k++) {
            ck_assert_int_eq(x->shape[k], y->shape[k]);
            size *= (size_t)x->shape[k];
        }
        ck_assert(size == 0 || memcmp(x->data, y->data, size) == 0);
    }
    ck_assert_str_eq(checkpoint_get(a, "note"), checkpoint_get(b, "note"));
    ck_assert_ptr_null(checkpoint_get(b, "absent"));
}

START_TEST(round_trip)
{
    struct error err;
    size_t size, again_size;
    struct checkpoint *c = made(), *copy = checkpoint_copy(c);
    uint8_t *bytes = checkpoint_write(c, &size, &err);
    struct checkpoint *read = checkpoint_read(bytes, size, &err);
    ck_assert_msg(read != NULL, "%s", err.text);
    uint8_t *again = checkpoint_write(read, &again_size, &err);
    ck_assert_uint_eq(size, again_size);
    ck_assert_mem_eq(bytes, again, size);
    same(c, read);
    same(c, copy);
    free(bytes);
    free(again);
    checkpoint_free(c);
    checkpoint_free(copy);
    checkpoint_free(read);
}
END_TEST

START_TEST(replaces_and_removes)
{
    struct checkpoint *c = made();
    checkpoint_put(c, "a", TENSOR_F32, 1, (int64_t[]){1}, (float[]){9});
    ck_assert_int_eq(checkpoint_count(c), 4);
    ck_assert_float_eq(*(const float *)checkpoint_find(c, "a")->data, 9);
    checkpoint_remove(c, "a");
    checkpoint_remove(c, "a");
    ck_assert_int_eq(checkpoint_count(c), 3);
    ck_assert_ptr_null(checkpoint_find(c, "a"));
    ck_assert_str_eq(checkpoint_at(c, 0)->name, "b.weight");
    ck_assert_ptr_null(checkpoint_at(c, 3));
    checkpoint_set(c, "model", "straight");
    ck_assert_str_eq(checkpoint_get(c, "model"), "straight");
    checkpoint_free(c);
}
END_TEST

START_TEST(files)
{
    struct error err;
    char folder[] = "/tmp/checkpoint-XXXXXX", path[64];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/c.safetensors", folder);
    struct checkpoint *c = made();
    ck_assert_ptr_null(checkpoint_load(path, &err));
    ck_assert_ptr_nonnull(strstr(err.text, path));
    for (int i = 0; i < 2; i++)
        ck_assert_msg(checkpoint_save(c, path, &err), "%s", err.text);
    struct checkpoint *read = checkpoint_load(path, &err);
    ck_assert_msg(read != NULL, "%s", err.text);
    same(c, read);
    ck_assert(unlink(path) == 0);
    ck_assert(!checkpoint_save(c, "/nowhere/at/all", &err));
    ck_assert_ptr_null(checkpoint_load(folder, &err));
    ck_assert(rmdir(folder) == 0); /* and nothing was left beside it */
    checkpoint_free(c);
    checkpoint_free(read);
}
END_TEST

/* A header of our choice before `size` bytes of data, all zero. */
static bool accepts(const char *header, size_t size)
{
    struct error err = {.text = ""};
    size_t length = strlen(header);
    uint8_t *bytes = calloc(1, 8 + length + size);
    bytes[0] = (uint8_t)length;
    bytes[1] = (uint8_t)(length >> 8);
    memcpy(bytes + 8, header, length);
    struct checkpoint *c = checkpoint_read(bytes, 8 + length + size, &err);
    bool ok = c != NULL;
    ck_assert_msg(ok == !err.text[0], "%s: %s", header, err.text);
    checkpoint_free(c);
    free(bytes);
    return ok;
}

#define A "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":"

START_TEST(trusts_nothing)
{
    ck_assert(accepts("{}", 0));
    ck_assert(accepts("{" A "[0,8]}}", 8));
    /* data in another order than the header */
    ck_assert(accepts(
        "{" A "[4,12]},\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}", 12));
    /* an empty tensor begins where the next one does */
    ck_assert(
        accepts("{" A "[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}", 8));
    static const char *const bad[] = {
        "",
        "[]",
        "7",
        "{",
        "{" A "[0,8]}",
        "{" A "[0,9]}}",
        "{" A "[4,12]}}",
        "{" A "[8,0]}}",
        "{" A "[-8,0]}}",
        "{" A "[0,8,8]}}",
        "{" A "\"08\"}}",
        "{" A "[0,1e300]}}",
        "{" A "[0,8]}," A "[0,8]}}",
        "{" A "[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":null}}",
        "{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"a\":7}",
        "{\"\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"__metadata__\":7," A "[0,8]}}",
        "{\"__metadata__\":{\"a\":7}," A "[0,8]}}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!accepts(bad[i], 8), "accepted %s", bad[i]);
}
END_TEST

START_TEST(refuses_numbers_that_are_none)
{
    static const float bad[] = {NAN, INFINITY, -INFINITY};
    for (int i = 0; i < 3; i++) {
        struct error err;
        size_t size;
        struct checkpoint *c = made();
        checkpoint_put(c, "z", TENSOR_F32, 1, (int64_t[]){1}, &bad[i]);
        ck_assert_ptr_null(checkpoint_write(c, &size, &err));
        ck_assert_ptr_nonnull(strstr(err.text, "'z'"));
        checkpoint_put(c, "z", TENSOR_F32, 1, (int64_t[]){1}, (float[]){0});
        uint8_t *bytes = checkpoint_write(c, &size, &err);
        ck_assert_ptr_nonnull(bytes);
        memcpy(bytes + size - sizeof bad[i], &bad[i], sizeof bad[i]);
        ck_assert_ptr_null(checkpoint_read(bytes, size, &err));
        ck_assert_ptr_nonnull(strstr(err.text, "'z'"));
        free(bytes);
        checkpoint_free(c);
    }
}
END_TEST

/* A header that reading would refuse: each byte of the note becomes three. */
START_TEST(writes_nothing_it_could_not_read)
{
    struct error err;
    size_t size, length = 2 << 20;
    struct checkpoint *c = made();
    char *note = malloc(length + 1);
    memset(note, 0xff, length);
    note[length] = '\0';
    checkpoint_set(c, "note", note);
    ck_assert_ptr_null(checkpoint_write(c, &size, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "header"));
    note[length / 4] = '\0';
    checkpoint_set(c, "note", note);
    uint8_t *bytes = checkpoint_write(c, &size, &err);
    struct checkpoint *read = checkpoint_read(bytes, size, &err);
    ck_assert_msg(read != NULL, "%s", err.text);
    free(bytes);
    free(note);
    checkpoint_free(read);
    checkpoint_free(c);
}
END_TEST

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) /* they abort instead */
START_TEST(what_is_spoilt_is_neither_copied_nor_written)
{
    struct error err;
    size_t size;
    struct checkpoint *c = made();
    checkpoint_put(c, "huge", TENSOR_F32, 1, (int64_t[]){INT64_MAX / 8}, NULL); /* out of memory */
    ck_assert_ptr_null(checkpoint_copy(c));
    ck_assert_ptr_null(checkpoint_write(c, &size, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "out of memory"));
    checkpoint_free(c);
}
END_TEST
#endif

/* Every truncation is refused; damaged bytes are refused or read, never worse. */
START_TEST(survives_damage)
{
    struct error err;
    struct rng rng;
    size_t size;
    struct checkpoint *c = made();
    uint8_t *bytes = checkpoint_write(c, &size, &err), *bad = malloc(size);
    for (size_t n = 0; n < size; n++) {
        uint8_t *part = malloc(n + 1); /* exactly so much, for the sanitizer's eyes */
        memcpy(part, bytes, n);
        ck_assert_ptr_null(checkpoint_read(part, n, &err));
        free(part);
    }
    rng_seed(&rng, 1);
    for (int round = 0; round < 5000; round++) {
        memcpy(bad, bytes, size);
        for (uint32_t k = rng_below(&rng, 4); k < 4; k++)
            bad[rng_below(&rng, (uint32_t)size)] = (uint8_t)rng_next(&rng);
        checkpoint_free(checkpoint_read(bad, size, &err));
    }
    free(bytes);
    free(bad);
    checkpoint_free(c);
}
END_TEST

Suite *checkpoint_suite(void);
Suite *checkpoint_suite(void)
{
    Suite *suite = suite_create("checkpoint");
    TCase *tests = tcase_create("checkpoint");
    tcase_add_test(tests, round_trip);
    tcase_add_test(tests, replaces_and_removes);
    tcase_add_test(tests, files);
    tcase_add_test(tests, trusts_nothing);
    tcase_add_test(tests, refuses_numbers_that_are_none);
    tcase_add_test(tests, writes_nothing_it_could_not_read);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    tcase_add_test(tests, what_is_spoilt_is_neither_copied_nor_written);
#endif
    tcase_add_test(tests, survives_damage);
    suite_add_tcase(suite, tests);
    return suite;
}
