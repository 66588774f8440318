/* Stands in for libFuzzer where there is none: feeds the fuzzer every file that is named, and every
 * file of every folder that is named. Under libFuzzer (LIBFUZZER defined) nothing of it is left. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#ifndef LIBFUZZER

static int replay_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(size ? size : 1); /* no byte more: the sanitizer sees every overrun */
    int bad = !file || !data || fread(data, 1, size, file) != size;
    if (bad)
        perror(path);
    else
        LLVMFuzzerTestOneInput(data, size);
    free(data);
    if (file)
        fclose(file);
    return bad;
}

static int replay(const char *path, int *files)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        perror(path);
        return 1;
    }
    if (!S_ISDIR(info.st_mode)) {
        ++*files;
        return replay_file(path, (size_t)info.st_size);
    }
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort), bad = count < 0;
    for (int i = 0; i < count; i++) {
        char inner[4096];
        snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            bad |= replay(inner, files);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return bad;
}

int main(int argc, char **argv)
{
    int files = 0, bad = 0;
    for (int i = 1; i < argc; i++)
        bad |= replay(argv[i], &files);
    printf("%s: %d files\n", argv[0], files);
    return bad || files == 0;
}

#endif
