#include "fixture.h"
#include "suite.h"

int main(void)
{
    RUN_SUITES(session_suite, takes_suite, checkpoints_suite, folder_suite, trouble_suite);
}
