#include "suite.h"
#include "suites.h"

int main(void)
{
    RUN_SUITES(bars_suite, clock_suite, form_suite, kitmap_suite, quantise_suite, smf_suite,
               damage_suite, rewrite_suite, score_suite, take_suite, take_bars_suite,
               practice_suite, dropout_suite);
}
