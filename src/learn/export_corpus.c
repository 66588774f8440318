#include "learn/export_corpus.h"

#include "learn/corpus.h"
#include "model/checkpoint.h"
#include "model/features.h"
#include "model/paper.h"
#include "model/touch.h"

#include <stdio.h>
#include <stdlib.h>

enum { X, BIN, BAR, SCORE, SCORED, VELOCITY, OFFSET, GUITAR, REACH, BAR_MS, COLUMNS };

static const struct column {
    const char *name;
    int width; /* numbers a step */
} columns[COLUMNS] = {
    [X] = {"x", FEATURE_COUNT},
    [BIN] = {"bin", 1},
    [BAR] = {"bar", 1},
    [SCORE] = {"score", PAPER_SCORE},
    [SCORED] = {"scored", DRUM_COUNT},
    [VELOCITY] = {"velocity", DRUM_COUNT},
    [OFFSET] = {"offset_ms", DRUM_COUNT},
    [GUITAR] = {"guitar_ms", 1},
    [REACH] = {"reach_ms", 2},
    [BAR_MS] = {"bar_ms", 1},
};

/* A split's tensors while they are filled. */
struct table {
    float *columns[COLUMNS]; /* (steps, width) */
    float *start, *beat;     /* (recordings) */
    long steps;              /* filled so far */
};

static void free_table(struct table *table)
{
    for (int k = 0; k < COLUMNS; k++)
        free(table->columns[k]);
    free(table->start);
    free(table->beat);
}

static long count_steps(const struct corpus *corpus)
{
    long steps = 0;
    for (int p = 0; p < corpus->count; p++)
        steps += corpus->pieces[p].score->step_count;
    return steps;
}

static bool make_table(struct table *table, const struct corpus *corpus)
{
    size_t steps = (size_t)count_steps(corpus), recordings = (size_t)corpus->count;
    *table = (struct table){
        .start = calloc(recordings, sizeof(float)),
        .beat = calloc(recordings, sizeof(float)),
    };
    bool made = table->start && table->beat;
    for (int k = 0; k < COLUMNS; k++) {
        table->columns[k] = calloc(steps * (size_t)columns[k].width, sizeof(float));
        made = made && table->columns[k];
    }
    return made;
}

/* Where the next step's numbers go. */
static float *next(const struct table *table, int column)
{
    return table->columns[column] + table->steps * columns[column].width;
}

static void fill_step(struct table *table, const struct piece *piece, int index)
{
    static const struct controls free_hand = {.leash_ms = LEASH_MOST_MS};
    const struct step *step = &piece->score->steps[index];
    double early_ms, late_ms;
    touch_reach(step, &free_hand, &early_ms, &late_ms);
    features_compute(piece->score, index, 1, NULL, next(table, X));
    paper_read_step(step, next(table, SCORE));
    *next(table, BIN) = (float)step->bin;
    *next(table, BAR) = (float)step->at.bar;
    *next(table, BAR_MS) = (float)(1000 * step->at.bar_s);
    *next(table, GUITAR) = piece->guitar_ms[index];
    next(table, REACH)[0] = (float)early_ms;
    next(table, REACH)[1] = (float)late_ms;
    for (int c = 0; c < DRUM_COUNT; c++) {
        next(table, SCORED)[c] = step->drums & 1u << c ? step->velocity[c] : 0;
        next(table, VELOCITY)[c] = piece->velocity[index * DRUM_COUNT + c];
        next(table, OFFSET)[c] = piece->offset_ms[index * DRUM_COUNT + c];
    }
    table->steps++;
}

static void put_table(struct checkpoint *file, const char *split, const struct table *table,
                      int recordings)
{
    char name[64];
    for (int k = 0; k < COLUMNS; k++) {
        int rank = columns[k].width > 1 ? 2 : 1;
        snprintf(name, sizeof name, "%s.%s", split, columns[k].name);
        checkpoint_put(file, name, TENSOR_F32, rank, (int64_t[]){table->steps, columns[k].width},
                       table->columns[k]);
    }
    snprintf(name, sizeof name, "%s.start", split);
    checkpoint_put(file, name, TENSOR_F32, 1, (int64_t[]){recordings}, table->start);
    snprintf(name, sizeof name, "%s.beat", split);
    checkpoint_put(file, name, TENSOR_F32, 1, (int64_t[]){recordings}, table->beat);
}

static bool add_corpus(struct checkpoint *file, const char *name, const struct corpus *corpus,
                       struct export_counts *counts, struct error *err)
{
    struct table table;
    bool made = make_table(&table, corpus) || error_set(err, "out of memory");
    for (int p = 0; made && p < corpus->count; p++) {
        const struct piece *piece = &corpus->pieces[p];
        table.start[p] = (float)table.steps;
        table.beat[p] = piece->beat;
        for (int i = 0; i < piece->score->step_count; i++)
            fill_step(&table, piece, i);
    }
    if (made)
        put_table(file, name, &table, corpus->count);
    counts->recordings += corpus->count;
    counts->steps += table.steps;
    free_table(&table);
    return made;
}

/* A part of the file: which split, on which grid. */
static const struct part {
    const char *name, *split;
    bool (*load)(struct corpus *corpus, const char *folder, const char *split, struct error *err);
} parts[] = {{"train", "train", corpus_load},
             {"validation", "validation", corpus_load},
             {"sixteenths", "train", corpus_load_sixteenths}};

bool export_corpus(const char *folder, const char *path, struct export_counts *counts,
                   struct error *err)
{
    struct checkpoint *file = checkpoint_new();
    if (!file)
        return error_set(err, "out of memory");
    *counts = (struct export_counts){0};
    checkpoint_set(file, "content", "recordings");
    bool done = true;
    for (size_t i = 0; done && i < sizeof parts / sizeof *parts; i++) {
        struct corpus corpus;
        done = parts[i].load(&corpus, folder, parts[i].split, err);
        if (!done)
            break;
        done = add_corpus(file, parts[i].name, &corpus, counts, err);
        corpus_clear(&corpus);
    }
    done = done && checkpoint_save(file, path, err);
    checkpoint_free(file);
    return done;
}
