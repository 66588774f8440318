#include "suite.h"

Suite *engine_suite(void);
Suite *replay_suite(void);

int main(void)
{
    RUN_SUITES(engine_suite, replay_suite);
}
