package dev.unroll;

import dev.unroll.base.InputException;
import dev.unroll.data.Provenance;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import dev.unroll.file.SafeFiles;
import dev.unroll.train.TrainingListener.ValidationReport;
import dev.unroll.train.Validation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one run of a trial: its validations and how it ended, kept in a file of JSON
 * that is replaced as a whole. It saves work and decides nothing: a run depends only on its data
 * and settings, so that what it says is what the run would find again.
 */
final class TrialRecord {

  /**
   * A validation.
   *
   * @param value value of the task's own measure, NaN where the loss chooses the best
   */
  record Point(long step, int epoch, double loss, double value) {
    /** Returns what is to be as low as it can. */
    double criterion() {
      return Double.isNaN(value) ? loss : -value;
    }
  }

  private final Path file;
  private String run = "";
  private String measure = Trial.Result.LOSS;
  private long parameters;
  private long steps;
  private boolean ended;

  /** Loss and measure of the model that the run ended with; null before, and of older versions. */
  private @Nullable Point model;

  private @Nullable String failure;
  private final List<Point> points = new ArrayList<>();

  /** Reads the record, if there is one. */
  TrialRecord(Path file) {
    this.file = file;
    if (Files.exists(file)) {
      try {
        read(Json.parse(Files.readString(file)));
      } catch (IOException e) {
        throw InputException.in(
            file, "cannot be read: " + SafeFiles.reason(e), "Check the folder and its rights.");
      } catch (JsonException e) {
        throw InputException.in(
            file,
            "is not a record of a trial: " + e.getMessage(),
            "Delete it: the trial is repeated.");
      }
    }
  }

  private void read(Json.Reader json) {
    run = json.text("run");
    measure = json.text("measure");
    parameters = json.whole("parameters", 0, Long.MAX_VALUE);
    steps = json.whole("steps", 0, Long.MAX_VALUE);
    ended = json.flag("ended");
    failure = json.has("failure") ? json.text("failure") : null;
    model = json.has("model") ? point(json.member("model")) : null;
    json.list("validations").forEach(each -> points.add(point(each)));
  }

  private static Point point(Json.Reader json) {
    return new Point(
        json.whole("step", 0, Long.MAX_VALUE),
        json.integer("epoch", 0),
        json.has("loss") ? json.number("loss") : Double.NaN,
        json.has("value") ? json.number("value") : Double.NaN);
  }

  /** Replaces the file. */
  void save(Map<String, Object> settings) {
    var texts = new LinkedHashMap<String, Object>();
    settings.forEach((name, value) -> texts.put(name, String.valueOf(value)));
    var json =
        Json.object(
            "settings",
            texts,
            "run",
            run,
            "measure",
            measure,
            "parameters",
            parameters,
            "steps",
            steps,
            "ended",
            ended);
    if (failure != null) {
      json.put("failure", failure);
    }
    Point own = model;
    if (own != null) {
      json.put("model", json(own));
    }
    json.put("validations", points.stream().map(TrialRecord::json).toList());
    SafeFiles.replace(file, (Json.write(json) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, Object> json(Point point) {
    var json = Json.object("step", point.step, "epoch", point.epoch);
    if (Double.isFinite(point.loss)) {
      json.put("loss", point.loss);
    }
    if (Double.isFinite(point.value)) {
      json.put("value", point.value);
    }
    return json;
  }

  /**
   * Checks that this is of a run.
   *
   * @throws InputException if it is of another
   */
  void check(String fingerprint) {
    if (run.isEmpty()) {
      forget(); // nothing could be trained, which has changed
    } else if (!run.equals(fingerprint)) {
      throw InputException.in(
          file,
          "is of a search with other data, options or ranges, or of another version",
          "Continue with those that it began with, or delete the folder to begin again.");
    }
  }

  /** Says which run this is of, and that it resumes after a step. */
  void begin(String fingerprint, long size, long after) {
    check(fingerprint);
    run = fingerprint;
    parameters = size;
    points.removeIf(point -> point.step > after);
  }

  void add(ValidationReport report) {
    Validation.Measure own = report.validation().measure();
    measure = own == null ? Trial.Result.LOSS : own.name();
    double value = own == null ? Double.NaN : own.value();
    points.add(new Point(report.step(), report.epoch(), report.loss(), value));
  }

  void setSteps(long value) {
    steps = value;
  }

  /**
   * Says what the run ended with: the best of its networks, and what was added to that.
   *
   * @param made what the model says of it
   */
  void end(Provenance made) {
    ended = true;
    model = new Point(0, 0, made.validationLoss(), made.validationMeasure());
  }

  void fail(String why) {
    failure = why;
  }

  /** Forgets how the run went, as its model is gone. */
  void forget() {
    ended = false;
    model = null;
    failure = null;
    points.clear();
  }

  String run() {
    return run;
  }

  String measure() {
    return measure;
  }

  long parameters() {
    return parameters;
  }

  @Nullable String failure() {
    return failure;
  }

  boolean isEmpty() {
    return points.isEmpty();
  }

  /** Returns whether nothing is left to be trained up to a rung. */
  boolean reaches(Halving.Rung rung) {
    return ended || failure != null || isReached(rung);
  }

  /** A run has ended where it says so, and not after its last step: there it writes its model. */
  private boolean isReached(Halving.Rung rung) {
    return rung.part() > 1 && points.stream().anyMatch(each -> rung.isReached(each.step, steps));
  }

  /** Returns the validations up to the one that ends a rung. */
  private List<Point> upTo(Halving.Rung rung) {
    var some = new ArrayList<Point>();
    for (Point point : points) {
      some.add(point);
      if (rung.part() > 1 && rung.isReached(point.step, steps)) {
        return some;
      }
    }
    return some;
  }

  /** Returns the epoch of the validation that ends a rung. */
  int epochs(Halving.Rung rung) {
    List<Point> some = upTo(rung);
    return some.isEmpty() ? 0 : some.getLast().epoch;
  }

  /**
   * Returns the best validation up to a rung, NaN where training failed before; at the end that of
   * the model, to which more may have been added than its network, such as naive Bayes.
   */
  double figure(Halving.Rung rung) {
    Point best = best(rung);
    if (best == null) {
      return Double.NaN;
    }
    return measure.equals(Trial.Result.LOSS) ? best.loss : best.value;
  }

  /** Returns the loss of the best validation, which tells equal figures apart; NaN for none. */
  double loss(Halving.Rung rung) {
    Point best = best(rung);
    return best == null ? Double.NaN : best.loss;
  }

  private @Nullable Point best(Halving.Rung rung) {
    if (rung.part() == 1 && model != null) {
      return model;
    }
    if (!ended && !isReached(rung)) {
      return null;
    }
    Point best = null;
    for (Point point : upTo(rung)) {
      boolean better =
          best == null
              ? point.criterion() < Double.POSITIVE_INFINITY // and not NaN
              : point.criterion() < best.criterion();
      best = better ? point : best;
    }
    return best;
  }
}
