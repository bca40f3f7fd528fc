package dev.unroll.result;

import dev.unroll.base.InputException;
import dev.unroll.file.Numbers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Whether a network is better than the simple models of its task, all evaluated on the validation
 * data.
 *
 * @param measure what the figures are, such as accuracy
 * @param scale how they are read
 * @param network the network's figure
 * @param baselines those of simple models, by name, the strongest first
 * @param items on how many texts, words or sequences a share was measured; 0 where it does not
 *     matter
 * @param advice what to try next, where the network does not beat all, the most promising first;
 *     keys of options stand in braces
 */
public record Verdict(
    String measure,
    Scale scale,
    double network,
    Map<String, Double> baselines,
    long items,
    List<String> advice) {

  /** How a figure is read. */
  public enum Scale {
    /** A share in [0, 1]; higher is better. */
    SHARE,
    /** An error rate; lower is better. */
    ERRORS,
    /** A perplexity; lower is better. */
    PERPLEXITY,
    /** An error in its own units; lower is better. */
    NUMBER;

    private String text(double value) {
      return switch (this) {
        case SHARE, ERRORS -> Numbers.percent(value);
        case PERPLEXITY -> String.format(Locale.ROOT, "%.2f", value);
        case NUMBER -> Numbers.rounded(value);
      };
    }

    private boolean better(double one, double other) {
      return this == SHARE ? one > other : one < other;
    }
  }

  /** How names of simple models begin that are more than one. */
  private static final Set<String> PLURAL = Set.of("joint n-grams", "the most frequent labels");

  /** Pieces of advice that are printed. */
  private static final int SAID = 3;

  /** Copies the map and the list. */
  public Verdict {
    baselines = Collections.unmodifiableMap(new LinkedHashMap<>(baselines));
    advice = List.copyOf(advice);
  }

  /** A verdict without advice. */
  public Verdict(
      String measure, Scale scale, double network, Map<String, Double> baselines, long items) {
    this(measure, scale, network, baselines, items, List.of());
  }

  /**
   * Returns the same with advice, where it is needed.
   *
   * @param all what to try, the most promising first
   */
  public Verdict advised(List<String> all) {
    return beats() || isPerfect()
        ? this
        : new Verdict(measure, scale, network, baselines, items, all);
  }

  /** Returns the same with a piece of advice before all others, where advice is needed. */
  public Verdict advisedFirst(String piece) {
    if (advice.isEmpty()) {
      return this;
    }
    var all = new ArrayList<>(advice);
    all.addFirst(piece);
    return new Verdict(measure, scale, network, baselines, items, all);
  }

  /** Returns whether the network is better than all simple models, by more than chance. */
  public boolean beats() {
    return baselines.values().stream().allMatch(this::isVisiblyBetterThan) && !isClose();
  }

  /** Figures that look the same are: a network that says what a simple model says rounds it. */
  private boolean isVisiblyBetterThan(double simple) {
    return scale.better(network, simple) && !scale.text(network).equals(scale.text(simple));
  }

  /** Returns whether nothing is left to improve. */
  private boolean isPerfect() {
    return switch (scale) {
      case SHARE -> network >= 1;
      case ERRORS, NUMBER -> network <= 0;
      case PERPLEXITY -> network <= 1;
    };
  }

  /** Returns whether the items are too few to tell the network from the best simple model. */
  private boolean isClose() {
    double best = best().getValue();
    double spread = Math.sqrt(Math.max(0, best * (1 - best)) / Math.max(1, items));
    return items > 0 && scale == Scale.SHARE && Math.abs(network - best) < spread;
  }

  private Map.Entry<String, Double> best() {
    Map.Entry<String, Double> best = null;
    for (var each : baselines.entrySet()) {
      best = best == null || scale.better(each.getValue(), best.getValue()) ? each : best;
    }
    return best == null ? Map.entry("nothing", scale == Scale.SHARE ? 0 : Double.MAX_VALUE) : best;
  }

  /**
   * Returns the verdict as lines; none if nothing was measured.
   *
   * @param option how an option is called, by its key
   */
  public List<String> lines(UnaryOperator<String> option) {
    return said(text -> InputException.worded(text, option));
  }

  /** Returns the same with options as Java calls them. */
  public List<String> lines() {
    return said(InputException::worded);
  }

  private List<String> said(UnaryOperator<String> wording) {
    if (Double.isNaN(network) || baselines.isEmpty()) {
      return List.of();
    }
    var figures = new ArrayList<String>();
    baselines.forEach((name, value) -> figures.add(name + " " + scale.text(value)));
    var lines = new ArrayList<String>();
    lines.add(
        "validation "
            + measure
            + " "
            + scale.text(network)
            + "; "
            + String.join(", ", figures)
            + ": "
            + judgment());
    String begin = "Try:   ";
    for (String each : advice.subList(0, Math.min(SAID, advice.size()))) {
      lines.add(begin + wording.apply(each));
      begin = " ".repeat(begin.length());
    }
    return lines;
  }

  private String judgment() {
    var best = best();
    if (isClose()) {
      return String.format(
          Locale.ROOT,
          "about as good as %s; %,d answers are too few to tell them apart",
          best.getKey(),
          items);
    }
    if (!beats()) {
      boolean alike = scale.text(best.getValue()).equals(scale.text(network));
      String is = PLURAL.stream().anyMatch(best.getKey()::startsWith) ? " are " : " is ";
      return isPerfect()
          ? best.getKey() + is + "as good"
          : alike ? "no better than " + best.getKey() : best.getKey() + is + "better";
    }
    double less =
        scale == Scale.SHARE
            ? 1 - (1 - network) / Math.max(1e-9, 1 - best.getValue())
            : 1 - network / best.getValue();
    String what = scale == Scale.PERPLEXITY ? " less perplexity" : " less error";
    return (less < 0.01 ? "under 1%" : String.format(Locale.ROOT, "%.0f%%", 100 * less)) + what;
  }

  /** Returns all of it by name, for programs; shares are in [0, 1]. */
  public Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("measure", measure);
    fields.put("network", network);
    fields.put("baselines", baselines);
    fields.put("beats", beats());
    return fields;
  }

  /** Returns the first of the lines. */
  @Override
  public String toString() {
    List<String> lines = lines();
    return lines.isEmpty() ? "nothing was compared" : lines.getFirst();
  }
}
