/* The suites of this room's tests. */
#ifndef TESTS_LEARN_SUITES_H
#define TESTS_LEARN_SUITES_H

#include "suite.h"

Suite *baseline_suite(void);
Suite *casting_suite(void);
Suite *changed_player_suite(void);
Suite *corpus_suite(void);
Suite *duet_suite(void);
Suite *duet_means_suite(void);
Suite *evaluate_suite(void);
Suite *export_corpus_suite(void);
Suite *flubs_suite(void);
Suite *jobs_suite(void);
Suite *judgement_suite(void);
Suite *lesson_suite(void);
Suite *lesson_advice_suite(void);
Suite *lesson_paper_suite(void);
Suite *lesson_report_suite(void);
Suite *pretrain_suite(void);
Suite *reaction_suite(void);
Suite *recipe_suite(void);
Suite *windows_suite(void);

#endif
