/* Keeps the libraries below PortAudio from writing over the screen. Private to this room. */
#ifndef AUDIO_HUSH_H
#define AUDIO_HUSH_H

/* Gives ALSA and JACK message handlers that say nothing. Once per process is enough. */
void hush_libraries(void);

/* Points standard error at nothing until hush_end, for PortAudio itself, which has no handler to
 * replace. Returns what hush_end needs. */
int hush_begin(void);
void hush_end(int kept);

#endif
