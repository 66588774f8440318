#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool error_set(struct error *err, const char *format, ...)
{
    if (!err)
        return false;
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    err->hint[0] = '\0';
    return false;
}

/* Puts ": CAUSE" behind what was said. Where both do not fit, what was said is cut: it is a long
 * name, and the cause is what the user has to know. */
static void append_cause(struct error *err, const char *cause)
{
    size_t most = sizeof err->text - 1, said = strlen(err->text),
           wanted = strlen(": ...") + strlen(cause);
    if (wanted > most / 2)
        wanted = most / 2;
    const char *dots = "";
    if (said + wanted > most) {
        said = most - wanted;
        while (said > 0 && ((unsigned char)err->text[said] & 0xC0) == 0x80)
            said--; /* no half UTF-8 character */
        dots = "...";
    }
    snprintf(err->text + said, sizeof err->text - said, "%s: %s", dots, cause);
}

bool error_errno(struct error *err, const char *format, ...)
{
    int reason = errno;
    if (!err)
        return false;
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    err->hint[0] = '\0';
    append_cause(err, strerror(reason));
    return false;
}

bool error_prefix(struct error *err, const char *format, ...)
{
    if (!err)
        return false;
    char cause[sizeof err->text];
    memcpy(cause, err->text, sizeof cause);
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    append_cause(err, cause);
    return false;
}

bool error_hint(struct error *err, const char *format, ...)
{
    if (!err)
        return false;
    va_list args;
    va_start(args, format);
    vsnprintf(err->hint, sizeof err->hint, format, args);
    va_end(args);
    return false;
}
