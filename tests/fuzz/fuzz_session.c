/* A session file of any bytes: whatever can be read is read, and what can be written is written. */
#include "audio/recording.h"
#include "store/session.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[64];

static void remove_file(void)
{
    unlink(path);
}

/* In memory where there is such a folder: the store waits for the disk at every change. */
static bool write_file(const uint8_t *data, size_t size)
{
    if (!path[0]) {
        struct stat info;
        const char *folder = stat("/dev/shm", &info) == 0 ? "/dev/shm" : "/tmp";
        snprintf(path, sizeof path, "%s/fuzz-session-%d.db", folder, (int)getpid());
        atexit(remove_file);
    }
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    bool ok = file >= 0 && write(file, data, size) == (ssize_t)size;
    if (file >= 0)
        close(file);
    return ok;
}

static void read_recording(struct session *session, int take)
{
    struct take_recording recording;
    struct sound sound;
    struct error err;
    if (!session_recording(session, take, &recording, &err))
        return;
    if (recording_read(recording.bytes, recording.size, 0, 10, &sound, &err))
        sound_clear(&sound);
    free(recording.bytes);
}

static void read_takes(struct session *session, const struct score *score)
{
    struct session_take *list;
    struct error err;
    int count;
    if (!session_takes(session, &list, &count, &err))
        return;
    for (int i = 0; i < count && i < 20; i++) {
        take_free(session_take_get(session, list[i].number, score, &err));
        read_recording(session, list[i].number);
    }
    free(list);
}

static void read_checkpoints(struct session *session)
{
    struct session_checkpoint *list;
    struct error err;
    size_t size;
    int count, current;
    if (session_checkpoints(session, &list, &count, &err))
        free(list);
    if (session_current(session, &current, &err))
        free(session_checkpoint_get(session, current, &size, &err));
}

static void write_some(struct session *session, const struct score *score)
{
    const struct take_settings settings = {.model = "straight", .rate = 48000};
    const struct session_checkpoint lesson = {.take = 1, .model = "groove"};
    struct error err;
    struct take *take = take_new(score, &settings, 0, 0);
    if (take)
        session_take_add(session, take, score, 0, &err);
    take_free(take);
    session_checkpoint_add(session, &lesson, "w", 1, &err);
    session_set_current(session, 1, &err);
    session_note_take(session, 2, "a note", &err);
    session_note_checkpoint(session, 1, "", &err);
    session_take_delete(session, 2, &err);
    session_branch_delete(session, 2, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err;
    struct session *session = write_file(data, size) ? session_open(path, &err) : NULL;
    if (!session)
        return 0;
    struct score *score = session_score(session, 100, &err);
    if (score) {
        read_takes(session, score);
        write_some(session, score);
    }
    read_checkpoints(session);
    session_check(session, &err);
    score_free(score);
    session_close(session);
    return 0;
}
