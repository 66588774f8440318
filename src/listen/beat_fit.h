/* The line of beats through onsets whose places are known: least squares with robust weights, in
 * which every place of the bar may lie off the grid by habit. (A mixed model: the habits are drawn
 * towards 0.) Pure; times are milliseconds. */
#ifndef LISTEN_BEAT_FIT_H
#define LISTEN_BEAT_FIT_H

enum { BEAT_FIT_MOST_ONSETS = 64, BEAT_FIT_MOST_PLACES = 32 };

struct beat_fit {
    double begin_ms, period_ms; /* of beat 0; of a beat */
    double period_sd_ms;
    double middle;                 /* the beat in the middle of the onsets, */
    double middle_var, covariance; /* its variance, and its covariance with the period */
    double hand_ms;                /* SD of what is neither grid nor habit */
};

/* beats[count] are where the onsets lie, in beats from any beat, place[count] which place of the
 * bar each has (any numbers from 0). count: 3..BEAT_FIT_MOST_ONSETS. */
void beat_fit(const double *times_ms, const double *beats, const int *place, int count,
              struct beat_fit *fit);

/* Where beat `beat` falls, and the SD of that. */
double beat_fit_time(const struct beat_fit *fit, double beat, double *sd_ms);

#endif
