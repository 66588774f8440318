#include "suite.h"

Suite *options_suite(void);

int main(void)
{
    RUN_SUITES(options_suite);
}
