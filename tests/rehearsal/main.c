#include "suites.h"

int main(void)
{
    RUN_SUITES(timeline_suite, engine_suite, hearing_suite, replay_suite, stage_suite, room_suite,
               feels_suite);
}
