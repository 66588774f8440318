/* What the player set drum by drum before a take, and changed while it was played. Takes in
 * a file of version 1 have neither. For src/store alone. */
#ifndef STORE_TAKE_CHANGES_H
#define STORE_TAKE_CHANGES_H

#include "store/sql.h"

/* Both kinds, inside the caller's transaction. */
bool take_changes_insert(struct session *session, int number, const struct take *take,
                         struct error *err);

/* Fills the leashes of single drums in the settings of `info`, whose number is known. */
bool take_leashes_read(struct session *session, struct session_take *info, struct error *err);

/* At most TAKE_MOST_CHANGES, else the file is damaged. */
bool take_changes_count(struct session *session, int number, int *count, struct error *err);

/* The take has room for `count`, which take_changes_count has found. */
bool take_changes_read(struct session *session, int number, int count, struct take *take,
                       struct error *err);

#endif
