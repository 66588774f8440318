/* devices: what sound comes in and goes out through. */
#include "cli/cli.h"
#include "cli/open.h"
#include "cli/report.h"

static void put_device(void *context, const struct device_entry *entry)
{
    struct json *one = json_put_object(context, NULL);
    json_put_integer(one, "number", entry->number);
    json_put_string(one, "name", entry->name);
    json_put_string(one, "api", entry->api);
    json_put_string(one, "system_name", entry->system_name);
    json_put_bool(one, "plumbing", entry->plumbing);
    json_put_integer(one, "inputs", entry->inputs);
    json_put_integer(one, "outputs", entry->outputs);
    json_put_number(one, "rate", entry->rate);
    struct json *rates = json_put_array(one, "rates");
    for (int i = 0; i < DEVICE_RATES; i++)
        if (entry->rates & 1u << i)
            json_put_integer(rates, NULL, device_rates[i]);
    json_put_number(one, "input_latency_ms", 1000 * entry->input_latency_s);
    json_put_number(one, "output_latency_ms", 1000 * entry->output_latency_s);
    json_put_bool(one, "default", entry->is_default_input || entry->is_default_output);
    json_put_bool(one, "default_input", entry->is_default_input);
    json_put_bool(one, "default_output", entry->is_default_output);
}

struct list {
    bool all;
    int shown, hidden;
};

static void print_rates(const struct device_entry *entry)
{
    int width = 0;
    for (int i = 0; i < DEVICE_RATES; i++)
        if (entry->rates & 1u << i)
            width += printf("%s%g", width ? " " : "", device_rates[i] / 1000.0);
    if (!width) /* in use, so that it cannot be asked */
        width = printf("%g", entry->rate / 1000);
    printf("%*s", 20 - width, "");
}

static void print_device(void *context, const struct device_entry *entry)
{
    struct list *list = context;
    if (entry->plumbing && !list->all) {
        list->hidden++;
        return;
    }
    if (list->shown++ == 0)
        printf("      device                     by     in out  kHz                 latency\n");
    const char *mark = entry->is_default_input && entry->is_default_output ? "*"
                       : entry->is_default_input                           ? "<"
                       : entry->is_default_output                          ? ">"
                                                                           : " ";
    printf("%3d %s %-26.60s %-5s %3d %3d  ", entry->number, mark, entry->name, entry->api,
           entry->inputs, entry->outputs);
    print_rates(entry);
    if (entry->inputs && entry->outputs)
        printf("%.1f+%.1f ms\n", 1000 * entry->input_latency_s, 1000 * entry->output_latency_s);
    else
        printf("%.1f ms\n",
               1000 * (entry->inputs ? entry->input_latency_s : entry->output_latency_s));
}

static void print_legend(const struct list *list)
{
    if (list->shown == 0)
        printf("no sound card is here; a rehearsal then runs silently, in real time\n");
    else
        printf("\n* default (< input, > output)\n--input and --output take a number or any part of "
               "a name\n");
    if (list->hidden)
        printf("%d more lead to these by a detour, or nowhere: --all shows them\n", list->hidden);
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
    struct list list = {.all = arguments->all};
    if (!device_list(print_device, &list, err))
        return CLI_FAILED;
    print_legend(&list);
    return CLI_DONE;
}

static const struct option_row devices_options[] = {
    OPTION_IS_FLAG("all", all, "also ALSA's detours: dmix, surround51, ..."),
    OPTION_JSON,
    OPTION_LAST,
};

const struct command command_devices = {
    .name = "devices",
    .summary = "the sound cards of this machine, as --input and --output name them",
    .options = devices_options,
    .run = run_devices,
};
