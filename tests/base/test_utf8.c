/* UTF-8, there and back. */
#include "base.h"
#include "base/utf8.h"
#include "suite.h"

#include <string.h>

START_TEST(every_character_goes_there_and_back)
{
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        char bytes[5];
        if (code == 0xd800) /* surrogates are none */
            code = 0xe000;
        int length = utf8_put(code, bytes);
        if (utf8_length(bytes) != length || utf8_code(bytes, length) != code || bytes[length])
            ck_abort_msg("U+%04X", (unsigned)code);
    }
}
END_TEST

START_TEST(what_is_no_character_has_no_length)
{
    static const char *const broken[] = {
        "\x80",
        "\xc1\xbf",
        "\xc3",
        "\xc3z",
        "\xe0\x9f\xbf",
        "\xed\xa0\x80",
        "\xe2\x82",
        "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xff",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        ck_assert_msg(utf8_length(broken[i]) == 0, "%zu", i);
    ck_assert_int_eq(utf8_length(""), 1);
}
END_TEST

Suite *utf8_suite(void)
{
    Suite *suite = suite_create("utf8");
    TCase *tests = tcase_create("utf8");
    tcase_add_test(tests, every_character_goes_there_and_back);
    tcase_add_test(tests, what_is_no_character_has_no_length);
    suite_add_tcase(suite, tests);
    return suite;
}
