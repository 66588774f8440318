#include "tui/when.h"

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

static const char *const days[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                     "jul", "aug", "sep", "oct", "nov", "dec"};

static bool local(int64_t date_s, struct tm *out)
{
    time_t date = (time_t)date_s;
    return localtime_r(&date, out) != NULL;
}

/* Noon is never moved into another day by a change of the clocks. */
static bool is_day_before(const struct tm *date, struct tm now)
{
    struct tm before;
    now.tm_hour = 12;
    now.tm_isdst = -1;
    return local((int64_t)mktime(&now) - 24 * 3600, &before) && before.tm_year == date->tm_year &&
           before.tm_yday == date->tm_yday;
}

static const char *near_day(const struct tm *date, const struct tm *now)
{
    if (date->tm_year == now->tm_year && date->tm_yday == now->tm_yday)
        return "today";
    return is_day_before(date, *now) ? "yesterday" : NULL;
}

void when_day(int64_t date_s, int64_t now_s, char out[WHEN_SIZE])
{
    struct tm date, now;
    if (!local(date_s, &date) || !local(now_s, &now)) {
        snprintf(out, WHEN_SIZE, "?");
        return;
    }
    const char *near = near_day(&date, &now);
    if (near)
        snprintf(out, WHEN_SIZE, "%s", near);
    else if (date.tm_year == now.tm_year)
        snprintf(out, WHEN_SIZE, "%s %d %s", days[date.tm_wday], date.tm_mday, months[date.tm_mon]);
    else
        snprintf(out, WHEN_SIZE, "%d %s %lld", date.tm_mday, months[date.tm_mon],
                 1900LL + date.tm_year);
}

void when_text(int64_t date_s, int64_t now_s, char out[WHEN_SIZE])
{
    struct tm date, now;
    const char *near = local(date_s, &date) && local(now_s, &now) ? near_day(&date, &now) : NULL;
    if (near)
        snprintf(out, WHEN_SIZE, "%s %02d:%02d", near, date.tm_hour, date.tm_min);
    else
        when_day(date_s, now_s, out);
}
