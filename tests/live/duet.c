/* duet ROLYPOLY SECONDS: the program itself, live on a JACK server, with a guitar that is played to
 * it and every drum it strikes measured. In the present folder; the server is the one in
 * $JACK_DEFAULT_SERVER. Prints "ok NAME", "not ok NAME" and figures; the exit status is 1 after a
 * "not ok".
 *
 * A first take of a single bar tells the round trip: the guitar is then played that much later, as
 * a guitarist hears it, so that the offline run on the same file must find every onset at the same
 * frame. */
#include "audio/sound_file.h"
#include "base/rng.h"
#include "guitarist/string.h"
#include "jack_duet.h"
#include "store/session.h"
#include "support/tiny_sf2.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BPM = 120, COUNT_IN_S = 2, TRIES = 5 };

static const char *rolypoly;
static int failures;

static bool verdict(bool good, const char *name)
{
    printf("%s %s\n", good ? "ok" : "not ok", name);
    failures += !good;
    return good;
}

static void give_up(const char *why, const char *detail)
{
    printf("not ok %s: %s\n", why, detail);
    exit(1);
}

static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        give_up("cannot write", path);
}

/* A pluck on most eighths, up to 30 ms off them: 16 bits, as the offline run reads them. */
static void write_guitar(const char *path, int seconds, int rate)
{
    struct error err = {.text = ""};
    struct sound_writer *writer = sound_writer_open(path, rate, 2, &err);
    struct guitar_string *string = string_new(rate, 1);
    struct rng rng;
    rng_seed(&rng, 3);
    if (!writer || !string)
        give_up("cannot write the guitar", err.text);
    int64_t eighth = rate / 4, next = eighth, done = 0;
    for (int64_t beat = 2; done < (int64_t)seconds * rate; done += 256) {
        float mono[256] = {0}, stereo[512];
        while (next < done + 256) {
            string_strum(string, (int)(next - done), 110 * (1 + (double)(beat % 3) / 4), 0.8);
            do
                next = beat++ * eighth + llround(rng_between(&rng, -0.03, 0.03) * rate);
            while (rng_uniform(&rng) < 0.2);
        }
        string_render(string, mono, 256);
        for (int i = 0; i < 512; i++)
            stereo[i] = mono[i / 2];
        if (!sound_writer_put(writer, stereo, 256, &err))
            give_up("cannot write the guitar", err.text);
    }
    string_free(string);
    if (!sound_writer_close(writer, &err))
        give_up("cannot write the guitar", err.text);
}

/* Starts a take of the song; what it prints goes to `out`. */
static pid_t start_take(const char *out, const char *session, const char *const more[])
{
    const char *words[32] = {rolypoly,      "take",       "song.mid", "--session", session,
                             "--soundfont", "clicks.sf2", "--reverb", "0",         "--json"};
    int count = 10;
    while (*more)
        words[count++] = *more++;
    pid_t child = fork();
    if (child != 0)
        return child;
    int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    dup2(fd, STDOUT_FILENO);
    execv(rolypoly, (char *const *)words);
    _exit(127);
}

static bool ended_well(pid_t child)
{
    int status;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

struct record {
    struct session *session;
    struct score *score;
    struct take *take;
};

static struct record read_take(const char *path, int number)
{
    struct error err = {.text = ""};
    struct record record = {.session = session_open(path, &err)};
    record.score = record.session ? session_score(record.session, 100, &err) : NULL;
    record.take =
        record.score ? session_take_get(record.session, number, record.score, &err) : NULL;
    if (!record.take)
        give_up("cannot read the take", err.text);
    return record;
}

static void release(struct record *record)
{
    take_free(record->take);
    score_free(record->score);
    session_close(record->session);
}

static int64_t probe_round_trip(void)
{
    static const char *const more[] = {"--live", "--bars", "1", NULL};
    if (!ended_well(start_take("probe.json", "probe.db", more)))
        give_up("the first take failed", "see above");
    struct record record = read_take("probe.db", 1);
    int64_t round_trip = record.take->settings.round_trip_frames;
    release(&record);
    return round_trip;
}

static long resident_kb(pid_t process)
{
    char path[64], line[256];
    long kb = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)process);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        sscanf(line, "VmRSS: %ld", &kb);
    if (file)
        fclose(file);
    return kb;
}

