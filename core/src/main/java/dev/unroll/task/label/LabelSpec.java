package dev.unroll.task.label;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.Labeled;
import dev.unroll.base.PoolingKind;
import dev.unroll.file.Json;
import dev.unroll.network.Network;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The description of a network that reads whole sequences and labels them, or each of their steps,
 * apart from its weights.
 *
 * @param network embedding and layers; neither tied nor with cutoffs
 * @param spelling how words are read by their characters too, or null
 * @param features further columns of each token that are read
 * @param output what is labeled, and how
 */
public record LabelSpec(
    Network network, @Nullable Spelling spelling, List<Feature> features, Output output) {

  /** What is labeled. */
  public sealed interface Output permits PerSequence, PerStep {
    /** Returns the number of labels there are. */
    int labels();
  }

  /**
   * A label, or several, for each sequence.
   *
   * @param labels the number of labels there are
   * @param pooling how a sequence becomes one vector
   * @param multiLabel whether a sequence may have any number of labels, each of which is decided by
   *     itself
   * @param ngrams the number of n-grams whose weights are added to the scores of the labels,
   *     wherever a sequence has them; 0 for none
   */
  public record PerSequence(int labels, PoolingKind pooling, boolean multiLabel, int ngrams)
      implements Output {

    /** Labels that the network alone decides. */
    public PerSequence(int labels, PoolingKind pooling, boolean multiLabel) {
      this(labels, pooling, multiLabel, 0);
    }

    /** The same with so many n-grams. */
    PerSequence withNgrams(int count) {
      return new PerSequence(labels, pooling, multiLabel, count);
    }
  }

  /**
   * A label for each step.
   *
   * @param labels the number of labels there are
   * @param crf whether the labels of a sequence are chosen together ({@link
   *     dev.unroll.head.LinearChainCrf}), or each by itself
   */
  public record PerStep(int labels, boolean crf) implements Output {}

  /** Checks that the parts fit. */
  public LabelSpec {
    features = List.copyOf(features);
    if (network.tied() || !network.cutoffs().isEmpty()) {
      throw new InputException(
          "tied weights and an adaptive softmax are for language models", "Leave them out.");
    }
    if (output.labels() < 1) {
      throw new InputException("a network for no label", "Give labeled data.");
    }
    boolean sum = network.layers().getLast().direction() == Direction.SUM;
    if (sum && output instanceof PerSequence whole && whole.pooling() == PoolingKind.LAST) {
      throw new InputException(
          "if the outputs of both directions are added, no step holds the last of both",
          "Choose another pooling, or concatenate the outputs.");
    }
  }

  /** A network whose tokens have no features. */
  public LabelSpec(Network network, @Nullable Spelling spelling, Output output) {
    this(network, spelling, List.of(), output);
  }

  /** Returns the number of n-grams whose weights are added to the scores of the labels. */
  public int ngrams() {
    return output instanceof PerSequence whole ? whole.ngrams : 0;
  }

  /** The same with another output. */
  LabelSpec withOutput(Output other) {
    return new LabelSpec(network, spelling, features, other);
  }

  /** Returns the description as JSON. */
  public Map<String, Object> toJson() {
    var json = new LinkedHashMap<String, Object>();
    json.put("network", network.toJson());
    if (spelling != null) {
      json.put("spelling", spelling.toJson());
    }
    json.put("features", features.stream().map(Feature::toJson).toList());
    json.put("labels", (long) output.labels());
    switch (output) {
      case PerSequence whole -> {
        json.put("pooling", whole.pooling().label());
        json.put("several", whole.multiLabel());
        if (whole.ngrams > 0) {
          json.put("ngrams", (long) whole.ngrams);
        }
      }
      case PerStep steps -> json.put("crf", steps.crf());
    }
    return json;
  }

  static LabelSpec fromJson(Json.Reader json) {
    int labels = json.integer("labels", 1);
    return new LabelSpec(
        json.part("network", Network::fromJson),
        json.has("spelling") ? json.part("spelling", Spelling::fromJson) : null,
        json.parts("features", Feature::fromJson),
        json.has("pooling")
            ? new PerSequence(
                labels,
                json.part("pooling", kind -> pooling(kind.asText())),
                json.flag("several"),
                json.has("ngrams") ? json.integer("ngrams", 1) : 0)
            : new PerStep(labels, json.flag("crf")));
  }

  /** Returns the way of pooling with a label. */
  public static PoolingKind pooling(String label) {
    return Labeled.of(
        PoolingKind.values(), label, "no pooling is called ", "Use last, mean, max or attention.");
  }
}
