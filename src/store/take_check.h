/* What a take must be to be stored, and to be believed when it is read: every index within its
 * score, every number finite, every time within a year. The error says what is not so. */
#ifndef STORE_TAKE_CHECK_H
#define STORE_TAKE_CHECK_H

#include "store/session.h"

bool take_check(const struct take *take, const struct score *score, struct error *err);

/* The part of it that needs no score. */
bool take_check_info(const struct session_take *info, struct error *err);

bool take_check_sound(const struct take_sound *sound, struct error *err);
bool take_check_recording(const struct take_recording *recording, struct error *err);

#endif
