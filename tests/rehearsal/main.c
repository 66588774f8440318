#include "suite.h"

Suite *engine_suite(void);

int main(void)
{
    RUN_SUITES(engine_suite);
}
