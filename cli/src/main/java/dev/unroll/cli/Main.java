package dev.unroll.cli;

import dev.unroll.base.InputException;
import dev.unroll.cli.command.CommandHelp;
import dev.unroll.cli.command.TrainCommand;
import dev.unroll.cli.interop.ExportCommand;
import dev.unroll.cli.interop.ImportCommand;
import dev.unroll.cli.interop.OnnxCommands;
import dev.unroll.cli.lm.AgreementCommand;
import dev.unroll.cli.option.EncodingOption;
import dev.unroll.cli.option.NumberOptions;
import dev.unroll.cli.report.ColorWriter;
import dev.unroll.cli.report.Printable;
import dev.unroll.cli.report.Problem;
import dev.unroll.cli.serve.ServeCommand;
import dev.unroll.train.TrainingException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code unroll}. */
@Command(
    name = "unroll",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description =
        "Recurrent neural networks for the JVM: language models, text classifiers, taggers,"
            + " sequence-to-sequence models, forecasters.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Start with:  unroll demo",
      "A model of your own:  unroll lm train my.txt -o my.safetensors",
      "Exit status: 0 success, 1 failure, 2 wrong usage or unusable input, 130 stopped by Ctrl-C.",
    })
public final class Main {

  /** The commands that stand alone, in the order of the help. */
  private static final Map<String, Supplier<Callable<Integer>>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("demo", DemoCommand::new);
    COMMANDS.put("serve", ServeCommand::new);
    COMMANDS.put("info", InfoCommand::new);
    COMMANDS.put("verify", VerifyCommand::new);
    COMMANDS.put("compress", CompressCommand::new);
    COMMANDS.put("import", ImportCommand::new);
    COMMANDS.put("export", ExportCommand::new);
    COMMANDS.put("agreement", AgreementCommand::new);
    COMMANDS.put("onnx", OnnxCommands::new);
  }

  /** Created by picocli. */
  public Main() {}

  /** Names the version. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "unroll " + dev.unroll.data.Provenance.VERSION,
        dev.unroll.kernel.Kernels.description(),
        "Java " + Runtime.version()
      };
    }
  }

  /** Runs one command and ends the process with its exit status. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT); // numbers look the same everywhere
    ParentProcess.endWithIt();
    System.exit(run(args));
  }

  private static int run(String... args) {
    var out = new PrintWriter(new StandardOutput(), true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    try {
      CommandLine program = commandLine(out, err, args);
      if (Printable.isTerminal()) {
        program.setExecutionStrategy(parsed -> printably(program, out, parsed, err));
      }
      int status = program.execute(args);
      out.flush();
      return status;
    } catch (StandardOutput.Failure e) { // of what was left at the end
      return e.report(err);
    } catch (OutOfMemoryError e) {
      err.println(
          "unroll: out of memory: the heap of %,d MiB is too small"
              .formatted(Runtime.getRuntime().maxMemory() >> 20));
      err.println(
          "  Make batch, steps, layers or vocabulary smaller, or set UNROLL_JAVA_OPTIONS=-Xmx8g.");
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  /** Runs a command on a terminal; help has styles of its own, which the terminal understands. */
  private static int printably(
      CommandLine program, PrintWriter out, CommandLine.ParseResult parsed, PrintWriter err) {
    try {
      Integer help = CommandLine.executeHelpRequest(parsed);
      if (help != null) {
        return help;
      }
    } catch (StandardOutput.Failure e) {
      return e.report(err);
    }
    program.setOut(Printable.over(out));
    return run(parsed, err);
  }

  /**
   * Returns the program as {@code args} need it: where they begin with the name of a command, only
   * that command, and where they ask for the version none, because reading the options of all takes
   * longer than most answers.
   */
  public static CommandLine commandLine(PrintWriter out, PrintWriter err, String... args) {
    var program = new CommandLine(new Main());
    String first = args.length == 0 ? "" : args[0];
    var named = COMMANDS.get(first);
    var task = TaskList.find(first).orElse(null);
    if (named != null) {
      program.addSubcommand(new CommandLine(named.get()));
    } else if (task != null || first.equals(TaskList.TUNE)) {
      String second = args.length == 1 ? "" : args[1];
      CommandLine commands = task == null ? TaskList.tune(second) : task.line(second);
      commands.getSubcommands().values().stream()
          .map(CommandLine::<Object>getCommand)
          .filter(TrainCommand.class::isInstance)
          .forEach(train -> ((TrainCommand<?, ?, ?, ?>) train).give(List.of(args)));
      program.addSubcommand(first, commands);
    } else if (!asksForVersion(program, args)) {
      TaskList.ALL.forEach(each -> program.addSubcommand(each.name(), each.line("")));
      program.addSubcommand(TaskList.TUNE, TaskList.tune(""));
      COMMANDS.values().forEach(each -> program.addSubcommand(new CommandLine(each.get())));
      program.addSubcommand(new AutoComplete.GenerateCompletion());
      program.addSubcommand(new CommandLine.HelpCommand());
    }
    NumberOptions.register(program);
    CommandHelp.install(program);
    return program
        .setOut(out)
        .setErr(new ColorWriter(err))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setColorScheme(CommandLine.Help.defaultColorScheme(ColorWriter.ofHelp()))
        .setUsageHelpWidth(100)
        .setExpandAtFiles(false)
        .setExecutionStrategy(parsed -> run(parsed, err))
        .setParameterExceptionHandler(Main::reportUsage)
        .setExecutionExceptionHandler(Main::report);
  }

  private static boolean asksForVersion(CommandLine program, String... args) {
    var option = args.length == 1 ? program.getCommandSpec().findOption(args[0]) : null;
    return option != null && option.versionHelp();
  }

  /** Runs what was asked for, or prints help, which has no handler of exceptions. */
  private static int run(CommandLine.ParseResult parsed, PrintWriter err) {
    try {
      return EncodingOption.reading(parsed, () -> new CommandLine.RunLast().execute(parsed));
    } catch (StandardOutput.Failure e) {
      return e.report(err);
    }
  }

  /** Returns where a command is found that was named without its task; empty for no command. */
  private static String tasksOf(String command) {
    return TaskList.ALL.stream()
        .filter(task -> task.commands().contains(command))
        .map(task -> "unroll " + task.name() + " " + command)
        .collect(Collectors.joining(" or "));
  }

  /** A wrong option is reported in two lines, not in the whole help. */
  private static int reportUsage(CommandLine.ParameterException exception, String[] args) {
    CommandLine command = exception.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println("unroll: " + exception.getMessage());
    String meant = command.getParent() == null && args.length > 0 ? tasksOf(args[0]) : "";
    if (!meant.isEmpty()) {
      err.println("  Name its task: " + meant + ".");
      return CommandLine.ExitCode.USAGE;
    }
    Optional<String> hint =
        exception instanceof CommandLine.UnmatchedArgumentException unknown
            ? unknown.getUnmatched().stream()
                .flatMap(each -> OptionHints.of(each, command.getCommandSpec()).stream())
                .findFirst()
            : Optional.empty();
    if (hint.isPresent()) {
      err.println("  " + hint.get());
    } else if (!CommandLine.UnmatchedArgumentException.printSuggestions(exception, err)) {
      err.println("  See " + name + " --help.");
    }
    return CommandLine.ExitCode.USAGE;
  }

  /** Errors that a user can fix end with status 2 and without a stack trace. */
  private static int report(
      Exception exception, CommandLine command, CommandLine.ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (exception instanceof StandardOutput.Failure failure) {
      return failure.report(err);
    }
    if (exception instanceof InputException problem) {
      Problem.print(err, problem);
      return CommandLine.ExitCode.USAGE;
    }
    if (exception instanceof ArithmeticException) {
      err.println("unroll: batch × steps × units is more than one array can hold (2³¹ elements)");
      err.println("  Make --batch, --steps, --units or the vocabulary smaller.");
      return CommandLine.ExitCode.USAGE;
    }
    if (exception instanceof TrainingException) {
      err.println("unroll: " + exception.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    err.println("unroll: failed: " + exception);
    err.println("  This is a bug in Unroll; please report it with what follows.");
    exception.printStackTrace(err);
    return CommandLine.ExitCode.SOFTWARE;
  }
}
