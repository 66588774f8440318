#include "fixture.h"

#include "tui/widgets.h"

static struct grid made_grid(int rows, int cols, bool utf8)
{
    struct grid grid = {.utf8 = utf8};
    ck_assert(grid_resize(&grid, rows, cols));
    return grid;
}

static const char *row_text(const struct grid *grid, int row)
{
    static char text[1024];
    grid_row_text(grid, row, text, sizeof text);
    return text;
}

START_TEST(drawing_is_clipped)
{
    struct grid grid = made_grid(2, 5, true);
    ck_assert_int_eq(grid_put(&grid, 0, 3, ROLE_PLAIN, "abcd"), 7);
    grid_put(&grid, 1, -2, ROLE_PLAIN, "abcd");
    grid_put(&grid, 2, 0, ROLE_PLAIN, "below");
    grid_put(&grid, -1, 0, ROLE_PLAIN, "above");
    grid_paint(&grid, 1, -3, 100, ROLE_BAD);
    ck_assert_str_eq(row_text(&grid, 0), "   ab");
    ck_assert_str_eq(row_text(&grid, 1), "cd");
    grid_release(&grid);
}
END_TEST

START_TEST(hostile_text_is_harmless)
{
    struct grid grid = made_grid(1, 20, true);
    grid_put(&grid, 0, 0, ROLE_PLAIN, "a\033[2Jb\n\xff\xc0\x80\xe2\x82z");
    ck_assert_str_eq(row_text(&grid, 0), "a?[2Jb??????z");
    grid_clear(&grid);
    grid_put(&grid, 0, 0, ROLE_PLAIN, "x\xc2\x9by"); /* a C1 control: CSI in one character */
    ck_assert_str_eq(row_text(&grid, 0), "x?y");
    grid_release(&grid);
}
END_TEST

START_TEST(wide_characters_take_two_columns)
{
    struct grid grid = made_grid(1, 6, true);
    ck_assert_int_eq(grid_width("日本"), 4);
    grid_put(&grid, 0, 0, ROLE_PLAIN, "日本x");
    ck_assert_str_eq(row_text(&grid, 0), "日本x");
    grid_clear(&grid);
    grid_put(&grid, 0, 5, ROLE_PLAIN, "日"); /* half of it would stick out */
    ck_assert_str_eq(row_text(&grid, 0), "");
    grid_release(&grid);
}
END_TEST

START_TEST(every_sign_has_an_ascii_stand_in)
{
    struct grid grid = made_grid(1, 60, false);
    grid_put(&grid, 0, 0, ROLE_PLAIN, "─│┃├└┊▁▂▃▄▅▆▇█▏▌░○●◌◉▲▼▶→…·▪◦");
    const char *text = row_text(&grid, 0);
    for (const char *c = text; *c; c++)
        ck_assert_msg((*c & 0x80) == 0 && *c != '?', "'%s'", text);
    grid_release(&grid);
}
END_TEST

START_TEST(bars_fill_in_eighths)
{
    struct grid grid = made_grid(1, 10, true);
    widget_bar(&grid, 0, 0, 10, 0.55, ROLE_GOOD);
    ck_assert_str_eq(row_text(&grid, 0), "█████▌░░░░");
    widget_bar(&grid, 0, 0, 10, NAN, ROLE_GOOD);
    ck_assert_str_eq(row_text(&grid, 0), "░░░░░░░░░░");
    widget_bar(&grid, 0, 0, 10, 7.0, ROLE_GOOD);
    ck_assert_str_eq(row_text(&grid, 0), "██████████");
    grid_release(&grid);
}
END_TEST

START_TEST(digits_are_five_rows_high)
{
    struct grid grid = made_grid(BIG_ROWS, 8, false);
    ck_assert_int_eq(widget_big(&grid, 0, 0, ROLE_BOLD, "17"), 2 * BIG_COLS);
    ck_assert_str_eq(row_text(&grid, 0), " #  ###");
    ck_assert_str_eq(row_text(&grid, 1), "##    #");
    ck_assert_str_eq(row_text(&grid, 4), "###   #");
    grid_release(&grid);
}
END_TEST

Suite *grid_suite(void)
{
    Suite *suite = suite_create("grid");
    TCase *tcase = tcase_create("grid");
    tcase_add_test(tcase, drawing_is_clipped);
    tcase_add_test(tcase, hostile_text_is_harmless);
    tcase_add_test(tcase, wide_characters_take_two_columns);
    tcase_add_test(tcase, every_sign_has_an_ascii_stand_in);
    tcase_add_test(tcase, bars_fill_in_eighths);
    tcase_add_test(tcase, digits_are_five_rows_high);
    suite_add_tcase(suite, tcase);
    return suite;
}
