#ifndef TESTS_SCORE_SUITES_H
#define TESTS_SCORE_SUITES_H

#include <check.h>

Suite *bars_suite(void);
Suite *clock_suite(void);
Suite *form_suite(void);
Suite *kitmap_suite(void);
Suite *quantise_suite(void);
Suite *smf_suite(void);
Suite *damage_suite(void);
Suite *rewrite_suite(void);
Suite *dropout_suite(void);
Suite *practice_suite(void);
Suite *score_suite(void);
Suite *take_suite(void);
Suite *take_bars_suite(void);

#endif