static bool is_running(pid_t process)
{
    siginfo_t info = {.si_pid = 0};
    return waitid(P_PID, (id_t)process, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == 0;
}

/* Memory is looked at when the take has got going, and to the end. */
struct memory {
    long early_kb, late_kb;
};

static struct memory watch(pid_t process, int seconds)
{
    struct memory memory = {0};
    int early = COUNT_IN_S + (seconds > 60 ? 20 : seconds / 4);
    for (int s = 0; is_running(process) && s < COUNT_IN_S + seconds; s++) {
        if (s >= early)
            *(s == early ? &memory.early_kb : &memory.late_kb) = resident_kb(process);
        sleep(1);
    }
    return memory;
}

/* Until a take's first click was heard through the cables: the program may be quicker than they. */
static int play_live(struct jack_duet *duet, int seconds, struct memory *memory, int64_t *zero)
{
    static const char *const more[] = {"--live", NULL};
    for (int number = 1; number <= TRIES; number++) {
        pid_t child = start_take("live.json", "live.db", more);
        if (!jack_duet_connect(duet))
            give_up("no client to connect", rolypoly);
        sleep(1);
        if (jack_duet_zero(duet, zero)) {
            *memory = watch(child, seconds);
            if (!ended_well(child))
                give_up("the live take failed", "see above");
            return number;
        }
        kill(child, SIGINT);
        ended_well(child);
    }
    give_up("the count-in was never heard from its first click on", rolypoly);
    return 0;
}

static bool same_onsets(const struct take *live, const struct take *offline)
{
    bool same = live->onset_count == offline->onset_count;
    for (int i = 0; same && i < live->onset_count; i++)
        same = live->onsets[i].frame == offline->onsets[i].frame;
    return same;
}

static void judge(struct jack_duet *duet, int number, int64_t zero, int seconds)
{
    static const char *const more[] = {"--guitar", "guitar.wav", NULL};
    struct record live = read_take("live.db", number);
    struct click_report report = clicks_compare(live.score, live.take, jack_duet_track(duet), zero);
    struct take_summary summary = take_summarise(live.take);
    printf("# %d s: %d hits, %d at their frame, %d moved, %d lost, %d extra; %d late plans, %d "
           "xruns, of the server %d\n",
           seconds, report.hits, report.exact, report.moved, report.lost, report.extra,
           summary.deadline_misses, live.take->xruns, jack_duet_xruns(duet));
    verdict(report.hits > 0 && report.exact == report.hits && report.extra == 0,
            "every hit sounds at the frame it was planned for");
    verdict(live.take->step_count == live.score->step_count, "the take is whole");
    if (!ended_well(start_take("offline.json", "offline.db", more)))
        give_up("the offline take failed", "see above");
    struct record offline = read_take("offline.db", 1);
    printf("# %d onsets live, %d offline\n", live.take->onset_count, offline.take->onset_count);
    verdict(live.take->onset_count > seconds && same_onsets(live.take, offline.take),
            "onsets are those of the offline run, to the frame");
    release(&live);
    release(&offline);
}

static void make_files(int seconds, int rate)
{
    size_t size;
    uint8_t *bytes = click_song(seconds / 2, BPM, &size);
    write_file("song.mid", bytes, size);
    free(bytes);
    bytes = click_sf2(&size);
    write_file("clicks.sf2", bytes, size);
    free(bytes);
    write_guitar("guitar.wav", seconds, rate);
}

int main(int argc, char **argv)
{
    struct error err = {.text = ""};
    struct sound guitar;
    struct memory memory;
    int64_t zero;
    if (argc != 3)
        give_up("usage", "duet ROLYPOLY SECONDS");
    setvbuf(stdout, NULL, _IOLBF, 0);
    rolypoly = argv[1];
    int seconds = atoi(argv[2]), rate = 48000;
    make_files(seconds, rate);
    if (!sound_load("guitar.wav", rate, &guitar, &err))
        give_up("cannot read the guitar", err.text);
    struct duet_guitar played = {guitar.samples, guitar.count, probe_round_trip()};
    struct jack_duet *duet = jack_duet_open(&played, (int64_t)COUNT_IN_S * rate);
    if (!duet)
        return 1;
    int number = play_live(duet, seconds, &memory, &zero);
    judge(duet, number, zero, seconds);
    printf("# resident %ld kB early, %ld kB late\n", memory.early_kb, memory.late_kb);
    verdict(memory.early_kb > 0 && memory.late_kb <= memory.early_kb + 1024,
            "memory stays as it is");
    jack_duet_close(duet);
    sound_clear(&guitar);
    return failures > 0;
}
