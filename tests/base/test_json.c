#include "base.h"
#include "base/json.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct json *parse(const char *text, struct error *err)
{
    return json_parse(text, strlen(text), err);
}

static void check_text(struct json *root, const char *want)
{
    char *text = json_text(root, NULL);
    ck_assert_str_eq(text, want);
    free(text);
    json_free(root);
}

START_TEST(members_keep_their_order_on_one_line)
{
    struct json *root = json_object();
    json_put_string(root, "name", "a \"b\"\n\xc3\xa9");
    json_put_bool(root, "yes", true);
    json_put_null(root, "none");
    json_put_string(root, "nothing", NULL);
    struct json *list = json_put_array(root, "list");
    json_put_integer(list, NULL, 1);
    json_put_number(json_put_object(list, NULL), "half", 0.5);
    check_text(root, "{\"name\":\"a \\\"b\\\"\\n\xc3\xa9\",\"yes\":true,\"none\":null,"
                     "\"nothing\":null,\"list\":[1,{\"half\":0.5}]}");
}
END_TEST

START_TEST(integers_have_every_digit)
{
    struct json *root = json_object();
    json_put_integer(root, "a", INT64_MIN);
    json_put_integer(root, "b", INT64_C(9007199254740993));
    json_put_unsigned(root, "c", UINT64_MAX);
    check_text(root, "{\"a\":-9223372036854775808,\"b\":9007199254740993,"
                     "\"c\":18446744073709551615}");
}
END_TEST

START_TEST(what_is_no_number_is_null)
{
    struct json *root = json_object();
    json_put_number(root, "a", NAN);
    json_put_number(root, "b", INFINITY);
    json_put_number(root, "c", -INFINITY);
    json_put_number(root, "d", 0.1);
    check_text(root, "{\"a\":null,\"b\":null,\"c\":null,\"d\":0.1}");
}
END_TEST

START_TEST(what_is_no_utf8_is_replaced)
{
    struct json *root = json_object();
    json_put_string(root, "a", "x\xff\xc3");                /* stray and cut off */
    json_put_string(root, "b", "\xe0\x80\xaf\xed\xa0\x80"); /* overlong, surrogate */
    json_put_string(root, "c", "\xf0\x9f\xa5\x81");         /* a drum */
#define REPLACED "\xef\xbf\xbd"
    check_text(root, "{\"a\":\"x" REPLACED REPLACED
                     "\",\"b\":\"" REPLACED REPLACED REPLACED REPLACED REPLACED REPLACED
                     "\",\"c\":\"\xf0\x9f\xa5\x81\"}");
}
END_TEST

START_TEST(a_put_into_nothing_spoils_nothing_else)
{
    json_put_integer(NULL, "a", 1);
    ck_assert_ptr_null(json_put_object(NULL, "a"));
    struct error err;
    ck_assert_ptr_null(json_text(NULL, &err));
    ck_assert_str_ne(err.text, "");
}
END_TEST

START_TEST(a_full_device_is_an_error)
{
    FILE *full = fopen("/dev/full", "w");
    if (!full)
        return;
    struct json *root = json_object();
    struct error err;
    ck_assert(!json_print(root, full, &err));
    ck_assert_str_eq(err.text, "cannot write JSON: No space left on device");
    json_free(root);
    fclose(full);
}
END_TEST

START_TEST(a_header_is_read_in_order)
{
    const char *text = "{\"w\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                       "\"__metadata__\":{\"model\":\"groove\"},\"n\":1.5}   ";
    struct json *root = parse(text, NULL);
    ck_assert(json_is_object(root));
    ck_assert_int_eq(json_count(root), 3);
    const struct json *w = json_first(root);
    ck_assert_str_eq(json_name(w), "w");
    ck_assert_str_eq(json_string(json_find(w, "dtype")), "F32");
    const struct json *shape = json_find(w, "shape");
    ck_assert(json_is_array(shape) && !json_is_object(shape));
    int64_t rows, columns;
    ck_assert(json_integer(json_first(shape), &rows));
    ck_assert(json_integer(json_next(json_first(shape)), &columns));
    ck_assert_int_eq(rows * columns, 6);
    ck_assert_ptr_null(json_next(json_next(json_first(shape))));
    ck_assert_ptr_null(json_name(json_first(shape)));
    const struct json *meta = json_next(w);
    ck_assert_str_eq(json_name(meta), "__metadata__");
    ck_assert_str_eq(json_string(json_find(meta, "model")), "groove");
    json_free(root);
}
END_TEST

