#include "suite.h"

Suite *sound_file_suite(void);
Suite *recording_suite(void);
Suite *device_suite(void);
Suite *naming_suite(void);
Suite *drift_suite(void);
Suite *jack_suite(void);
Suite *realtime_suite(void);
Suite *pedal_suite(void);

/* What the sound systems keep for the life of the process, and what is left to a dead server. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libasound\nleak:libjack\nleak:libportaudio\n";
}

const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "thread:libjack\n";
}

int main(void)
{
    RUN_SUITES(sound_file_suite, recording_suite, naming_suite, drift_suite, device_suite,
               jack_suite, realtime_suite, pedal_suite);
}
