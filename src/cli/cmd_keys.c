/* keys: the keys of the screen, as the file that changes them. */
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/report.h"
#include "tui/key_file.h"
#include "tui/key_names.h"

static void put_keys(struct json *one, const struct keymap_row *row)
{
    struct json *list = json_put_array(one, "keys");
    for (int k = 0; k < KEY_CODES && row->codes[k]; k++) {
        char name[KEY_NAME_SIZE];
        key_write(row->codes[k], name);
        json_put_string(list, NULL, name);
    }
}

static bool put_all(const struct key_settings *settings, struct error *err)
{
    struct json *root = json_object();
    struct json *list = json_put_array(root, "keys");
    for (int i = 0; i < key_count; i++) {
        struct json *one = json_put_object(list, NULL);
        json_put_string(one, "action", keys_action_name(keys[i].action));
        json_put_string(one, "help", keys[i].help);
        put_keys(one, &settings->map.rows[i]);
    }
    struct json *problems = json_put_array(root, "problems");
    for (int i = 0; i < settings->problem_count; i++)
        json_put_string(problems, NULL, settings->problems[i]);
    return report_print(root, err);
}

static int run_keys(const struct arguments *arguments, struct error *err)
{
    struct key_settings settings;
    key_settings_init(&settings);
    key_settings_load(&settings);
    if (arguments->json)
        return put_all(&settings, err) ? CLI_DONE : CLI_FAILED;
    for (int i = 0; i < settings.problem_count; i++)
        fprintf(stderr, "rolypoly: in the file of keys, %s\n", settings.problems[i]);
    key_settings_print(&settings, stdout);
    return CLI_DONE;
}

static const struct option_row keys_options[] = {OPTION_JSON, OPTION_LAST};

const struct command command_keys = {
    .name = "keys",
    .summary = "the keys of the screen, as the file that changes them",
    .details =
        "rolypoly keys >~/.config/rolypoly/keys gives a file to begin with: take the # from\n"
        "a line and change it.",
    .options = keys_options,
    .run = run_keys,
};
