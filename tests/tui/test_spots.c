/* What a click means. */
#include "fixture.h"

#include "tui/view.h"

static struct grid drawn(const struct screen *screen, int rows, int cols)
{
    struct grid grid = {.utf8 = true};
    ck_assert(grid_resize(&grid, rows, cols));
    view_draw(&grid, screen);
    return grid;
}

/* The key at the words on the last line. */
static int key_at(const struct grid *grid, const char *words, int offset)
{
    char line[1024];
    grid_row_text(grid, grid->rows - 1, line, sizeof line);
    const char *found = strstr(line, words);
    ck_assert_msg(found != NULL, "no '%s' in '%s'", words, line);
    char before[1024];
    snprintf(before, sizeof before, "%.*s", (int)(found - line), line);
    const struct spot *spot = grid_spot(grid, grid->rows - 1, grid_width(before) + offset);
    return spot && spot->kind == SPOT_KEY ? spot->number : 0;
}

START_TEST(a_hint_is_its_key)
{
    struct screen *screen = fixture_screen();
    struct grid grid = drawn(screen, 24, 100);
    ck_assert_int_eq(key_at(&grid, "space play", 0), ' ');
    ck_assert_int_eq(key_at(&grid, "space play", 9), ' ');
    ck_assert_int_eq(key_at(&grid, "h history", 4), 'h');
    ck_assert_int_eq(key_at(&grid, "? help", 0), '?');
    ck_assert_int_eq(key_at(&grid, "q quit", 5), 'q');
    ck_assert_int_eq(key_at(&grid, "   h history", 1), 0); /* between two */
    ck_assert_ptr_null(grid_spot(&grid, 0, 0));
    grid_release(&grid);
    fixture_free(screen);
}
END_TEST

START_TEST(a_pair_is_two_keys)
{
    struct screen *screen = fixture_screen();
    screen->transport.playing = true;
    struct grid grid = drawn(screen, 24, 120);
    ck_assert_int_eq(key_at(&grid, "-+ follow", 0), '-');
    ck_assert_int_eq(key_at(&grid, "-+ follow", 1), '+');
    ck_assert_int_eq(key_at(&grid, "-+ follow", 5), '+');
    grid_release(&grid);
    fixture_free(screen);
}
END_TEST

START_TEST(keys_that_were_changed_are_clicked_as_they_are)
{
    struct screen *screen = fixture_screen();
    struct error err;
    char robbed[KEYMAP_NAME];
    ck_assert(keymap_bind(&screen->keymap, ACTION_PLAY, 0, (int[]){PRESS_F1 + 4}, 1, robbed, &err));
    struct grid grid = drawn(screen, 24, 80);
    ck_assert_int_eq(key_at(&grid, "F5 play", 0), PRESS_F1 + 4);
    grid_release(&grid);
    fixture_free(screen);
}
END_TEST

START_TEST(sentences_name_the_keys_that_were_changed)
{
    struct screen *screen = fixture_screen();
    struct error err;
    char robbed[KEYMAP_NAME];
    ck_assert(keymap_bind(&screen->keymap, ACTION_PLAY, 0, (int[]){PRESS_F1 + 4}, 1, robbed, &err));
    ck_assert(keymap_bind(&screen->keymap, ACTION_UNDO, 0, (int[]){'z'}, 1, robbed, &err));
    ck_assert_has(fixture_draw(screen, 24, 80, true), "F5: play");
    screen->view = VIEW_LESSON;
    screen->lesson = (struct lesson_state){.take = 4, .checkpoint = 3};
    ck_assert_has(fixture_draw(screen, 24, 80, true),
                  "F5: play it once more   z: back to the drummer before");
    ck_assert(keymap_bind(&screen->keymap, ACTION_UNDO, 0, (int[]){'y'}, 0, robbed, &err));
    ck_assert_str_eq(screen_key(screen, ACTION_UNDO), "undo"); /* to be typed */
    fixture_free(screen);
}
END_TEST

START_TEST(lines_and_bars_are_where_they_are_drawn)
{
    struct screen *screen = fixture_screen();
    bool lines[3] = {false}, bars[FIXTURE_BARS + 1] = {false};
    screen->view = VIEW_HISTORY;
    struct grid grid = drawn(screen, 24, 80);
    for (int i = 0; i < grid.spot_count; i++)
        if (grid.spots[i].kind == SPOT_LINE && grid.spots[i].number < 3)
            lines[grid.spots[i].number] = true;
    ck_assert(lines[0] && lines[1] && lines[2]);
    grid_release(&grid);
    screen->view = VIEW_TAKE;
    grid = drawn(screen, 24, 80);
    for (int i = 0; i < grid.spot_count; i++)
        if (grid.spots[i].kind == SPOT_BAR)
            bars[grid.spots[i].number] = true;
    for (int bar = 1; bar <= FIXTURE_BARS; bar++)
        ck_assert_msg(bars[bar], "bar %d", bar);
    grid_release(&grid);
    fixture_free(screen);
}
END_TEST

Suite *spots_suite(void)
{
    Suite *suite = suite_create("spots");
    TCase *tcase = tcase_create("spots");
    tcase_add_test(tcase, a_hint_is_its_key);
    tcase_add_test(tcase, a_pair_is_two_keys);
    tcase_add_test(tcase, keys_that_were_changed_are_clicked_as_they_are);
    tcase_add_test(tcase, sentences_name_the_keys_that_were_changed);
    tcase_add_test(tcase, lines_and_bars_are_where_they_are_drawn);
    suite_add_tcase(suite, tcase);
    return suite;
}
