/* history: what a session holds, and one take step by step. */
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/report.h"

#include <math.h>
#include <stdlib.h>

struct history {
    struct session_take *takes;
    struct session_checkpoint *checkpoints;
    int take_count, checkpoint_count, current;
};

static bool read_history(struct session *session, struct history *history, struct error *err)
{
    return session_takes(session, &history->takes, &history->take_count, err) &&
           session_checkpoints(session, &history->checkpoints, &history->checkpoint_count, err) &&
           session_current(session, &history->current, err);
}

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

static struct json *tree_of(struct room *room, const struct history *history)
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
    return root;
}

static void print_takes(const struct history *history)
{
    if (history->take_count == 0) {
        printf("\nno takes yet\n");
        return;
    }
    printf("\n take  when              drummer  steps  heard  expected  together  verdict\n");
    for (int i = 0; i < history->take_count; i++) {
        const struct session_take *take = &history->takes[i];
        const struct take_summary *summary = &take->summary;
        char when[32];
        report_date(take->date_s, when);
        printf("%5d  %-16s  #%-6d  %5d  %5d", take->number, when, take->checkpoint, summary->steps,
               summary->matched);
        if (summary->matched)
            printf("  %5.1f ms  %5.1f ms", summary->prediction_mae_ms, summary->asynchrony_mae_ms);
        else
            printf("         -         -");
        printf("  %s\n", take_status_name(take->status));
    }
}

static void print_checkpoints(const struct history *history)
{
    printf("\ndrummer  when              grown from\n");
    for (int i = 0; i < history->checkpoint_count; i++) {
        const struct session_checkpoint *one = &history->checkpoints[i];
        char when[32];
        report_date(one->date_s, when);
        printf("%c%6d  %-16s  ", one->number == history->current ? '*' : ' ', one->number, when);
        if (one->take)
            printf("#%d, by take %d\n", one->parent, one->take);
        else
            printf("pretrained (%s)\n", one->model);
    }
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

static bool tell(const struct arguments *arguments, struct room *room,
                 const struct history *history, const struct take *take, const struct score *score,
                 struct error *err)
{
    struct bars flubs, others;
    if (take)
        take_flubs(take, &flubs, &others);
    if (arguments->json) {
        struct json *root = tree_of(room, history);
        if (take) {
            put_steps(root, score, take);
            report_put_changes(root, score, take);
            report_put_flubs(root, &flubs);
            if (!report_put_dropouts(root, score, take, err)) {
                json_free(root);
                return false;
            }
        }
        return report_print(root, err);
    }
    const struct session_info *info = session_info(room_session(room));
    printf("%s%s: %s\n", info->score_name, info->quantised ? " (quantised)" : "", info->path);
    if (take) {
        struct session_take row;
        if (!session_take_info(room_session(room), arguments->take, &row, err))
            return false;
        report_take(&row, room, stdout);
        report_flubs(&flubs, stdout);
        if (!report_dropouts(score, take, stdout, err))
            return false;
        print_steps(score, take);
        return true;
    }
    print_takes(history);
    print_checkpoints(history);
    return true;
}

static int run_history(const struct arguments *arguments, struct error *err)
{
    struct history history = {0};
    struct take *take = NULL;
    const struct score *score = NULL;
    struct room *room = open_past(arguments, err);
    bool done = room && read_history(room_session(room), &history, err);
    if (done && arguments->take) {
        take = room_stored_take(room, arguments->take, &score, err);
        done = take != NULL;
    }
    done = done && tell(arguments, room, &history, take, score, err);
    free(history.takes);
    free(history.checkpoints);
    take_free(take);
    room_close(room);
    return done ? CLI_DONE : CLI_FAILED;
}

static const struct option_row history_options[] = {
    OPTION_IS_INTEGER("take", take, "N", 1, INT_MAX, "this take, step by step"),
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_history = {
    .name = "history",
    .operand = "S",
    .summary = "takes and drummers of a session, and one take's steps",
    .options = history_options,
    .run = run_history,
};
