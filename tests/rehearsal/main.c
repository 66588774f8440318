#include "suites.h"

int main(void)
{
    RUN_SUITES(engine_suite, replay_suite, stage_suite);
}
