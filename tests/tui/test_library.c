/* What there is to rehearse, in folders made for it. */
#include "fixture.h"

#include "store/session.h"
#include "tui/library.h"
#include "tui/view.h"

#include <sys/stat.h>
#include <unistd.h>

static char place[64], sessions[80];
static struct library library;

static const char *in_place(const char *name)
{
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", place, name);
    return path;
}

static void write_bytes(const char *name, const void *bytes, size_t size)
{
    FILE *file = fopen(in_place(name), "wb");
    ck_assert(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
}

static void make_place(void)
{
    strcpy(place, "/tmp/rolypoly-library-XXXXXX");
    ck_assert(mkdtemp(place) != NULL);
    snprintf(sessions, sizeof sessions, "%s/sessions", place);
    ck_assert(mkdir(sessions, 0700) == 0 && mkdir(in_place("rock"), 0700) == 0);
    struct score *score = made_score(4, 120, 7);
    write_bytes("blues in a.mid", score->file, score->file_size);
    write_bytes("Bossa.MIDI", score->file, score->file_size);
    write_bytes("zz.mid", "junk", 4);
    write_bytes(".hidden.mid", "junk", 4);
    write_bytes("notes.txt", "junk", 4);
    snprintf(score->name, sizeof score->name, "autumn");
    struct session *session = session_create(in_place("sessions/a.db"), score, NULL);
    ck_assert(session != NULL);
    session_close(session);
    score_free(score);
}

static void remove_place(void)
{
    char command[128];
    library_release(&library);
    snprintf(command, sizeof command, "rm -r %s", place);
    ck_assert_int_eq(system(command), 0);
}

/* The names of what is shown, with blanks between. */
static const char *shown(void)
{
    static char text[1024];
    text[0] = '\0';
    for (int i = 0; i < library.shown_count; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s", used ? "|" : "",
                 library.items[library.shown[i]].name);
    }
    return text;
}

static void read_all(void)
{
    struct error err = {.text = ""};
    ck_assert_msg(library_read(&library, sessions, place, &err), "%s", err.text);
}

START_TEST(sessions_come_first_then_folders_then_scores)
{
    read_all();
    ck_assert_str_eq(shown(), "autumn|demo|..|rock|sessions|blues in a.mid|Bossa.MIDI|zz.mid");
    ck_assert(library_read(&library, NULL, place, NULL));
    ck_assert_str_eq(shown(), "..|rock|sessions|blues in a.mid|Bossa.MIDI|zz.mid");
    ck_assert_str_eq(library_selected(&library)->name, "rock"); /* nobody comes to leave */
    ck_assert(library_read(&library, sessions, NULL, NULL));
    ck_assert_str_eq(shown(), "autumn|demo");
}
END_TEST

START_TEST(folders_are_walked)
{
    read_all();
    library_select(&library, in_place("rock"));
    ck_assert_str_eq(library_selected(&library)->name, "rock");
    ck_assert(library_read(&library, NULL, library_selected(&library)->path, NULL));
    ck_assert_str_eq(library.folder, in_place("rock"));
    ck_assert_str_eq(shown(), "..");
    ck_assert(library_read(&library, NULL, library_selected(&library)->path, NULL));
    ck_assert_str_eq(library.folder, place);
    ck_assert(library_read(&library, NULL, "/", NULL));
    ck_assert_str_ne(library_selected(&library)->name, ".."); /* nothing is above it */
}
END_TEST

START_TEST(a_folder_that_is_not_there_is_told)
{
    struct error err = {.text = ""};
    ck_assert(!library_read(&library, sessions, in_place("none"), &err));
    ck_assert_ptr_nonnull(strstr(err.text, "cannot read folder"));
    ck_assert_str_eq(shown(), "autumn|demo"); /* and the rest is */
}
END_TEST

START_TEST(a_filter_wants_every_word_in_any_case)
{
    read_all();
    library_select(&library, in_place("Bossa.MIDI"));
    library_filter(&library, "b");
    ck_assert_str_eq(shown(), "blues in a.mid|Bossa.MIDI");
    ck_assert_str_eq(library_selected(&library)->name, "Bossa.MIDI"); /* stays selected */
    library_filter(&library, "MID BL");
    ck_assert_str_eq(shown(), "blues in a.mid");
    library_filter(&library, "nothing");
    ck_assert(library_selected(&library) == NULL);
    library_move(&library, 1, 5);
    library_filter(&library, "");
    ck_assert_int_eq(library.shown_count, library.count);
}
END_TEST

START_TEST(scores_are_looked_at_where_somebody_looks)
{
    read_all();
    ck_assert(!library_look(&library, 5)); /* no score on this screen */
    int looks = 0;
    while (library_look(&library, 8))
        looks++;
    ck_assert_int_eq(looks, 3);
    library_select(&library, in_place("blues in a.mid"));
    ck_assert_int_eq(library_selected(&library)->bars, 4);
    ck_assert_double_eq_tol(library_selected(&library)->length_s, 8, 1e-6);
    library_select(&library, in_place("zz.mid"));
    ck_assert_has(library_selected(&library)->broken, "no Standard MIDI File");
}
END_TEST

START_TEST(the_selection_stays_on_the_screen)
{
    read_all();
    library_move(&library, 100, 3);
    ck_assert(library.selected == library.count - 1 && library.first == library.count - 3);
    library_move(&library, -100, 3);
    ck_assert(library.selected == 0 && library.first == 0);
}
END_TEST

START_TEST(its_screen)
{
    static const struct {
        int rows, cols;
    } sizes[] = {{24, 80}, {20, 60}, {40, 120}};
    struct screen screen = {.view = VIEW_LIBRARY, .model = ""};
    keymap_init(&screen.keymap);
    read_all();
    library_move(&library, 6, view_library_page(20));
    while (library_look(&library, view_library_page(20)))
        ;
    screen.library = library;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int utf8 = 0; utf8 < 2; utf8++) {
            const char *text = fixture_draw(&screen, sizes[i].rows, sizes[i].cols, utf8);
            ck_assert_has(text, "Rehearsed");
            ck_assert_has(text, "0 takes");
            ck_assert_has(text, "Songs in ");
            ck_assert_has(text, "4 bars");
            ck_assert_has(text, "0:08");
            ck_assert_has(text, "zz.mid");
            ck_assert_has(text, "cannot be read");
            ck_assert_int_eq(row_of(text, "esc back   ? help   q quit"), sizes[i].rows - 1);
        }
    for (int rows = 1; rows < 50; rows += 3)
        for (int cols = 1; cols < 200; cols += 7)
            fixture_draw(&screen, rows, cols, true);
}
END_TEST

Suite *library_suite(void)
{
    Suite *suite = suite_create("library");
    TCase *tcase = tcase_create("library");
    tcase_add_checked_fixture(tcase, make_place, remove_place);
    tcase_add_test(tcase, sessions_come_first_then_folders_then_scores);
    tcase_add_test(tcase, folders_are_walked);
    tcase_add_test(tcase, a_folder_that_is_not_there_is_told);
    tcase_add_test(tcase, a_filter_wants_every_word_in_any_case);
    tcase_add_test(tcase, scores_are_looked_at_where_somebody_looks);
    tcase_add_test(tcase, the_selection_stays_on_the_screen);
    tcase_add_test(tcase, its_screen);
    suite_add_tcase(suite, tcase);
    return suite;
}
