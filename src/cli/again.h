/* A new process in the place of this one: the same program, words and terminal. For a rehearsal
 * that has lost its sound card in a way that no call can mend (audio/device.h). */
#ifndef CLI_AGAIN_H
#define CLI_AGAIN_H

#include "cli/demo.h"
#include "tui/tui.h"

/* Takes what was handed over, out of the environment: *rest, and the demo's own session, if there
 * was one. */
void again_take(struct tui_rest *rest, struct demo_session *session);

/* Hands them over, and becomes the new process, with the words that the program was begun with.
 * Returns only when that fails: false with the reason. */
bool again_begin(const struct tui_rest *rest, const struct demo_session *session,
                 struct error *err);

#endif
