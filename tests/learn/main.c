#include "suites.h"

int main(void)
{
    RUN_SUITES(baseline_suite, casting_suite, changed_player_suite, corpus_suite, duet_suite,
               duet_means_suite, evaluate_suite, export_corpus_suite, flubs_suite, jobs_suite,
               judgement_suite, lesson_suite, lesson_advice_suite, lesson_paper_suite,
               lesson_report_suite, pretrain_suite, reaction_suite, recipe_suite, windows_suite);
}
