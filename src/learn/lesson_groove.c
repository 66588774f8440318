#include "learn/lesson_train.h"

#include "model/adam.h"
#include "model/dynamics.h"
#include "model/features.h"
#include "model/groove.h"
#include "model/kernels.h"
#include "model/model.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The take is seen twice in every epoch, at the same time: row 0 hears the guitar so far, row 1
 * hears nothing and is the drummer's own feel. Each has a thread; their gradients are added in the
 * same order on any machine. */
enum { HEARING, ALONE, ROWS };

enum { TERM_VELOCITY, TERM_OFFSET, TERM_GUITAR, TERM_HUMAN, TERMS };

/* A term is a mean of squares; its weight over its count is the gradient's factor. */
struct term {
    double sum, count, weight;
};

struct student {
    const struct lesson_material *material;
    const struct lesson_options *options;
    int T;
    struct groove *groove;
    struct adam *adam;
    struct groove_pass *pass[ROWS];
    const float *outputs[ROWS];                 /* (T,GROOVE_OUTPUTS) of the last forward */
    float *gradients[ROWS];                     /* of the last backward */
    float *x, *g, *heard, *d_outputs, *teacher; /* teacher: (T,GROOVE_OUTPUTS) */
    int *bin;
    struct term terms[TERMS]; /* of the last look */
};

static void free_student(struct student *student)
{
    for (int row = 0; row < ROWS; row++) {
        groove_pass_free(student->pass[row]);
        free(student->gradients[row]);
    }
    groove_free(student->groove);
    adam_free(student->adam);
    free(student->x);
    free(student->g);
    free(student->heard);
    free(student->bin);
    free(student->d_outputs);
    free(student->teacher);
}

static struct groove_batch batch_of(const struct student *student, int row)
{
    const size_t at = (size_t)row * (size_t)student->T;
    return (struct groove_batch){.B = 1,
                                 .T = student->T,
                                 .x = student->x + at * FEATURE_COUNT,
                                 .bin = student->bin + at,
                                 .g = student->g + at,
                                 .heard = student->heard + at};
}

static bool fill_rows(struct student *student)
{
    const struct lesson_material *material = student->material;
    const struct score *score = material->score;
    size_t T = (size_t)student->T, cells = (size_t)score->step_count * DRUM_COUNT;
    float *level = malloc(cells * sizeof *level), *freedom = malloc(cells * sizeof *freedom);
    bool good = level && freedom && dynamics_compute(score, level, freedom);
    for (size_t row = 0; good && row < ROWS; row++) {
        features_compute(score, material->first, student->T,
                         level + (ptrdiff_t)material->first * DRUM_COUNT,
                         student->x + row * T * FEATURE_COUNT);
        for (size_t t = 0; t < T; t++) {
            student->bin[row * T + t] = score->steps[material->first + (int)t].bin;
            student->g[row * T + t] = material->g_ms[t] / (float)GROOVE_MS;
            student->heard[row * T + t] = row == HEARING ? material->heard[t] : 0.0f;
        }
    }
    free(level);
    free(freedom);
    return good;
}

/* How the pretrained drummer would play this alone. Where there is none that reads the same
 * features, the student as he comes is his own teacher. */
static bool ask_teacher(struct student *student)
{
    struct checkpoint *pretrained = model_pretrained("groove", NULL);
    struct groove *teacher = pretrained ? groove_from(pretrained, NULL) : NULL;
    checkpoint_free(pretrained);
    if (teacher && teacher->config.inputs != FEATURE_COUNT) {
        groove_free(teacher);
        teacher = NULL;
    }
    if (!teacher)
        teacher = groove_copy(student->groove);
    struct groove_pass *pass = teacher ? groove_pass_new(teacher, 1, student->T, false) : NULL;
    if (pass) {
        struct groove_batch batch = batch_of(student, ALONE);
        memcpy(student->teacher, groove_forward(teacher, pass, &batch, 0, NULL),
               (size_t)student->T * GROOVE_OUTPUTS * sizeof *student->teacher);
    }
    groove_pass_free(pass);
    groove_free(teacher);
    return pass != NULL;
}

