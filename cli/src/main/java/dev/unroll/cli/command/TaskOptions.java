package dev.unroll.cli.command;

import dev.unroll.task.Defaults;
import dev.unroll.task.label.LabelRun;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Fits the options that all tasks share to one of them. What has no meaning there is in no help, no
 * man page and no completion, but still read, so that the task can say why it does nothing. Where a
 * description names a default in braces, the task's own is put in.
 */
final class TaskOptions {

  /** Options of one run, which do nothing where there are several. */
  static final List<String> OF_ONE_RUN =
      List.of("--checkpoints", "--metrics", "--plot", "--cross-validate");

  /** What options of train do in a search. */
  private static final Map<String, String> IN_TUNING =
      Map.of(
          "--find-rate",
          "Look for a learning rate first, and draw rates from a fifth of it to five times it.",
          "--dry-run",
          "Show the ranges and the drawn settings. Nothing is trained or written.");

  private TaskOptions() {}

  static void fit(CommandSpec command, Defaults usual, Set<String> unused) {
    Map<String, String> defaults =
        Map.of(
            "{rate}",
            rate(command, usual),
            "{dropout}",
            dropout(command, usual),
            "{word-dropout}",
            wordDropout(command),
            "{layer-norm}",
            usual.normalized() ? "--layer-norm" : "--no-layer-norm",
            "{embedding}",
            embedding(command, usual),
            "{valid-share}",
            validationShare(command, usual));
    for (OptionSpec option : List.copyOf(command.options())) { // in their order
      command.remove(option);
      String description = String.join("%n", option.description());
      String fitted = description;
      for (var each : defaults.entrySet()) {
        fitted = fitted.replace(each.getKey(), each.getValue());
      }
      boolean hidden = unused.contains(option.longestName());
      command.addOption(
          hidden || !fitted.equals(description)
              ? OptionSpec.builder(option).description(fitted).hidden(hidden).build()
              : option);
    }
  }

  /** Fits the options of {@code train} to {@code unroll tune}. */
  static void fitToTuning(CommandSpec command) {
    for (OptionSpec option : List.copyOf(command.options())) {
      String name = option.longestName();
      if (name.equals("--seeds")) {
        command.remove(option); // there is another
      } else if (OF_ONE_RUN.contains(name) || name.equals("--resume")) {
        command.remove(option).addOption(OptionSpec.builder(option).hidden(true).build());
      } else if (IN_TUNING.containsKey(name)) {
        String description = IN_TUNING.get(name);
        command
            .remove(option)
            .addOption(OptionSpec.builder(option).description(description).build());
      }
    }
  }

  private static String rate(CommandSpec command, Defaults usual) {
    return usual.rate()
        + (command.optionsMap().containsKey("--each") ? " (a quarter of it for few windows)" : "");
  }

  /** Series are cut by time, so that few of them get no larger share. */
  private static String validationShare(CommandSpec command, Defaults usual) {
    var options = command.optionsMap();
    boolean fixed = options.containsKey("--horizon");
    return usual.validationShare() + (fixed ? "" : "; twice that for fewer than 1,000 sequences");
  }

  private static String dropout(CommandSpec command, Defaults usual) {
    if (usual.dropout() > 0) {
      return "" + usual.dropout();
    }
    return command.optionsMap().containsKey("--reading") ? "0.4 for little text, else 0" : "0";
  }

  /** No task drops words for all of its data. */
  private static String wordDropout(CommandSpec command) {
    return command.optionsMap().containsKey("--scheme")
        ? LabelRun.OF_SPANS.wordDropout() + " where tags describe spans, else 0"
        : "0";
  }

  private static String embedding(CommandSpec command, Defaults usual) {
    var options = command.optionsMap();
    if (options.containsKey("--each")) {
      return "16";
    }
    return (usual.embedding() > 0 ? "" + usual.embedding() : "as wide as the first layer's output")
        + (options.containsKey("--tied") ? " (with --tied, the last layer's)" : "")
        + (options.containsKey("--vectors") ? ", or as wide as --vectors" : "");
  }
}
