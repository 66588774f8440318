#include "jack_duet.h"

#include <jack/jack.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TRACK = 1 << 23, PATIENCE_MS = 10000, LOOK_MS = 2 };

/* Between the plain click of a count-in and its accent. */
static const float accent = 0.3f;

struct jack_duet {
    jack_client_t *player, *recorder;
    jack_port_t *out, *in[2];
    struct duet_guitar guitar;
    int64_t count_in;
    int64_t frame;      /* of the cycle: written by the player, read by the recorder after it */
    atomic_bool cabled; /* what is heard counts */
    atomic_llong first; /* of the first click; -1 before it */
    atomic_int state;   /* enum heard */
    atomic_int xruns;
    float loudest; /* of the first click so far */
    struct click_track track;
};

enum heard { NOTHING, A_CLICK, THE_ACCENT, TOO_LATE };

static void play(struct jack_duet *duet, float *out, int count, int64_t frame)
{
    memset(out, 0, (size_t)count * sizeof *out);
    if (atomic_load(&duet->state) != THE_ACCENT)
        return;
    int64_t start = atomic_load(&duet->first) + duet->count_in + duet->guitar.delay;
    for (int i = 0; i < count; i++) {
        int64_t at = frame + i - start;
        if (at >= 0 && at < duet->guitar.count)
            out[i] = duet->guitar.samples[at];
    }
}

static int run_player(jack_nframes_t count, void *context)
{
    struct jack_duet *duet = context;
    static int64_t next; /* it begins when the process does */
    duet->frame = next;
    next += count;
    play(duet, jack_port_get_buffer(duet->out, count), (int)count, duet->frame);
    return 0;
}

/* The first click is judged when it is over; by then its accent has shown. */
static void await_click(struct jack_duet *duet, const float *stereo, int count, int64_t frame)
{
    for (int i = 0; i < count; i++) {
        float level = fabsf(stereo[2 * i]);
        if (atomic_load(&duet->state) == NOTHING && level > 1e-3f) {
            atomic_store(&duet->first, frame + i);
            atomic_store(&duet->state, A_CLICK);
        }
        duet->loudest = fmaxf(duet->loudest, level);
    }
    if (atomic_load(&duet->state) == A_CLICK &&
        frame + count > atomic_load(&duet->first) + jack_duet_rate(duet) / 20)
        atomic_store(&duet->state, duet->loudest > accent ? THE_ACCENT : TOO_LATE);
}

static int run_recorder(jack_nframes_t count, void *context)
{
    struct jack_duet *duet = context;
    float stereo[2 * 8192];
    const float *side[2];
    if (!atomic_load(&duet->cabled) || count > 8192)
        return 0;
    for (int k = 0; k < 2; k++)
        side[k] = jack_port_get_buffer(duet->in[k], count);
    for (jack_nframes_t i = 0; i < 2 * count; i++)
        stereo[i] = side[i % 2][i / 2];
    if (atomic_load(&duet->state) <= A_CLICK)
        await_click(duet, stereo, (int)count, duet->frame);
    click_track_add(&duet->track, stereo, (int)count, duet->frame);
    return 0;
}

static int count_xrun(void *context)
{
    struct jack_duet *duet = context;
    atomic_fetch_add(&duet->xruns, 1);
    return 0;
}

static void say_nothing(const char *message)
{
    (void)message;
}

struct jack_duet *jack_duet_open(const struct duet_guitar *guitar, int64_t count_in)
{
    struct jack_duet *duet = calloc(1, sizeof *duet);
    jack_set_error_function(say_nothing);
    jack_set_info_function(say_nothing);
    duet->guitar = *guitar;
    duet->count_in = count_in;
    atomic_store(&duet->first, -1);
    duet->player = jack_client_open("duet-player", JackNoStartServer, NULL);
    duet->recorder = jack_client_open("duet-recorder", JackNoStartServer, NULL);
    if (!duet->player || !duet->recorder || !click_track_init(&duet->track, TRACK)) {
        fprintf(stderr, "duet: no JACK server\n");
        return NULL;
    }
    duet->out =
        jack_port_register(duet->player, "guitar", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
    duet->in[0] =
        jack_port_register(duet->recorder, "left", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
    duet->in[1] =
        jack_port_register(duet->recorder, "right", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
    jack_set_process_callback(duet->player, run_player, duet);
    jack_set_process_callback(duet->recorder, run_recorder, duet);
    jack_set_xrun_callback(duet->recorder, count_xrun, duet);
    jack_activate(duet->player);
    jack_activate(duet->recorder);
    return duet;
}

void jack_duet_close(struct jack_duet *duet)
{
    jack_client_close(duet->player);
    jack_client_close(duet->recorder);
    click_track_release(&duet->track);
    free(duet);
}

int jack_duet_rate(const struct jack_duet *duet)
{
    return (int)jack_get_sample_rate(duet->player);
}

/* The first port of this kind that is neither ours nor the sound card's. */
static bool find_port(struct jack_duet *duet, unsigned long flags, int index, char *name, int size)
{
    bool found = false;
    const char **ports = jack_get_ports(duet->player, NULL, JACK_DEFAULT_AUDIO_TYPE, flags);
    for (int i = 0; ports && ports[i] && !found; i++) {
        if (strncmp(ports[i], "duet-", 5) == 0 || strncmp(ports[i], "system:", 7) == 0)
            continue;
        found = index-- == 0;
        if (found)
            snprintf(name, (size_t)size, "%s", ports[i]);
    }
    jack_free(ports);
    return found;
}

static bool connected(int status)
{
    return status == 0 || status == 17; /* EEXIST */
}

static bool try_to_connect(struct jack_duet *duet)
{
    char in[320], left[320], right[320];
    return find_port(duet, JackPortIsInput, 0, in, sizeof in) &&
           find_port(duet, JackPortIsOutput, 0, left, sizeof left) &&
           find_port(duet, JackPortIsOutput, 1, right, sizeof right) &&
           connected(jack_connect(duet->recorder, left, jack_port_name(duet->in[0]))) &&
           connected(jack_connect(duet->recorder, right, jack_port_name(duet->in[1]))) &&
           connected(jack_connect(duet->player, jack_port_name(duet->out), in));
}

bool jack_duet_connect(struct jack_duet *duet)
{
    atomic_store(&duet->cabled, false);
    for (int ms = 0; ms < PATIENCE_MS; ms += LOOK_MS) {
        if (try_to_connect(duet)) {
            duet->track.count = 0;
            duet->loudest = 0;
            atomic_store(&duet->state, NOTHING);
            atomic_store(&duet->xruns, 0);
            atomic_store(&duet->cabled, true);
            return true;
        }
        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
    }
    return false;
}

bool jack_duet_zero(struct jack_duet *duet, int64_t *zero)
{
    *zero = atomic_load(&duet->first) + duet->count_in;
    return atomic_load(&duet->state) == THE_ACCENT;
}

const struct click_track *jack_duet_track(const struct jack_duet *duet)
{
    return &duet->track;
}

int jack_duet_xruns(const struct jack_duet *duet)
{
    return atomic_load(&duet->xruns);
}
