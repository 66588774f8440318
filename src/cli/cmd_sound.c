/* devices: through what is heard and played. */
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/report.h"

static void put_device(void *context, const struct device_entry *entry)
{
    struct json *one = json_put_object(context, NULL);
    json_put_string(one, "name", entry->name);
    json_put_string(one, "api", entry->api);
    json_put_integer(one, "inputs", entry->inputs);
    json_put_integer(one, "outputs", entry->outputs);
    json_put_number(one, "rate", entry->rate);
    json_put_number(one, "input_latency_ms", 1000 * entry->input_latency_s);
    json_put_number(one, "output_latency_ms", 1000 * entry->output_latency_s);
    json_put_bool(one, "default", entry->is_default);
}

static void print_device(void *context, const struct device_entry *entry)
{
    int *count = context;
    (*count)++;
    printf("%c %s: %s  (%d in, %d out, %g Hz, %.1f + %.1f ms)\n", entry->is_default ? '*' : ' ',
           entry->api, entry->name, entry->inputs, entry->outputs, entry->rate,
           1000 * entry->input_latency_s, 1000 * entry->output_latency_s);
}

static int run_devices(const struct arguments *arguments, struct error *err)
{
    if (arguments->json) {
        struct json *root = json_object();
        if (device_list(put_device, json_put_array(root, "devices"), err))
            return report_print(root, err) ? CLI_DONE : CLI_FAILED;
        json_free(root);
        return CLI_FAILED;
    }
    int count = 0;
    if (!device_list(print_device, &count, err))
        return CLI_FAILED;
    if (count == 0)
        printf("no sound card is here; a rehearsal then runs silently, in real time\n");
    return CLI_DONE;
}

static const struct option_row json_only[] = {OPTION_JSON, OPTION_LAST};

const struct command command_devices = {
    .name = "devices",
    .summary = "the sound cards of this machine; * is the default",
    .options = json_only,
    .run = run_devices,
};
