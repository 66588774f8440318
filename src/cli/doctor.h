/* What keeps a machine from being on time, and what to do about it. The facts are gathered at the
 * edge (doctor_facts.c); what they mean is judged here, from the facts alone. */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "audio/device.h"
#include "audio/realtime.h"
#include "base/load.h"
#include "cli/options.h"
#include "rehearsal/round_trip.h"

struct doctor_facts {
    /* the sound, as it ran for a moment */
    struct device_info device;
    char no_device[256];    /* why none could be opened; "" */
    struct load work, late; /* shares of a period, as in rehearsal/stage.h */
    int xruns;
    struct round_trip trip;
    char stale[64]; /* why a measured one is not to be trusted; "" */

    /* what the system allows */
    enum realtime realtime; /* for the drummer's thread */
    bool memory_locked;
    int swappiness;       /* 0..200; 0 where there is no swap */
    bool has_limits_file; /* for the group audio, as Debian's jackd2 brings */
    bool in_audio_group;
    char governor[32]; /* of the processors; "" where there is none */

    /* where things are */
    char soundfont[256];                       /* "" when none was found */
    char sessions[256], sessions_problem[256]; /* "" when all is well */
    int64_t free_bytes;                        /* there */

    /* the screen */
    bool terminal, utf8;
    int rows, cols;
};

enum doctor_grade { DOCTOR_OK, DOCTOR_BETTER, DOCTOR_BAD };

struct doctor_line {
    enum doctor_grade grade;
    const char *topic;
    char text[320];
    char remedy[320]; /* what to do, a command where there is one; "" */
};

enum { DOCTOR_LINES = 16 };

/* Writes what there is to say, in the order of the chain from string to ear. Returns how many
 * lines, DOCTOR_LINES at most. */
int doctor_examine(const struct doctor_facts *facts, struct doctor_line lines[DOCTOR_LINES]);

/* "ok", "better", "bad" */
const char *doctor_grade_name(enum doctor_grade grade);

/* Looks at this machine; with a sound card it takes two seconds, in which nothing is heard. */
void doctor_look(const struct arguments *arguments, struct doctor_facts *facts);

#endif
