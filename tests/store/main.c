#include "fixture.h"
#include "suite.h"

#include <string.h>

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "corpus") == 0) {
        corpus_folder = argv[2];
        RUN_SUITES(corpus_suite);
    }
    RUN_SUITES(session_suite, takes_suite, checkpoints_suite, deletion_suite, folder_suite,
               trouble_suite);
}
