#include "tui/terminal.h"

#include "tui/keys.h"
#include "tui/palette.h"

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
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { ESCAPE_DELAY_MS = 25 };

/* A press and a release that come together are told as a click. */
enum { CLICKS = BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED };

static SCREEN *screen;
static attr_t looks[ROLE_COUNT];
static bool utf8;
static bool resized; /* curses may have cut off what it was given */

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

static void add_text(const char *text)
{
    if (give_back_size + strlen(text) >= sizeof give_back)
        return;
    memcpy(give_back + give_back_size, text, strlen(text));
    give_back_size += strlen(text);
}

static void add_capability(const char *name)
{
    const char *text = tigetstr(name);
    if (text && text != (const char *)-1)
        add_text(text);
}

static void guard_against_crashes(void)
{
    give_back_size = 0;
    add_text("\033[?1000l\033[?1006l"); /* the mouse */
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
    bool colour = palette_wanted(getenv("NO_COLOR")) && has_colors() && start_color() != ERR &&
                  use_default_colors() != ERR;
    for (int role = 0; role < ROLE_COUNT; role++) {
        struct look look = palette_look((enum role)role, colour ? COLORS : 0);
        looks[role] =
            (look.bold ? A_BOLD : 0) | (look.dim ? A_DIM : 0) | (look.reverse ? A_REVERSE : 0);
        if (look.colour >= 0 && init_extended_pair(role + 1, look.colour, -1) != ERR)
            looks[role] |= COLOR_PAIR(role + 1);
    }
}

/* The user's terminal, by its description with direct colour where there is one and it can. */
static SCREEN *open_screen(void)
{
    char name[64];
    SCREEN *opened = NULL;
    if (palette_wanted(getenv("NO_COLOR")) &&
        palette_direct(getenv("TERM"), getenv("COLORTERM"), name, sizeof name))
        opened = newterm(name, stdout, stdin);
    return opened ? opened : newterm(NULL, stdout, stdin);
}

bool terminal_open(bool mouse, struct error *err)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &found) != 0) {
        error_set(err, "cannot show the rehearsal: this is no terminal");
        return error_hint(err, "use 'rolypoly take' where there is no screen");
    }
    setlocale(LC_CTYPE, "");
    utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    screen = open_screen();
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
    leaveok(stdscr, TRUE); /* nobody sees where the cursor is */
    choose_looks();
    if (mouse) {
        mousemask(CLICKS | BUTTON1_RELEASED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
        mouseinterval(0); /* a press is told at once, not when it may be a double click */
    }
    return true;
}

void terminal_close(void)
{
    if (!screen)
        return;
    if (!exit_ca_mode) { /* no screen from before to go back to: the shell gets an empty one */
        erase();
        refresh();
    }
    endwin();
    delscreen(screen);
    screen = NULL;
    unmute_standard_error();
    stop_guarding();
}

void terminal_lend(void)
{
    endwin();
    unmute_standard_error();
}

/* A stopped program is told of no new size. */
void terminal_take_back(void)
{
    struct winsize size;
    mute_standard_error();
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
        resize_term(size.ws_row, size.ws_col);
    clearok(curscr, TRUE);
    refresh();
}

bool terminal_utf8(void)
{
    return utf8;
}

void terminal_size(int *rows, int *cols)
{
    getmaxyx(stdscr, *rows, *cols);
}

/* A blank looks the same in whatever colour: it takes that of the sign before it, which spares
 * the terminal the way to another look and back. */
static attr_t look_of(const struct cell *cell, attr_t before)
{
    bool blank = strcmp(cell->text, " ") == 0;
    return blank && !((looks[cell->role] | before) & A_REVERSE) ? before : looks[cell->role];
}

static bool same_cell(const struct cell *a, const struct cell *b)
{
    return a->role == b->role && memcmp(a->text, b->text, sizeof a->text) == 0;
}

/* Gives a row to curses, from `col` on: what stands left of it is as it was. */
static void show_row(const struct cell *cells, int row, int col, int cols)
{
    attr_t look = A_NORMAL;
    int reached = col; /* column that the cursor stands at */
    move(row, col);
    for (; col < cols; col++) {
        const struct cell *cell = &cells[col];
        look = look_of(cell, look);
        if (!cell->text[0] && reached > col)
            continue; /* covered by the wide character before it */
        attrset((int)look);
        addstr(cell->text[0] ? cell->text : " ");
        reached = getcurx(stdscr);
    }
}

void terminal_show(const struct grid *next, const struct grid *last)
{
    bool all = resized || last->rows != next->rows || last->cols != next->cols;
    resized = false;
    for (int row = 0; row < next->rows; row++) {
        const struct cell *cells = next->cells + row * next->cols;
        const struct cell *shown = all ? NULL : last->cells + row * next->cols;
        int col = 0;
        while (shown && col < next->cols && same_cell(&cells[col], &shown[col]))
            col++;
        if (col == next->cols)
            continue;
        while (col > 0 && (!cells[col].text[0] || strcmp(cells[col].text, " ") == 0))
            col--; /* to a sign that says where it stands, and how it looks */
        show_row(cells, row, col, next->cols);
    }
    refresh();
}

static int clicked_row, clicked_col;

void terminal_click(int *row, int *col)
{
    *row = clicked_row;
    *col = clicked_col;
}

static int read_mouse(void)
{
    MEVENT event;
    if (getmouse(&event) != OK)
        return PRESS_NONE;
    clicked_row = event.y;
    clicked_col = event.x;
    return event.bstate & BUTTON4_PRESSED   ? PRESS_WHEEL_UP
           : event.bstate & BUTTON5_PRESSED ? PRESS_WHEEL_DOWN
           : event.bstate & CLICKS          ? PRESS_CLICK
                                            : PRESS_NONE;
}

static int translate(wint_t code)
{
    switch (code) {
    case KEY_MOUSE:
        return read_mouse();
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
        resized = true;
        return PRESS_RESIZE;
    default:
        return code > KEY_F0 && code <= KEY_F(12) ? PRESS_F1 + (int)code - KEY_F(1) : PRESS_NONE;
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

int terminal_press(int wait_ms, int other)
{
    int press = read_key();
    if (press != PRESS_NONE)
        return press;
    struct pollfd inputs[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                              {.fd = other, .events = POLLIN}};
    int ready = poll(inputs, 2, wait_ms);
    if (ready > 0 && (inputs[0].revents & (POLLHUP | POLLERR | POLLNVAL)))
        return PRESS_HANGUP;
    return ready != 0 ? read_key() : PRESS_NONE;
}
