#include "base/json.h"

#include "base/paths.h"
#include "base/replace.h"
#include "base/utf8.h"

#include <cjson/cJSON.h>

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A struct json is a cJSON under another name, so that nobody else needs its header. */
static cJSON *item(struct json *value)
{
    return (cJSON *)value;
}

static const cJSON *peek(const struct json *value)
{
    return (const cJSON *)value;
}

struct json *json_object(void)
{
    return (struct json *)cJSON_CreateObject();
}

void json_free(struct json *root)
{
    cJSON_Delete(item(root));
}

/* Takes `child`. cJSON refuses to print an invalid item, so a container that lost a child is made
 * one. */
static struct json *put(struct json *in, const char *name, cJSON *child)
{
    cJSON *parent = item(in);
    if (parent && child &&
        (name ? cJSON_AddItemToObject(parent, name, child) : cJSON_AddItemToArray(parent, child)))
        return (struct json *)child;
    cJSON_Delete(child);
    if (parent)
        parent->type = cJSON_Invalid;
    return NULL;
}

struct json *json_put_object(struct json *in, const char *name)
{
    return put(in, name, cJSON_CreateObject());
}

struct json *json_put_array(struct json *in, const char *name)
{
    return put(in, name, cJSON_CreateArray());
}

/* File names may hold any bytes; what is printed must be UTF-8. */
static char *valid_utf8(const char *text)
{
    char *copy = malloc(3 * strlen(text) + 1);
    if (!copy)
        return NULL;
    char *end = copy;
    while (*text) {
        int length = utf8_length(text);
        memcpy(end, length ? text : "\xef\xbf\xbd", length ? (size_t)length : 3);
        end += length ? length : 3;
        text += length ? length : 1;
    }
    *end = '\0';
    return copy;
}

void json_put_string(struct json *in, const char *name, const char *value)
{
    if (!value) {
        json_put_null(in, name);
        return;
    }
    char *text = valid_utf8(value);
    put(in, name, text ? cJSON_CreateString(text) : NULL);
    free(text);
}

void json_put_number(struct json *in, const char *name, double value)
{
    put(in, name, isfinite(value) ? cJSON_CreateNumber(value) : cJSON_CreateNull());
}

void json_put_integer(struct json *in, const char *name, int64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    put(in, name, cJSON_CreateRaw(digits));
}

void json_put_unsigned(struct json *in, const char *name, uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    put(in, name, cJSON_CreateRaw(digits));
}

void json_put_bool(struct json *in, const char *name, bool value)
{
    put(in, name, cJSON_CreateBool(value));
}

void json_put_null(struct json *in, const char *name)
{
    put(in, name, cJSON_CreateNull());
}

char *json_text(const struct json *root, struct error *err)
{
    char *text = root ? cJSON_PrintUnformatted(peek(root)) : NULL;
    if (!text)
        error_set(err, "cannot write JSON: out of memory");
    return text;
}

bool json_print(const struct json *root, FILE *file, struct error *err)
{
    char *text = json_text(root, err);
    if (!text)
        return false;
    bool ok = fputs(text, file) >= 0 && fputc('\n', file) != EOF && fflush(file) == 0;
    if (!ok)
        error_errno(err, "cannot write JSON");
    free(text);
    return ok;
}

/* Bounds the depth before cJSON recurses, and refuses the zero bytes at which C strings end. */
static bool check_text(const char *text, size_t size, struct error *err)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (c == '\0')
            return error_set(err, "no JSON: zero byte (byte %zu)", i);
        if (quoted && c == '\\') {
            if (size - i > 5 && memcmp(text + i, "\\u0000", 6) == 0)
                return error_set(err, "JSON string holds a zero character (byte %zu)", i);
            i++;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == '{' || c == '[')) {
            if (++depth > JSON_DEPTH_MAX)
                return error_set(err, "JSON nested deeper than %d (byte %zu)", JSON_DEPTH_MAX, i);
        } else if (!quoted && (c == '}' || c == ']')) {
            depth--;
        }
    }
    return true;
}

struct json *json_parse(const char *text, size_t size, struct error *err)
{
    if (size > JSON_SIZE_MAX) {
        error_set(err, "JSON of %zu bytes is larger than %d", size, JSON_SIZE_MAX);
        return NULL;
    }
    if (!check_text(text, size, err))
        return NULL;
    char *copy = malloc(size + 1);
    if (!copy) {
        error_set(err, "cannot read JSON: out of memory");
        return NULL;
    }
    memcpy(copy, text, size);
    copy[size] = '\0';
    const char *end = copy;
    cJSON *root = cJSON_ParseWithOpts(copy, &end, true);
    if (!root)
        error_set(err, "no JSON (byte %td)", end - copy);
    free(copy);
    return (struct json *)root;
}

struct json *json_load(const char *path, struct error *err)
{
    enum { SMALL = 1 << 20 };
    FILE *file = paths_open_regular(path);
    if (!file) {
        error_errno(err, "cannot read '%s'", path);
        return NULL;
    }
    char *text = malloc(SMALL);
    size_t size = text ? fread(text, 1, SMALL, file) : 0;
    struct json *root = text ? json_parse(text, size, err) : NULL;
    if (!text)
        error_set(err, "cannot read '%s': out of memory", path);
    free(text);
    fclose(file);
    return root;
}

bool json_save(const struct json *root, const char *path, struct error *err)
{
    char *text = json_text(root, err);
    if (!text)
        return false;
    size_t length = strlen(text);
    text[length] = '\n'; /* where its end was */
    bool saved = replace_file(path, text, length + 1, err);
    free(text);
    return saved;
}

bool json_is_object(const struct json *value)
{
    return cJSON_IsObject(peek(value));
}

bool json_is_array(const struct json *value)
{
    return cJSON_IsArray(peek(value));
}

int json_count(const struct json *container)
{
    return cJSON_GetArraySize(peek(container));
}

const struct json *json_first(const struct json *container)
{
    return container ? (const struct json *)peek(container)->child : NULL;
}

const struct json *json_next(const struct json *value)
{
    return value ? (const struct json *)peek(value)->next : NULL;
}

const char *json_name(const struct json *member)
{
    return member ? peek(member)->string : NULL;
}

const struct json *json_find(const struct json *object, const char *name)
{
    return (const struct json *)cJSON_GetObjectItemCaseSensitive(peek(object), name);
}

const char *json_string(const struct json *value)
{
    return cJSON_GetStringValue(peek(value));
}

bool json_number(const struct json *value, double *out)
{
    if (!cJSON_IsNumber(peek(value)) || !isfinite(peek(value)->valuedouble))
        return false;
    *out = peek(value)->valuedouble;
    return true;
}

bool json_integer(const struct json *value, int64_t *out)
{
    double number;
    if (!json_number(value, &number) || number != floor(number) || fabs(number) > 0x1p53)
        return false;
    *out = (int64_t)number;
    return true;
}

bool json_bool(const struct json *value, bool *out)
{
    if (!cJSON_IsBool(peek(value)))
        return false;
    *out = cJSON_IsTrue(peek(value));
    return true;
}
