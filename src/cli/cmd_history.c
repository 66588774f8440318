/* history: what a session holds, and one take step by step. */
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/report.h"
#include "rehearsal/history.h"

#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void put_hits(struct json *step, const struct score *score, const struct take *take,
                     int first, int end)
{
    struct json *hits = json_put_array(step, "hits");
    for (int i = first; i < end; i++) {
        const struct take_hit *played = &take->hits[i];
        const struct hit *hit = &score->hits[played->hit];
        double offset_s = (double)played->frame / take->settings.rate - hit->scored_s;
        struct json *one = json_put_object(hits, NULL);
        json_put_string(one, "class", kitmap_name(hit->drum));
        json_put_integer(one, "pitch", hit->pitch);
        json_put_integer(one, "velocity_scored", hit->velocity);
        json_put_integer(one, "velocity", played->velocity);
        json_put_number(one, "offset_ms", 1000 * offset_s);
    }
}

static struct json *put_step(struct json *steps, const struct score *score, const struct take *take,
                             int index)
{
    const struct take_step *played = &take->steps[index];
    const struct step *step = &score->steps[played->step];
    const struct passage *passage = practice_passage_of(score, played->step);
    double g_ms;
    struct json *one = json_put_object(steps, NULL);
    json_put_integer(one, "index", played->step);
    json_put_integer(one, "bar", step->at.bar + 1);
    json_put_integer(one, "pass", passage ? passage->pass : 0);
    json_put_number(one, "phase", step->at.phase);
    json_put_number(one, "bpm", step->at.bpm);
    json_put_number(one, "metre", (double)step->at.numerator / step->at.denominator);
    json_put_number(one, "score_s", step->time_s);
    json_put_number(one, "g_ms", take_heard(take, index, &g_ms) ? g_ms : NAN);
    json_put_number(one, "g_pred_ms", played->predicted_ms);
    json_put_number(one, "g_pred_sd_ms", played->predicted_sd_ms);
    json_put_number(one, "drums_ms", played->drums_ms);
    json_put_bool(one, "planned", played->planned);
    return one;
}

/* A take's hits lie in score order, step after step. */
static int end_of_step(const struct score *score, const struct take *take, int hit, int step)
{
    while (hit < take->hit_count && score->hits[take->hits[hit].hit].step == step)
        hit++;
    return hit;
}

static void put_steps(struct json *root, const struct score *score, const struct take *take)
{
    struct json *steps = json_put_array(root, "step");
    for (int i = 0, hit = 0; i < take->step_count; i++) {
        int end = end_of_step(score, take, hit, take->steps[i].step);
        put_hits(put_step(steps, score, take, i), score, take, hit, end);
        hit = end;
    }
}

static void put_days(struct json *root, const struct history *history)
{
    int count;
    struct history_day *days = history_days(history, &count);
    struct json *list = json_put_array(root, "days");
    for (int i = 0; i < count; i++) {
        struct json *one = json_put_object(list, NULL);
        char when[32];
        report_date(days[i].date_s, when);
        when[strcspn(when, " ")] = '\0';
        json_put_string(one, "date", when);
        json_put_integer(one, "takes", days[i].takes);
        json_put_number(one, "asynchrony_mean_ms", days[i].mean_ms);
        json_put_number(one, "asynchrony_best_ms", days[i].best_ms);
        json_put_number(one, "asynchrony_last_ms", days[i].last_ms);
    }
    free(days);
}

/* The numbers of those that have the words in them. */
static void put_found(struct json *root, const struct history *history, const char *words)
{
    struct json *found = json_put_object(root, "found");
    struct json *takes = json_put_array(found, "takes");
    struct json *checkpoints = json_put_array(found, "checkpoints");
    for (int i = 0; i < history->row_count; i++) {
        const struct history_row *row = &history->rows[i];
        if (!history_finds(history, row, words))
            continue;
        if (row->take < 0)
            json_put_integer(checkpoints, NULL, history->checkpoints[row->checkpoint].number);
        else
            json_put_integer(takes, NULL, history->takes[row->take].number);
    }
}

