package dev.unroll.cli;

import dev.unroll.base.InputException;
import dev.unroll.cli.command.TaskCommands;
import dev.unroll.cli.option.ConfigFile;
import dev.unroll.cli.option.KeptOptions;
import dev.unroll.cli.option.ModelFiles;
import dev.unroll.cli.option.OptionWords;
import dev.unroll.cli.report.FieldList;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.cli.report.Printable;
import dev.unroll.data.Provenance;
import dev.unroll.kernel.Slice;
import dev.unroll.model.LanguageModel;
import dev.unroll.result.Model;
import dev.unroll.task.Summaries;
import dev.unroll.tasks.Tasks;
import dev.unroll.text.ngram.ArpaFile;
import dev.unroll.text.ngram.NgramModel;
import dev.unroll.text.table.TimeAxis;
import dev.unroll.train.Training;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code unroll info}: what a model file holds. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description =
        "Shows what is in a model file (also .arpa and mixtures), and checks that it is intact.")
final class InfoCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MODEL", description = "A model file.")
  Path model = Path.of("");

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Option(
      names = "--config",
      description = "Print the options of its training as TOML, for train --config FILE.")
  boolean config;

  @Override
  public Integer call() {
    if (config && json) {
      throw new InputException(
          "--json does nothing with --config, which prints TOML", "Leave one or the other out.");
    }
    if (config) {
      printConfig();
      return 0;
    }
    switch (ModelFiles.kind(model)) {
      case NETWORK -> {
        Model opened = Tasks.open(model);
        Map<String, Object> fields = fields(opened);
        if (json) {
          print(fields);
        } else {
          fields.computeIfPresent("options", (name, kept) -> taken(opened, kept));
          print(fields);
          printTensors(opened);
        }
      }
      case ARPA -> print(ofNgrams());
      case MIXTURE -> print(ofMixture());
    }
    return 0;
  }

  private void printConfig() {
    Model opened = Tasks.open(model);
    List<String> options = opened.provenance().command();
    var train = TaskList.find(opened.task().name()).map(TaskCommands::train);
    if (options == null || train.isEmpty()) {
      throw InputException.in(
          model,
          "it was not trained by a command, so it has no options",
          "Train it by unroll train.");
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(line("# " + KeptOptions.quoted(command(opened, List.of("--config", "THIS")))));
    CommandSpec command = new CommandLine(train.get()).getCommandSpec();
    ConfigFile.write(command, options).forEach(each -> out.println(line(each)));
  }

  private void print(Map<String, Object> fields) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      JsonLine.print(out, fields);
    } else {
      fields.forEach((name, value) -> FieldList.print(out, name, inWords(name, value)));
    }
  }

  private void printTensors(Model opened) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("tensors");
    for (Slice slice : opened.slices()) {
      String shape =
          slice.rows() == 1
              ? "%,d".formatted(slice.columns())
              : slice.rows() + " × " + slice.columns();
      out.println(line("  %-30s %s".formatted(slice.name(), shape)));
    }
  }

  private Map<String, Object> ofNgrams() {
    NgramModel opened = ArpaFile.read(model);
    var fields = new LinkedHashMap<String, Object>();
    fields.put("task", "n-gram language model");
    fields.put("order", opened.order());
    fields.put("n-grams", opened.size());
    fields.putAll(Summaries.of("", opened.tokenizer()));
    fields.putAll(ArpaFile.provenance(model));
    if (fields.get("command") instanceof List<?> options) {
      var command = new ArrayList<Object>(List.of("unroll", "lm", "ngram", "FILE", "-o", "ARPA"));
      command.addAll(options);
      fields.put("command", KeptOptions.quoted(command));
    }
    return fields;
  }

  private Map<String, Object> ofMixture() {
    ModelFiles.open(model, null); // are all members there, and those that were mixed?
    var fields = new LinkedHashMap<String, Object>();
    fields.put("task", "mixture of language models");
    fields.putAll(ModelFiles.describeMixture(model));
    return fields;
  }

  /** Returns what people can read in place of what a program reads again. */
  private static Object inWords(String name, Object value) {
    if (name.equals("options") && value instanceof Map<?, ?> kept) {
      return OptionWords.of(kept);
    }
    return name.equals(Provenance.TIMES) && value instanceof String kept
        ? TimeAxis.words(kept)
        : value;
  }

  /** A name or a value stays in its line, whatever the file says. */
  private static String line(String text) {
    return Printable.line(text);
  }

  private static Map<String, Object> fields(Model opened) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("task", opened.task().codec().task().replace('-', ' '));
    fields.putAll(opened.summary());
    fields.put("parameters", opened.size());
    fields.put("weights", opened.precision().label());
    fields.putAll(opened.provenance().json());
    List<String> options = opened.provenance().command();
    if (options != null) {
      fields.put("command", KeptOptions.quoted(command(opened, options)));
    }
    return fields;
  }

  /**
   * Returns the options that the task of a model takes; files and JSON have those of streams, too.
   */
  private static Object taken(Model opened, Object kept) {
    if (opened instanceof LanguageModel || !(kept instanceof Map<?, ?> options)) {
      return kept;
    }
    var own = new LinkedHashMap<Object, Object>(options);
    own.keySet().removeAll(Training.OF_STREAMS);
    return own;
  }

  /** Returns the command that trains a model again. */
  private static List<String> command(Model opened, List<String> options) {
    var command =
        new ArrayList<>(List.of("unroll", opened.task().name(), "train", "FILE", "-o", "MODEL"));
    if (opened.provenance().hasOwnValidation()) {
      command.addAll(List.of("--valid", "FILE"));
    }
    command.addAll(options);
    return command;
  }
}
