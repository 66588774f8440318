#include "cli/cli.h"

#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct command *const commands[] = {
    &command_demo,     &command_library,
    &command_take,     &command_accept,
    &command_reject,   &command_rollback,
    &command_history,  &command_compare,
    &command_note,     &command_delete,
    &command_replay,   &command_export,
    &command_humanise, &command_onsets,
    &command_pretrain, &command_evaluate,
    &command_bench,    &command_keys,
    &command_devices,  &command_calibrate,
    &command_doctor,   NULL,
};

static const struct command *find_command(const char *name)
{
    for (int i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static void print_overview(FILE *out)
{
    fprintf(out, "rolypoly: a drummer that rehearses with one guitarist\n\n"
                 "  rolypoly SONG.mid                rehearse\n"
                 "  rolypoly [FOLDER]                choose a song, or go on with one\n"
                 "  rolypoly COMMAND [options]       everything else\n\n");
    for (int i = 0; commands[i]; i++) {
        char call[64];
        snprintf(call, sizeof call, "%s %s", commands[i]->name,
                 commands[i]->operand ? commands[i]->operand : "");
        fprintf(out, "  %-20s %s\n", call, commands[i]->summary);
    }
    fprintf(out, "\nS is a session file, or the score it belongs to. Every command takes --json.\n"
                 "rolypoly help COMMAND says more; rolypoly help rehearse is about the screen.\n");
}

static void print_help(const struct command *command, FILE *out)
{
    bool is_screen = command == &command_rehearse;
    fprintf(out, "rolypoly %s%s%s [options]\n\n%s\n", is_screen ? "" : command->name,
            command->operand && !is_screen ? " " : "", command->operand ? command->operand : "",
            command->summary);
    if (command->details)
        fprintf(out, "\n%s\n", command->details);
    fputc('\n', out);
    options_print(command->options, out);
}

/* One line, whatever a file is called: a name may hold what would drive the terminal. */
static void print_line(const char *before, const char *text)
{
    fputs(before, stderr);
    for (; *text; text++)
        fputc((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text, stderr);
    fputc('\n', stderr);
}

static void print_error(const struct error *err)
{
    print_line("rolypoly: ", err->text);
    if (err->hint[0])
        print_line("hint: ", err->hint);
}

static void print_failure(const struct command *command, int status, struct error *err)
{
    if (status == CLI_USAGE && !err->hint[0])
        error_hint(err, "rolypoly help %s", command->name);
    print_error(err);
}

/* What was printed may still be on its way to a full disk. A failure has been told already. */
static int finish_output(int status)
{
    if (status != CLI_DONE || (fflush(stdout) == 0 && !ferror(stdout)))
        return status;
    struct error err;
    error_errno(&err, "cannot write to standard output");
    print_error(&err);
    return CLI_FAILED;
}

static int run_command(const struct command *command, int argc, char **argv)
{
    struct error err = {0};
    struct arguments arguments;
    bool help;
    arguments_init(&arguments);
    if (!options_parse(command->options, command->operand, argc, argv, &arguments, &help, &err)) {
        print_failure(command, CLI_USAGE, &err);
        return CLI_USAGE;
    }
    if (help) {
        print_help(command, stdout);
        return finish_output(CLI_DONE);
    }
    interrupts_catch();
    int status = command->run(&arguments, &err);
    if (status != CLI_DONE && err.text[0])
        print_failure(command, status, &err);
    return finish_output(status);
}

static int help_about(const char *name)
{
    const struct command *command =
        strcmp(name, "rehearse") == 0 ? &command_rehearse : find_command(name);
    if (command) {
        print_help(command, stdout);
        return finish_output(CLI_DONE);
    }
    struct error err;
    error_set(&err, "there is no command '%s'", name);
    error_hint(&err, "rolypoly help lists them");
    print_error(&err);
    return CLI_USAGE;
}

/* A song is whatever exists, or looks like a file's name; anything else was meant as a command. */
static bool may_be_song(const char *word)
{
    return strpbrk(word, "./") || access(word, F_OK) == 0;
}

static char **words;

char **cli_words(void)
{
    return words;
}

int cli_main(int argc, char **argv)
{
    words = argv;
    if (argc < 2 && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
        return run_command(&command_rehearse, argc, argv);
    if (argc < 2) {
        print_overview(stderr);
        return CLI_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "help") == 0 && argc > 2)
        return help_about(argv[2]);
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        print_overview(stdout);
        return finish_output(CLI_DONE);
    }
    if (strcmp(word, "--version") == 0) {
        printf("rolypoly " ROLYPOLY_VERSION "\n");
        return finish_output(CLI_DONE);
    }
    const struct command *command = find_command(word);
    if (command)
        return run_command(command, argc - 1, argv + 1);
    if (word[0] == '-' || may_be_song(word))
        return run_command(&command_rehearse, argc, argv);
    return help_about(word);
}
