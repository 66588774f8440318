#include "suite.h"

Suite *soundfont_suite(void);
Suite *kit_suite(void);
Suite *mixer_suite(void);
Suite *reverb_suite(void);
Suite *limiter_suite(void);

/* FluidSynth 2.3 forgets the zones of a preset it then finds damaged. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfluidsynth\n";
}

int main(void)
{
    RUN_SUITES(soundfont_suite, kit_suite, mixer_suite, reverb_suite, limiter_suite);
}
