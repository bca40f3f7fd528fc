package dev.unroll.bench;

import dev.unroll.base.InputException;
import dev.unroll.bench.serve.ServeCommand;
import dev.unroll.bench.serve.SoakCommand;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code unroll-bench}. */
@Command(
    name = "unroll-bench",
    mixinStandardHelpOptions = true,
    description = "Benchmarks of Unroll; without a command, the comparison with its peers.",
    subcommands = {
      CompareCommand.class,
      TasksCommand.class,
      GuardCommand.class,
      OnnxCommand.class,
      WeightsCommand.class,
      MinimalCommand.class,
      EmbeddingCommand.class,
      FirstStepCommand.class,
      CostCommand.class,
      ChartsCommand.class,
      ScoringCommand.class,
      MemoryCommand.class,
      JitterCommand.class,
      ProfileCommand.class,
      MorseCommand.class,
      DatesCommand.class,
      ServeCommand.class,
      SoakCommand.class
    })
public final class Main {

  /** Created by picocli. */
  public Main() {}

  /** Runs one command. */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    boolean named = args.length > 0 && !args[0].startsWith("-");
    boolean help = args.length > 0 && (args[0].equals("--help") || args[0].equals("-h"));
    String[] all = args;
    if (!named && !help) {
      all = new String[args.length + 1];
      all[0] = "compare";
      System.arraycopy(args, 0, all, 1, args.length);
    }
    int status =
        new CommandLine(new Main())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(Main::report)
            .execute(all);
    if (System.out.checkError() && status == 0) {
      System.err.println("unroll-bench: the output cannot be written");
      status = CommandLine.ExitCode.SOFTWARE;
    }
    System.exit(status);
  }

  /** What a user can fix ends with status 2 and without a stack trace. */
  private static int report(
      Exception exception, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
    if (exception instanceof InputException problem) {
      command.getErr().println("unroll-bench: " + problem.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    throw exception;
  }
}
