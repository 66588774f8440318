/* How keenly the player wants to be heard, kept from one rehearsal to the next: for all songs, as
 * it is about his guitar and his room. One small file, listening.json, among the user's settings
 * (paths_config). */
#ifndef REHEARSAL_SENSITIVITY_H
#define REHEARSAL_SENSITIVITY_H

#include "base/error.h"
#include "listen/onset.h"

#define SENSITIVITY_MOST_DB ((double)ONSET_MOST_KEENER_DB) /* either way */

/* 0 where none is kept, or it cannot be read: nobody is kept from playing by it. */
double sensitivity_load(void);

/* The file is replaced whole or not at all. */
bool sensitivity_save(double db, struct error *err);

#endif
