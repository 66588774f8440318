/* Training windows, and what is done to them. */
#include "folder.h"
#include "learn/augment.h"
#include "learn/windows.h"
#include "model/features.h"
#include "suites.h"

#include <math.h>
#include <string.h>

enum { B = 64, T = 48 };

static struct windows *open_windows(void)
{
    struct folder folder = folder_make();
    struct error err = {.text = ""};
    struct corpus beats, sixteenths;
    ck_assert_msg(corpus_load(&beats, folder.path, "train", &err), "%s", err.text);
    ck_assert_msg(corpus_load_sixteenths(&sixteenths, folder.path, "train", &err), "%s", err.text);
    struct windows *windows = windows_new(&beats, &sixteenths);
    ck_assert_ptr_nonnull(windows);
    corpus_clear(&beats);
    corpus_clear(&sixteenths);
    folder_remove(&folder);
    return windows;
}

static float distance(const struct window_batch *batch, int n, int side)
{
    return batch->x[n * FEATURE_COUNT + FEATURE_DISTANCE + side];
}

/* Steps are side by side; what each says of the next is what the next says of it; a drum that is
 * not hit is not loud; behind the last step there is nothing. */
static bool hangs_together(const struct window_batch *batch, int row)
{
    bool good = true;
    int count = 0;
    for (int n = row * T; n < (row + 1) * T; n++) {
        bool valid = batch->valid[n] != 0;
        good = good && (valid ? n == row * T + count : batch->heard[n] == 0);
        count += valid;
        for (int c = 0; c < DRUM_COUNT; c++) {
            const float *x = batch->x + n * FEATURE_COUNT;
            float hit = batch->hit[n * DRUM_COUNT + c];
            good = good && x[FEATURE_HIT + c] == hit && (x[FEATURE_VELOCITY + c] > 0) == (hit > 0);
            good = good && (valid || hit == 0);
        }
        if (valid && count > 1)
            good = good && distance(batch, n, 0) == distance(batch, n - 1, 1);
    }
    return good;
}

START_TEST(rows_hang_together)
{
    const bool varied = _i;
    struct windows *windows = open_windows();
    struct window_batch *batch = window_batch_new(B, T);
    struct rng rng;
    rng_seed(&rng, 7);
    int whole = 0, thinner = 0, rows = 0;
    for (int round = 0; round < 20; round++) {
        windows_draw(windows, &rng, varied, batch);
        double steps = 0, hits = 0;
        for (int n = 0; n < B * T; n++)
            steps += batch->valid[n];
        for (int k = 0; k < B * T * DRUM_COUNT; k++)
            hits += batch->hit[k];
        ck_assert_double_eq(batch->steps, steps);
        ck_assert_double_eq(batch->hits, hits);
        for (int row = 0; row < B; row++, rows++) {
            ck_assert(hangs_together(batch, row));
            int count = 0, snares = 0;
            for (int t = 0; t < T; t++) {
                count += batch->valid[row * T + t] != 0;
                snares += batch->hit[(row * T + t) * DRUM_COUNT + DRUM_SNARE] != 0;
            }
            thinner += count >= 8 && snares == 0;
            whole += count > 0 && count <= 16 && distance(batch, row * T, 0) == 3 &&
                     distance(batch, row * T + count - 1, 1) == 3;
        }
    }
    /* An eighth is two bars that begin and end; half a bar of the recordings has a snare. */
    ck_assert_double_eq_tol((double)whole / rows, .125, .04);
    if (varied)
        ck_assert_double_eq_tol((double)thinner / rows, .15 * 2 / 9, .02);
    else
        ck_assert_int_eq(thinner, 0);
    window_batch_free(batch);
    windows_free(windows);
}
END_TEST

/* Four steps: hat and snare, hat, snare, hat. */
struct made {
    float x[4 * FEATURE_COUNT], g[4], heard[4];
    int bin[4];
    float offset[4 * DRUM_COUNT], velocity[4 * DRUM_COUNT], hit[4 * DRUM_COUNT];
    double at[4];
    struct augment_window window;
};

