/* What a full-screen program costs and how soon it answers, measured from outside: it runs in a
 * pseudo-terminal of its own, and all that is looked at is what it writes and when, and the
 * processor time the system books for it. Nothing draws, so no emulator's time is in the figures.
 *
 *   meter [-c COLS] [-r ROWS] [-w WARM_S] [-s SECONDS] [-i KEYS] [-k KEYS=TEXT]... COMMAND...
 *
 * -i types KEYS before the measurement begins. With -k the next of the KEYS is typed, in turn, and
 * the time is taken until TEXT has come: words that this key alone brings, as changes are all that
 * a program writes. In KEYS "\e" is escape, "\r" enter.
 * Prints lines of NAME VALUE. Exit status 1 when the program would not run or ended early. */
#include <glob.h>
#include <math.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_QUESTIONS = 8, MOST_ANSWERS = 1000, TAIL = 8192, SCREENFUL = 40 };

static const double PAUSE_S = 0.005;   /* silence this long parts two frames */
static const double ASK_S = 0.3;       /* from key to key */
static const double PATIENCE_S = 0.25; /* for the answer to one */
static const double HEED_S = 0.3;      /* from the first keys to the measurement */

struct question {
    char keys[16];
    const char *text;
};

struct options {
    int rows, cols;
    double warm_s, measure_s;
    char first_keys[64];
    struct question questions[MOST_QUESTIONS];
    int question_count;
    char **command;
};

/* What has come from the program. */
struct output {
    double begun_s;        /* when the program was started */
    double first_screen_s; /* a screenful of visible text had come; 0: not yet */
    double last_s;
    long bytes, frames;
    int visible;
    enum { TEXT, ESCAPED, SEQUENCE, STRING } state;
    char tail[TAIL]; /* the end of the visible text, to look for answers in */
    int tail_length;
};

struct answers {
    const struct question *asked; /* NULL: nothing is waited for */
    double asked_s;
    int next, count, missing;
    double ms[MOST_ANSWERS];
};

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void fail(const char *what)
{
    fprintf(stderr, "meter: %s\n", what);
    exit(1);
}

/* ---- What is shown ---- */

/* Terminals' sequences are skipped: ESC [ ... letter, ESC ] ... BEL, ESC and one or two more. */
static bool is_visible(struct output *output, unsigned char byte)
{
    switch (output->state) {
    case ESCAPED:
        output->state = byte == '['                  ? SEQUENCE
                        : byte == ']' || byte == 'P' ? STRING
                        : strchr("()*+#", byte)      ? ESCAPED
                                                     : TEXT;
        return false;
    case SEQUENCE:
        if (byte >= '@' && byte <= '~')
            output->state = TEXT;
        return false;
    case STRING:
        if (byte == 7 || byte == 27)
            output->state = byte == 7 ? TEXT : ESCAPED;
        return false;
    case TEXT:
        break;
    }
    if (byte == 27)
        output->state = ESCAPED;
    return byte > ' ' && byte != 127;
}

static void keep_visible(struct output *output, unsigned char byte)
{
    if (output->tail_length == TAIL - 1) {
        memmove(output->tail, output->tail + TAIL / 2, TAIL / 2 - 1);
        output->tail_length = TAIL / 2 - 1;
    }
    output->tail[output->tail_length++] = (char)byte;
    output->tail[output->tail_length] = '\0';
}

static void take_in(struct output *output, const unsigned char *bytes, long count, double at_s)
{
    output->bytes += count;
    if (at_s - output->last_s > PAUSE_S)
        output->frames++;
    output->last_s = at_s;
    for (long i = 0; i < count; i++)
        if (is_visible(output, bytes[i])) {
            keep_visible(output, bytes[i]);
            output->visible++;
        }
    if (output->first_screen_s == 0 && output->visible >= SCREENFUL)
        output->first_screen_s = at_s - output->begun_s;
}

/* Whether the text stands in what has come; spaces are not looked at, they are often skipped. */
static bool has_come(const struct output *output, const char *text)
{
    char wanted[128];
    int length = 0;
    for (; *text && length < (int)sizeof wanted - 1; text++)
        if (*text != ' ')
            wanted[length++] = *text;
    wanted[length] = '\0';
    return output->tail_length && strstr(output->tail, wanted);
}

/* ---- What it costs ---- */

/* Nanoseconds on a processor, of one thread or, for tid 0, of all that are there now. */
static double spent_s(pid_t pid, pid_t tid)
{
    char pattern[64];
    glob_t found;
    double sum = 0;
    if (tid)
        snprintf(pattern, sizeof pattern, "/proc/%d/task/%d/schedstat", pid, tid);
    else
        snprintf(pattern, sizeof pattern, "/proc/%d/task/*/schedstat", pid);
    if (glob(pattern, 0, NULL, &found) != 0)
        return 0;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        unsigned long long ns = 0;
        FILE *file = fopen(found.gl_pathv[i], "r");
        if (file && fscanf(file, "%llu", &ns) == 1)
            sum += 1e-9 * (double)ns;
        if (file)
            fclose(file);
    }
    globfree(&found);
    return sum;
}

/* ---- The run ---- */

static void type(int terminal, const char *keys)
{
    size_t length = strlen(keys);
    if (write(terminal, keys, length) != (ssize_t)length)
        fail("cannot type");
}

/* Reads what comes until `until_s`; false when the program has ended. */
static bool listen_until(int terminal, struct output *output, struct answers *answers,
                         double until_s)
{
    unsigned char bytes[65536];
    for (double left_s; (left_s = until_s - now_s()) > 0;) {
        struct pollfd input = {.fd = terminal, .events = POLLIN};
        if (poll(&input, 1, (int)ceil(1000 * left_s)) <= 0)
            continue;
        long count = read(terminal, bytes, sizeof bytes);
        double at_s = now_s();
        if (count <= 0)
            return false;
        take_in(output, bytes, count, at_s);
        if (answers->asked && has_come(output, answers->asked->text)) {
            answers->ms[answers->count++] = 1000 * (at_s - answers->asked_s);
            answers->asked = NULL;
        }
    }
    return true;
}

