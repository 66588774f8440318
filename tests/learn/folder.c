#include "folder.h"

#include "made_score.h"

#include <stdio.h>
#include <unistd.h>

static const char *const names[] = {"a.mid", "b.mid", "c.mid"};

static void write_recording(const char *path, uint64_t seed)
{
    struct smf_bytes *bytes = malloc(sizeof *bytes);
    ck_assert_ptr_nonnull(bytes);
    struct rng rng;
    rng_seed(&rng, seed);
    double ticks_per_ms = 480 * 120 / 60000.0;
    smf_begin(bytes, 4, 2, 120);
    for (int i = 0; i < 64; i++) {
        double jitter = 2.0 * rng_normal(&rng);
        int64_t grid = 240 * i + 240;
        int64_t snare = grid + lround((FOLDER_SNARES_MS + jitter) * ticks_per_ms);
        int64_t hat = grid + lround((FOLDER_HATS_MS + jitter) * ticks_per_ms);
        if (i % 4 == 2)
            smf_hit(bytes, snare, 38, 100 + (int)rng_below(&rng, 20));
        else if (i % 4 == 0)
            smf_hit(bytes, snare, 36, 90);
        smf_hit(bytes, hat, 42, 60 + 20 * (i % 2));
    }
    struct score *score = smf_finish(bytes);
    score_free(score);
    FILE *file = fopen(path, "wb");
    ck_assert(file && fwrite(bytes->data, 1, bytes->size, file) == bytes->size);
    fclose(file);
    free(bytes);
}

struct folder folder_make(void)
{
    struct folder folder = {"/tmp/rolypoly-corpus-XXXXXX"};
    char path[128];
    ck_assert_ptr_nonnull(mkdtemp(folder.path));
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", folder.path, names[i]);
        write_recording(path, 3 + (uint64_t)i);
    }
    snprintf(path, sizeof path, "%s/info.csv", folder.path);
    FILE *list = fopen(path, "w");
    ck_assert_ptr_nonnull(list);
    fputs("drummer,style,beat_type,midi_filename,split\n"
          "one,\"funk, slow\",beat,a.mid,train\n"
          "one,rock,fill,b.mid,train\r\n"
          "two,rock,beat,c.mid,validation\n",
          list);
    fclose(list);
    return folder;
}

void folder_remove(const struct folder *folder)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder->path);
    ck_assert_int_eq(system(command), 0);
}
