package dev.unroll.cli;

import dev.unroll.cli.option.KeptOptions;
import dev.unroll.cli.option.ModelFiles;
import dev.unroll.cli.report.JsonLine;
import dev.unroll.data.Tokenizer;
import dev.unroll.kernel.Slice;
import dev.unroll.network.Network;
import dev.unroll.task.Model;
import dev.unroll.task.forecast.Forecaster;
import dev.unroll.task.label.LabelModel;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.lm.LanguageModel;
import dev.unroll.task.recognize.Recognizer;
import dev.unroll.task.transduce.Transducer;
import dev.unroll.text.ngram.ArpaFile;
import dev.unroll.text.ngram.NgramModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
        "Shows what a model file holds (also .arpa and mixtures), and checks that it is whole.")
final class InfoCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MODEL", description = "A model file.")
  Path model = Path.of("");

  @Option(names = "--json", description = "Print JSON, for machines.")
  boolean json;

  @Override
  public Integer call() {
    switch (ModelFiles.kind(model)) {
      case NETWORK -> {
        Model opened = Model.openAny(model);
        print(fields(opened));
        if (!json) {
          printTensors(opened);
        }
      }
      case ARPA -> print(ofNgrams());
      case MIXTURE -> print(ofMixture());
    }
    return 0;
  }

  private void print(Map<String, Object> fields) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      JsonLine.print(out, fields);
    } else {
      fields.forEach((name, value) -> print(out, name, value));
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
      out.println("  %-30s %s".formatted(slice.name(), shape));
    }
  }

  private Map<String, Object> ofNgrams() {
    NgramModel opened = ArpaFile.read(model);
    var fields = new LinkedHashMap<String, Object>();
    fields.put("task", "n-gram language model");
    fields.put("order", opened.order());
    fields.put("n-grams", opened.size());
    putTokenizer(fields, "", opened.tokenizer());
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

  private static void print(PrintWriter out, String name, Object value) {
    if (value instanceof Map<?, ?> inner) {
      out.println(name);
      inner.forEach((each, of) -> out.println("  %-16s %s".formatted(each, of)));
    } else if (value instanceof List<?> all && all.stream().allMatch(Map.class::isInstance)) {
      out.println(name);
      all.forEach(each -> out.println("  " + each));
    } else {
      out.println("%-18s %s".formatted(name, value));
    }
  }

  private static Map<String, Object> fields(Model opened) {
    var fields = new LinkedHashMap<String, Object>();
    boolean language = opened instanceof LanguageModel;
    fields.put("task", language ? "language model" : opened.task());
    switch (opened) {
      case LanguageModel model -> put(fields, model);
      case LabelModel model -> put(fields, model);
      case Transducer model -> put(fields, model);
      case Recognizer model -> put(fields, model);
      case Forecaster model -> put(fields, model);
      default -> throw new IllegalArgumentException("a model of the task " + opened.task());
    }
    fields.put("parameters", opened.size());
    fields.put("weights", opened.precision().label());
    fields.putAll(opened.provenance());
    List<String> command = command(opened);
    if (!command.isEmpty()) {
      fields.put("command", KeptOptions.quoted(command));
    }
    return fields;
  }

  /** Returns the command that trains a model again, or nothing where none did. */
  private static List<String> command(Model opened) {
    if (!(opened.provenance().get("command") instanceof List<?> options)) {
      return List.of();
    }
    var command = new ArrayList<>(List.of("unroll", opened.task(), "train", "FILE", "-o", "MODEL"));
    if (hasOwnValidation(opened)) {
      command.addAll(List.of("--valid", "FILE"));
    }
    options.forEach(each -> command.add(each.toString()));
    return command;
  }

  /** Whether the data that chose the model is a file of its own, and not a part of the other. */
  static boolean hasOwnValidation(Model opened) {
    return opened instanceof LanguageModel
        ? !String.valueOf(opened.provenance().get("training")).contains(" ") // «… sentences 0-90»
        : Boolean.TRUE.equals(opened.provenance().get("ownValidation"));
  }

  private static void put(Map<String, Object> fields, Recognizer opened) {
    putNetwork(fields, opened.network().description().network());
    Tokenizer tokens = opened.source().tokens();
    if (tokens == null) {
      fields.remove("embedding"); // numbers have none
      fields.put("source", opened.source().inputs() + " numbers a step");
    } else {
      putTokenizer(fields, "source ", tokens);
    }
    putTokenizer(fields, "target ", opened.target());
  }

  private static void put(Map<String, Object> fields, Forecaster opened) {
    putNetwork(fields, opened.network().description().network());
    if (!opened.forecasting().each()) {
      fields.remove("embedding"); // numbers have none
    }
    fields.put("forecasting", opened.forecasting().toJson());
    fields.put("season", opened.season());
  }

  private static void put(Map<String, Object> fields, Transducer opened) {
    var description = opened.description();
    var encoder = new LinkedHashMap<String, Object>();
    putNetwork(encoder, description.encoder());
    fields.put("encoder", encoder);
    var decoder = new LinkedHashMap<String, Object>();
    putNetwork(decoder, description.decoder());
    fields.put("decoder", decoder);
    var kind = description.attention();
    fields.put("attention", kind == null ? "none" : kind.label());
    fields.put("input feeding", description.feeds());
    putTokenizer(fields, "source ", opened.source());
    putTokenizer(fields, "target ", opened.target());
  }

  private static void put(Map<String, Object> fields, LabelModel opened) {
    LabelSpec description = opened.description();
    putNetwork(fields, description.network());
    var spelling = description.spelling();
    if (spelling != null) {
      fields.put(
          "spelling",
          "%d units each way, characters of width %d"
              .formatted(spelling.units(), spelling.embedding()));
    }
    switch (description.output()) {
      case LabelSpec.OfSequences whole -> {
        fields.put("pooling", whole.pooling().label());
        fields.put("several labels", whole.several());
      }
      case LabelSpec.OfSteps steps -> fields.put("CRF", steps.crf());
    }
    fields.put("labels", opened.labels().names());
    if (!opened.labels().thresholds().isEmpty()) {
      fields.put("thresholds", opened.labels().thresholds());
    }
    fields.put("files", new TreeMap<>(opened.labels().source()));
    putTokenizer(fields, "", opened.lexicon());
  }

  private static void put(Map<String, Object> fields, LanguageModel opened) {
    Network network = opened.network().description();
    putNetwork(fields, network);
    if (!network.cutoffs().isEmpty()) {
      fields.put("adaptive softmax", "clusters from the ids " + network.cutoffs());
    }
    fields.put("reading", opened.reading().label());
    var condition = opened.network().condition();
    if (condition != null) {
      fields.put(
          "written for",
          condition.labels().isEmpty() ? condition.inputs() + " numbers" : condition.labels());
      fields.put("read at", condition.place().label());
    }
    putTokenizer(fields, "", opened.tokenizer());
  }

  private static void putTokenizer(Map<String, Object> fields, String side, Tokenizer tokenizer) {
    var shown = new LinkedHashMap<>(tokenizer.describe());
    for (String large : List.of("tokens", "merges", "rare", "characters")) {
      shown.remove(large);
    }
    fields.put(side + "tokenizer", shown);
    fields.put(side + "vocabulary", tokenizer.size());
  }

  private static void putNetwork(Map<String, Object> fields, Network network) {
    fields.put(
        "layers",
        network.layers().stream().map(Network.Layer::summary).collect(Collectors.joining(", ")));
    fields.put(
        "embedding", network.embeddingWidth() + (network.tied() ? ", tied to the head" : ""));
    fields.put(
        "dropout",
        "input %s, between layers %s, output %s%s, words %s, recurrent weights %s"
            .formatted(
                network.dropouts().input(),
                network.dropouts().layer(),
                network.dropouts().output(),
                network.dropouts().variational() ? " (one mask a sequence)" : "",
                network.dropouts().words(),
                network.dropouts().recurrent()));
    if (network.dropouts().state() + network.dropouts().memory() > 0) {
      fields.put(
          "zoneout",
          "states %s, memory cells %s"
              .formatted(network.dropouts().state(), network.dropouts().memory()));
    }
    fields.put("residual", network.residual());
    fields.put("learned start", network.learnedStart());
  }
}