/* One key, and the time until the next. */
static bool ask(int terminal, const struct options *options, struct output *output,
                struct answers *answers)
{
    const struct question *question = &options->questions[answers->next];
    double begun_s = now_s();
    answers->next = (answers->next + 1) % options->question_count;
    output->tail_length = 0;
    answers->asked = question;
    answers->asked_s = begun_s;
    type(terminal, question->keys);
    if (!listen_until(terminal, output, answers, begun_s + PATIENCE_S))
        return false;
    answers->missing += answers->asked != NULL;
    answers->asked = NULL;
    /* Never in step with the frames. */
    return listen_until(terminal, output, answers, begun_s + ASK_S + 0.0037 * answers->count);
}

static bool measure(int terminal, const struct options *options, struct output *output,
                    struct answers *answers)
{
    double end_s = now_s() + options->measure_s;
    if (options->question_count == 0)
        return listen_until(terminal, output, answers, end_s);
    while (now_s() < end_s && answers->count < MOST_ANSWERS - 1)
        if (!ask(terminal, options, output, answers))
            return false;
    return true;
}

static int by_size(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static void print_answers(struct answers *answers)
{
    int count = answers->count;
    qsort(answers->ms, (size_t)count, sizeof *answers->ms, by_size);
    printf("keys %d\nunanswered %d\n", count + answers->missing, answers->missing);
    if (count)
        printf("key_p50_ms %.1f\nkey_p99_ms %.1f\nkey_max_ms %.1f\n", answers->ms[count / 2],
               answers->ms[(int)(0.99 * (count - 1))], answers->ms[count - 1]);
}

static void end(pid_t pid, int terminal)
{
    kill(pid, SIGTERM);
    for (int i = 0; i < 30 && waitpid(pid, NULL, WNOHANG) == 0; i++) {
        struct output rest = {0};
        struct answers none = {0};
        listen_until(terminal, &rest, &none, now_s() + 0.1);
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static bool run(const struct options *options)
{
    struct winsize size = {.ws_row = (unsigned short)options->rows,
                           .ws_col = (unsigned short)options->cols};
    struct output output = {.begun_s = now_s()};
    static struct answers answers;
    int terminal;
    pid_t pid = forkpty(&terminal, NULL, NULL, &size);
    if (pid < 0)
        fail("cannot make a pseudo-terminal");
    if (pid == 0) {
        execvp(options->command[0], options->command);
        _exit(127);
    }
    bool alive = listen_until(terminal, &output, &answers, output.begun_s + options->warm_s);
    if (alive && options->first_keys[0]) {
        type(terminal, options->first_keys);
        alive = listen_until(terminal, &output, &answers, now_s() + HEED_S);
    }
    double begun_s = now_s(), main_s = spent_s(pid, pid), all_s = spent_s(pid, 0);
    long bytes = output.bytes, frames = output.frames;
    alive = alive && measure(terminal, options, &output, &answers);
    double took_s = now_s() - begun_s;
    main_s = spent_s(pid, pid) - main_s;
    all_s = spent_s(pid, 0) - all_s;
    printf("first_screen_ms %.0f\n", 1000 * output.first_screen_s);
    printf("bytes_per_s %.0f\n", (double)(output.bytes - bytes) / took_s);
    printf("frames_per_s %.1f\n", (double)(output.frames - frames) / took_s);
    printf("main_thread_percent %.2f\n", 100 * main_s / took_s);
    printf("all_threads_percent %.2f\n", 100 * all_s / took_s);
    if (options->question_count)
        print_answers(&answers);
    end(pid, terminal);
    return alive;
}

/* ---- What is asked for ---- */

/* Up to `end`; "\e" and "\r" become what they mean. */
static void read_keys(const char *text, const char *end, char *keys, size_t size)
{
    size_t length = 0;
    for (; text < end && length < size - 1; text++) {
        char key = *text;
        if (key == '\\' && text + 1 < end) {
            text++;
            key = *text == 'e' ? '\033' : *text == 'r' ? '\r' : *text;
        }
        keys[length++] = key;
    }
    keys[length] = '\0';
}

static void read_question(struct options *options, const char *text)
{
    const char *equals = strchr(text, '=');
    if (!equals || options->question_count == MOST_QUESTIONS)
        fail("-k is KEYS=TEXT, at most eight times");
    struct question *question = &options->questions[options->question_count++];
    read_keys(text, equals, question->keys, sizeof question->keys);
    question->text = equals + 1;
}

int main(int argc, char **argv)
{
    struct options options = {.rows = 24, .cols = 80, .warm_s = 3, .measure_s = 10};
    for (int option; (option = getopt(argc, argv, "+c:r:w:s:i:k:")) != -1;) {
        switch (option) {
        case 'c':
            options.cols = atoi(optarg);
            break;
        case 'r':
            options.rows = atoi(optarg);
            break;
        case 'w':
            options.warm_s = atof(optarg);
            break;
        case 's':
            options.measure_s = atof(optarg);
            break;
        case 'i':
            read_keys(optarg, optarg + strlen(optarg), options.first_keys,
                      sizeof options.first_keys);
            break;
        case 'k':
            read_question(&options, optarg);
            break;
        default:
            return 1;
        }
    }
    options.command = argv + optind;
    if (!options.command[0])
        fail("no command");
    if (!run(&options))
        fail("the program ended before the measurement did");
    return 0;
}
