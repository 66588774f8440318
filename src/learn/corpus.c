#include "learn/corpus.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COLUMNS = 32 };

/* Cuts a CSV line at its commas, in place; quotes protect commas. */
static int cut_line(char *line, char *fields[MOST_COLUMNS])
{
    int count = 0;
    bool quoted = false;
    char *from = line, *to = line;
    fields[count++] = to;
    for (; *from && *from != '\n' && *from != '\r'; from++) {
        if (*from == '"') {
            quoted = !quoted;
        } else if (*from == ',' && !quoted && count < MOST_COLUMNS) {
            *to++ = '\0';
            fields[count++] = to;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return count;
}

static int column(char *const fields[], int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(fields[i], name) == 0)
            return i;
    return -1;
}

/* The mean velocity of each class replaces what was played: that is all a score knows of it. */
static void score_mean_velocities(struct score *score, const float *played)
{
    double sum[DRUM_COUNT] = {0};
    int count[DRUM_COUNT] = {0};
    for (int cell = 0; cell < score->step_count * DRUM_COUNT; cell++) {
        sum[cell % DRUM_COUNT] += played[cell];
        count[cell % DRUM_COUNT] += played[cell] > 0;
    }
    for (int h = 0; h < score->hit_count; h++) {
        struct hit *hit = &score->hits[h];
        hit->velocity = (uint8_t)lround(sum[hit->drum] / count[hit->drum]);
        score->steps[hit->step].velocity[hit->drum] = hit->velocity;
    }
}

static bool fill_piece(struct piece *piece)
{
    struct score *score = piece->score;
    size_t cells = (size_t)score->step_count * DRUM_COUNT;
    piece->velocity = calloc(cells, sizeof *piece->velocity);
    piece->offset_ms = calloc(cells, sizeof *piece->offset_ms);
    piece->guitar_ms = calloc((size_t)score->step_count, sizeof *piece->guitar_ms);
    if (!piece->velocity || !piece->offset_ms || !piece->guitar_ms)
        return false;
    for (int h = 0; h < score->hit_count; h++) {
        const struct hit *hit = &score->hits[h];
        size_t cell = (size_t)hit->step * DRUM_COUNT + hit->drum;
        if (hit->velocity <= piece->velocity[cell])
            continue; /* of two hits of one class the louder one counts */
        piece->velocity[cell] = hit->velocity;
        piece->offset_ms[cell] = (float)(1000.0 * (hit->file_s - hit->scored_s));
    }
    for (int i = 0; i < score->step_count; i++) {
        float sum = 0;
        int drums = 0;
        for (int c = 0; c < DRUM_COUNT; c++)
            if (score->steps[i].drums & (1u << c)) {
                sum += piece->offset_ms[i * DRUM_COUNT + c];
                drums++;
            }
        piece->guitar_ms[i] = drums ? sum / (float)drums : 0.0f;
    }
    score_mean_velocities(score, piece->velocity);
    return true;
}

/* Which recordings, and how they are read. */
struct source {
    const char *folder, *split;
    struct score_options reading;
};

static bool add_piece(struct corpus *corpus, const struct source *source, const char *file,
                      bool beat, struct error *err)
{
    if ((corpus->count & (corpus->count - 1)) == 0) {
        size_t room = corpus->count ? 2 * (size_t)corpus->count : 1;
        struct piece *more = realloc(corpus->pieces, room * sizeof *more);
        if (!more)
            return error_set(err, "out of memory");
        corpus->pieces = more;
    }
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", source->folder, file);
    struct piece *piece = &corpus->pieces[corpus->count];
    *piece = (struct piece){.beat = beat};
    piece->score = score_load(path, &source->reading, err);
    if (!piece->score)
        return false;
    corpus->count++;
    return fill_piece(piece) || error_set(err, "out of memory");
}

static bool read_list(struct corpus *corpus, FILE *list, const struct source *source,
                      struct error *err)
{
    char line[4096], *fields[MOST_COLUMNS];
    if (!fgets(line, sizeof line, list))
        return error_set(err, "'%s/info.csv' is empty", source->folder);
    int columns = cut_line(line, fields);
    int file = column(fields, columns, "midi_filename");
    int in_split = column(fields, columns, "split");
    int kind = column(fields, columns, "beat_type");
    if (file < 0 || in_split < 0 || kind < 0)
        return error_set(err, "'%s/info.csv' lacks a column midi_filename, split or beat_type",
                         source->folder);
    while (fgets(line, sizeof line, list)) {
        int count = cut_line(line, fields);
        if (count <= file || count <= in_split || count <= kind ||
            strcmp(fields[in_split], source->split) != 0)
            continue;
        if (!add_piece(corpus, source, fields[file], strcmp(fields[kind], "beat") == 0, err))
            return false;
    }
    return corpus->count > 0 ||
           error_set(err, "no recordings of the split '%s' in '%s'", source->split, source->folder);
}

static bool load(struct corpus *corpus, const struct source *source, struct error *err)
{
    char path[PATH_MAX];
    *corpus = (struct corpus){0};
    snprintf(path, sizeof path, "%s/info.csv", source->folder);
    FILE *list = fopen(path, "r");
    if (!list) {
        error_errno(err, "cannot read the list of recordings '%s'", path);
        return error_hint(err, "a folder like the Groove MIDI Dataset's is needed: info.csv and "
                               "the MIDI files it names");
    }
    bool loaded = read_list(corpus, list, source, err);
    fclose(list);
    if (!loaded)
        corpus_clear(corpus);
    return loaded;
}

bool corpus_load(struct corpus *corpus, const char *folder, const char *split, struct error *err)
{
    struct source source = {folder, split, {.quantise = true, .kit_only = true}};
    return load(corpus, &source, err);
}

bool corpus_load_sixteenths(struct corpus *corpus, const char *folder, const char *split,
                            struct error *err)
{
    struct source source = {folder, split, {.sixteenths = true, .kit_only = true}};
    return load(corpus, &source, err);
}

void corpus_clear(struct corpus *corpus)
{
    for (int i = 0; i < corpus->count; i++) {
        score_free(corpus->pieces[i].score);
        free(corpus->pieces[i].velocity);
        free(corpus->pieces[i].offset_ms);
        free(corpus->pieces[i].guitar_ms);
    }
    free(corpus->pieces);
    *corpus = (struct corpus){0};
}

void corpus_tabulate(const struct corpus *corpus, struct corpus_table *table)
{
    static const double SHRINK = 20.0; /* as many imaginary hits at the class mean */
    double offset[DRUM_COUNT][SCORE_BINS] = {{0}}, velocity[DRUM_COUNT][SCORE_BINS] = {{0}};
    double count[DRUM_COUNT][SCORE_BINS] = {{0}};
    for (int p = 0; p < corpus->count; p++) {
        const struct piece *piece = &corpus->pieces[p];
        for (int i = 0; i < piece->score->step_count; i++) {
            const struct step *step = &piece->score->steps[i];
            for (int c = 0; c < DRUM_COUNT; c++) {
                if (!(step->drums & (1u << c)))
                    continue;
                offset[c][step->bin] += piece->offset_ms[i * DRUM_COUNT + c];
                velocity[c][step->bin] +=
                    (double)piece->velocity[i * DRUM_COUNT + c] - step->velocity[c];
                count[c][step->bin]++;
            }
        }
    }
    for (int c = 0; c < DRUM_COUNT; c++) {
        double sum = 0, hits = 0;
        for (int b = 0; b < SCORE_BINS; b++) {
            sum += offset[c][b];
            hits += count[c][b];
        }
        double mean = hits > 0 ? sum / hits : 0.0;
        for (int b = 0; b < SCORE_BINS; b++) {
            double weight = count[c][b] + SHRINK;
            table->offset_ms[c][b] = (float)((offset[c][b] + SHRINK * mean) / weight);
            table->velocity_delta[c][b] = (float)(velocity[c][b] / weight);
        }
    }
}
