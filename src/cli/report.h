/* How takes and drummers are told, as JSON and in words. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "base/json.h"
#include "rehearsal/room.h"

#include <stdio.h>

/* Members of a take's object. */
void report_put_take(struct json *into, const struct session_take *take);
void report_put_checkpoint(struct json *into, const struct session_checkpoint *checkpoint);
void report_put_date(struct json *into, const char *name, int64_t date_s);

/* How good a take was, beside those before it. */
void report_put_verdict(struct json *into, const struct judgement *judgement);
void report_verdict(const struct judgement *judgement, FILE *out);

/* What speaks against a lesson, and what it was worth. */
void report_put_advice(struct json *into, const struct lesson_advice *advice);
void report_put_lesson(struct json *into, const struct lesson_report *report);
void report_doubts(const struct lesson_advice *advice, FILE *out); /* nothing where there is none */
void report_advice(int take, const struct lesson_advice *advice, FILE *out);
void report_lesson(const struct lesson_report *report, FILE *out);

/* What the player marked and changed while a take was played. Flubs: [3,7,8]. */
void report_put_flubs(struct json *into, const struct bars *flubs);
void report_put_changes(struct json *into, const struct score *score, const struct take *take);
void report_flubs(const struct bars *flubs, FILE *out); /* nothing where there is none */

/* How far the guitar drifted where the drums were silent; in words nothing where they never were.
 */
bool report_put_dropouts(struct json *into, const struct score *score, const struct take *take,
                         struct error *err);
bool report_dropouts(const struct score *score, const struct take *take, FILE *out,
                     struct error *err);

/* Prints the object and frees it. */
bool report_print(struct json *root, struct error *err);

/* A take in a few lines. */
void report_take(const struct session_take *take, const struct room *room, FILE *out);

/* "2025-11-23 10:13", local time. */
void report_date(int64_t date_s, char out[32]);

#endif
