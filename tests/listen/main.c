#include "suite.h"

Suite *match_suite(void);
Suite *loop_suite(void);
Suite *onset_suite(void);

int main(void)
{
    RUN_SUITES(onset_suite, match_suite, loop_suite);
}
