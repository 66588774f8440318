#include "learn/lesson_groove.h"

#include "model/adam.h"
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

/* Of a longer take, its most heard stretch of so many steps: memory and time grow with every step.
 */
enum { MOST_STEPS = 768 };

enum { TERM_VELOCITY, TERM_OFFSET, TERM_GUITAR, TERM_HUMAN, TERMS };

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

static void fill_rows(struct student *student)
{
    const struct lesson_material *material = student->material;
    const struct score *score = material->score;
    size_t T = (size_t)student->T;
    for (size_t row = 0; row < ROWS; row++) {
        features_compute(score, material->first, student->T, NULL,
                         student->x + row * T * FEATURE_COUNT);
        for (size_t t = 0; t < T; t++) {
            student->bin[row * T + t] = score->steps[material->first + (int)t].bin;
            student->g[row * T + t] = material->g_ms[t] / (float)GROOVE_MS;
            student->heard[row * T + t] = row == HEARING ? material->heard[t] : 0.0f;
        }
    }
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
    fill_rows(student);
    return ask_teacher(student) || error_set(err, "out of memory");
}

/* The stretch of a take that holds the most onsets. */
static struct lesson_material most_heard(const struct lesson_material *take)
{
    struct lesson_material stretch = *take;
    int steps = take->end - take->first, best = 0;
    if (steps <= MOST_STEPS)
        return stretch;
    float sum = 0, most = 0;
    for (int t = 0; t < steps; t++) {
        sum += take->heard[t] - (t >= MOST_STEPS ? take->heard[t - MOST_STEPS] : 0.0f);
        if (sum > most) {
            most = sum;
            best = t >= MOST_STEPS ? t - MOST_STEPS + 1 : 0;
        }
    }
    stretch.first += best;
    stretch.end = stretch.first + MOST_STEPS;
    stretch.g_ms += best;
    stretch.heard += best;
    return stretch;
}

/* A term is a mean of squares; its weight over its count is the gradient's factor. */
struct term {
    double sum, count, weight;
};

/* One output that is to come near a value. */
struct square {
    int term, output;
    float wanted;
};

enum { MOST_SQUARES = 3 * DRUM_COUNT + 1 };

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
        squares[count++] = (struct square){TERM_VELOCITY, GROOVE_DELTA + c, 0.0f};
        if (heard)
            squares[count++] = (struct square){TERM_OFFSET, GROOVE_OFFSET + c, g};
        if (row == ALONE)
            squares[count++] =
                (struct square){TERM_HUMAN, GROOVE_OFFSET + c, teacher[GROOVE_OFFSET + c]};
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

static double forward(struct student *student, struct term terms[TERMS],
                      struct lesson_progress *progress)
{
    in_both_rows(student, forward_row);
    clear_terms(&student->options->weights, terms);
    sum_squares(student, terms);
    return total_loss(terms, progress);
}

static void backward(struct student *student, struct term terms[TERMS])
{
    const size_t size = student->groove->size;
    float *gradients = student->gradients[HEARING];
    differentiate(student, terms);
    in_both_rows(student, backward_row);
    add(gradients, student->gradients[ALONE], size);
    if (isfinite(adam_clip(gradients, size, 1.0)))
        adam_step(student->adam, student->groove->params, gradients, (float)student->options->rate);
}

bool lesson_train_groove(struct checkpoint *checkpoint, const struct lesson_material *material,
                         const struct lesson_options *options, lesson_watch *watch, void *context,
                         struct lesson_report *report, struct error *err)
{
    struct lesson_material stretch = most_heard(material);
    struct student student = {.material = &stretch, .options = options};
    struct lesson_progress progress = {.epochs = options->epochs};
    struct term terms[TERMS];
    bool good = enrol(&student, checkpoint, err);
    for (int epoch = 0; good && epoch <= options->epochs; epoch++) {
        double loss = forward(&student, terms, &progress);
        if (epoch == 0)
            report->loss_before = loss;
        report->loss_after = loss;
        report->epochs = epoch;
        progress.epoch = epoch;
        progress.done = options->epochs ? (double)epoch / options->epochs : 1.0;
        if (watch && !watch(context, &progress))
            good = error_set(err, "cancelled");
        else if (epoch < options->epochs)
            backward(&student, terms);
    }
    if (good)
        groove_store(student.groove, checkpoint);
    free_student(&student);
    return good;
}
