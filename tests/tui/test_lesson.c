/* A lesson while it runs, and what is shown of it afterwards. */
#include "fixture.h"

START_TEST(the_lesson_shows_its_progress_and_its_fruit)
{
    struct screen *screen = fixture_screen();
    screen->view = VIEW_LESSON;
    screen->lesson = (struct lesson_state){
        .running = true,
        .take = 4,
        .progress = {.done = 0.5, .epoch = 1, .epochs = 10, .loss = 0.25},
    };
    struct lesson_curve *curve = &screen->lesson.progress.curve;
    lesson_curve_add(curve, (double[]){1, 400, 64, 1});
    lesson_curve_add(curve, (double[]){1, 144, 64, 1});
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "learns from take 4");
    ck_assert_has(text, "50 %");
    ck_assert_has(text, "pass 1 of 10, loss 0.250");
    ck_assert_has(line_of(text, row_of(text, "meeting") + 1), "20.0 → 12.0 ms");
    ck_assert_has_not(text, "left"); /* nothing is known yet */
    for (int i = 0; i <= 10; i++)
        time_left_update(&screen->lesson.left, 100 + 0.2 * i, 0.05 * i);
    ck_assert_has(fixture_draw(screen, 24, 80, true), "about 2 s left");
    ck_assert_has(text, "x cancel");
    screen->view = VIEW_STAGE;
    ck_assert_has(fixture_draw(screen, 24, 80, true), "learning from take 4: 50 %");
    screen->view = VIEW_LESSON;
    screen->lesson.running = false;
    ck_assert_has(fixture_draw(screen, 24, 80, true), "Nothing was learnt from take 4");
    screen->lesson.checkpoint = 4;
    screen->lesson.report = (struct lesson_report){.prediction_before_ms = 14,
                                                   .prediction_after_ms = 9,
                                                   .prediction_unseen_ms = 10,
                                                   .loss_before = 0.5,
                                                   .epochs = 10,
                                                   .onsets = 431};
    text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, "Drummer #4 has learnt from take 4");
    ck_assert_has(text, "ms before");
    ck_assert_has(text, "It has learnt how you play, not this take alone.");
    ck_assert_has(text, "20.0 → 12.0 ms"); /* the curves stay */
    ck_assert_has_not(text, "x cancel");
    fixture_free(screen);
}
END_TEST

START_TEST(a_harmful_lesson_is_not_hidden)
{
    struct screen *screen = fixture_screen();
    screen->view = VIEW_LESSON;
    screen->lesson = (struct lesson_state){
        .take = 4,
        .checkpoint = 4,
        .choice = {{2, {{1, 8}, {13, 13}}}, 1 << DRUM_KICK | 1 << DRUM_SNARE},
        .report = {.prediction_before_ms = 7,
                   .prediction_after_ms = 5,
                   .prediction_unseen_ms = 9.4},
    };
    for (int size = 0; size < 2; size++) {
        screen->lesson.report.worse = false;
        const char *text = fixture_draw(screen, size ? 24 : 20, size ? 80 : 60, true);
        ck_assert_has(text, "bars 1-8,13   drums kick,snare");
        ck_assert_has(text, "on bars it had not learnt from: 9.4 ms (7.0 before)");
        ck_assert_has_not(text, "harm");
        screen->lesson.report.worse = true;
        text = fixture_draw(screen, size ? 24 : 20, size ? 80 : 60, true);
        ck_assert_has(text, "This lesson does harm.   u: back to the drummer before");
        ck_assert_has_not(text, "begun anew");
        screen->lesson.report.begins_anew = true;
        text = fixture_draw(screen, size ? 24 : 20, size ? 80 : 60, true);
        ck_assert_has(text, "Played in another way: it has begun anew with you");
        ck_assert_has(text, "This lesson does harm.   u: back to the drummer before");
        screen->lesson.report.begins_anew = false;
    }
    screen->lesson.choice.bars = bars_all;
    screen->lesson.choice.drums = KITMAP_ALL & ~(1 << DRUM_RIDE);
    screen->lesson.report.prediction_unseen_ms = NAN;
    const char *text = fixture_draw(screen, 24, 80, true);
    ck_assert_has(text, " all drums but ride");
    ck_assert_has_not(text, "half of it");
    ck_assert_has_not(text, "bars 1-");
    fixture_free(screen);
}
END_TEST

Suite *lesson_suite(void)
{
    Suite *suite = suite_create("lesson");
    TCase *tests = tcase_create("lesson");
    tcase_add_test(tests, the_lesson_shows_its_progress_and_its_fruit);
    tcase_add_test(tests, a_harmful_lesson_is_not_hidden);
    suite_add_tcase(suite, tests);
    return suite;
}
