/* A lesson: what a drummer learns from one take.
 *
 * The network takes gradient steps (Adam) over the take, of a long one over the 768 steps with the
 * most onsets, on the loss of Burloiu (AIMC 2023, section 4):
 *
 *   L = w_v MSE(velocity, scored) + w_o MSE(offset, g) + w_g MSE(g-hat, g) + w_r r
 *
 * the terms with g only where a guitar was heard. r keeps the drummer human: for the groove the
 * distance of its own feel, offsets and velocities, from the pretrained drummer's on this score;
 * for the paper's model, as in the paper, that of its offsets' mean and SD from those of the Groove
 * MIDI Dataset. Then an ear, where the drummer has one, hears the take's onsets once more and keeps
 * what it learnt of the guitarist; w_g is how far it believes them. A lesson of all bars and drums
 * that believes them fully, from a take of most of the song, begins with an empty ear where what
 * was known only misled. Runs on the caller's thread; the watcher may cancel. */
#ifndef LEARN_LESSON_H
#define LEARN_LESSON_H

#include "model/checkpoint.h"
#include "score/bars.h"
#include "score/take.h"

struct lesson_weights {
    double velocity, offset, guitar, human; /* w_v, w_o, w_g, w_r; >= 0 */
};

/* What of a take is learnt from. */
struct lesson_choice {
    struct bars bars; /* of the score, */
    uint16_t drums;   /* and there the steps that strike one of these classes (bit c) */
};

#define LESSON_OF_ALL                                                                              \
    {                                                                                              \
        BARS_ALL, KITMAP_ALL                                                                       \
    }
bool lesson_is_of_all(const struct lesson_choice *choice);

struct lesson_options {
    struct lesson_weights weights;
    int epochs;                  /* gradient passes over the take; 0: at most an ear learns */
    double rate;                 /* Adam's step */
    struct lesson_choice choice; /* r is over all */
    double strength; /* in (0, 1]: a part of Adam's step, and of an ear's belief in the onsets */
};

/* The default drummer's: of all bars and drums, at full strength. */
extern const struct lesson_options lesson_defaults;

/* Any model's; NULL for one that has nothing to learn with. */
const struct lesson_options *lesson_recipe(const char *model);

enum { LESSON_TERMS = 4, LESSON_CURVE_POINTS = 128 };

/* The loss terms from epoch to epoch: of long lessons every second one, every fourth and so on. */
struct lesson_curve {
    int count;                                      /* point i is epoch i * every */
    int every;                                      /* 0 before the first */
    int added;                                      /* epochs so far */
    float terms[LESSON_CURVE_POINTS][LESSON_TERMS]; /* as below */
};

void lesson_curve_add(struct lesson_curve *curve, const double terms[LESSON_TERMS]);

struct lesson_progress {
    double done;       /* 0..1, of the work */
    const char *doing; /* in a word or two */
    int epoch, epochs;
    double loss;
    double terms[LESSON_TERMS]; /* velocity, offset, guitar, human; unweighted, ms^2 for times */
    struct lesson_curve curve;
};

struct lesson_report {
    int epochs;
    double loss_before, loss_after;
    double seconds;
    int onsets; /* learnt from */
    double prediction_before_ms,
        prediction_after_ms; /* |g-hat - g| over those, old and new drummer */
    /* The same where it was not learnt from: the ear learns from every other two bars and is asked
     * for the rest, both ways (learn/cross_validation.h). NAN for a model without an ear, and where
     * the onsets lie in fewer than four bars. */
    double prediction_unseen_ms;
    bool worse; /* than before, there, by more than chance and a twentieth */
    /* An ear that knew nothing foresaw this take better, by more than its standard error: it
     * is the one that was taught. The guitarist plays in another way than before. */
    bool begins_anew;
};

/* What it was worth, in a sentence of at most 58 columns. */
const char *lesson_report_says(const struct lesson_report *report);

/* False cancels: the lesson returns NULL with the error "cancelled". Asked often: between two
 * questions lies no more work than a pass of the network over the score. */
typedef bool lesson_watch(void *context, const struct lesson_progress *progress);

/* A new checkpoint grown from `from`, or NULL. `score` is the take's score at the take's tempo.
 * Fails with a reason when there is nothing to learn: no onset, or a model that has nothing to
 * learn with. */
struct checkpoint *lesson_learn(const struct checkpoint *from, const struct score *score,
                                const struct take *take, const struct lesson_options *options,
                                lesson_watch *watch, void *context, struct lesson_report *report,
                                struct error *err);

#endif
