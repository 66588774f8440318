#include "drums/soundfont.h"

#include "base/paths.h"
#include "drums/kit.h"

#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* The tables of 'pdta', in their order, and the bytes of one record. */
enum table { PHDR, PBAG, PMOD, PGEN, INST, IBAG, IMOD, IGEN, SHDR, TABLES };
static const struct {
    char id[5];
    uint32_t record;
} layout[TABLES] = {{"phdr", 38}, {"pbag", 4},  {"pmod", 10}, {"pgen", 4}, {"inst", 22},
                    {"ibag", 4},  {"imod", 10}, {"igen", 4},  {"shdr", 46}};

struct tables {
    uint8_t *bytes; /* the whole of 'pdta' */
    const uint8_t *at[TABLES];
    uint32_t count[TABLES]; /* records, the closing one included */
};

enum { LARGEST_PDTA = 64 << 20 };

static uint32_t le32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t le16(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8;
}

/* Finds the tables among the bytes of 'pdta'; the reason when they are not all there. */
static const char *cut_tables(struct tables *t, uint32_t size)
{
    uint32_t at = 0;
    for (int i = 0; i < TABLES; i++) {
        if (size - at < 8 || memcmp(t->bytes + at, layout[i].id, 4) != 0)
            return "a table of its presets is missing";
        uint32_t length = le32(t->bytes + at + 4);
        if (length > size - at - 8)
            return "its tables are cut off";
        if (length == 0 || length % layout[i].record != 0)
            return "a table of its presets is damaged";
        t->at[i] = t->bytes + at + 8;
        t->count[i] = length / layout[i].record;
        at += 8 + length + (length & 1);
        if (at > size)
            at = size;
    }
    return NULL;
}

/* Field `offset` of every record counts records of `to`; the counts must rise and stay within. */
static bool rising(const struct tables *t, enum table from, uint32_t offset, enum table to)
{
    uint32_t last = 0;
    for (uint32_t i = 0; i < t->count[from]; i++) {
        uint32_t value = le16(t->at[from] + i * layout[from].record + offset);
        if (value < last || value >= t->count[to])
            return false;
        last = value;
    }
    return true;
}

static bool samples_within(const struct tables *t, uint64_t smpl_bytes)
{
    for (uint32_t i = 0; i + 1 < t->count[SHDR]; i++) {
        const uint8_t *record = t->at[SHDR] + i * layout[SHDR].record;
        uint64_t start = le32(record + 20), end = le32(record + 24);
        uint32_t type = le16(record + 44);
        bool in_rom = type & 0x8000, compressed = type & 0x10; /* then these are bytes */
        if (!in_rom && (start > end || end * (compressed ? 1 : 2) > smpl_bytes))
            return false;
    }
    return true;
}

static const char *check_tables(struct tables *t, uint32_t size, uint64_t smpl_bytes)
{
    const char *reason = cut_tables(t, size);
    if (reason)
        return reason;
    if (!rising(t, PHDR, 24, PBAG) || !rising(t, PBAG, 0, PGEN) || !rising(t, PBAG, 2, PMOD) ||
        !rising(t, INST, 20, IBAG) || !rising(t, IBAG, 0, IGEN) || !rising(t, IBAG, 2, IMOD))
        return "its presets point outside of its tables";
    if (!samples_within(t, smpl_bytes))
        return "its samples lie outside of the file";
    return NULL;
}

