/* Measures the round trip of a sound card: plays clicks, records what comes back, and asks
 * listen/loop. The first round is soft; only where no click is heard does a louder one follow.
 *
 * One thread opens, steps and closes it; the sound card's thread plays and records. */
#ifndef REHEARSAL_CALIBRATION_H
#define REHEARSAL_CALIBRATION_H

#include "audio/device.h"
#include "listen/loop.h"

struct calibration;

/* process and context of `device` are its own. NULL also when there is no sound card, or one
 * direction of it is missing. */
struct calibration *calibration_open(const struct device_config *device, struct error *err);
void calibration_close(struct calibration *calibration);

enum calibration_phase {
    CALIBRATION_CLOCKS,  /* waits until the two clocks are known */
    CALIBRATION_SILENCE, /* hears the room */
    CALIBRATION_CLICKS,
    CALIBRATION_OVER
};

struct calibration_progress {
    enum calibration_phase phase;
    int round;        /* from 1 */
    double played_db; /* peak of the clicks of this round */
    double done;      /* of it, 0..1 */
};

/* To be called every now and then, until *progress says that it is over; the last call takes about
 * 0.1 s. False when the sound card has vanished, or for want of memory. */
bool calibration_step(struct calibration *calibration, struct calibration_progress *progress,
                      struct error *err);

struct calibration_result {
    struct device_info device;
    struct loop_result loop;
    double round_trip_ms; /* 0 unless measured */
    double played_db;
    int xruns;
    int heard;                 /* clicks that the onset detector heard too */
    struct device_drift drift; /* between two clocks; else 0 */
};

/* When it is over. */
struct calibration_result calibration_result(const struct calibration *calibration);

/* The sentence and the hint for a round trip that was refused. Returns false. */
bool calibration_refuse(const struct calibration_result *result, struct error *err);

#endif
