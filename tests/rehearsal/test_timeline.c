#include "rehearsal/timeline.h"
#include "stand.h"
#include "suites.h"

static void put_metre(struct smf_bytes *bytes, int64_t tick, int numerator, int log2_denominator)
{
    uint8_t metre[] = {0xff, 0x58, 4, (uint8_t)numerator, (uint8_t)log2_denominator, 24, 8};
    smf_event(bytes, tick, metre, sizeof metre);
}

static void put_tempo(struct smf_bytes *bytes, int64_t tick, uint32_t us)
{
    uint8_t tempo[] = {0xff, 0x51, 3, (uint8_t)(us >> 16), (uint8_t)(us >> 8), (uint8_t)us};
    smf_event(bytes, tick, tempo, sizeof tempo);
}

static struct timeline *timeline_of(const struct score *score, const struct take_settings *settings,
                                    int count_in_bars)
{
    struct error err = {.text = ""};
    struct timeline *timeline = timeline_new(score, settings, count_in_bars, &err);
    ck_assert_msg(timeline != NULL, "%s", err.text);
    return timeline;
}

/* A bar of 4/4 at 60 BPM without a hit, then 3/4 at 120. */
static struct score *late_score(void)
{
    struct smf_bytes *bytes = malloc(sizeof *bytes);
    ck_assert_ptr_nonnull(bytes);
    smf_begin(bytes, 4, 2, 60);
    put_metre(bytes, 4 * 480, 3, 2);
    put_tempo(bytes, 4 * 480, 500000);
    for (int i = 0; i < 12; i++)
        smf_hit(bytes, (4 + i) * 480, 36, 90);
    struct score *score = smf_finish(bytes);
    free(bytes);
    return score;
}

START_TEST(the_count_in_is_the_first_bars_own)
{
    struct score *score = late_score();
    struct take_settings settings = plain_settings(1);
    struct timeline *timeline = timeline_of(score, &settings, 1);
    ck_assert_int_eq(timeline->click_count, 4);
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(timeline->clicks[i].frame, (i - 4) * RATE);
        ck_assert_int_eq(timeline->clicks[i].accent, i == 0);
    }
    ck_assert_int_lt(timeline->first_frame, -4 * RATE);
    timeline_free(timeline);

    settings.first_bar = 2;
    timeline = timeline_of(score, &settings, 2);
    ck_assert_int_eq(timeline->click_count, 6);
    for (int i = 0; i < 6; i++) {
        ck_assert_int_eq(timeline->clicks[i].frame, 4 * RATE + (i - 6) * RATE / 2);
        ck_assert_int_eq(timeline->clicks[i].accent, i % 3 == 0);
    }
    timeline_free(timeline);
    score_free(score);
}
END_TEST

START_TEST(odd_metres_are_counted_out)
{
    static const struct {
        int numerator, log2_denominator;
        const char *accents;
    } metres[] = {{7, 3, "x......"}, {6, 3, "x..x.."}, {5, 2, "x...."}, {3, 2, "x.."}};
    for (int m = 0; m < 4; m++) {
        struct smf_bytes *bytes = malloc(sizeof *bytes);
        ck_assert_ptr_nonnull(bytes);
        smf_begin(bytes, metres[m].numerator, metres[m].log2_denominator, 120);
        for (int i = 0; i < 16; i++)
            smf_hit(bytes, i * 240, 42, 80);
        struct score *score = smf_finish(bytes);
        free(bytes);
        struct take_settings settings = plain_settings(1);
        struct timeline *timeline = timeline_of(score, &settings, 1);
        int beat = RATE * 2 / (1 << metres[m].log2_denominator);
        ck_assert_int_eq(timeline->click_count, metres[m].numerator);
        for (int i = 0; i < metres[m].numerator; i++) {
            ck_assert_int_eq(timeline->clicks[i].frame, (i - metres[m].numerator) * beat);
            ck_assert_int_eq(timeline->clicks[i].accent, metres[m].accents[i] == 'x');
        }
        timeline_free(timeline);
        score_free(score);
    }
}
END_TEST

/* Whatever the leash, nothing is asked for before the take begins, and every answer has its time.
 */
START_TEST(the_take_begins_before_its_first_plan)
{
    struct score *score = made_score(4, 120, 3);
    for (int leash = 0; leash <= 1000; leash += 100)
        for (int bars = 0; bars < 2; bars++) {
            struct take_settings settings = plain_settings(1);
            settings.controls.leash_ms = leash;
            struct timeline *timeline = timeline_of(score, &settings, bars);
            ck_assert_int_le(timeline->first_frame, timeline->plan[0]);
            for (int i = 0; i < score->step_count; i++) {
                ck_assert_int_ge(timeline->deadline[i] - timeline->plan[i], RATE / 100);
                ck_assert_int_le(timeline->deadline[i], llround(score->steps[i].time_s * RATE));
                if (i > 0)
                    ck_assert_int_le(timeline->plan[i - 1], timeline->plan[i]);
            }
            timeline_free(timeline);
        }
    score_free(score);
}
END_TEST

Suite *timeline_suite(void)
{
    Suite *suite = suite_create("timeline");
    TCase *tests = tcase_create("timeline");
    tcase_add_test(tests, the_count_in_is_the_first_bars_own);
    tcase_add_test(tests, odd_metres_are_counted_out);
    tcase_add_test(tests, the_take_begins_before_its_first_plan);
    suite_add_tcase(suite, tests);
    return suite;
}
