/* What is known of the way from output to input, sound card by sound card: what `calibrate`
 * measured, kept in calibration.json among the user's settings, else what the driver says. */
#ifndef REHEARSAL_ROUND_TRIP_H
#define REHEARSAL_ROUND_TRIP_H

#include "audio/device.h"
#include "score/take.h"

struct round_trip {
    enum round_trip_source source;
    double
        ms; /* to be taken off; of a stale measurement, with what the driver's report changed by */

    /* Of the measurement; 0 without one. */
    double measured_ms, spread_ms, reported_ms;
    int rate, period;
    int64_t date_s;
};

/* For the device as it is open now. A measurement belongs to input, output, rate and period. It is
 * stale when it was made at another rate or period, when the driver now reports another latency
 * (by over 0.5 ms), or after 60 days. A file that cannot be read counts as none. */
struct round_trip round_trip_find(const struct device_info *device, int64_t now_s);

/* Why it is stale, in a few words; "" when it is not. */
void round_trip_why(const struct round_trip *found, const struct device_info *device, int64_t now_s,
                    char *out, int size);

/* Keeps a measurement, instead of an earlier one of the same device, rate and period. The file is
 * replaced in one piece. */
bool round_trip_keep(const struct device_info *device, double measured_ms, double spread_ms,
                     int64_t now_s, struct error *err);

#endif
