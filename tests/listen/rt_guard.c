/* The guard that the drums are tested with. */
#include "drums/rt_guard.c"
