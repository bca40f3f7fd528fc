package dev.unroll.spark.train;

import dev.unroll.base.InputException;
import dev.unroll.cli.Main;
import dev.unroll.cli.command.TrainCommand;
import dev.unroll.cli.report.Problem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/**
 * A command such as {@code lm train}, with the options that it has on the command line, whose run
 * is trained on executors. Its files may be on any file system that Hadoop knows: what is read is
 * copied to the driver and from there to the executors, what is written is copied to its place.
 */
public final class CommandTraining {

  /** Options that train no model, or several, which the driver would do alone. */
  private static final List<String> UNUSED = List.of("--seeds", "--cross-validate", "--find-rate");

  private final SparkSession session;
  private final Path work;
  private final PrintWriter out;
  private final PrintWriter err;

  /**
   * Trains in a session.
   *
   * @param work an empty folder for files of the command, which whoever calls deletes
   */
  public CommandTraining(SparkSession session, Path work, PrintWriter out, PrintWriter err) {
    this.session = session;
    this.work = work;
    this.out = out;
    this.err = err;
  }

  private CommandLine line(List<String> arguments) {
    return Main.commandLine(out, err, arguments.toArray(String[]::new));
  }

  private CommandLine line(ClusterPlace place) {
    return Main.commandLine(
        place.naming(out), place.naming(err), place.here().toArray(String[]::new));
  }

  /**
   * Runs a command as the program {@code unroll} does, and takes signals as it does.
   *
   * @return the exit status
   */
  public int execute(List<String> arguments) {
    CommandLine line = line(arguments);
    try {
      ParseResult parsed = line.parseArgs(arguments.toArray(String[]::new));
      if (CommandLine.executeHelpRequest(parsed) == null) {
        var place = place(train(parsed), true);
        CommandLine here = line(place);
        CommandRecipe.train(here).trainAt(place);
        int status = here.execute(place.here().toArray(String[]::new));
        place.send();
        return status;
      }
      return CommandLine.ExitCode.OK;
    } catch (CommandLine.ParameterException e) {
      return line.execute(arguments.toArray(String[]::new)); // says what is wrong
    } catch (InputException e) {
      Problem.print(err, e);
      return CommandLine.ExitCode.USAGE;
    }
  }

  /**
   * Runs a command as a part of another program.
   *
   * @throws InputException if the arguments or data cannot be used
   */
  public void call(List<String> arguments) {
    try {
      ParseResult parsed = line(arguments).parseArgs(arguments.toArray(String[]::new));
      var place = place(train(parsed), false);
      CommandLine here = line(place);
      here.parseArgs(place.here().toArray(String[]::new));
      TrainCommand<?, ?, ?, ?> command = CommandRecipe.train(here);
      command.trainAt(place);
      command.call();
      place.send();
    } catch (CommandLine.ParameterException e) {
      throw new InputException(
          String.valueOf(e.getMessage()), "See unroll " + arguments.get(0) + " train --help.");
    }
  }

  private ClusterPlace place(ParseResult train, boolean ownsProgram) {
    for (String name : UNUSED) {
      if (train.hasMatchedOption(name)) {
        throw new InputException(
            name + " does nothing on Spark", "Leave it out, or run the command on one machine.");
      }
    }
    return new ClusterPlace(session, work, Arguments.of(train), ownsProgram);
  }

  /** Returns what was parsed of the command {@code train}. */
  private static ParseResult train(ParseResult parsed) {
    ParseResult deepest = parsed;
    while (deepest.hasSubcommand()) {
      deepest = deepest.subcommand();
    }
    if (!(deepest.commandSpec().userObject() instanceof TrainCommand)
        || parsed.subcommand().commandSpec().name().equals("tune")) {
      throw new InputException(
          "on Spark there is train only, as in lm train",
          "Run other commands with unroll, on one machine.");
    }
    return deepest;
  }
}
