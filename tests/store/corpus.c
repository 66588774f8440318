/* `tests/store corpus FOLDER` writes the session files that fuzzing starts from. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *sql; /* what a stranger did to a good session */
} variants[] = {
    {"whole", ""},
    {"indices", "UPDATE take_hit SET hit = hit + 4294967296; UPDATE take_onset SET step = -7;"},
    {"numbers",
     "UPDATE take_step SET predicted_ms = 9e999, drums_ms = 'x', predicted_sd_ms = x'00';"},
    {"counts", "UPDATE take SET hits = 1 << 40, steps = -1, rate = 0;"},
    {"tree", "PRAGMA ignore_check_constraints = 1; UPDATE checkpoint SET parent = 2, take = 9;"},
    {"schema", "CREATE TRIGGER t AFTER INSERT ON take BEGIN DELETE FROM take; END;"},
    {"changes", "UPDATE take_change SET bar = -7, value = 9e999 WHERE place > 2;"
                " UPDATE take_change SET kind = 'x', frame = frame * 4294967296;"
                " UPDATE take_leash SET drum = drum + 4294967296;"},
    {"practice", "UPDATE take_practice SET passes = 1 << 40, vamp_first = -7, vamp_last = 9e9;"},
    {"sound", "UPDATE take_sound SET input = char(27), period = 1 << 40, round_trip_ms = -1;"},
    {"recording", "UPDATE take_recording SET first_frame = first_frame * 4294967296;"
                  " INSERT INTO take_recording VALUES (1, 0, x'664c6143');"},
    {"notes", "INSERT INTO take_note VALUES (1, 'rushed'), (2, char(27) || x'ff');"
              " INSERT INTO checkpoint_note VALUES (9, char(10));"
              " INSERT INTO numbering VALUES ('take', -1), ('checkpoint', 1 << 40);"},
    {"score", "UPDATE score SET file = substr(file, 1, 40), name = char(27);"},
};

static void copy(const char *from, const char *to, size_t most)
{
    FILE *file = fopen(from, "rb");
    ck_assert_ptr_nonnull(file);
    uint8_t *bytes = malloc(most);
    size_t size = fread(bytes, 1, most, file);
    fclose(file);
    write_file(to, bytes, size);
    free(bytes);
}

const char *corpus_folder;

START_TEST(write_corpus)
{
    enum { FILE_MAX = 1 << 20 };
    char path[512], sql[512], place[512];
    struct score *score = make_score("song", 8);
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
        snprintf(path, sizeof path, "%s", make_session("a.db", score, 3));
        /* Small pages: less noise for the fuzzer, and smaller files here. */
        snprintf(sql, sizeof sql, "%s PRAGMA page_size = 512; VACUUM", variants[i].sql);
        edit(path, sql);
        snprintf(place, sizeof place, "%s/%s.db", corpus_folder, variants[i].name);
        copy(path, place, FILE_MAX);
        if (i == 0) {
            snprintf(place, sizeof place, "%s/truncated.db", corpus_folder);
            copy(path, place, (size_t)file_size(path) / 2);
        }
        remove(path);
    }
    score_free(score);
}
END_TEST

Suite *corpus_suite(void)
{
    Suite *suite = suite_create("corpus");
    TCase *tests = tcase_create("corpus");
    tcase_add_checked_fixture(tests, folder_make, folder_remove);
    tcase_add_test(tests, write_corpus);
    suite_add_tcase(suite, tests);
    return suite;
}
