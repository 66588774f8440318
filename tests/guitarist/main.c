#include "suite.h"

Suite *guitarist_suite(void);

int main(void)
{
    RUN_SUITES(guitarist_suite);
}
