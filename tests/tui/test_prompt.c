/* A line of text and the keys that edit it. */
#include "fixture.h"

#include "tui/keys.h"
#include "tui/prompt.h"

#include <string.h>

static int heeded[8], heed_count;

static void heed(struct tui *tui, int press)
{
    (void)tui;
    heeded[heed_count++] = press;
}

static struct prompt opened(const char *text)
{
    struct prompt prompt;
    heed_count = 0;
    prompt_open(&prompt, "name:", "enter write", text, heed);
    return prompt;
}

START_TEST(characters_go_in_at_the_cursor)
{
    struct prompt prompt = opened("ac");
    ck_assert_uint_eq(prompt.cursor, 2);
    ck_assert(prompt_edit(&prompt, PRESS_LEFT));
    ck_assert(prompt_edit(&prompt, 'b'));
    ck_assert_str_eq(prompt.text, "abc");
    ck_assert(prompt_edit(&prompt, PRESS_HOME));
    ck_assert(prompt_edit(&prompt, 0xe4)); /* ä */
    ck_assert(prompt_edit(&prompt, PRESS_END));
    ck_assert(prompt_edit(&prompt, 0x1f941)); /* a drum */
    ck_assert_str_eq(prompt.text, "äabc\U0001f941");
    ck_assert_uint_eq(prompt.cursor, strlen(prompt.text));
}
END_TEST

START_TEST(characters_go_out_whole)
{
    struct prompt prompt = opened("aä\U0001f941b");
    prompt_edit(&prompt, PRESS_LEFT);
    prompt_edit(&prompt, PRESS_BACKSPACE);
    ck_assert_str_eq(prompt.text, "aäb");
    prompt_edit(&prompt, PRESS_LEFT);
    prompt_edit(&prompt, PRESS_DELETE);
    ck_assert_str_eq(prompt.text, "ab");
    prompt_edit(&prompt, PRESS_HOME);
    ck_assert(prompt_edit(&prompt, PRESS_BACKSPACE) && prompt_edit(&prompt, PRESS_LEFT));
    prompt_edit(&prompt, PRESS_END);
    ck_assert(prompt_edit(&prompt, PRESS_DELETE) && prompt_edit(&prompt, PRESS_RIGHT));
    ck_assert_str_eq(prompt.text, "ab");
}
END_TEST

START_TEST(words_and_lines_go_out_before_the_cursor)
{
    struct prompt prompt = opened("one two  three");
    prompt_edit(&prompt, 'W' - '@');
    ck_assert_str_eq(prompt.text, "one two  ");
    prompt_edit(&prompt, 'W' - '@');
    ck_assert_str_eq(prompt.text, "one ");
    prompt_edit(&prompt, PRESS_LEFT);
    prompt_edit(&prompt, 'U' - '@');
    ck_assert_str_eq(prompt.text, " ");
    ck_assert_uint_eq(prompt.cursor, 0);
    prompt_edit(&prompt, 'W' - '@');
    ck_assert_str_eq(prompt.text, " ");
}
END_TEST

START_TEST(what_is_no_character_does_not_go_in)
{
    static const int presses[] = {PRESS_NONE, 0,        'B' - '@',   0x1b,         0x7f, 0x85,
                                  0xd800,     PRESS_UP, PRESS_ENTER, PRESS_ESCAPE, '\t'};
    struct prompt prompt = opened("");
    for (size_t i = 0; i < sizeof presses / sizeof *presses; i++)
        ck_assert_msg(!prompt_edit(&prompt, presses[i]), "%x", (unsigned)presses[i]);
    ck_assert_str_eq(prompt.text, "");
    prompt_set(&prompt, "a\tb\xff\xc2\x85"
                        "c");
    ck_assert_str_eq(prompt.text, "a?b??c");
}
END_TEST

START_TEST(a_full_line_takes_no_half_character)
{
    char text[PROMPT_SIZE + 8];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct prompt prompt = opened(text);
    ck_assert_uint_eq(strlen(prompt.text), PROMPT_SIZE - 1);
    prompt_edit(&prompt, PRESS_BACKSPACE);
    prompt_edit(&prompt, 0xe4);
    ck_assert_uint_eq(strlen(prompt.text), PROMPT_SIZE - 2);
    prompt_edit(&prompt, 'y');
    ck_assert_uint_eq(strlen(prompt.text), PROMPT_SIZE - 1);
    ck_assert_int_eq(prompt.text[PROMPT_SIZE - 2], 'y');
}
END_TEST

START_TEST(the_owner_is_told_of_every_key)
{
    struct prompt prompt = opened("a");
    prompt_key(&prompt, NULL, 'b');
    prompt_key(&prompt, NULL, '\t');
    prompt_key(&prompt, NULL, PRESS_ENTER);
    ck_assert(prompt.open);
    ck_assert_str_eq(prompt.text, "ab");
    prompt_key(&prompt, NULL, PRESS_ESCAPE);
    ck_assert(!prompt.open);
    ck_assert_int_eq(heed_count, 4);
    ck_assert(heeded[0] == 'b' && heeded[1] == '\t' && heeded[2] == PRESS_ENTER &&
              heeded[3] == PRESS_ESCAPE);
}
END_TEST

Suite *prompt_suite(void)
{
    Suite *suite = suite_create("prompt");
    TCase *tcase = tcase_create("prompt");
    tcase_add_test(tcase, characters_go_in_at_the_cursor);
    tcase_add_test(tcase, characters_go_out_whole);
    tcase_add_test(tcase, words_and_lines_go_out_before_the_cursor);
    tcase_add_test(tcase, what_is_no_character_does_not_go_in);
    tcase_add_test(tcase, a_full_line_takes_no_half_character);
    tcase_add_test(tcase, the_owner_is_told_of_every_key);
    suite_add_tcase(suite, tcase);
    return suite;
}
