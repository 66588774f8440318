#include "audio/pedal.h"

#include "audio/hush.h"
#include "audio/pedal_bytes.h"
#include "base/stopwatch.h"

#include <alsa/asoundlib.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A FIFO whose writer has gone is open again at once, a cable that was pulled out is not. */
static const double GONE_S = 0.1, LOOK_S = 2.0;

struct pedal {
    char place[PATH_MAX];
    snd_rawmidi_t *card; /* one of the two, */
    int file;            /* NULL and -1 when it is not there */
    bool there;
    double look_s; /* when it is looked for */
    struct pedal_bytes bytes;
    unsigned char read[64];
    int count, next; /* of those that were read */
};

/* A plain file would be read for ever. */
static int open_path(const char *path)
{
    struct stat info;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (file >= 0 &&
        (fstat(file, &info) != 0 || !(S_ISCHR(info.st_mode) || S_ISFIFO(info.st_mode)))) {
        close(file);
        return -1;
    }
    return file;
}

static void look(struct pedal *pedal)
{
    bool is_path = strchr(pedal->place, '/') != NULL;
    if (is_path)
        pedal->file = open_path(pedal->place);
    else
        hush_libraries();
    if (!is_path && snd_rawmidi_open(&pedal->card, NULL, pedal->place, SND_RAWMIDI_NONBLOCK) < 0)
        pedal->card = NULL;
    pedal->there = pedal->card || pedal->file >= 0;
    pedal->bytes = (struct pedal_bytes){0};
    pedal->look_s = stopwatch_s() + LOOK_S;
}

static void let_go(struct pedal *pedal)
{
    if (pedal->card)
        snd_rawmidi_close(pedal->card);
    if (pedal->file >= 0)
        close(pedal->file);
    pedal->card = NULL;
    pedal->file = -1;
    pedal->look_s = stopwatch_s() + GONE_S;
}

struct pedal *pedal_open(const char *place)
{
    struct pedal *pedal = calloc(1, sizeof *pedal);
    if (!pedal)
        return NULL;
    snprintf(pedal->place, sizeof pedal->place, "%s", place);
    pedal->file = -1;
    look(pedal);
    return pedal;
}

void pedal_close(struct pedal *pedal)
{
    if (!pedal)
        return;
    let_go(pedal);
    free(pedal);
}

int pedal_fd(const struct pedal *pedal)
{
    struct pollfd descriptor = {.fd = -1};
    if (pedal && pedal->card && snd_rawmidi_poll_descriptors(pedal->card, &descriptor, 1) == 1)
        return descriptor.fd;
    return pedal ? pedal->file : -1;
}

/* What is there to be read: 0 nothing now, -1 it has gone. */
static int read_bytes(struct pedal *pedal)
{
    struct pollfd input = {.fd = pedal_fd(pedal), .events = POLLIN};
    if (poll(&input, 1, 0) <= 0)
        return 0;
    if (!(input.revents & POLLIN))
        return -1;
    ssize_t count = pedal->card ? snd_rawmidi_read(pedal->card, pedal->read, sizeof pedal->read)
                                : read(pedal->file, pedal->read, sizeof pedal->read);
    if (count == -EAGAIN || (!pedal->card && count < 0 && (errno == EAGAIN || errno == EINTR)))
        return 0;
    return count > 0 ? (int)count : -1;
}

bool pedal_read(struct pedal *pedal, struct pedal_press *press)
{
    if (!pedal)
        return false;
    if (pedal_fd(pedal) < 0 && stopwatch_s() >= pedal->look_s)
        look(pedal);
    while (pedal_fd(pedal) >= 0) {
        while (pedal->next < pedal->count)
            if (pedal_byte(&pedal->bytes, pedal->read[pedal->next++], press))
                return true;
        pedal->next = 0;
        pedal->count = read_bytes(pedal);
        if (pedal->count < 0)
            let_go(pedal);
        if (pedal->count <= 0) {
            pedal->count = 0;
            return false;
        }
    }
    return false;
}

bool pedal_is_there(const struct pedal *pedal)
{
    return pedal && pedal->there;
}
