#include "cli/open.h"

#include "base/paths.h"
#include "model/model.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What an open session makes meaningless is refused, not passed over. */
static bool check_use(const struct arguments *arguments, struct room *room, struct error *err)
{
    const struct session_info *info = session_info(room_session(room));
    if (arguments->session && strcmp(arguments->session, info->path) != 0)
        return error_set(err, "'%s' is a session itself: --session cannot name another",
                         arguments->operand);
    if (arguments->quantise && !info->quantised)
        return error_set(err, "session '%s' holds the score as it was played: too late to quantise",
                         info->path);
    return true;
}

/* An edited score is told apart from the song it was; its lessons need not be lost. */
static void offer_lessons(struct room *room)
{
    struct session_sibling *siblings;
    char folder[PATH_MAX];
    int count;
    if (!paths_sessions(folder, sizeof folder, NULL) ||
        !session_siblings(folder, room_score(room), &siblings, &count, NULL))
        return;
    for (int i = 0; i < count; i++)
        if (siblings[i].checkpoint_count > 1) {
            fprintf(stderr,
                    "hint: another version of '%s' has been rehearsed; to start with its drummer, "
                    "make a new session: --session NEW.db --lessons-from '%s'\n",
                    room_score(room)->name, siblings[i].path);
            break;
        }
    session_siblings_free(siblings, count);
}

static bool has_takes(struct room *room, bool *played, struct error *err)
{
    struct session_take *takes;
    int count;
    if (!session_takes(room_session(room), &takes, &count, err))
        return false;
    free(takes);
    *played = count > 0;
    return true;
}

static bool find_session(const struct score *score, char path[PATH_MAX], bool *found,
                         struct error *err)
{
    char folder[PATH_MAX];
    if (!paths_sessions(folder, sizeof folder, err) ||
        !session_find(folder, score, path, PATH_MAX, err))
        return false;
    *found = access(path, F_OK) == 0;
    return true;
}

/* Whether the song has its session already. */
static bool is_rehearsed(const struct arguments *arguments, bool *there, struct error *err)
{
    char path[PATH_MAX];
    struct score_options reading = {.quantise = arguments->quantise};
    *there = session_is_file(arguments->operand);
    if (*there)
        return true;
    struct score *score = score_load(arguments->operand, &reading, err);
    if (score && arguments->session)
        *there = access(arguments->session, F_OK) == 0;
    else if (score && !find_session(score, path, there, err)) {
        score_free(score);
        return false;
    }
    score_free(score);
    return score != NULL;
}

/* A session is made only when the drummer it begins with is at hand: one without any would be left
 * behind. */
static bool check_first_drummer(const struct arguments *arguments, struct error *err)
{
    char path[PATH_MAX];
    bool there;
    struct error missing;
    if (!arguments->lessons_from &&
        paths_asset(model_find("groove")->asset, path, sizeof path, &missing))
        return true;
    if (!is_rehearsed(arguments, &there, err))
        return false;
    if (!arguments->lessons_from) {
        if (!there)
            *err = missing;
        return there;
    }
    if (there) {
        error_set(err, "'%s' has a session already: --lessons-from is for a new one",
                  arguments->operand);
        return error_hint(err, "name a new file with --session");
    }
    struct session *lessons = session_open(arguments->lessons_from, err);
    session_close(lessons);
    return lessons != NULL;
}

struct room *open_song(const struct arguments *arguments, struct error *err)
{
    struct room_options options = {
        .path = arguments->operand,
        .session = arguments->session,
        .quantise = arguments->quantise,
        .soundfont = arguments->soundfont,
        .lessons = arguments->lessons_from,
    };
    bool played;
    if (!check_first_drummer(arguments, err))
        return NULL;
    struct room *room = room_open(&options, err);
    if (room && has_takes(room, &played, err) && check_use(arguments, room, err)) {
        if (!played && !arguments->lessons_from)
            offer_lessons(room);
        return room;
    }
    room_close(room);
    return NULL;
}

/* The session of a score file, whichever way the score was read when it was made. */
static bool find_by_score(const char *score_path, char path[PATH_MAX], struct error *err)
{
    bool found = false;
    for (int quantise = 0; quantise < 2 && !found; quantise++) {
        struct score_options options = {.quantise = quantise};
        struct score *score = score_load(score_path, &options, err);
        bool looked = score && find_session(score, path, &found, err);
        score_free(score);
        if (!looked)
            return false;
    }
    if (found)
        return true;
    error_set(err, "'%s' has not been rehearsed yet", score_path);
    return error_hint(err, "play a take first, or name the session file itself");
}

