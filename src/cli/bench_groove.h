/* How fast the groove network is on one core, and how fast it could be, in processor time. */
#ifndef CLI_BENCH_GROOVE_H
#define CLI_BENCH_GROOVE_H

#include "base/error.h"
#include "base/stopwatch.h"
#include "model/checkpoint.h"
#include "score/score.h"

struct groove_speed {
    /* The network alone, without the ear: it hears the step before and predicts the next. */
    struct spread step_us;
    /* Forward, loss, backward and Adam on 16 windows of 128 steps that are all valid and heard. The
     * best of several: other programs share the caches. */
    double train_step_ms;
    double train_gflops;  /* of its matrix products alone, a multiply-add counted as two */
    double matmul_gflops; /* the best that matmul() does here */
};

/* NAN where the drummer has no groove. */
bool bench_groove(const struct checkpoint *drummer, const struct score *score,
                  struct groove_speed *speed, struct error *err);

#endif