START_TEST(values_of_another_kind_are_not_there)
{
    struct json *root =
        parse("{\"s\":\"x\",\"h\":1.5,\"big\":1e300,\"inf\":1e999,\"t\":true}", NULL);
    int64_t integer;
    double number;
    bool flag = false;
    ck_assert(!json_integer(json_find(root, "s"), &integer));
    ck_assert(!json_integer(json_find(root, "h"), &integer));
    ck_assert(!json_integer(json_find(root, "big"), &integer));
    ck_assert(!json_number(json_find(root, "inf"), &number));
    ck_assert(!json_number(json_find(root, "none"), &number));
    ck_assert(!json_bool(json_find(root, "s"), &flag));
    ck_assert(json_bool(json_find(root, "t"), &flag) && flag);
    ck_assert(json_number(json_find(root, "big"), &number) && number == 1e300);
    ck_assert_ptr_null(json_string(json_find(root, "h")));
    ck_assert_ptr_null(json_find(root, "S"));
    ck_assert_ptr_null(json_find(json_find(root, "h"), "x"));
    ck_assert_ptr_null(json_first(NULL));
    ck_assert_ptr_null(json_next(NULL));
    ck_assert_int_eq(json_count(NULL), 0);
    json_free(root);
}
END_TEST

static const struct {
    const char *text, *why;
} refused[] = {
    {"", "no JSON (byte 0)"},
    {"{\"1\":1,", "no JSON (byte 7)"},
    {"{} x", "no JSON (byte 3)"},
    {"[1,]", "no JSON (byte 3)"},
    {"{\"a\":\"\\u0000\"}", "JSON string holds a zero character (byte 6)"},
};

START_TEST(what_is_no_json_is_refused_with_its_place)
{
    struct error err = {0};
    ck_assert_ptr_null(parse(refused[_i].text, &err));
    ck_assert_str_eq(err.text, refused[_i].why);
}
END_TEST

START_TEST(depth_size_and_zero_bytes_are_bounded)
{
    struct error err;
    char deep[2 * JSON_DEPTH_MAX + 3] = "";
    memset(deep, '[', JSON_DEPTH_MAX);
    memset(deep + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
    struct json *root = parse(deep, &err);
    ck_assert_ptr_nonnull(root);
    json_free(root);
    memset(deep, '[', JSON_DEPTH_MAX + 1);
    memset(deep + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
    ck_assert_ptr_null(parse(deep, &err));
    ck_assert_str_eq(err.text, "JSON nested deeper than 32 (byte 32)");
    ck_assert_ptr_null(json_parse("{\0}", 3, &err));
    ck_assert_str_eq(err.text, "no JSON: zero byte (byte 1)");
    ck_assert_ptr_null(json_parse("", JSON_SIZE_MAX + 1, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "is larger than"));
    root = parse("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\"", &err);
    ck_assert_ptr_nonnull(root);
    json_free(root);
}
END_TEST

/* Under the address sanitizer this is the test that no byte beyond the text is looked at. */
START_TEST(damaged_text_never_hurts)
{
    static const char whole[] = "{\"a\":{\"shape\":[1,2e3,-4],\"d\":\"\\u00e9\\ud83e\\udd41\"},"
                                "\"b\":[true,false,null,{}],\"c\":\"\\\\\"}";
    struct rng rng;
    rng_seed(&rng, 11);
    for (int round = 0; round < 20000; round++) {
        size_t size = 1 + rng_below(&rng, sizeof whole - 1);
        char *text = malloc(size);
        memcpy(text, whole, size);
        for (uint32_t i = rng_below(&rng, 4); i > 0; i--)
            text[rng_below(&rng, (uint32_t)size)] = "{}[]\",:\\0u1e-t"[rng_below(&rng, 14)];
        struct error err = {0};
        struct json *root = json_parse(text, size, &err);
        ck_assert((root == NULL) == (err.text[0] != '\0'));
        free(text);
        json_free(root);
    }
}
END_TEST

Suite *json_suite(void)
{
    Suite *suite = suite_create("json");
    TCase *tests = tcase_create("json");
    tcase_add_test(tests, members_keep_their_order_on_one_line);
    tcase_add_test(tests, integers_have_every_digit);
    tcase_add_test(tests, what_is_no_number_is_null);
    tcase_add_test(tests, what_is_no_utf8_is_replaced);
    tcase_add_test(tests, a_put_into_nothing_spoils_nothing_else);
    tcase_add_test(tests, a_full_device_is_an_error);
    tcase_add_test(tests, a_header_is_read_in_order);
    tcase_add_test(tests, values_of_another_kind_are_not_there);
    tcase_add_loop_test(tests, what_is_no_json_is_refused_with_its_place, 0,
                        sizeof refused / sizeof refused[0]);
    tcase_add_test(tests, depth_size_and_zero_bytes_are_bounded);
    tcase_add_test(tests, damaged_text_never_hurts);
    suite_add_tcase(suite, tests);
    return suite;
}
