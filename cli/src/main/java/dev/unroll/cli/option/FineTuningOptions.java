package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import dev.unroll.train.LayerRate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** The model with whose weights a training begins, and how fast each layer learns. */
@KeptInModel
public final class FineTuningOptions {

  @Option(
      names = "--from",
      paramLabel = "MODEL",
      description =
          "Train a model of the same task further (fine-tuning). Training starts from its"
              + " weights with a new schedule. Its network and tokens are kept, and its dropout"
              + " unless you give another; new tokens and labels are added.")
  @Nullable Path from;

  @Option(
      names = "--freeze",
      paramLabel = "LAYER",
      split = ",",
      description =
          "Do not train these layers, such as embedding,layers.0. A name stands for all"
              + " parameters whose names begin with it (unroll info lists them).")
  List<String> frozen = List.of();

  @Option(
      names = "--layer-rates",
      paramLabel = "LAYER=X",
      split = ",",
      description =
          "Multiply the learning rate of layers, such as embedding=0.1,layers.0=0.3. If two"
              + " names match a parameter, the longer one counts.")
  Map<String, Double> rates = new LinkedHashMap<>();

  @Option(
      names = "--unfreeze-after",
      paramLabel = "LAYER=N",
      split = ",",
      description =
          "Freeze these layers for the first N epochs, such as embedding=2,layers.0=1"
              + " (gradual unfreezing).")
  Map<String, Integer> unfreezing = new LinkedHashMap<>();

  /** Returns the model with which training begins, or null. */
  public @Nullable Path from() {
    return from;
  }

  /** Returns how fast each layer learns, where that is given. */
  public List<LayerRate> layerRates() {
    var names = new LinkedHashSet<>(frozen);
    if (names.size() < frozen.size()) {
      throw new InputException("--freeze names a layer twice", "Name it once.");
    }
    names.addAll(rates.keySet());
    names.addAll(unfreezing.keySet());
    var all = new ArrayList<LayerRate>();
    for (String name : names) {
      all.add(frozen.contains(name) ? frozen(name) : learning(name));
    }
    all.sort(Comparator.comparingInt(rate -> -rate.layer().length()));
    return all;
  }

  private LayerRate frozen(String name) {
    if (rates.containsKey(name) || unfreezing.containsKey(name)) {
      throw new InputException(
          "%s is frozen, so that %s does nothing"
              .formatted(name, rates.containsKey(name) ? "--layer-rates" : "--unfreeze-after"),
          "Name it in one of them.");
    }
    return LayerRate.frozen(name);
  }

  private LayerRate learning(String name) {
    return new LayerRate(name, rates.getOrDefault(name, 1.0), unfreezing.getOrDefault(name, 0));
  }

  /**
   * Refuses options that say something else than the model.
   *
   * @param given the options that were given
   * @param own what the model has of each option, by name; null for nothing
   */
  public void check(ParseResult given, Map<String, ?> own) {
    own.forEach(
        (name, value) -> {
          if (given.hasMatchedOption(name)) {
            Object asked = given.matchedOptionValue(name, null);
            if (!isSame(asked, value)) {
              throw new InputException(
                  "%s is %s, but it is %s in %s".formatted(name, text(asked), text(value), from),
                  "Leave %s out: it is taken from the model, which is trained further."
                      .formatted(name));
            }
          }
        });
  }

  private static boolean isSame(@Nullable Object asked, @Nullable Object own) {
    return asked instanceof String
        ? text(asked).equalsIgnoreCase(text(own))
        : text(asked).equals(text(own));
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "none";
      case Boolean flag -> flag ? "yes" : "no";
      case int[] numbers ->
          Arrays.stream(numbers).mapToObj(String::valueOf).collect(Collectors.joining(","));
      case Object[] all -> text(Arrays.asList(all));
      case Collection<?> all ->
          all.isEmpty()
              ? "none"
              : all.stream().map(String::valueOf).collect(Collectors.joining(","));
      default -> value.toString();
    };
  }
}
