/* The numbers of takes and checkpoints. Each is given once: what is deleted leaves a hole. */
#ifndef STORE_NUMBERING_H
#define STORE_NUMBERING_H

#include "store/sql.h"

/* `table` is "take" or "checkpoint". All inside the caller's transaction. */

/* The highest number that one of them has, or has ever had; 0: none. */
bool numbering_highest(struct session *session, const char *table, int *number, struct error *err);

/* The number of the one that is added next. */
bool numbering_next(struct session *session, const char *table, int *number, struct error *err);

/* Remembers the highest, before it may be deleted. The file is up to date (store/schema.h). */
bool numbering_remember(struct session *session, const char *table, struct error *err);

#endif
