#include "suites.h"

int main(void)
{
    RUN_SUITES(timeline_suite, engine_suite, entrance_suite, hearing_suite, changes_suite,
               playback_suite, recorder_suite, replay_suite, stage_suite, room_suite,
               round_trip_suite, feels_suite, history_suite, sensitivity_suite, realtime_suite,
               sleeper_suite, listening_suite, practice_suite);
}
