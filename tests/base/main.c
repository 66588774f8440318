#include "base.h"
#include "suite.h"

#include <string.h>

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "paths") == 0)
        return paths_probe(argc > 2 ? argv[2] : NULL);
    RUN_SUITES(error_suite, ring_suite, rng_suite, json_suite, paths_suite, rt_guard_suite,
               load_suite, median_suite, memory_suite, replace_suite, utf8_suite);
}
