package dev.unroll.cli.interop;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code unroll onnx}: models of ONNX as they are. */
@Command(
    name = "onnx",
    mixinStandardHelpOptions = true,
    description = "Shows, checks and runs ONNX models.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      OnnxInfoCommand.class,
      OnnxCheckCommand.class,
      OnnxRunCommand.class,
      OnnxVerifyCommand.class,
      CommandLine.HelpCommand.class
    })
public final class OnnxCommands implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Created by the command line. */
  public OnnxCommands() {}

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing required subcommand");
  }
}
