#include "suite.h"

Suite *groove_suite(void);
Suite *groove_step_suite(void);

int main(void)
{
    RUN_SUITES(groove_suite, groove_step_suite);
}
