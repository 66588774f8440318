#include "cli/again.h"

#include "cli/cli.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char rest_name[] = "ROLYPOLY_GOES_ON", demo_name[] = "ROLYPOLY_GOES_ON_DEMO";

/* It is the same program that wrote them: the bytes will do. */
static bool read_bytes(const char *text, unsigned char *bytes, size_t count)
{
    if (!text || strlen(text) != 2 * count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (sscanf(text + 2 * i, "%2hhx", &bytes[i]) != 1)
            return false;
    return true;
}

void again_take(struct tui_rest *rest, struct demo_session *session)
{
    const char *folder = getenv(demo_name);
    if (!read_bytes(getenv(rest_name), (unsigned char *)rest, sizeof *rest))
        *rest = (struct tui_rest){.there = false};
    if (rest->there && folder && strstr(folder, "/rolypoly-demo-"))
        demo_session_find(session, folder);
    unsetenv(rest_name);
    unsetenv(demo_name);
}

bool again_begin(const struct tui_rest *rest, const struct demo_session *session, struct error *err)
{
    char text[2 * sizeof *rest + 1];
    const unsigned char *bytes = (const unsigned char *)rest;
    for (size_t i = 0; i < sizeof *rest; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    setenv(rest_name, text, 1);
    if (session->folder[0])
        setenv(demo_name, session->folder, 1);
    close_range(STDERR_FILENO + 1, ~0u, 0); /* what the lost sound server left open */
    char self[PATH_MAX] = "";               /* by its own name, not the link's, it is known to ps */
    if (readlink("/proc/self/exe", self, sizeof self - 1) > 0)
        execv(self, cli_words());
    execv("/proc/self/exe", cli_words()); /* it was replaced meanwhile */
    return error_errno(err, "cannot start rolypoly again");
}
