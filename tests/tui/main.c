#include "fixture.h"

#include <locale.h>

int main(void)
{
    setenv("TZ", "UTC", 1);
    setlocale(LC_CTYPE, "C.UTF-8"); /* the width of characters comes from the locale */
    RUN_SUITES(entrance_suite, flub_suite, grid_suite, keys_suite, knobs_suite, lesson_suite,
               moments_suite, history_suite, views_suite, palette_suite, player_suite, prompt_suite,
               stage_suite, time_left_suite, verdict_suite, listen_suite, command_suite,
               remembered_suite, key_file_suite, library_suite, view_history_suite, spots_suite,
               help_suite, practice_suite);
}
