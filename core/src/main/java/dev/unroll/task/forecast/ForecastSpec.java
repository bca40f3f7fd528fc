package dev.unroll.task.forecast;

import dev.unroll.base.InputException;
import dev.unroll.file.Json;
import dev.unroll.network.Network;
import dev.unroll.network.Regression;
import dev.unroll.network.Relative;
import dev.unroll.stack.SignalSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is forecast from what: columns, window and head, apart from the network's layers.
 *
 * <p>A step of the network reads {@code segment} rows at once. There are three ways:
 *
 * <pre>{@code
 * direct                     the last step gives out the whole horizon
 * direct, with known columns the network reads on through the horizon, where only the known columns have
 *                            numbers, and each step gives out its own rows
 * recursive                  each step gives out the rows of the next, which are then read in turn
 * }</pre>
 *
 * @param targets columns that are forecast; their past is read
 * @param observed columns of which the past only is read
 * @param known columns of which the future is known too, such as the calendar
 * @param window the rows that are read and forecast
 * @param relative what the targets of a window are taken relative to
 * @param recursive whether what was forecast is read in turn
 * @param perTarget whether each target is a sequence of its own, read by the same weights (Nie et
 *     al. 2023), or all are read together
 * @param head how outputs say numbers
 * @param masked whether numbers may be missing: each column has another beside it, which is 1 where
 *     its number is not known, and the loss is that of the known targets
 */