static struct json *tree_of(struct room *room, const struct history *history, const char *words)
{
    const struct session_info *info = session_info(room_session(room));
    struct json *root = json_object();
    json_put_string(root, "session", info->path);
    json_put_string(root, "score", info->score_name);
    json_put_string(root, "score_id", info->score_id);
    json_put_bool(root, "quantised", info->quantised);
    report_put_date(root, "created", info->created_s);
    json_put_integer(root, "current", history->current);
    struct json *takes = json_put_array(root, "takes");
    for (int i = 0; i < history->take_count; i++)
        report_put_take(json_put_object(takes, NULL), &history->takes[i]);
    struct json *checkpoints = json_put_array(root, "checkpoints");
    for (int i = 0; i < history->checkpoint_count; i++)
        report_put_checkpoint(json_put_object(checkpoints, NULL), &history->checkpoints[i]);
    put_days(root, history);
    if (words)
        put_found(root, history, words);
    return root;
}

static void print_take(const struct history *history, const struct session_take *take)
{
    const struct take_summary *summary = &take->summary;
    int pupil = history_pupil(history, take->number);
    char when[32];
    report_date(take->date_s, when);
    printf("take %-4d %s  ", take->number, when);
    if (summary->matched)
        printf("%5.1f ms apart  expected within %5.1f ms  heard %d of %d  ",
               summary->asynchrony_mae_ms, summary->prediction_mae_ms, summary->matched,
               summary->steps);
    else
        printf("no guitar heard in %d steps  ", summary->steps);
    printf("%s", take_status_name(take->status));
    if (pupil)
        printf(", taught #%d", pupil);
}

static void print_drummer(const struct history *history, const struct session_checkpoint *drummer)
{
    char when[32];
    report_date(drummer->date_s, when);
    printf("%c #%d %s  %s  ", drummer->number == history->current ? '*' : 'o', drummer->number,
           drummer->model, when);
    if (drummer->parent && drummer->take)
        printf("grown from #%d, by take %d", drummer->parent, drummer->take);
    else if (drummer->parent)
        printf("grown from #%d", drummer->parent);
    else
        printf("as it came");
    if (drummer->number == history->current)
        printf(", plays now");
}

/* The tree's own signs where the terminal has them. */
static void print_rails(const struct history_row *row)
{
    static const struct {
        const char *sign, *ascii;
    } signs[] = {{"│", "|"}, {"├─", "|-"}, {"└─", "`-"}, {"…", "~"}};
    char rails[256];
    history_rails(row, 16, rails, sizeof rails);
    bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    for (const char *at = rails; *at;) {
        size_t length = 1;
        const char *out = NULL;
        for (size_t i = 0; i < sizeof signs / sizeof *signs && !out; i++)
            if (strncmp(at, signs[i].sign, strlen(signs[i].sign)) == 0) {
                length = strlen(signs[i].sign);
                out = utf8 ? signs[i].sign : signs[i].ascii;
            }
        printf("%.*s", out ? (int)strlen(out) : 1, out ? out : at);
        at += length;
    }
}

static void print_row(const struct history *history, const struct history_row *row, bool tree)
{
    const struct session_take *take = row->take < 0 ? NULL : &history->takes[row->take];
    const struct session_checkpoint *drummer = &history->checkpoints[row->checkpoint];
    const char *note = take ? take->note : drummer->note;
    if (tree)
        print_rails(row);
    if (take)
        print_take(history, take);
    else
        print_drummer(history, drummer);
    if (note[0])
        printf("  \"%s\"", note);
    putchar('\n');
}

static void print_days(const struct history *history)
{
    int count;
    struct history_day *days = history_days(history, &count);
    if (count > 0)
        printf("\nday         takes      mean      best      last\n");
    for (int i = 0; i < count; i++) {
        char when[32];
        report_date(days[i].date_s, when);
        printf("%-10.10s  %5d  %5.1f ms  %5.1f ms  %5.1f ms\n", when, days[i].takes,
               days[i].mean_ms, days[i].best_ms, days[i].last_ms);
    }
    free(days);
}

/* All of it, or what has the words in it. */
static void print_history(const struct history *history, const char *words)
{
    int found = 0;
    for (int i = 0; i < history->row_count; i++)
        if (!words || history_finds(history, &history->rows[i], words)) {
            print_row(history, &history->rows[i], words == NULL);
            found++;
        }
    if (words && found == 0)
        printf("nothing has '%s' in it\n", words);
    if (words)
        return;
    if (history->take_count == 0)
        printf("no takes yet\n");
    print_days(history);
}

