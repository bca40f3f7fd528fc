package dev.unroll.cli.option;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a model was trained, in the options of the command line; models keep it in another form. */
public final class OptionWords {

  private static final Pattern KEPT = Pattern.compile("(\\w+)\\[(.*)]");
  private static final Pattern PART = Pattern.compile("(\\w+)=([^,\\s]+)");
  private static final Pattern SLOT = Pattern.compile("\\{(\\w+)}");

  /** By the name of what is kept: the options, whose values are in its parts. */
  private static final Map<String, String> OPTIONS =
      Map.ofEntries(
          Map.entry(
              "Adam", "--optimizer adam --rate {rate} --betas {beta1},{beta2} --epsilon {epsilon}"),
          Map.entry("Sgd", "--optimizer sgd --rate {rate} --momentum {momentum}"),
          Map.entry(
              "RmsProp",
              "--optimizer rmsprop --rate {rate} --alpha {alpha} --epsilon {epsilon} --momentum {momentum}"),
          Map.entry("Adagrad", "--optimizer adagrad --rate {rate} --epsilon {epsilon}"),
          Map.entry("WeightDecay", "--weight-decay {value}"),
          Map.entry(
              "Objective",
              "--label-smoothing {labelSmoothing} --activation-penalty {activationPenalty}"
                  + " --temporal-penalty {temporalPenalty}"),
          Map.entry("Constant", "--schedule constant"),
          Map.entry("Plateau", "--schedule plateau --decay {decay} --decay-patience {patience}"),
          Map.entry(
              "Step",
              "--schedule step --decay {decay} --decay-after {after} --decay-every {every}"),
          Map.entry("Cosine", "--schedule cosine --final-rate {finalShare}"),
          Map.entry("OneCycle", "--schedule one-cycle --final-rate {finalShare}"));

  private OptionWords() {}

  /** Returns what a model keeps of its training, by name, in words of the command line. */
  public static Map<String, Object> of(Map<?, ?> kept) {
    boolean decoupled = String.valueOf(kept.get("weight decay")).contains("decoupled=true");
    var words = new LinkedHashMap<String, Object>();
    kept.forEach(
        (name, value) -> {
          String text = value instanceof String said ? of(said) : "";
          Object shown = text.isEmpty() ? value : text;
          words.put(
              String.valueOf(name),
              decoupled && name.equals("optimizer")
                  ? String.valueOf(shown).replace("--optimizer adam ", "--optimizer adamw ")
                  : shown);
        });
    return words;
  }

  /** Returns the options of something that is kept; empty where it has none. */
  private static String of(String kept) {
    Matcher whole = KEPT.matcher(kept);
    String options = whole.matches() ? OPTIONS.getOrDefault(whole.group(1), "") : "";
    if (options.isEmpty()) {
      return "";
    }
    var parts = new LinkedHashMap<String, String>();
    PART.matcher(whole.group(2)).results().forEach(each -> parts.put(each.group(1), each.group(2)));
    String nesterov = "true".equals(parts.get("nesterov")) ? " --nesterov" : "";
    return SLOT.matcher(options)
            .replaceAll(
                slot -> Matcher.quoteReplacement(shortly(parts.getOrDefault(slot.group(1), "?"))))
        + nesterov;
  }

  private static String shortly(String number) {
    return number.endsWith(".0") ? number.substring(0, number.length() - 2) : number;
  }
}
