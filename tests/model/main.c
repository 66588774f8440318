#include "suite.h"

Suite *groove_suite(void);

int main(void)
{
    RUN_SUITES(groove_suite);
}
