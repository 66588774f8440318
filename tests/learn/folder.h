/* A folder of recordings like the Groove MIDI Dataset's, made for one test. */
#ifndef TESTS_LEARN_FOLDER_H
#define TESTS_LEARN_FOLDER_H

struct folder {
    char path[64];
};

/* Two training recordings and one for validation, 8 bars each, played with a feel: hats late,
 * snares early, a human's jitter. */
struct folder folder_make(void);
void folder_remove(const struct folder *folder);

/* How late the hats are played and how early the snares, on average. */
#define FOLDER_HATS_MS 12.0
#define FOLDER_SNARES_MS (-9.0)

#endif
