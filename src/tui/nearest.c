#include "tui/nearest.h"

#include <stdio.h>
#include <string.h>

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Damerau-Levenshtein, of neighbours; rows for the last three letters of a. */
static int distance(const char *a, const char *b)
{
    int rows[3][NEAREST_NAME + 1];
    int na = (int)strlen(a), nb = (int)strlen(b);
    for (int j = 0; j <= nb; j++)
        rows[0][j] = j;
    for (int i = 1; i <= na; i++) {
        int *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= nb; j++) {
            int change = before[j - 1] + (a[i - 1] != b[j - 1]);
            now[j] = least(change, least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], earlier[j - 2] + 1);
        }
    }
    return rows[na % 3][nb];
}

void nearest_try(struct nearest *nearest, const char *name)
{
    size_t length = strlen(nearest->word);
    if (length == 0 || length > NEAREST_NAME || strlen(name) >= NEAREST_NAME)
        return;
    int most = length < 3 ? 1 : length < 6 ? 2 : 3;
    int now = strncmp(name, nearest->word, length) == 0 ? 1 : distance(nearest->word, name);
    if (now > most || now >= (int)length || (nearest->name[0] && now >= nearest->distance))
        return;
    nearest->distance = now;
    snprintf(nearest->name, sizeof nearest->name, "%s", name);
}
