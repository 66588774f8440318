/* One way to fail: a function that can fail takes `struct error *` last and
 * returns bool or a pointer; false or NULL means the error holds one sentence.
 *
 * Wording: what failed first, the subject quoted, lower case, no full stop:
 * "cannot read score 'song.mid': track 2 ends in the middle of an event".
 * Library code never prints and never exits; broken contracts are asserts. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

struct error {
    char text[512]; /* empty while nothing has failed */
    char hint[256]; /* what the user can do next; empty when there is nothing to say */
};

/* Sets the sentence and clears the hint. Always returns false, so that a function can
 * `return error_set(err, ...)`. `err` may be NULL: then only false is returned. */
bool error_set(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As error_set, followed by ": " and what errno means. Here and in error_prefix a long subject is
 * cut, so that the cause always fits. */
bool error_errno(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "WHAT: " before the sentence that is there. Returns false. */
bool error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sets the hint, keeps the sentence. Returns false. */
bool error_hint(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
