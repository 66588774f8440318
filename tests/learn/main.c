#include "suites.h"

int main(void)
{
    RUN_SUITES(corpus_suite, evaluate_suite, duet_suite, lesson_suite, pretrain_suite);
}