static void print_steps(const struct score *score, const struct take *take)
{
    printf("\n  bar  beat      guitar  expected     drums\n");
    for (int i = 0; i < take->step_count; i++) {
        const struct take_step *played = &take->steps[i];
        const struct step *step = &score->steps[played->step];
        double beat = 1 + step->at.quarter * step->at.denominator / 4, g_ms;
        printf("%5d %5.2f  ", step->at.bar + 1, beat);
        if (take_heard(take, i, &g_ms))
            printf("%+7.1f ms", g_ms);
        else
            printf("         -");
        printf("%+7.1f ms%+7.1f ms%s\n", played->predicted_ms, played->drums_ms,
               played->planned ? "" : "  too late");
    }
}

/* One take, step by step. */
struct look {
    const struct take *take;
    const struct score *score;
    struct session_take info;
    struct room_verdict verdict;
    struct bars flubs;
};

static bool look_at(struct look *look, struct room *room, const struct take *take,
                    const struct score *score, int number, struct error *err)
{
    struct bars others;
    *look = (struct look){.take = take, .score = score};
    take_flubs(take, &look->flubs, &others);
    return session_take_info(room_session(room), number, &look->info, err) &&
           room_judge(room, number, &look->verdict, err);
}

static bool put_look(struct json *root, const struct look *look, struct error *err)
{
    put_steps(root, look->score, look->take);
    report_put_verdict(root, &look->verdict.judgement);
    report_put_changes(root, look->score, look->take);
    report_put_flubs(root, &look->flubs);
    return report_put_dropouts(root, look->score, look->take, err);
}

static bool print_look(const struct look *look, const struct room *room, struct error *err)
{
    report_take(&look->info, room, stdout);
    report_verdict(&look->verdict.judgement, stdout);
    report_flubs(&look->flubs, stdout);
    if (!report_dropouts(look->score, look->take, stdout, err))
        return false;
    print_steps(look->score, look->take);
    return true;
}

/* `look` NULL: of all. */
static bool tell(const struct arguments *arguments, struct room *room,
                 const struct history *history, const struct look *look, struct error *err)
{
    if (arguments->json) {
        struct json *root = tree_of(room, history, arguments->search);
        if (look && !put_look(root, look, err)) {
            json_free(root);
            return false;
        }
        return report_print(root, err);
    }
    const struct session_info *info = session_info(room_session(room));
    printf("%s%s: %s\n", info->score_name, info->quantised ? " (quantised)" : "", info->path);
    if (look)
        return print_look(look, room, err);
    print_history(history, arguments->search);
    return true;
}

static bool tell_take(const struct arguments *arguments, struct room *room,
                      const struct history *history, struct error *err)
{
    const struct score *score;
    struct look look = {.take = NULL};
    struct take *take = room_stored_take(room, arguments->take, &score, err);
    bool told = take && look_at(&look, room, take, score, arguments->take, err) &&
                tell(arguments, room, history, &look, err);
    room_verdict_release(&look.verdict);
    take_free(take);
    return told;
}

static int run_history(const struct arguments *arguments, struct error *err)
{
    setlocale(LC_CTYPE, ""); /* for the signs of the tree */
    struct history history = {0};
    struct room *room = open_past(arguments, err);
    bool done = room && history_read(&history, room_session(room), err) &&
                (arguments->take ? tell_take(arguments, room, &history, err)
                                 : tell(arguments, room, &history, NULL, err));
    history_release(&history);
    room_close(room);
    return done ? CLI_DONE : CLI_FAILED;
}

static const struct option_row history_options[] = {
    OPTION_IS_INTEGER("take", take, "N", 1, INT_MAX, "this take, step by step"),
    OPTION_IS_TEXT("search", search, "TEXT",
                   "those alone that have it in their number, date, status or\nnote"),
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_history = {
    .name = "history",
    .operand = "S",
    .summary = "the tree of takes and drummers, and one take's steps",
    .options = history_options,
    .run = run_history,
};
