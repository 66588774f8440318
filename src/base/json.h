/* JSON, built and read as a tree. The only file that includes cJSON is json.c.
 *
 * A tree is owned by its root: json_free(root) frees everything in it, and every
 * pointer and string taken out of it lives until then. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json; /* any value: object, array, string, number, true, false, null */

enum {
    JSON_DEPTH_MAX = 32,             /* nesting that json_parse accepts */
    JSON_SIZE_MAX = 16 * 1024 * 1024 /* bytes that json_parse accepts */
};

struct json *json_object(void); /* an empty root object, NULL when out of memory */
void json_free(struct json *root);

/* Building. `in` is an object, and `name` the member's name, or an array, and `name` NULL. Members
 * keep the order they were put in; a name put twice is there twice.
 * There is nothing to check on the way: a put that fails for want of memory spoils the tree, `in`
 * may be NULL, and json_text and json_print then fail. */
struct json *json_put_object(struct json *in, const char *name);
struct json *json_put_array(struct json *in, const char *name);

/* NULL becomes null, bytes that are no UTF-8 become U+FFFD. */
void json_put_string(struct json *in, const char *name, const char *value);
/* NaN and infinities become null. */
void json_put_number(struct json *in, const char *name, double value);
/* With every digit, beyond 2^53 too. */
void json_put_integer(struct json *in, const char *name, int64_t value);
void json_put_unsigned(struct json *in, const char *name, uint64_t value);
void json_put_bool(struct json *in, const char *name, bool value);
void json_put_null(struct json *in, const char *name);

/* Writing, on one line. json_text: malloc'd, without a newline, NULL on failure.
 * json_print: with a newline, flushed. */
char *json_text(const struct json *root, struct error *err);
bool json_print(const struct json *root, FILE *file, struct error *err);

/* Reading. One whole value and nothing after it but white space. Bytes that are no JSON, or beyond
 * the limits above, give NULL and a sentence with the byte. */
struct json *json_parse(const char *text, size_t size, struct error *err);

/* The same from a file of a megabyte at most, and into a file, which is replaced in one piece
 * (base/replace.h). One that is not there is an error like any other. */
struct json *json_load(const char *path, struct error *err);
bool json_save(const struct json *root, const char *path, struct error *err);

/* All of these take NULL, and a value of another kind, for "not there". Members and elements come
 * in file order; of members of one name json_find gives the first. */
bool json_is_object(const struct json *value);
bool json_is_array(const struct json *value);
int json_count(const struct json *container);
const struct json *json_first(const struct json *container);
const struct json *json_next(const struct json *value);
const char *json_name(const struct json *member); /* NULL in an array */
const struct json *json_find(const struct json *object, const char *name);

/* The value itself; NULL or false when it is of another kind. Numbers are finite, integers whole
 * and within 2^53 either way. */
const char *json_string(const struct json *value);
bool json_number(const struct json *value, double *out);
bool json_integer(const struct json *value, int64_t *out);
bool json_bool(const struct json *value, bool *out);

#endif