static bool enrol(struct student *student, const struct checkpoint *checkpoint, struct error *err)
{
    student->T = student->material->end - student->material->first;
    size_t steps = ROWS * (size_t)student->T;
    student->groove = groove_from(checkpoint, err);
    if (!student->groove)
        return false;
    bool room = true;
    for (int row = 0; row < ROWS; row++) {
        student->pass[row] = groove_pass_new(student->groove, 1, student->T, true);
        student->gradients[row] = calloc(student->groove->size, sizeof(float));
        room = room && student->pass[row] && student->gradients[row];
    }
    student->adam = adam_new(student->groove->size);
    student->x = calloc(steps * FEATURE_COUNT, sizeof(float));
    student->g = calloc(steps, sizeof(float));
    student->heard = calloc(steps, sizeof(float));
    student->bin = calloc(steps, sizeof(int));
    student->d_outputs = calloc(steps * GROOVE_OUTPUTS, sizeof(float));
    student->teacher = calloc((size_t)student->T * GROOVE_OUTPUTS, sizeof(float));
    room = room && student->adam && student->x && student->g && student->heard && student->bin &&
           student->d_outputs && student->teacher;
    if (!room)
        return error_set(err, "out of memory");
    return (fill_rows(student) && ask_teacher(student)) || error_set(err, "out of memory");
}

/* One output that is to come near a value. */
struct square {
    int term, output;
    float wanted;
};

enum { MOST_SQUARES = 4 * DRUM_COUNT + 1 };

/* What the loss asks of step t in a row. */
static int squares_of(const struct student *student, int row, int t,
                      struct square squares[MOST_SQUARES])
{
    const struct lesson_material *material = student->material;
    const struct step *step = &material->score->steps[material->first + t];
    const float *teacher = student->teacher + (size_t)t * GROOVE_OUTPUTS;
    bool heard = material->heard[t] > 0;
    float g = student->g[t];
    int count = 0;
    for (int c = 0; c < DRUM_COUNT; c++) {
        if (!(step->drums & (1u << c)))
            continue;
        bool taught = material->drums[t] & (1u << c);
        if (taught)
            squares[count++] = (struct square){TERM_VELOCITY, GROOVE_DELTA + c, 0.0f};
        if (taught && heard)
            squares[count++] = (struct square){TERM_OFFSET, GROOVE_OFFSET + c, g};
        if (row == ALONE) {
            squares[count++] =
                (struct square){TERM_HUMAN, GROOVE_OFFSET + c, teacher[GROOVE_OFFSET + c]};
            squares[count++] =
                (struct square){TERM_HUMAN, GROOVE_DELTA + c, teacher[GROOVE_DELTA + c]};
        }
    }
    if (heard)
        squares[count++] = (struct square){TERM_GUITAR, GROOVE_GUITAR, g};
    return count;
}

static size_t outputs_at(const struct student *student, int row, int t)
{
    return ((size_t)row * (size_t)student->T + (size_t)t) * GROOVE_OUTPUTS;
}

static void sum_squares(const struct student *student, struct term terms[TERMS])
{
    struct square squares[MOST_SQUARES];
    for (int row = 0; row < ROWS; row++)
        for (int t = 0; t < student->T; t++) {
            const float *out = student->outputs[row] + (size_t)t * GROOVE_OUTPUTS;
            int count = squares_of(student, row, t, squares);
            for (int k = 0; k < count; k++) {
                struct term *term = &terms[squares[k].term];
                double error = (double)out[squares[k].output] - squares[k].wanted;
                term->sum += error * error;
                term->count++;
            }
        }
    terms[TERM_HUMAN].count /= 2; /* a mean over hits, which have a time and a velocity each */
}

