/* The guitar's sound in a take, in a table of its own: takes without it have no row, and nobody
 * reads it by the way. `sqlite3 FILE "SELECT writefile('guitar.flac', bytes) ..."` has it too. For
 * src/store alone. */
#ifndef STORE_TAKE_RECORDING_H
#define STORE_TAKE_RECORDING_H

#include "store/sql.h"

/* Inside the transaction that adds the take. */
bool take_recording_insert(struct session *session, int number,
                           const struct take_recording *recording, struct error *err);

/* That of take info->number into info->recording_size. */
bool take_recording_read_size(struct session *session, struct session_take *info,
                              struct error *err);

#endif
