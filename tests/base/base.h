#ifndef TESTS_BASE_H
#define TESTS_BASE_H

#include <check.h>

Suite *error_suite(void);
Suite *ring_suite(void);
Suite *rng_suite(void);
Suite *json_suite(void);
Suite *paths_suite(void);
Suite *rt_guard_suite(void);
Suite *load_suite(void);
Suite *median_suite(void);
Suite *memory_suite(void);
Suite *replace_suite(void);
Suite *utf8_suite(void);

/* What the test of paths runs in a copy of this executable that lies elsewhere: prints the root,
 * the sessions folder and where `asset` is, or what is wrong. */
int paths_probe(const char *asset);

#endif