/* The derivative of what sum_squares summed, once the counts are known. */
static void differentiate(struct student *student, const struct term terms[TERMS])
{
    struct square squares[MOST_SQUARES];
    memset(student->d_outputs, 0, outputs_at(student, ROWS, 0) * sizeof *student->d_outputs);
    for (int row = 0; row < ROWS; row++)
        for (int t = 0; t < student->T; t++) {
            const float *out = student->outputs[row] + (size_t)t * GROOVE_OUTPUTS;
            float *d_out = student->d_outputs + outputs_at(student, row, t);
            int count = squares_of(student, row, t, squares);
            for (int k = 0; k < count; k++) {
                const struct term *term = &terms[squares[k].term];
                float error = out[squares[k].output] - squares[k].wanted;
                d_out[squares[k].output] += (float)(2 * term->weight / term->count) * error;
            }
        }
}

static double total_loss(struct term terms[TERMS], struct lesson_progress *progress)
{
    static const double unit[TERMS] = {GROOVE_VELOCITY * GROOVE_VELOCITY, GROOVE_MS * GROOVE_MS,
                                       GROOVE_MS * GROOVE_MS, GROOVE_MS * GROOVE_MS};
    double total = 0;
    for (int k = 0; k < TERMS; k++) {
        double mean = terms[k].count > 0 ? terms[k].sum / terms[k].count : 0.0;
        progress->terms[k] = mean * unit[k];
        total += terms[k].weight * mean;
    }
    progress->loss = total;
    return total;
}

static void clear_terms(const struct lesson_weights *weights, struct term terms[TERMS])
{
    const double weight[TERMS] = {weights->velocity, weights->offset, weights->guitar,
                                  weights->human};
    for (int k = 0; k < TERMS; k++)
        terms[k] = (struct term){.weight = weight[k]};
}

/* One row's part of a step. */
struct part {
    struct student *student;
    int row;
};

static void *forward_row(void *context)
{
    const struct part *part = context;
    struct student *student = part->student;
    struct groove_batch batch = batch_of(student, part->row);
    student->outputs[part->row] =
        groove_forward(student->groove, student->pass[part->row], &batch, 0, NULL);
    return NULL;
}

static void *backward_row(void *context)
{
    const struct part *part = context;
    struct student *student = part->student;
    struct groove_batch batch = batch_of(student, part->row);
    float *gradients = student->gradients[part->row];
    memset(gradients, 0, student->groove->size * sizeof *gradients);
    groove_backward(student->groove, student->pass[part->row], &batch,
                    student->d_outputs + outputs_at(student, part->row, 0), gradients);
    return NULL;
}

/* Without a second thread to be had, one after the other. */
static void in_both_rows(struct student *student, void *(*work)(void *))
{
    struct part parts[ROWS] = {{student, HEARING}, {student, ALONE}};
    pthread_t thread;
    bool helped = pthread_create(&thread, NULL, work, &parts[ALONE]) == 0;
    work(&parts[HEARING]);
    if (helped)
        pthread_join(thread, NULL);
    else
        work(&parts[ALONE]);
}

static double look(void *context, struct lesson_progress *progress)
{
    struct student *student = context;
    in_both_rows(student, forward_row);
    clear_terms(&student->options->weights, student->terms);
    sum_squares(student, student->terms);
    return total_loss(student->terms, progress);
}

static void step(void *context)
{
    struct student *student = context;
    const size_t size = student->groove->size;
    float *gradients = student->gradients[HEARING];
    differentiate(student, student->terms);
    in_both_rows(student, backward_row);
    add(gradients, student->gradients[ALONE], size);
    if (isfinite(adam_clip(gradients, size, 1.0)))
        adam_step(student->adam, student->groove->params, gradients,
                  (float)(student->options->rate * student->options->strength));
}

bool lesson_train_groove(struct checkpoint *checkpoint, const struct lesson_material *material,
                         const struct lesson_options *options, struct lesson_watcher *watcher,
                         struct lesson_report *report, struct error *err)
{
    struct student student = {.material = material, .options = options};
    bool good = enrol(&student, checkpoint, err) &&
                lesson_epochs(&student, look, step, student.T, options, watcher, report, err);
    if (good)
        groove_store(student.groove, student.groove->params, checkpoint);
    free_student(&student);
    return good;
}