static void make(struct made *m)
{
    static const unsigned drums[4] = {1u << DRUM_CLOSED_HAT | 1u << DRUM_SNARE,
                                      1u << DRUM_CLOSED_HAT, 1u << DRUM_SNARE,
                                      1u << DRUM_CLOSED_HAT};
    memset(m, 0, sizeof *m);
    for (int t = 0; t < 4; t++) {
        m->at[t] = 2 * t;
        m->bin[t] = 6 * t;
        for (int c = 0; c < DRUM_COUNT; c++) {
            if (!(drums[t] >> c & 1))
                continue;
            m->hit[t * DRUM_COUNT + c] = m->x[t * FEATURE_COUNT + FEATURE_HIT + c] = 1;
            m->x[t * FEATURE_COUNT + FEATURE_VELOCITY + c] = c == DRUM_SNARE ? .8F : .5F;
            m->offset[t * DRUM_COUNT + c] = c == DRUM_SNARE ? 1 : .5F;
        }
        for (int side = 0; side < 2; side++)
            features_put_distance(m->x + t * FEATURE_COUNT, side, 2);
        m->g[t] = t == 0 ? .75F : drums[t] == 1u << DRUM_SNARE ? 1 : .5F;
    }
    m->window = (struct augment_window){4,      4,         m->x,        m->g,   m->heard,
                                        m->bin, m->offset, m->velocity, m->hit, m->at};
}

START_TEST(a_kit_without_some_of_its_drums)
{
    struct rng rng;
    rng_seed(&rng, 11);
    int without_snare = 0, silent = 0;
    for (int round = 0; round < 5000; round++) {
        struct made m;
        make(&m);
        augment_vary(&m.window, &rng);
        if (m.window.count == 0)
            silent++;
        if (m.window.count != 3)
            continue; /* with the snare gone its own step is, and the hats stay */
        without_snare++;
        ck_assert_int_eq(m.bin[2], 18);
        ck_assert_float_eq(m.g[0], .5F);
        float want[FEATURE_COUNT] = {0};
        features_put_distance(want, 0, 4);
        ck_assert_float_eq(m.x[2 * FEATURE_COUNT + FEATURE_DISTANCE], want[FEATURE_DISTANCE]);
        ck_assert_float_eq(m.x[FEATURE_COUNT + FEATURE_DISTANCE + 1], want[FEATURE_DISTANCE]);
        float hat = m.x[FEATURE_VELOCITY + DRUM_CLOSED_HAT];
        ck_assert_float_eq_tol(hat, .5F, .1F);
        ck_assert_float_eq(m.x[2 * FEATURE_COUNT + FEATURE_VELOCITY + DRUM_CLOSED_HAT], hat);
    }
    ck_assert_int_gt(without_snare, 50);
    ck_assert_int_gt(silent, 2);
}
END_TEST

START_TEST(a_groove_is_the_same_for_guitar_and_drums)
{
    struct rng rng;
    rng_seed(&rng, 13);
    for (int round = 0; round < 200; round++) {
        struct made m, before;
        make(&m);
        make(&before);
        augment_lay_groove(&m.window, &rng);
        float moved = 0;
        for (int t = 0; t < 4; t++) {
            float shift = m.g[t] - before.g[t];
            moved += fabsf(shift);
            for (int c = 0; c < DRUM_COUNT; c++)
                ck_assert_float_eq_tol(
                    m.offset[t * DRUM_COUNT + c] - before.offset[t * DRUM_COUNT + c], shift, 1e-5F);
        }
        ck_assert_float_gt(moved, 0);
    }
}
END_TEST

START_TEST(a_third_hears_nothing_and_a_third_all)
{
    struct rng rng;
    rng_seed(&rng, 17);
    int nothing = 0, all = 0;
    enum { ROUNDS = 4000 };
    float heard[100] = {0};
    for (int round = 0; round < ROUNDS; round++) {
        int count = 0;
        augment_hide(heard, 90, .35, .7, &rng);
        for (int t = 0; t < 100; t++)
            count += heard[t] != 0;
        ck_assert_int_le(count, 90);
        nothing += count == 0;
        all += count == 90;
    }
    ck_assert_double_eq_tol((double)nothing / ROUNDS, .35, .03);
    ck_assert_double_eq_tol((double)all / ROUNDS, .30, .03);
}
END_TEST

Suite *windows_suite(void)
{
    Suite *suite = suite_create("windows");
    TCase *tests = tcase_create("windows");
    tcase_add_loop_test(tests, rows_hang_together, 0, 2);
    tcase_add_test(tests, a_kit_without_some_of_its_drums);
    tcase_add_test(tests, a_groove_is_the_same_for_guitar_and_drums);
    tcase_add_test(tests, a_third_hears_nothing_and_a_third_all);
    suite_add_tcase(suite, tests);
    return suite;
}
