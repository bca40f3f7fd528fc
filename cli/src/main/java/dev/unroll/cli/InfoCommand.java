package dev.unroll.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.model.Network;
import dev.unroll.nn.Slice;
import dev.unroll.task.LanguageModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
    description = "Shows what a model file holds, and checks that it is whole.")
final class InfoCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MODEL", description = "A model file.")
  Path model = Path.of("");

  @Option(names = "--json", description = "Print JSON, for machines.")
  boolean json;

  @Override
  public Integer call() throws JsonProcessingException {
    LanguageModel opened = LanguageModel.open(model);
    Map<String, Object> fields = fields(opened);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new ObjectMapper().writeValueAsString(fields));
      return 0;
    }
    fields.forEach((name, value) -> print(out, name, value));
    out.println("tensors");
    for (Slice slice : opened.network().slices()) {
      String shape =
          slice.rows() == 1
              ? "%,d".formatted(slice.columns())
              : slice.rows() + " × " + slice.columns();
      out.println("  %-30s %s".formatted(slice.name(), shape));
    }
    return 0;
  }

  private static void print(PrintWriter out, String name, Object value) {
    if (value instanceof Map<?, ?> inner) {
      out.println(name);
      inner.forEach((each, of) -> out.println("  %-16s %s".formatted(each, of)));
    } else {
      out.println("%-18s %s".formatted(name, value));
    }
  }

  private Map<String, Object> fields(LanguageModel opened) {
    Network network = opened.network().description();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("task", "language model");
    fields.put(
        "layers",
        network.layers().stream().map(Network.Layer::summary).collect(Collectors.joining(", ")));
    fields.put(
        "embedding", network.embeddingWidth() + (network.tied() ? ", tied to the head" : ""));
    if (!network.cutoffs().isEmpty()) {
      fields.put("adaptive softmax", "clusters from the ids " + network.cutoffs());
    }
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
    fields.put("parameters", opened.network().size());
    fields.put("weights", opened.precision().label());
    fields.put("reading", opened.reading().label());
    var tokenizer = new LinkedHashMap<>(opened.tokenizer().describe());
    tokenizer.remove("tokens");
    tokenizer.remove("merges");
    fields.put("tokenizer", tokenizer);
    fields.put("vocabulary", opened.tokenizer().size());
    fields.putAll(opened.provenance());
    var command = TrainCommand.command(opened);
    if (!command.isEmpty()) {
      fields.put("command", String.join(" ", command));
    }
    return fields;
  }
}
