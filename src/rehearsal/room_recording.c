/* The guitar's sound: kept with a take, and had again. */
#include "rehearsal/room_private.h"

#include "rehearsal/recorder.h"

#include <assert.h>
#include <stdlib.h>

/* Of given onsets nothing is heard. */
void room_begin_recording(struct room *room, const struct room_take_options *options,
                          const struct guitar *guitar, int rate)
{
    assert(!room->recorder);
    room->unrecorded = (struct error){.text = ""};
    if (!options->unrecorded && guitar->kind != GUITAR_ONSETS)
        room->recorder = recorder_new(rate, &room->unrecorded);
}

void room_drop_recording(struct room *room)
{
    recorder_free(room->recorder);
    room->recorder = NULL;
}

static void finish_recording(struct room *room, struct take *take)
{
    if (room->recorder)
        recorder_finish(room->recorder, &take->recording, &room->unrecorded);
    room_drop_recording(room);
}

/* A disk too full for the guitar may still have room for what was played. */
int room_keep_take(struct room *room, struct take *take, const struct score *score, int checkpoint,
                   struct error *err)
{
    finish_recording(room, take);
    struct error why = {.text = ""};
    int number = session_take_add(room->session, take, score, checkpoint, &why);
    if (!number && take->recording.bytes) {
        room->unrecorded = why;
        free(take->recording.bytes);
        take->recording = (struct take_recording){.bytes = NULL};
        number = session_take_add(room->session, take, score, checkpoint, &why);
    }
    if (!number && err)
        *err = why;
    return number;
}

const char *room_unrecorded(const struct room *room)
{
    return room->unrecorded.text[0] ? room->unrecorded.text : NULL;
}

bool room_recorded_guitar(struct room *room, const struct take *take, int number, int rate,
                          struct guitar *guitar, struct error *err)
{
    struct take_recording recording;
    *guitar = (struct guitar){.kind = GUITAR_NONE};
    if (!session_recording(room->session, number, &recording, err))
        return false;
    if (!recording.bytes)
        return true;
    bool read = guitar_of_take(guitar, take, &recording, rate, err);
    free(recording.bytes);
    return read || error_prefix(err, "take %d", number);
}

static bool write_silence(struct sound_writer *writer, int64_t frames, struct error *err)
{
    static const float silence[1024];
    for (int64_t n; frames > 0; frames -= n) {
        n = frames < 1024 ? frames : 1024;
        if (!sound_writer_put(writer, silence, n, err))
            return false;
    }
    return true;
}

/* From the score's time 0 on. */
static bool write_guitar(const struct guitar *guitar, struct sound_writer *writer,
                         struct error *err)
{
    const struct sound *sound = &guitar->sound;
    int64_t before = guitar->sound_frame < 0 ? -guitar->sound_frame : 0;
    if (before >= sound->count)
        return error_set(err, "all that was recorded of the guitar is in the count-in");
    return write_silence(writer, guitar->sound_frame, err) &&
           sound_writer_put(writer, sound->samples + before, sound->count - before, err);
}

bool room_export_guitar(struct room *room, int number, const char *path, struct error *err)
{
    const struct score *score;
    struct guitar guitar = {0};
    struct sound_writer *writer = NULL;
    struct take *take = room_stored_take(room, number, &score, err);
    bool good = take && room_recorded_guitar(room, take, number, 0, &guitar, err);
    if (good && !guitar.sound.samples)
        good = error_set(err, "the guitar of take %d was not recorded", number);
    if (good)
        writer = sound_writer_open(path, guitar.sound.rate, 1, err);
    good = writer && write_guitar(&guitar, writer, err);
    good = sound_writer_close(writer, good ? err : NULL) && good;
    guitar_close(&guitar);
    take_free(take);
    return good;
}
