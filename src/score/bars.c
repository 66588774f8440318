#include "score/bars.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

const struct bars bars_all = BARS_ALL;

/* A whole number from 1 up; *end is what follows it. */
static bool read_bar(const char *word, char **end, int *bar)
{
    errno = 0;
    long value = strtol(word, end, 10);
    *bar = (int)value;
    return word[0] >= '0' && word[0] <= '9' && errno == 0 && value >= 1 && value < INT_MAX;
}

static bool read_range(const char *word, char **end, struct bar_range *range)
{
    if (!read_bar(word, end, &range->first))
        return false;
    range->last = range->first;
    if (**end != '-')
        return true;
    word = ++*end;
    if (*word == '\0' || *word == ',') {
        range->last = INT_MAX;
        return true;
    }
    return read_bar(word, end, &range->last) && range->last >= range->first;
}

bool bars_read(const char *text, struct bars *bars)
{
    struct bars read = {.count = 0};
    for (;;) {
        char *end;
        struct bar_range range;
        if (!read_range(text, &end, &range) || !bars_put(&read, range.first, range.last, true))
            return false;
        if (*end == '\0')
            break;
        if (*end != ',')
            return false;
        text = end + 1;
    }
    *bars = read;
    return true;
}

void bars_text(const struct bars *bars, char *out, int size)
{
    int used = 0;
    out[0] = '\0';
    for (int i = 0; i < bars->count && used < size; i++) {
        const struct bar_range *range = &bars->ranges[i];
        const char *comma = i ? "," : "";
        size_t left = (size_t)(size - used);
        if (range->first == range->last)
            used += snprintf(out + used, left, "%s%d", comma, range->first);
        else if (range->last == INT_MAX)
            used += snprintf(out + used, left, "%s%d-", comma, range->first);
        else
            used += snprintf(out + used, left, "%s%d-%d", comma, range->first, range->last);
    }
}

bool bars_are_all(const struct bars *bars)
{
    return bars->count == 1 && bars->ranges[0].first == 1 && bars->ranges[0].last == INT_MAX;
}

bool bars_hold(const struct bars *bars, int bar)
{
    for (int i = 0; i < bars->count; i++)
        if (bar >= bars->ranges[i].first && bar <= bars->ranges[i].last)
            return true;
    return false;
}

/* False from the first range on that finds no room. */
static bool append(struct bars *bars, int first, int last)
{
    if (first <= last && bars->count++ < BARS_MOST_RANGES)
        bars->ranges[bars->count - 1] = (struct bar_range){first, last};
    return bars->count <= BARS_MOST_RANGES;
}

/* Ranges that the new one touches melt into it. */
static bool add(struct bars *made, const struct bars *bars, int first, int last)
{
    int i = 0;
    for (; i < bars->count && bars->ranges[i].last < first - 1; i++)
        append(made, bars->ranges[i].first, bars->ranges[i].last);
    for (; i < bars->count && bars->ranges[i].first - 1 <= last; i++) {
        first = bars->ranges[i].first < first ? bars->ranges[i].first : first;
        last = bars->ranges[i].last > last ? bars->ranges[i].last : last;
    }
    bool fits = append(made, first, last);
    for (; i < bars->count; i++)
        fits = append(made, bars->ranges[i].first, bars->ranges[i].last);
    return fits;
}

static bool cut(struct bars *made, const struct bars *bars, int first, int last)
{
    bool fits = true;
    for (int i = 0; i < bars->count; i++) {
        const struct bar_range old = bars->ranges[i];
        fits = append(made, old.first, old.last < first ? old.last : first - 1);
        if (old.last > last)
            fits = append(made, old.first > last ? old.first : last + 1, old.last);
    }
    return fits;
}

bool bars_put(struct bars *bars, int first, int last, bool in)
{
    struct bars made = {.count = 0};
    if (!(in ? add : cut)(&made, bars, first, last))
        return false;
    *bars = made;
    return true;
}
