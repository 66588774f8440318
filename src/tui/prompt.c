#include "tui/prompt.h"

#include "base/utf8.h"
#include "tui/keys.h"

#include <string.h>

#define CTRL(letter) ((letter) - '@')

void prompt_open(struct prompt *prompt, const char *label, const char *hints, const char *text,
                 void (*heed)(struct tui *tui, int press))
{
    *prompt = (struct prompt){
        .open = true, .label = label, .hints = hints, .most = PROMPT_SIZE - 1, .heed = heed};
    prompt_set(prompt, text);
}

/* Puts bytes before the cursor, which moves behind them; all or none. */
static bool insert(struct prompt *prompt, const char *bytes, size_t size)
{
    size_t length = strlen(prompt->text);
    if (length + size > prompt->most)
        return false;
    char *at = prompt->text + prompt->cursor;
    memmove(at + size, at, length - prompt->cursor + 1);
    memcpy(at, bytes, size);
    prompt->cursor += size;
    return true;
}

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

void prompt_set(struct prompt *prompt, const char *text)
{
    prompt->text[0] = '\0';
    prompt->cursor = 0;
    while (*text) {
        int length = utf8_length(text), step = length ? length : 1;
        bool good = length && !is_control(utf8_code(text, length));
        if (!insert(prompt, good ? text : "?", good ? (size_t)length : 1))
            break;
        text += step;
    }
}

static size_t before(const struct prompt *prompt, size_t at)
{
    while (at > 0 && (prompt->text[--at] & 0xc0) == 0x80)
        ;
    return at;
}

static size_t after(const struct prompt *prompt, size_t at)
{
    return at + (prompt->text[at] ? (size_t)utf8_length(prompt->text + at) : 0);
}

static size_t word_before(const struct prompt *prompt, size_t at)
{
    while (at > 0 && prompt->text[at - 1] == ' ')
        at--;
    while (at > 0 && prompt->text[at - 1] != ' ')
        at--;
    return at;
}

/* Takes out what lies between the cursor and another place on either side of it. */
static void cut(struct prompt *prompt, size_t other)
{
    size_t from = other < prompt->cursor ? other : prompt->cursor;
    size_t to = other < prompt->cursor ? prompt->cursor : other;
    memmove(prompt->text + from, prompt->text + to, strlen(prompt->text + to) + 1);
    prompt->cursor = from;
}

static bool type(struct prompt *prompt, int press)
{
    char bytes[5];
    if (press >= PRESS_UP || press < 0 || is_control((uint32_t)press) ||
        (press >= 0xd800 && press < 0xe000))
        return false;
    int size = utf8_put((uint32_t)press, bytes);
    insert(prompt, bytes, (size_t)size);
    return true;
}

bool prompt_edit(struct prompt *prompt, int press)
{
    switch (press) {
    case PRESS_BACKSPACE:
        cut(prompt, before(prompt, prompt->cursor));
        return true;
    case PRESS_DELETE:
        cut(prompt, after(prompt, prompt->cursor));
        return true;
    case CTRL('U'):
        cut(prompt, 0);
        return true;
    case CTRL('W'):
        cut(prompt, word_before(prompt, prompt->cursor));
        return true;
    case PRESS_LEFT:
        prompt->cursor = before(prompt, prompt->cursor);
        return true;
    case PRESS_RIGHT:
        prompt->cursor = after(prompt, prompt->cursor);
        return true;
    case PRESS_HOME:
    case CTRL('A'):
        prompt->cursor = 0;
        return true;
    case PRESS_END:
    case CTRL('E'):
        prompt->cursor = strlen(prompt->text);
        return true;
    default:
        return type(prompt, press);
    }
}

void prompt_key(struct prompt *prompt, struct tui *tui, int press)
{
    if (press == PRESS_ESCAPE)
        prompt->open = false;
    else
        prompt_edit(prompt, press);
    prompt->heed(tui, press);
}
