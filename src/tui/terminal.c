#include "tui/terminal.h"

#include "tui/keys.h"

#define NCURSES_NOMACROS
#include <curses.h>
#include <term.h>

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { ESCAPE_DELAY_MS = 25 };

static SCREEN *screen;
static attr_t looks[ROLE_COUNT];
static bool utf8;

/* For the crash handler, which may call nothing but write(), tcsetattr() and dup2(). */
static struct termios found;
static char give_back[128];
static size_t give_back_size;
static int error_output = -1; /* where standard error went before */

static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
enum { CRASHES = sizeof crashes / sizeof *crashes };

static void give_back_and_die(int number)
{
    ssize_t ignored = write(STDOUT_FILENO, give_back, give_back_size);
    (void)ignored;
    tcsetattr(STDIN_FILENO, TCSANOW, &found);
    if (error_output >= 0)
        dup2(error_output, STDERR_FILENO);
    raise(number); /* SA_RESETHAND: now it kills */
}

static void add_capability(const char *name)
{
    const char *text = tigetstr(name);
    if (!text || text == (const char *)-1 || give_back_size + strlen(text) >= sizeof give_back)
        return;
    memcpy(give_back + give_back_size, text, strlen(text));
    give_back_size += strlen(text);
}

static void guard_against_crashes(void)
{
    give_back_size = 0;
    add_capability("sgr0");
    add_capability("rmkx");
    add_capability("cnorm");
    add_capability("rmcup");
    struct sigaction action = {.sa_handler = give_back_and_die,
                               .sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};
    for (int i = 0; i < CRASHES; i++)
        sigaction(crashes[i], &action, NULL);
}

static void stop_guarding(void)
{
    for (int i = 0; i < CRASHES; i++)
        signal(crashes[i], SIG_DFL);
}

/* Sound libraries like to talk; on the screen their words would be litter. */
static void mute_standard_error(void)
{
    if (!isatty(STDERR_FILENO))
        return;
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0)
        return;
    error_output = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (error_output >= 0)
        dup2(nowhere, STDERR_FILENO);
    close(nowhere);
}

static void unmute_standard_error(void)
{
    if (error_output < 0)
        return;
    dup2(error_output, STDERR_FILENO);
    close(error_output);
    error_output = -1;
}

static void choose_looks(void)
{
    static const struct {
        attr_t look;
        short colour; /* -1: the terminal's own */
    } kinds[ROLE_COUNT] = {
        [ROLE_PLAIN] = {A_NORMAL, -1},
        [ROLE_DIM] = {A_DIM, -1},
        [ROLE_BOLD] = {A_BOLD, -1},
        [ROLE_DRUMS] = {A_BOLD, COLOR_CYAN},
        [ROLE_GUITAR] = {A_BOLD, COLOR_YELLOW},
        [ROLE_EXPECTED] = {A_NORMAL, COLOR_MAGENTA},
        [ROLE_GOOD] = {A_BOLD, COLOR_GREEN},
        [ROLE_WARN] = {A_NORMAL, COLOR_YELLOW},
        [ROLE_BAD] = {A_BOLD, COLOR_RED},
        [ROLE_SELECTED] = {A_REVERSE, -1},
    };
    const char *no_color = getenv("NO_COLOR");
    bool colour = has_colors() && !(no_color && no_color[0]) && start_color() != ERR &&
                  use_default_colors() != ERR;
    for (int role = 0; role < ROLE_COUNT; role++) {
        looks[role] = kinds[role].look;
        if (colour && kinds[role].colour >= 0 &&
            init_pair((short)(role + 1), kinds[role].colour, -1) != ERR)
            looks[role] |= COLOR_PAIR(role + 1);
    }
}

bool terminal_open(struct error *err)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &found) != 0) {
        error_set(err, "cannot show the rehearsal: this is no terminal");
        return error_hint(err, "use 'rolypoly take' where there is no screen");
    }
    setlocale(LC_CTYPE, "");
    utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    screen = newterm(NULL, stdout, stdin);
    if (!screen) {
        const char *name = getenv("TERM");
        error_set(err, "cannot use terminal '%s'", name ? name : "");
        return error_hint(err, "set TERM to what your terminal is, for example xterm");
    }
    guard_against_crashes();
    mute_standard_error();
    set_escdelay(ESCAPE_DELAY_MS);
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    curs_set(0);
    choose_looks();
    return true;
}

void terminal_close(void)
{
    if (!screen)
        return;
    endwin();
    delscreen(screen);
    screen = NULL;
    unmute_standard_error();
    stop_guarding();
}

bool terminal_utf8(void)
{
    return utf8;
}

void terminal_size(int *rows, int *cols)
{
    getmaxyx(stdscr, *rows, *cols);
}

void terminal_show(const struct grid *grid)
{
    for (int row = 0; row < grid->rows; row++) {
        int reached = 0; /* column that the cursor stands at */
        for (int col = 0; col < grid->cols; col++) {
            const struct cell *cell = &grid->cells[row * grid->cols + col];
            if (!cell->text[0] && reached > col)
                continue; /* covered by the wide character before it */
            attrset((int)looks[cell->role]);
            mvaddstr(row, col, cell->text[0] ? cell->text : " ");
            reached = getcurx(stdscr);
        }
    }
    refresh();
}

static int translate(wint_t code)
{
    switch (code) {
    case KEY_UP:
        return PRESS_UP;
    case KEY_DOWN:
        return PRESS_DOWN;
    case KEY_LEFT:
        return PRESS_LEFT;
    case KEY_RIGHT:
        return PRESS_RIGHT;
    case KEY_PPAGE:
        return PRESS_PAGE_UP;
    case KEY_NPAGE:
        return PRESS_PAGE_DOWN;
    case KEY_HOME:
        return PRESS_HOME;
    case KEY_END:
        return PRESS_END;
    case KEY_DC:
        return PRESS_DELETE;
    case KEY_ENTER:
        return PRESS_ENTER;
    case KEY_BACKSPACE:
        return PRESS_BACKSPACE;
    case KEY_RESIZE:
        return PRESS_RESIZE;
    default:
        return PRESS_NONE;
    }
}

/* A key that the terminal's description lacks arrives as escape and a rest, which would be taken
 * for other keys: ESC [ 5 ~ or ESC O P. True when there was such a rest. */
static bool swallow_sequence(void)
{
    wint_t code;
    if (get_wch(&code) != OK)
        return false;
    if (code != '[' && code != 'O') {
        unget_wch((wchar_t)code);
        return false;
    }
    do
        if (get_wch(&code) != OK)
            break;
    while (code < '@' || code > '~');
    return true;
}

static int read_key(void)
{
    wint_t code;
    int kind = get_wch(&code);
    if (kind == KEY_CODE_YES)
        return translate(code);
    if (kind != OK)
        return PRESS_NONE;
    switch (code) {
    case '\r':
    case '\n':
        return PRESS_ENTER;
    case 27:
        return swallow_sequence() ? PRESS_NONE : PRESS_ESCAPE;
    case 8:
    case 127:
        return PRESS_BACKSPACE;
    case 'L' - '@': /* the terminal was written over: draw it all */
        redrawwin(stdscr);
        refresh();
        return PRESS_NONE;
    default:
        return (int)code;
    }
}

int terminal_press(int wait_ms)
{
    int press = read_key();
    if (press != PRESS_NONE)
        return press;
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    int ready = poll(&input, 1, wait_ms);
    if (ready > 0 && (input.revents & (POLLHUP | POLLERR | POLLNVAL)))
        return PRESS_HANGUP;
    return ready != 0 ? read_key() : PRESS_NONE;
}