/* Walks the chunks of an open file of `size` bytes; NULL when all is well, else the reason. */
static const char *walk(FILE *file, uint64_t size)
{
    uint8_t head[12];
    if (fread(head, 1, 12, file) != 12 || memcmp(head, "RIFF", 4) != 0 ||
        memcmp(head + 8, "sfbk", 4) != 0)
        return "this is no SoundFont";
    uint64_t end = 8 + (uint64_t)le32(head + 4), smpl_bytes = 0, at = 12;
    if (end > size)
        return "it is cut off";
    struct tables tables = {.bytes = NULL};
    uint32_t pdta = 0;
    const char *reason = NULL;
    while (!reason && at + 12 <= end) {
        if (fseeko(file, (off_t)at, SEEK_SET) != 0 || fread(head, 1, 12, file) != 12) {
            reason = "it cannot be read";
            break;
        }
        uint64_t length = le32(head + 4);
        if (length < 4 || length > end - at - 8) {
            reason = "a chunk reaches beyond its end";
        } else if (memcmp(head + 8, "sdta", 4) == 0) {
            uint8_t sub[8];
            if (length >= 12 && fread(sub, 1, 8, file) == 8 && memcmp(sub, "smpl", 4) == 0)
                smpl_bytes = le32(sub + 4) <= length - 12 ? le32(sub + 4) : 0;
        } else if (memcmp(head + 8, "pdta", 4) == 0 && !tables.bytes) {
            pdta = (uint32_t)length - 4;
            tables.bytes = pdta > 0 && pdta <= LARGEST_PDTA ? malloc(pdta) : NULL;
            if (!tables.bytes || fread(tables.bytes, 1, pdta, file) != pdta)
                reason = "its tables cannot be read";
        }
        at += 8 + length + (length & 1);
    }
    if (!reason)
        reason = tables.bytes ? check_tables(&tables, pdta, smpl_bytes) : "it holds no presets";
    free(tables.bytes);
    return reason;
}

bool soundfont_check(const char *path, struct error *err)
{
    struct stat info;
    FILE *file = NULL;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return error_set(err, "cannot read SoundFont '%s': it is a folder", path);
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
        return error_set(err, "cannot read SoundFont '%s': it is no regular file", path);
    if (!(file = fopen(path, "rbe")))
        return error_errno(err, "cannot read SoundFont '%s'", path);
    const char *reason = walk(file, (uint64_t)info.st_size);
    fclose(file);
    return reason ? error_set(err, "cannot read SoundFont '%s': %s", path, reason) : true;
}

static int is_soundfont(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && dot && (!strcasecmp(dot, ".sf2") || !strcasecmp(dot, ".sf3"));
}

/* The first SoundFont of a folder, by name. */
static bool first_in(const char *folder, char *path, int size)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_soundfont, alphasort);
    bool found = false;
    for (int i = 0; i < count; i++) {
        if (!found) {
            int length = snprintf(path, (size_t)size, "%s/%s", folder, entries[i]->d_name);
            found = length < size && access(path, R_OK) == 0;
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return found;
}

static bool in_system(char *path, int size)
{
    static const char *const files[] = {
        "/usr/share/sounds/sf2/FluidR3_GM.sf2",   "/usr/share/sounds/sf2/default-GM.sf2",
        "/usr/share/sounds/sf2/TimGM6mb.sf2",     "/usr/share/soundfonts/FluidR3_GM.sf2",
        "/usr/share/soundfonts/default.sf2",      "/usr/share/sounds/sf3/default-GM.sf3",
        "/usr/share/soundfonts/FluidR3_GM2-2.sf2"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (access(files[i], R_OK) == 0)
            return snprintf(path, (size_t)size, "%s", files[i]) < size;
    return first_in("/usr/share/sounds/sf2", path, size) ||
           first_in("/usr/share/soundfonts", path, size);
}

bool kit_find_soundfont(const char *option, char *path, int size, struct error *err)
{
    const char *chosen = option ? option : getenv("ROLYPOLY_SOUNDFONT");
    if (chosen && *chosen) {
        if (access(chosen, R_OK) != 0)
            return error_errno(err, "cannot read SoundFont '%s'%s", chosen,
                               option ? "" : " ($ROLYPOLY_SOUNDFONT)");
        if (snprintf(path, (size_t)size, "%s", chosen) >= size)
            return error_set(err, "the path of the SoundFont is too long");
        return true;
    }
    char root[PATH_MAX], folder[PATH_MAX + 16];
    if (paths_root(root, sizeof root)) {
        snprintf(folder, sizeof folder, "%s/soundfonts", root);
        if (first_in(folder, path, size))
            return true;
    }
    if (first_in(ROLYPOLY_PREFIX "/share/rolypoly/soundfonts", path, size) || in_system(path, size))
        return true;
    error_set(err, "cannot find a General MIDI SoundFont");
    return error_hint(err, "apt-get install fluid-soundfont-gm, or put a .sf2 into soundfonts/");
}
