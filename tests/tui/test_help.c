/* The help: every key, by place. */
#include "fixture.h"

#include "tui/view.h"

static const struct {
    int rows, cols;
} sizes[] = {{24, 80}, {20, 60}, {40, 120}};

/* Whether it stands anywhere in the help, however far that has to be scrolled. */
static bool help_tells(struct screen *screen, int rows, int cols, const char *part)
{
    int last = view_help_last(screen, rows, cols);
    for (screen->help_first = 0; screen->help_first <= last; screen->help_first++)
        if (strstr(fixture_draw(screen, rows, cols, true), part))
            return true;
    return false;
}

START_TEST(help_holds_every_key)
{
    struct screen *screen = fixture_screen();
    screen->view = VIEW_HELP;
    for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++) {
        for (int i = 0; i < key_count; i++)
            ck_assert_msg(help_tells(screen, sizes[size].rows, sizes[size].cols, keys[i].help),
                          "'%s' at %d columns", keys[i].help, sizes[size].cols);
        ck_assert(help_tells(screen, sizes[size].rows, sizes[size].cols, "planned late"));
    }
    screen->help_first = 1000; /* as far as it goes, and no further */
    ck_assert_has(fixture_draw(screen, 20, 60, true), "under 10 ms is one sound");
    fixture_free(screen);
}
END_TEST

START_TEST(help_begins_with_the_keys_of_the_place)
{
    struct screen *screen = fixture_screen();
    screen->view = VIEW_HELP;
    screen->help_place = AT_PLAYING;
    ck_assert_int_eq(row_of(fixture_draw(screen, 24, 80, true), "While a take is played"), 2);
    ck_assert_has(fixture_draw(screen, 20, 60, true), "the bar is not to be learnt");
    fixture_free(screen);
}
END_TEST

START_TEST(help_names_keys_as_they_are)
{
    struct screen *screen = fixture_screen();
    struct error err;
    char robbed[KEYMAP_NAME];
    screen->view = VIEW_HELP;
    ck_assert(keymap_bind(&screen->keymap, ACTION_FLUB, 0, (int[]){PRESS_MIDI_CONTROLLER + 64}, 1,
                          robbed, &err));
    ck_assert(help_tells(screen, 24, 80, "cc64 the bar is not to be learnt"));
    fixture_free(screen);
}
END_TEST

Suite *help_suite(void)
{
    Suite *suite = suite_create("help");
    TCase *tcase = tcase_create("help");
    tcase_set_timeout(tcase, 60); /* thousands of screens */
    tcase_add_test(tcase, help_holds_every_key);
    tcase_add_test(tcase, help_begins_with_the_keys_of_the_place);
    tcase_add_test(tcase, help_names_keys_as_they_are);
    suite_add_tcase(suite, tcase);
    return suite;
}
