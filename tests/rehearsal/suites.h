/* The suites of this room's tests. */
#ifndef TESTS_REHEARSAL_SUITES_H
#define TESTS_REHEARSAL_SUITES_H

#include "suite.h"

Suite *changes_suite(void);
Suite *engine_suite(void);
Suite *hearing_suite(void);
Suite *listening_suite(void);
Suite *history_suite(void);
Suite *playback_suite(void);
Suite *recorder_suite(void);
Suite *replay_suite(void);
Suite *sensitivity_suite(void);
Suite *stage_suite(void);
Suite *timeline_suite(void);
Suite *room_suite(void);
Suite *round_trip_suite(void);
Suite *feels_suite(void);
Suite *realtime_suite(void);
Suite *sleeper_suite(void);
Suite *practice_suite(void);

#endif
