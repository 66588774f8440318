#include "tui/click.h"

#include "tui/act.h"
#include "tui/terminal.h"

enum { WHEEL_LINES = 3 };

/* True when it was selected already. */
static bool select_line(struct tui *tui, int line)
{
    struct screen *screen = &tui->screen;
    int selected = screen->view == VIEW_HISTORY   ? screen->browsing.selected
                   : screen->view == VIEW_LIBRARY ? screen->library.selected
                                                  : -1;
    if (screen->view == VIEW_WEIGHTS)
        screen->knob = (enum knob)line;
    else if (line != selected)
        act_move(tui, line - selected);
    return line == selected;
}

static void click(struct tui *tui)
{
    struct screen *screen = &tui->screen;
    int row, col;
    terminal_click(&row, &col);
    const struct spot *spot = grid_spot(&tui->frames.grids[tui->frames.shown], row, col);
    if (!spot)
        return;
    if (spot->kind == SPOT_KEY)
        act_on_key(tui, spot->number);
    else if (spot->kind == SPOT_BAR)
        verdict_go_to_bar(&screen->verdict, spot->number);
    else if (select_line(tui, spot->number))
        act(tui, screen->view == VIEW_LIBRARY ? ACTION_OPEN : ACTION_LOOK, 0);
}

static void scroll(struct tui *tui, int part)
{
    if (keymap_places(ACTION_MOVE) & screen_place(&tui->screen))
        for (int i = 0; i < WHEEL_LINES; i++)
            act(tui, ACTION_MOVE, part);
}

bool click_heed(struct tui *tui, int press)
{
    if (press != PRESS_CLICK && press != PRESS_WHEEL_UP && press != PRESS_WHEEL_DOWN)
        return false;
    if (tui->screen.prompt.open || tui->calibration)
        return true;
    if (press == PRESS_CLICK)
        click(tui);
    else
        scroll(tui, press == PRESS_WHEEL_DOWN);
    return true;
}
