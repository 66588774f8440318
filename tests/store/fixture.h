#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include "store/session.h"

#include <check.h>

/* The test's own folder, empty at its start and gone after it: checked fixtures. */
extern char folder[64];
void folder_make(void);
void folder_remove(void);

/* A path in the folder; valid until the eighth call after. */
const char *in_folder(const char *name);
void write_file(const char *path, const void *bytes, size_t size);
long file_size(const char *path);

/* A score of `count` eighth notes, hats and drums, made from scratch. */
struct score *make_score(const char *name, int count);

/* A take of it that nobody played: random from `seed`, with the odd values floating point has. Of
 * odd seeds it has this many changes, of every fourth drums with leashes of their own, of every
 * third a recording. */
enum { TAKE_CHANGES = 40 };
struct take *make_take(const struct score *score, uint64_t seed);

/* Every field, bit for bit: NULL, or the name of the first that differs. */
const char *take_difference(const struct take *a, const struct take *b);

/* A session of `score` in the folder with `takes` takes from seeds 1, 2, ... and a checkpoint after
 * each; closed again. Returns its path. */
const char *make_session(const char *name, const struct score *score, int takes);

/* Makes of a session's file one of the first version, which knew of no changes. */
void make_old(const char *path);

/* The same of the second, which knew of no practice. */
void make_second(const char *path);

/* Runs SQL on a file behind the store's back. */
void edit(const char *path, const char *sql);

/* No test: writes the files of tests/fuzz/corpus/session to a folder. */
extern const char *corpus_folder;
Suite *corpus_suite(void);

Suite *session_suite(void);
Suite *takes_suite(void);
Suite *checkpoints_suite(void);
Suite *deletion_suite(void);
Suite *folder_suite(void);
Suite *trouble_suite(void);

#endif
