package dev.unroll.batch;

import dev.unroll.base.InputException;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.FixedList;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads sources that are text, or numbers: steps between spaces, the numbers of a step between
 * commas, such as {@code 0.12,1 0.4,0}.
 *
 * @param tokens how text becomes ids; null where sources are numbers
 * @param scaling how numbers are read; of no column where sources are text
 */
public record SourceReader(@Nullable Tokenizer tokens, Standardization scaling) {

  /** Reads text. */
  public static SourceReader ofText(Tokenizer tokens) {
    return new SourceReader(tokens, new Standardization(List.of(), List.of()));
  }

  /**
   * Reads numbers, standardized by those of some sources.
   *
   * @throws InputException if one has steps of another length, or what is not a number
   */
  public static SourceReader ofNumbers(List<String> sources) {
    int columns = inputs(sources.getFirst());
    var rows = sources.stream().map(each -> numbers(each, columns)).toList();
    return new SourceReader(null, Standardization.of(rows, columns));
  }

  /**
   * Reads how sources are read: by a vocabulary, or as numbers.
   *
   * @param scaling the member that says how numbers are read
   * @param tokenizer the description of the tokenizer; of none where sources are numbers
   */
  public static SourceReader fromJson(Json.Reader model, String scaling, Json.Reader tokenizer) {
    int vocabulary = model.integer("vocabulary", 0);
    int inputs = model.member(scaling).list("means").size();
    if ((vocabulary == 0) == (inputs == 0)) {
      throw new JsonException(
          String.format(
              Locale.ROOT,
              "vocabulary is %d, and %s is of %d numbers: sources are one or the other",
              vocabulary,
              scaling,
              inputs));
    }
    var numbers = model.part(scaling, json -> Standardization.fromJson(json, inputs));
    return new SourceReader(
        vocabulary == 0 ? null : TokenizerFormat.find(tokenizer, vocabulary), numbers);
  }

  /**
   * Returns a sequence of numbers as a source.
   *
   * @param steps the numbers of each step
   */
  public static String write(float[][] steps) {
    return write(Arrays.stream(steps).map(FixedList::of).toList());
  }

  /** Returns a sequence of numbers, those of each step in a list, as a source. */
  public static String write(List<? extends List<? extends Number>> steps) {
    return steps.stream()
        .map(step -> step.stream().map(Number::toString).collect(Collectors.joining(",")))
        .collect(Collectors.joining(" "));
  }

  /** Returns how many numbers the first step of a source has. */
  public static int inputs(String source) {
    return source.strip().split("\\s+", 2)[0].split(",", -1).length;
  }

  /** Returns how many numbers a step has; 0 where sources are text. */
  public int inputs() {
    return scaling.means().size();
  }

  /** Returns the number of tokens; 0 where sources are numbers. */
  public int vocabulary() {
    return tokens == null ? 0 : tokens.size();
  }

  /** Returns a source as a network reads it, without labels. */
  public RecognizedSequences.Sequence sequence(String text) {
    return sequence(text, new int[0]);
  }

  /** Returns a source as a network reads it. */
  public RecognizedSequences.Sequence sequence(String text, int[] target) {
    if (tokens != null) {
      return new RecognizedSequences.Sequence(tokens.encode(text), new float[0], target);
    }
    float[] values = scaling.standardized(numbers(text, inputs()));
    return new RecognizedSequences.Sequence(new int[0], values, target);
  }

  /** Returns the number of steps of a source. */
  public int steps(String text) {
    return tokens == null ? numbers(text, inputs()).length / inputs() : tokens.encode(text).length;
  }

  /**
   * Refuses a source that cannot be read; a text always can.
   *
   * @throws InputException that names the step
   */
  public void check(String source) {
    if (tokens == null) {
      numbers(source, inputs());
    }
  }

  /**
   * Refuses a source whose steps are not so many numbers each.
   *
   * @throws InputException that names the step
   */
  public static void checkNumbers(String source, int inputs) {
    numbers(source, inputs);
  }

  private static double[] numbers(String text, int columns) {
    String[] steps = text.isBlank() ? new String[0] : text.strip().split("\\s+");
    double[] values = new double[Math.multiplyExact(steps.length, columns)];
    for (int t = 0; t < steps.length; t++) {
      String[] own = steps[t].split(",", -1);
      if (own.length != columns) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "step %d, «%s», has %s, not %d",
                t + 1,
                steps[t],
                Plural.of(own.length, "number"),
                columns),
            "Steps stand between spaces, their numbers between commas.");
      }
      for (int i = 0; i < columns; i++) {
        values[t * columns + i] = number(own[i], t);
      }
    }
    return values;
  }

  private static double number(String text, int t) {
    double value = Numbers.parse(text);
    if (Double.isNaN(value)) {
      throw new InputException(
          String.format(Locale.ROOT, "step %d has «%s», which is not a finite number", t + 1, text),
          Numbers.FIX);
    }
    return value;
  }
}
