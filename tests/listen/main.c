#include "suite.h"

Suite *bleed_suite(void);
Suite *entrance_suite(void);
Suite *match_suite(void);
Suite *loop_suite(void);
Suite *onset_suite(void);

int main(void)
{
    RUN_SUITES(bleed_suite, onset_suite, match_suite, loop_suite, entrance_suite);
}
