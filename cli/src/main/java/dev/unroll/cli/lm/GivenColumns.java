package dev.unroll.cli.lm;

import dev.unroll.LanguageModelTrainer;
import dev.unroll.base.InputException;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.data.Condition;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a language model writes for, and the tables that say it of each text. */
@KeptInModel
final class GivenColumns {

  @Mixin GivenTable table = new GivenTable();

  @Option(
      names = "--given-numbers",
      description =
          "The column holds a vector (numbers between spaces or commas) instead of a label.")
  boolean numbers;

  @Option(
      names = "--given-at",
      paramLabel = "PLACE",
      defaultValue = "steps",
      description =
          "Where the network reads the label: at the start (in its initial state) or at all"
              + " steps, with each token. Default: ${DEFAULT-VALUE}.")
  String place = "steps";

  /** Returns whether texts are written for something. */
  boolean used() {
    if (table.column == null && (numbers || !place.equals("steps"))) {
      throw new InputException(
          "--given-numbers and --given-at do nothing without --given-column",
          "Add --given-column COLUMN, or leave them out.");
    }
    return table.used();
  }

  /** Chooses what texts are written for, and where the network reads it. */
  void shape(LanguageModelTrainer trainer) {
    if (numbers) {
      trainer.conditionOnNumbers();
    }
    if (Condition.Place.of(place) == Condition.Place.START) {
      trainer.conditionAtStart();
    }
  }

  /** Puts what a model has of these options into a map, by their names. */
  static void describe(@Nullable Condition own, Map<String, Object> shape) {
    if (own != null) {
      shape.put("--given-numbers", own.labels().isEmpty());
      shape.put("--given-at", own.place().label());
    }
  }
}