public record ForecastSpec(
    List<String> targets,
    List<String> observed,
    List<String> known,
    Window window,
    Relative relative,
    boolean recursive,
    boolean perTarget,
    Regression head,
    boolean masked) {

  /** Describes forecasts of series of which no number is missing. */
  public ForecastSpec(
      List<String> targets,
      List<String> observed,
      List<String> known,
      Window window,
      Relative relative,
      boolean recursive,
      boolean perTarget,
      Regression head) {
    this(targets, observed, known, window, relative, recursive, perTarget, head, false);
  }

  /** Returns the same, of series of which numbers may be missing, or none. */
  public ForecastSpec withMask(boolean value) {
    return new ForecastSpec(
        targets, observed, known, window, relative, recursive, perTarget, head, value);
  }

  /**
   * The rows of a window.
   *
   * @param context rows that are read
   * @param horizon rows that are forecast
   * @param segment rows that a step reads at once (Lin et al. 2023)
   */
  public record Window(int context, int horizon, int segment) {
    /** Checks that segments fill the context. */
    public Window {
      if (horizon < 1 || context < 0 || segment < 1 || (long) context + horizon > 1 << 24) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "a context of %d rows, a horizon of %d and segments of %d",
                context,
                horizon,
                segment),
            "The horizon has 1 row or more, a segment too, and a window up to 16 million.");
      }
      if (context % segment != 0) {
        throw new InputException(
            String.format(
                Locale.ROOT, "segments of %d rows do not fill a context of %d", segment, context),
            "Make {context} a multiple of {segment}.");
      }
    }

    /** Returns the rows of a whole window. */
    public int rows() {
      return context + horizon;
    }
  }

  /** Checks that the parts fit. */
  public ForecastSpec {
    targets = List.copyOf(targets);
    observed = List.copyOf(observed);
    known = List.copyOf(known);
    if (targets.isEmpty()) {
      throw new InputException("nothing is forecast", "Name a column.");
    }
    var all = columns(targets, observed, known);
    var once = new HashSet<String>();
    for (String name : all) {
      if (!once.add(name)) {
        throw new InputException("the column " + name + " is named twice", "Name it once.");
      }
    }
    boolean onward = recursive || !known.isEmpty();
    if (onward && window.horizon % window.segment != 0) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "segments of %d rows do not fill a horizon of %d",
              window.segment,
              window.horizon),
          "Make {horizon} a multiple of {segment}.");
    }
    if (window.context == 0 && (known.isEmpty() || recursive)) {
      throw new InputException(
          "nothing is read before the horizon", "Give {context}, or {known} columns.");
    }
    if (window.context == 0 && relative != Relative.NOTHING) {
      throw new InputException(
          "targets cannot be relative to a context of no row", "Leave {relative} out.");
    }
    if (recursive && !observed.isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "the future of %s is neither known nor forecast, so nothing can be forecast recursively",
              observed),
          "Make them targets or {known} columns, or leave {recursive} out.");
    }
    if (recursive && head instanceof Regression.Quantiles) {
      throw new InputException(
          "quantiles cannot be read in turn", "Use {head gaussian}, or leave {recursive} out.");
    }
  }

  private static List<String> columns(
      List<String> targets, List<String> observed, List<String> known) {
    var all = new ArrayList<>(targets);
    all.addAll(observed);
    all.addAll(known);
    return all;
  }

  /** Returns all columns: targets, then observed ones, then known ones. */
  public List<String> columns() {
    return columns(targets, observed, known);
  }

  /** Returns the columns of which the past alone is read: targets, then observed ones. */
  public List<String> past() {
    return columns(targets, observed, List.of());
  }

  /** Returns whether the network has steps in the horizon that give out their own rows. */
  public boolean readsOn() {
    return !recursive && !known.isEmpty();
  }

  /** Returns whether each step gives out rows, or the last one all. */
  public boolean perStep() {
    return recursive || readsOn();
  }

  /** Returns how many targets a sequence has. */
  public int together() {
    return perTarget ? 1 : targets.size();
  }

  /** Returns the number of sequences of a window. */
  public int sequences() {
    return perTarget ? targets.size() : 1;
  }

  /** Returns the number of steps of a sequence. */
  public int steps() {
    if (recursive) {
      return window.rows() / window.segment - 1;
    }
    return (readsOn() ? window.rows() : window.context) / window.segment;
  }

  /** Returns the first step whose outputs count. */
  public int firstOutput() {
    return readsOn() ? window.context / window.segment : window.context / window.segment - 1;
  }

  /** Returns the rows that one step gives out. */
  public int rowsOut() {
    return perStep() ? window.segment : window.horizon;
  }

  /** Returns how many numbers a row of a sequence has for its step. */
  public int rowInputs() {
    return (together() + observed.size() + known.size()) * (masked ? 2 : 1);
  }

  /** Returns the network's description. */
  public SignalSpec signal(Network network) {
    int inputs = Math.multiplyExact(window.segment, rowInputs()) + (readsOn() ? 1 : 0);
    int outputs = Math.multiplyExact(rowsOut(), together() * head.parameters());
    return new SignalSpec(network, inputs, outputs, perStep());
  }

  /** Returns the number of tokens: each target is one, where they are only read. */
  public int vocabulary() {
    return perTarget ? targets.size() : 0;
  }

  /** Returns the description as JSON. */
  public Map<String, Object> toJson() {
    var json = new LinkedHashMap<String, Object>();
    json.put("targets", targets);
    json.put("observed", observed);
    json.put("known", known);
    json.put("context", (long) window.context);
    json.put("horizon", (long) window.horizon);
    json.put("segment", (long) window.segment);
    json.put("relative", relative.label());
    json.put("recursive", recursive);
    json.put("each", perTarget);
    json.put("head", head.label());
    if (head instanceof Regression.Quantiles quantiles) {
      json.put("levels", quantiles.levels());
    }
    if (masked) {
      json.put("masked", true);
    }
    return json;
  }

  public static ForecastSpec fromJson(Json.Reader json) {
    return new ForecastSpec(
        json.texts("targets"),
        json.texts("observed"),
        json.texts("known"),
        new Window(json.integer("context"), json.integer("horizon"), json.integer("segment")),
        json.part("relative", label -> Relative.of(label.asText())),
        json.flag("recursive"),
        json.flag("each"),
        head(json.text("head"), json.has("levels") ? json.numbers("levels") : List.of()),
        json.has("masked") && json.flag("masked"));
  }

  /**
   * Returns the head with a label.
   *
   * @param levels of quantiles
   */
  public static Regression head(String label, List<Double> levels) {
    try {
      return switch (label) {
        case "mean" -> Regression.SQUARED;
        case "median" -> Regression.ABSOLUTE;
        case "gaussian" -> new Regression.Gaussian();
        case "quantiles" -> new Regression.Quantiles(levels);
        default ->
            throw new InputException(
                "no head is called " + label, "Use mean, median, gaussian or quantiles.");
      };
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "the quantiles are " + levels, "Give levels in (0, 1), ascending, such as 0.1,0.5,0.9.");
    }
  }
}
