package dev.unroll.data;

import dev.unroll.base.InputException;
import dev.unroll.base.Labeled;
import dev.unroll.file.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the text of a language model is conditioned on (one to many): a label, read as a one-hot
 * vector, or a vector of numbers.
 *
 * @param labels the labels; empty if it is numbers
 * @param inputs how many numbers the vector has: one for each label
 * @param place where the network reads it
 */
public record Condition(List<String> labels, int inputs, Place place) {

  /** Where a network reads its condition. */
  public enum Place implements Labeled {
    /** The state before the first step is that of the network plus W g. */
    START,
    /** Next to the token of each step: x⟨t⟩ = [e⟨t⟩, g]. */
    STEPS;

    /** Returns the place with a label. */
    public static Place of(String label) {
      return Labeled.of(values(), label, "nothing can be read at the ", "Use start or steps.");
    }
  }

  /** Checks the size. */
  public Condition {
    labels = List.copyOf(labels);
    if (inputs < 1 || (!labels.isEmpty() && labels.size() != inputs)) {
      throw new InputException(
          String.format(Locale.ROOT, "%d labels as a vector of %d numbers", labels.size(), inputs),
          "Give labels, or vectors of one number or more.");
    }
  }

  /** A condition on labels. */
  public static Condition ofLabels(List<String> labels, Place place) {
    return new Condition(labels, labels.size(), place);
  }

  /**
   * Returns the vector of a label.
   *
   * @throws InputException if it is none of the labels, or there are none
   */
  public float[] vector(String label) {
    if (labels.isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT, "the model writes for a vector of %d numbers, not for labels", inputs),
          "Give numbers.");
    }
    int at = labels.indexOf(label);
    if (at < 0) {
      throw new InputException(
          String.format(Locale.ROOT, "the model does not write for «%s»", label),
          "It writes for " + String.join(", ", labels) + ".");
    }
    float[] vector = new float[inputs];
    vector[at] = 1;
    return vector;
  }

  /** Refuses a vector of another length, or with something that is not a finite number. */
  public void check(float[] vector) {
    if (vector.length != inputs) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%d numbers to write for, where the model reads %d",
              vector.length,
              inputs),
          "Give as many numbers as in training.");
    }
    for (float each : vector) {
      if (!Float.isFinite(each)) {
        throw new InputException("a number to write for is " + each, "Give finite numbers.");
      }
    }
  }

  /** Returns what distinguishes one condition from another, as identities of runs hold it. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "Condition[labels=[%s], inputs=%s, place=%s]",
        String.join(", ", labels),
        inputs,
        switch (place) {
          case START -> "START";
          case STEPS -> "STEPS";
        });
  }

  public Map<String, Object> toJson() {
    return Json.object("labels", labels, "inputs", (long) inputs, "place", place.label());
  }

  public static Condition fromJson(Json.Reader json) {
    return new Condition(
        json.distinctTexts("labels"),
        json.integer("inputs"),
        json.part("place", label -> Place.of(label.asText())));
  }
}
