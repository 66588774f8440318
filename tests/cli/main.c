#include "suite.h"

Suite *options_suite(void);
Suite *doctor_suite(void);

int main(void)
{
    RUN_SUITES(options_suite, doctor_suite);
}
