#include "fixture.h"

#include <locale.h>

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8"); /* the width of characters comes from the locale */
    RUN_SUITES(entrance_suite, flub_suite, grid_suite, keys_suite, knobs_suite, moments_suite,
               history_suite, views_suite, player_suite, prompt_suite);
}
