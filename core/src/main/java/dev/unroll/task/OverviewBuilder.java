package dev.unroll.task;

import dev.unroll.data.Tokenizer;
import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import dev.unroll.result.Overview;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Gathers what a run says of its data. Each task asks for what its data have. */
public final class OverviewBuilder {

  /** Labels that are named. */
  private static final int NAMED = 5;

  /** From this share on, what is in both parts is worth a note. */
  private static final double MANY_TWICE = 0.05;

  /** What the only vocabulary of a task is called; others have another name before it. */
  private static final String WORDS = "vocabulary";

  /** Below this number, a part says little. */
  private static final int FEW = 30;

  private final Map<String, String> facts = new LinkedHashMap<>();
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final List<Overview.Note> notes = new ArrayList<>();

  /** Nothing gathered yet. */
  public OverviewBuilder() {}

  /** Adds a fact that people read. */
  public void fact(String name, String text) {
    facts.put(name, text);
  }

  /** Adds what a program reads. */
  public void value(String name, Object value) {
    values.put(name, value);
  }

  /** Adds a note; keys of options in {@code advice} stand in braces. */
  public void note(String problem, String advice) {
    notes.add(new Overview.Note(problem, advice));
  }

  /** Adds how much there is to learn from, and to choose by. */
  public void parts(String noun, long training, long validation, String more) {
    value("training", training);
    value("validation", validation);
    fact(
        "data",
        String.format(
            Locale.ROOT,
            "%s to train on, %,d to validate on%s",
            Plural.of(training, noun),
            validation,
            more));
    if (validation < FEW) {
      note(
          String.format(
              Locale.ROOT,
              "%s to validate on: the figures are a rough guess",
              Plural.of(validation, noun)),
          "");
    }
  }

  /** Notes that more is validated on than learned from. */
  public void aside(long training, long validation) {
    if (validation > training) {
      note(
          "there is more to validate on than to learn from",
          "hold out less: a smaller {valid-share}, or less data for {valid}");
    }
  }

  /** Adds median and maximum of some lengths, and returns the median. */
  public int lengths(String name, String key, String noun, int[] lengths) {
    int[] sorted = lengths.clone();
    Arrays.sort(sorted);
    int median = sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    int longest = sorted.length == 0 ? 0 : sorted[sorted.length - 1];
    value("median" + key, median);
    value("longest" + key, longest);
    fact(
        name,
        String.format(Locale.ROOT, "median %s, longest %,d", Plural.of(median, noun), longest));
    return median;
  }

  /** Returns what the tokens are, as options say it. */
  private static String unit(Tokenizer tokens) {
    Map<String, Object> described = tokens.describe();
    return String.valueOf(described.getOrDefault("unit", described.get("kind")));
  }

  /** Returns which share of the tokens of texts is outside a vocabulary. */
  public static double unknown(Tokenizer tokens, Collection<String> texts) {
    long unknown = 0;
    long all = 0;
    for (String text : texts) {
      int[] ids = tokens.encode(text);
      all += ids.length;
      unknown += Arrays.stream(ids).filter(id -> id == tokens.unknown()).count();
    }
    return (double) unknown / Math.max(1, all);
  }

  /**
   * Adds the vocabulary, and which share of the validation part is outside of it.
   *
   * @param name what it is called; in {@code values}, without the blanks
   * @param advice what to try where that is much
   */
  public void vocabulary(String name, Tokenizer tokens, double unknown, String advice) {
    vocabulary(name, tokens, unknown, false, advice);
  }

  /**
   * Adds the same of a vocabulary whose words may be read by their characters, too.
   *
   * @param spelled whether they are
   */
  public void vocabulary(
      String name, Tokenizer tokens, double unknown, boolean spelled, String advice) {
    String key = name.replace(" v", "V");
    value(key, tokens.size());
    value("unknown" + Character.toUpperCase(key.charAt(0)) + key.substring(1), unknown);
    fact(
        name,
        String.format(
                Locale.ROOT,
                "%,d %s%s; ",
                tokens.size(),
                unit(tokens),
                spelled ? ", with character features" : "")
            + (unknown == 0 ? "nothing" : Numbers.percent(unknown))
            + " of the validation part is <UNK>");
    if (unknown > Overview.MANY_UNKNOWN) {
      note(
          Numbers.percent(unknown)
              + " of the "
              + (name.equals(WORDS) ? "" : name.replace(" " + WORDS, "s") + " of the ")
              + "validation part is <UNK>, whose words the network "
              + (spelled ? "knows only by their characters" : "cannot tell apart"),
          advice);
    }
  }

  /**
   * Adds the labels and their shares, most frequent first.
   *
   * @param item what has a label, such as a text
   */
  public void labels(String noun, String item, Map<String, Long> counts) {
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    var sorted =
        counts.entrySet().stream()
            .sorted(
                Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    value("labels", counts);
    int named = sorted.size() <= NAMED + 1 ? sorted.size() : NAMED;
    String text =
        sorted.stream()
            .limit(named)
            .map(each -> each.getKey() + " " + Numbers.percent((double) each.getValue() / all))
            .collect(Collectors.joining(", "));
    String rest = named == sorted.size() ? "" : " … rarest " + rarest(sorted.getLast(), item);
    fact(noun, String.format(Locale.ROOT, "%,d: ", counts.size()) + text + rest);
  }

  private static String rarest(Map.Entry<String, Long> label, String item) {
    return label.getKey() + ", " + Plural.of(label.getValue(), item);
  }

  /**
   * Adds which share of the validation part is in the training part, too, where it is much.
   *
   * @param training keys of what is learned from, such as its texts
   * @param advice what to do about it
   */
  public void twice(String noun, Collection<?> training, Collection<?> validation, String advice) {
    var seen = new HashSet<Object>(training);
    long both = validation.stream().filter(seen::contains).count();
    twice(noun, (double) both / Math.max(1, validation.size()), MANY_TWICE, advice);
  }

  /** Returns what to do about texts that are in both parts. */
  public static String apart(boolean grouped) {
    return grouped
        ? "take them out of one part, or give both the same group"
        : "take them out of one part, or keep what belongs together on one side with {group}";
  }

  /** Adds the same of a share that is known. */
  public void twice(String noun, double share, double much, String advice) {
    value("alsoInTraining", share);
    if (share >= much) {
      note(
          Numbers.percent(share)
              + " of the validation "
              + noun
              + " are in the training part, too: the figures are too good",
          advice);
    }
  }

  /** Returns names as a message has them: the first few, and how many more there are. */
  public static String names(Collection<String> names) {
    String first =
        names.stream().limit(NAMED).map(name -> "«" + name + "»").collect(Collectors.joining(", "));
    return names.size() <= NAMED
        ? first
        : String.format(Locale.ROOT, "%s and %,d more", first, names.size() - NAMED);
  }

  /** Returns all that was gathered. */
  public Overview build() {
    return new Overview(facts, values, notes);
  }
}
