#include "audio/errand.h"

#include "audio/device.h"
#include "audio/hush.h"
#include "audio/patience.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { ANSWER_MS = 3000 }; /* a call that takes longer never comes back */

static atomic_bool given_up;

bool errand_allowed(struct error *err)
{
    if (atomic_load(&given_up))
        return error_set(err, "sound comes back when rolypoly is started again");
    hush_libraries();
    setenv("JACK_NO_START_SERVER", "1", 0);
    return true;
}

bool errand_run(void (*work)(void *), void *arg)
{
    int kept = hush_begin();
    bool back = patience_run(work, arg, ANSWER_MS);
    hush_end(kept);
    if (!back)
        errand_give_up();
    return back;
}

void errand_give_up(void)
{
    atomic_store(&given_up, true);
}

bool device_needs_new_process(void)
{
    return atomic_load(&given_up);
}
