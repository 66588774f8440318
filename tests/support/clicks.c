#include "support/clicks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    RINGING = 64,    /* a click is over by then */
    NEAR = 4800,     /* this far off it is the same click, moved */
    EARLIEST = 9600, /* no hit comes sooner; the last click of a count-in does */
    LEFT = 0,
    RIGHT = 1
};

static const float faint = 1e-3f;

struct bytes {
    uint8_t *data;
    size_t size;
};

static void put(struct bytes *bytes, const void *data, size_t size)
{
    bytes->data = realloc(bytes->data, bytes->size + size);
    memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
}

static void put_hit(struct bytes *bytes, int *delta, int pitch, int velocity)
{
    uint8_t event[] = {(uint8_t)(*delta >> 7 | 0x80), (uint8_t)(*delta & 0x7f), 0x99,
                       (uint8_t)pitch, (uint8_t)velocity};
    put(bytes, event, sizeof event);
    *delta = 0;
}

/* 480 ticks a quarter, format 0. */
uint8_t *click_song(int bars, double bpm, size_t *size)
{
    static const uint8_t head[] = {'M', 'T', 'h', 'd', 0,   0,   0,   6, 0, 0, 0,
                                   1,   1,   224, 'M', 'T', 'r', 'k', 0, 0, 0, 0};
    static const uint8_t end[] = {0, 0xff, 0x2f, 0};
    uint32_t us = (uint32_t)lround(60e6 / bpm);
    uint8_t tempo[] = {0, 0xff, 0x51, 3, (uint8_t)(us >> 16), (uint8_t)(us >> 8), (uint8_t)us};
    struct bytes bytes = {0};
    put(&bytes, head, sizeof head);
    put(&bytes, tempo, sizeof tempo);
    int delta = 0;
    for (int i = 0; i < 16 * bars; i++, delta += 120) {
        int place = i % 16, loud = 70 + i * 7 % 50;
        if (place % 8 == 0 || i % 23 == 7)
            put_hit(&bytes, &delta, 36, loud);
        else if (place % 8 == 4 || i % 31 == 11)
            put_hit(&bytes, &delta, 38, loud);
        if (place % 2 == 0)
            put_hit(&bytes, &delta, 42, loud);
    }
    put(&bytes, end, sizeof end);
    uint32_t length = (uint32_t)(bytes.size - sizeof head);
    for (int i = 0; i < 4; i++)
        bytes.data[18 + i] = (uint8_t)(length >> (24 - 8 * i));
    *size = bytes.size;
    return bytes.data;
}

static int compare_frames(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int side_of(int pitch)
{
    return pitch == 42 ? RIGHT : LEFT;
}

bool click_track_init(struct click_track *track, int room)
{
    *track =
        (struct click_track){.samples = calloc((size_t)room, sizeof *track->samples), .room = room};
    return track->samples != NULL;
}

void click_track_release(struct click_track *track)
{
    free(track->samples);
}

void click_track_add(struct click_track *track, const float *stereo, int count, int64_t frame)
{
    for (int i = 0; i < count; i++) {
        const float *side = stereo + 2 * i;
        if (fabsf(side[LEFT]) < faint && fabsf(side[RIGHT]) < faint)
            continue;
        track->full = track->full || track->count == track->room;
        if (!track->full)
            track->samples[track->count++] =
                (struct click_sample){frame + i, {side[LEFT], side[RIGHT]}};
    }
}

/* The attacks of one side: the first frame that reaches a tenth of the peak right after it. */
static int find_clicks(const struct click_track *track, int side, int64_t zero, int64_t *frames)
{
    int found = 0;
    for (int i = 0; i < track->count;) {
        const struct click_sample *start = &track->samples[i];
        if (start->frame < zero - EARLIEST || fabsf(start->side[side]) < faint) {
            i++;
            continue;
        }
        float peak = 0;
        for (int k = i; k < track->count && track->samples[k].frame < start->frame + RINGING; k++)
            peak = fmaxf(peak, fabsf(track->samples[k].side[side]));
        while (fabsf(track->samples[i].side[side]) < 0.1f * peak)
            i++;
        frames[found++] = track->samples[i].frame - zero;
        int64_t end = track->samples[i].frame + RINGING;
        while (i < track->count && track->samples[i].frame < end)
            i++;
    }
    return found;
}

static int planned_clicks(const struct score *score, const struct take *take, int side,
                          int64_t *frames)
{
    int count = 0;
    for (int h = 0; h < take->hit_count; h++)
        if (side_of(score->hits[take->hits[h].hit].pitch) == side)
            frames[count++] = take->hits[h].frame;
    qsort(frames, (size_t)count, sizeof *frames, compare_frames);
    return count;
}

/* Both rise: each planned click is paired with the one heard at its frame, else with the next that
 * is near. */
static void pair(const int64_t *planned, int planned_count, const int64_t *heard, int heard_count,
                 struct click_report *report)
{
    int h = 0;
    for (int p = 0; p < planned_count; p++) {
        for (; h < heard_count && heard[h] < planned[p] - NEAR; h++)
            report->extra++;
        int64_t off = h < heard_count ? heard[h] - planned[p] : INT64_MAX;
        if (off > NEAR) {
            report->lost++;
            continue;
        }
        off == 0 ? report->exact++ : report->moved++;
        h++;
    }
    report->extra += heard_count - h;
}

struct click_report clicks_compare(const struct score *score, const struct take *take,
                                   const struct click_track *track, int64_t zero)
{
    struct click_report report = {.hits = take->hit_count};
    int64_t *heard = malloc(sizeof *heard * ((size_t)track->count + 1));
    int64_t *planned = malloc(sizeof *planned * ((size_t)take->hit_count + 1));
    for (int side = LEFT; side <= RIGHT; side++) {
        int heard_count = find_clicks(track, side, zero, heard);
        int planned_count = planned_clicks(score, take, side, planned);
        pair(planned, planned_count, heard, heard_count, &report);
    }
    free(heard);
    free(planned);
    return report;
}
