/* What `rolypoly devices` tells. */
#include "audio/catalogue.h"
#include "audio/errand.h"

#include <portaudio.h>
#include <stdlib.h>

struct listing {
    struct catalogue catalogue;
    bool fine;
    struct error err;
};

static void list_work(void *arg)
{
    struct listing *listing = arg;
    PaError problem = Pa_Initialize();
    if (problem != paNoError) {
        error_set(&listing->err, "%s", Pa_GetErrorText(problem));
        return;
    }
    listing->fine = catalogue_read(&listing->catalogue, true, &listing->err);
    Pa_Terminate();
}

bool device_list(void (*each)(void *context, const struct device_entry *entry), void *context,
                 struct error *err)
{
    if (!errand_allowed(err))
        return false;
    struct listing *listing = calloc(1, sizeof *listing);
    if (!listing)
        return error_set(err, "cannot list the sound cards: out of memory");
    if (!errand_run(list_work, listing))
        return error_set(err, "cannot list the sound cards: the sound system does not answer");
    bool fine = listing->fine;
    for (int i = 0; i < listing->catalogue.count; i++)
        each(context, &listing->catalogue.items[i].entry);
    if (!fine)
        error_set(err, "cannot list the sound cards: %s", listing->err.text);
    catalogue_clear(&listing->catalogue);
    free(listing);
    return fine;
}
