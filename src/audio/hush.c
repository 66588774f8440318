#include "audio/hush.h"

#include "audio/libjack.h"

#include <alsa/asoundlib.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void no_alsa_message(const char *file, int line, const char *function, int problem,
                            const char *format, ...)
{
    (void)file, (void)line, (void)function, (void)problem, (void)format;
}

void hush_libraries(void)
{
    snd_lib_error_set_handler(no_alsa_message);
    libjack_hush();
}

int hush_begin(void)
{
    fflush(stderr);
    int kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (kept >= 0 && nothing >= 0)
        dup2(nothing, STDERR_FILENO);
    if (nothing >= 0)
        close(nothing);
    return kept;
}

void hush_end(int kept)
{
    if (kept < 0)
        return;
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
}