struct room *open_past(const struct arguments *arguments, struct error *err)
{
    char path[PATH_MAX];
    struct room_options options = {.path = arguments->operand, .soundfont = arguments->soundfont};
    if (session_is_file(arguments->operand)) {
        struct session *session = session_open(arguments->operand, err);
        session_close(session);
        return session ? room_open(&options, err) : NULL;
    }
    options.path = path;
    return find_by_score(arguments->operand, path, err) ? room_open(&options, err) : NULL;
}

bool is_virtual(const char *guitar)
{
    return strcmp(guitar, "virtual") == 0 || strncmp(guitar, "virtual:", 8) == 0;
}

/* A vamp without an end of its own goes on for as long as one may. */
static struct practice practice_of(const struct arguments *arguments)
{
    const struct bar_choice *vamp = &arguments->vamp;
    struct practice practice = {
        .passes = arguments->passes,
        .vamp_first = vamp->first,
        .vamp_last = vamp->last,
        .ramp_percent = arguments->ramp_percent,
        .play_bars = arguments->drop.play,
        .out_bars = arguments->drop.out,
    };
    if (vamp->first && !practice.passes)
        practice.passes = PRACTICE_MOST_PASSES;
    return practice;
}

void apply_settings(const struct arguments *arguments, struct take_settings *settings)
{
    const struct {
        double given, *setting;
    } numbers[] = {
        {arguments->follow, &settings->controls.follow},
        {arguments->expression, &settings->controls.expression},
        {arguments->leash_ms, &settings->controls.leash_ms},
        {arguments->tempo_percent, &settings->tempo_percent},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!isnan(numbers[i].given))
            *numbers[i].setting = numbers[i].given;
    if (arguments->leashes.drums) {
        settings->controls.leashed = arguments->leashes.drums;
        memcpy(settings->controls.drum_leash_ms, arguments->leashes.ms,
               sizeof arguments->leashes.ms);
    }
    if (arguments->model)
        snprintf(settings->model, sizeof settings->model, "%s", arguments->model);
    settings->first_bar = arguments->bars.first;
    settings->last_bar = arguments->bars.last;
    settings->practice = practice_of(arguments);
    settings->seed = arguments->seed;
}

void apply_options(const struct arguments *arguments, struct room_take_options *options)
{
    apply_settings(arguments, &options->settings);
    options->guitar = arguments->guitar;
    options->click = arguments->click;
    if (arguments->count_in >= 0)
        options->count_in_bars = arguments->count_in;
    options->unrecorded = arguments->unrecorded;
    if (!isnan(arguments->reverb))
        options->reverb = arguments->reverb;
    if (!isnan(arguments->sensitivity_db))
        options->sensitivity_db = arguments->sensitivity_db;
}

struct device_config sound_of(const struct arguments *arguments)
{
    return (struct device_config){
        .rate = arguments->rate,
        .period = arguments->period,
        .channel = arguments->channel,
        .silent = arguments->silent,
        .input = arguments->input_device,
        .output = arguments->output_device,
    };
}

int chosen_take(const struct arguments *arguments, struct room *room, struct error *err)
{
    return arguments->take ? arguments->take : room_last_take(room, err);
}

bool one_of_both(const struct arguments *arguments, struct error *err)
{
    return (arguments->take > 0) != (arguments->checkpoint > 0) ||
           error_set(err, "name a take with --take, or a drummer with --checkpoint");
}

static bool is_file(const char *model)
{
    return strpbrk(model, "./") != NULL;
}

bool check_model(const char *model, bool files, struct error *err)
{
    if (!model || model_find(model) || (files && is_file(model)))
        return true;
    char names[160] = "";
    for (int i = 0; model_kind(i); i++) {
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "", model_kind(i)->name);
    }
    error_set(err, "there is no model '%s'", model);
    return error_hint(err, "the models are %s", names);
}

struct checkpoint *open_drummer(const char *model, struct error *err)
{
    if (model && is_file(model))
        return checkpoint_load(model, err);
    return model_pretrained(model ? model : "groove", err);
}
