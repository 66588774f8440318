/* Playing step by step gives what the batch gives. */
#include "example.h"
#include "model/groove_step.h"
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void equal(const float *a, const float *b, int step, const char *what)
{
    for (int k = 0; k < GROOVE_OUTPUTS; k++)
        ck_assert_msg(fabs(a[k] - b[k]) < 1e-5, "%s, step %d, output %d: %g, in the batch %g", what,
                      step, k, a[k], b[k]);
}

static void play(struct groove_config config, int T, bool backwards)
{
    struct error err;
    struct groove *groove = example_groove(config, 21);
    struct example e = example_new(1, T, config.inputs, 22);
    e.batch.valid = NULL;
    struct groove_pass *pass = groove_pass_new(groove, 1, T, false);
    struct groove_player *player = groove_player_new(groove, e.x, e.bin, T, &err);
    ck_assert_msg(player != NULL, "%s", err.text);
    float out[GROOVE_OUTPUTS];
    const float *batch = groove_forward(groove, pass, &e.batch, 0, NULL);
    for (int i = T - 1; backwards && i >= 0; i--)
        if (e.heard[i] != 0)
            groove_player_hear(player, i, e.g[i] * GROOVE_MS);
    for (int i = 0; i < T; i++) {
        groove_player_predict(player, i, out);
        equal(out, batch + i * GROOVE_OUTPUTS, i, "heard");
        if (!backwards && e.heard[i] != 0)
            groove_player_hear(player, i, e.g[i] * GROOVE_MS);
    }
    e.batch.heard = NULL;
    batch = groove_forward(groove, pass, &e.batch, 0, NULL);
    for (int i = 0; i < T; i++)
        equal(groove_player_own(player, i), batch + i * GROOVE_OUTPUTS, i, "nothing heard");
    groove_player_free(player);
    groove_pass_free(pass);
    example_free(&e);
    groove_free(groove);
}

START_TEST(steps_equal_the_batch)
{
    play(example_config(), 60, false);
}
END_TEST

START_TEST(order_of_hearing_does_not_matter)
{
    play(example_config(), 40, true);
}
END_TEST

/* Longer than the pieces in which a song is encoded. */
START_TEST(long_songs_are_read_in_pieces)
{
    play(example_config(), 700, false);
}
END_TEST

START_TEST(default_sizes)
{
    struct groove_config config = groove_defaults();
    play(config, 150, false);
}
END_TEST

/* A song of one step, and a network without blocks. */
START_TEST(smallest_sizes)
{
    struct groove_config config = example_config();
    play(config, 1, false);
    config.encoders = config.decoders = 0;
    play(config, 20, false);
    config = example_config();
    config.memory_band = config.encoder_band = config.reach = 0;
    play(config, 20, false);
}
END_TEST

/* A small file can ask for gigabytes: many heads, bands as long as the song. */
START_TEST(no_network_takes_all_memory)
{
    struct error err = {.text = ""};
    struct groove_config config = example_config();
    config.width = config.heads = 64;
    config.encoder_band = config.memory_band = 4096;
    struct groove *groove = groove_new(config, 1);
    enum { STEPS = 2200 };
    float *x = calloc(STEPS * (size_t)config.inputs, sizeof *x);
    int *bin = calloc(STEPS, sizeof *bin);
    ck_assert_ptr_null(groove_player_new(groove, x, bin, STEPS, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "too large"));
    groove_free(groove);
    free(bin);
    free(x);
}
END_TEST

Suite *groove_step_suite(void);
Suite *groove_step_suite(void)
{
    Suite *suite = suite_create("groove step");
    TCase *tests = tcase_create("player");
    tcase_add_test(tests, steps_equal_the_batch);
    tcase_add_test(tests, order_of_hearing_does_not_matter);
    tcase_add_test(tests, long_songs_are_read_in_pieces);
    tcase_add_test(tests, default_sizes);
    tcase_add_test(tests, smallest_sizes);
    tcase_add_test(tests, no_network_takes_all_memory);
    suite_add_tcase(suite, tests);
    return suite;
}
