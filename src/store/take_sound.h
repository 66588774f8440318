/* The sound card of a take, in a table of its own: takes without one have no row. For src/store
 * alone. */
#ifndef STORE_TAKE_SOUND_H
#define STORE_TAKE_SOUND_H

#include "store/sql.h"

/* Inside the transaction that adds the take. */
bool take_sound_insert(struct session *session, int number, const struct take_sound *sound,
                       struct error *err);

/* That of take info->number into info->sound. */
bool take_sound_read(struct session *session, struct session_take *info, struct error *err);

#endif
