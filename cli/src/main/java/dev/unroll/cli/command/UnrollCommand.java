package dev.unroll.cli.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** A command: its options are fields, {@link #call} returns the exit status. */
@Command(
    mixinStandardHelpOptions = true,
    sortOptions = false,
    modelTransformer = UnrollCommand.CommonOptionsLast.class)
public abstract class UnrollCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Created by the command line. */
  protected UnrollCommand() {}

  /** Fits options that are shared to this command. */
  void fit(CommandSpec command) {}

  /** Returns where results are printed. */
  protected final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Returns where notes, progress and errors are printed. */
  protected final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Returns the options that were given. */
  protected final ParseResult parsed() {
    return spec.commandLine().getParseResult();
  }

  /**
   * Moves the options that all commands of a kind have after those of the task in the help: picocli
   * lists those of a superclass first.
   */
  static final class CommonOptionsLast implements IModelTransformer {

    /** The common ones, by the fields that hold them. */
    private static final List<String> COMMON =
        List.of(
            "running",
            "tuning",
            "network",
            "training",
            "keeping",
            "json",
            "threads",
            "mixinStandardHelpOptions");

    @Override
    public CommandSpec transform(CommandSpec command) {
      for (String name : COMMON) {
        CommandSpec mixin = command.mixins().get(name);
        if (mixin != null) {
          for (var option : List.copyOf(mixin.options())) {
            command.remove(option).addOption(option);
          }
        }
      }
      if (command.userObject() instanceof UnrollCommand own) {
        own.fit(command);
      }
      return command;
    }
  }
}
