#include "suite.h"

Suite *guitarist_suite(void);
Suite *string_suite(void);

int main(void)
{
    RUN_SUITES(guitarist_suite, string_suite);
}
