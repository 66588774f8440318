#include "tui/say.h"

#include "base/stopwatch.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

static const double MESSAGE_S = 6.0;

void say(struct tui *tui, enum tone tone, const char *format, ...)
{
    struct message *message = &tui->screen.message;
    *message = (struct message){.tone = tone};
    va_list args;
    va_start(args, format);
    vsnprintf(message->text, sizeof message->text, format, args);
    va_end(args);
    bool stays = tone == TONE_ERROR || tone == TONE_ASK;
    tui->message_end_s = stays ? INFINITY : stopwatch_s() + MESSAGE_S;
}

void say_error(struct tui *tui, const struct error *err)
{
    say(tui, TONE_ERROR, "%s", err->text);
    snprintf(tui->screen.message.hint, sizeof tui->screen.message.hint, "%s", err->hint);
}

void say_key_problems(struct tui *tui, const struct key_settings *keys_file)
{
    int count = keys_file->problem_count;
    if (count > 1)
        say(tui, TONE_ASK, "in the file of keys, %s; and %d more", keys_file->problems[0],
            count - 1);
    else if (count == 1)
        say(tui, TONE_ASK, "in the file of keys, %s", keys_file->problems[0]);
}
