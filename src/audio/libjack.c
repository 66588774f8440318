#include "audio/libjack.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static void no_message(const char *message)
{
    (void)message;
}

/* The library is in the process already and stays there. */
static void *find(const char *function)
{
    void *library = dlopen("libjack.so.0", RTLD_NOW | RTLD_NOLOAD);
    void *found = library ? dlsym(library, function) : NULL;
    if (library)
        dlclose(library);
    return found;
}

void libjack_hush(void)
{
    static const char *const setters[] = {"jack_set_error_function", "jack_set_info_function"};
    for (int i = 0; i < 2; i++) {
        void (*set)(void (*)(const char *));
        *(void **)&set = find(setters[i]);
        if (set)
            set(no_message);
    }
}

bool libjack_is_pipewire(void)
{
    const char *(*version)(void);
    *(void **)&version = find("jack_get_version_string");
    return version && strstr(version(), "PipeWire");
}
