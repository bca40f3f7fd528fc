package dev.unroll.task;

import dev.unroll.batch.SourceReader;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Plural;
import dev.unroll.network.Network;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a reader wants to know of the parts of a model, by name. */
public final class Summaries {

  private Summaries() {}

  /** Describes embedding, layers and dropout; the caller may change the map. */
  public static Map<String, Object> of(Network network) {
    var summary = new LinkedHashMap<String, Object>();
    summary.put(
        "layers",
        network.layers().stream().map(Network.Layer::summary).collect(Collectors.joining(", ")));
    summary.put(
        "embedding", network.embeddingWidth() + (network.tied() ? ", tied to the head" : ""));
    var rates = network.dropouts();
    summary.put(
        "dropout",
        String.format(
            Locale.ROOT,
            "input %s, between layers %s, output %s%s, words %s, recurrent weights %s",
            rates.input(),
            rates.layer(),
            rates.output(),
            rates.variational() ? " (one mask per sequence)" : "",
            rates.words(),
            rates.recurrent()));
    if (rates.state() + rates.memory() > 0) {
      summary.put(
          "zoneout",
          String.format(Locale.ROOT, "states %s, memory cells %s", rates.state(), rates.memory()));
    }
    summary.put("residual", network.residual());
    summary.put("learned start", network.learnedStart());
    return summary;
  }

  /** Describes a network that reads numbers, which have no embedding. */
  public static Map<String, Object> ofNumbers(Network network) {
    Map<String, Object> summary = of(network);
    summary.remove("embedding");
    return summary;
  }

  /** Describes a network of sources, and how they are read; the caller may change the map. */
  public static Map<String, Object> of(Network network, SourceReader source) {
    Tokenizer tokens = source.tokens();
    Map<String, Object> summary = tokens == null ? ofNumbers(network) : of(network);
    if (tokens == null) {
      summary.put("source", Plural.of(source.inputs(), "number") + " a step");
    } else {
      summary.putAll(of("source ", tokens));
    }
    return summary;
  }

  /**
   * Describes a tokenizer, without its vocabulary.
   *
   * @param side what it reads, such as {@code source}, with a space after it; or nothing
   */
  public static Map<String, Object> of(String side, Tokenizer tokenizer) {
    var shown = new LinkedHashMap<>(tokenizer.describe());
    for (String large : List.of("tokens", "merges", "rare", "characters")) {
      shown.remove(large);
    }
    var summary = new LinkedHashMap<String, Object>();
    summary.put(side + "tokenizer", shown);
    summary.put(side + "vocabulary", tokenizer.size());
    return summary;
  }
}
