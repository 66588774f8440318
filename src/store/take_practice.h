/* How the bars of a take were practised, in take_practice: a row where they were. For src/store
 * alone. */
#ifndef STORE_TAKE_PRACTICE_H
#define STORE_TAKE_PRACTICE_H

#include "store/sql.h"

/* Inside the transaction that adds the take. */
bool take_practice_insert(struct session *session, int number, const struct practice *practice,
                          struct error *err);

/* Of info->number, into info->settings.practice; what is read can be played, or is an error. */
bool take_practice_read(struct session *session, struct session_take *info, struct error *err);

#endif
