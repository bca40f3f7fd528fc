package dev.unroll.data;

import dev.unroll.file.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a model comes from: its data, options, seed and version, the run that trained it, and what
 * that run reached. Only this class knows the keys. Entries of a file are kept as they are, in
 * order, so that a model that is written again keeps what another version of Unroll recorded.
 *
 * @param json the entries by name, in the order of the file
 */
public record Provenance(Map<String, Object> json) {

  /** The version of Unroll, as models record it; between releases, that of the next one. */
  public static final String VERSION = builtVersion();

  /** The provenance of a model of which nothing is known. */
  public static final Provenance NONE = new Provenance(Map.of());

  /** The name of a text of forecasters: how the times of the rows came, if they had any. */
  public static final String TIMES = "times";

  private static final String TRAINING = "training";
  private static final String VALIDATION = "validation";
  private static final String VALIDATION_LOSS = "validationLoss";
  private static final String VALIDATION_MEASURE = "validationMeasure";
  private static final String OWN_VALIDATION = "ownValidation";
  private static final String COMMAND = "command";
  private static final String COUNTED = "counted";
  private static final String RUN = "run";
  private static final String UNFINISHED = "unfinished";
  private static final String IMPORTED = "imported";

  /** The build fills in the version; what is compiled without it says so, as 0.0.0. */
  private static String builtVersion() {
    var properties = new Properties();
    try (InputStream in = Provenance.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String version = properties.getProperty("version", "");
    return version.matches("[0-9.]+") ? version : "0.0.0";
  }

  /** Copies the entries. */
  public Provenance {
    json = Collections.unmodifiableMap(new LinkedHashMap<>(json));
  }

  /**
   * Some data that a model was made from.
   *
   * @param fingerprint the hash of the data
   * @param sizes its sizes, by the name of what is counted, such as {@code Tokens}
   */
  public record Part(String fingerprint, Map<String, Long> sizes) {

    private void put(String name, Map<String, Object> json) {
      json.put(name, fingerprint);
      sizes.forEach((unit, size) -> json.put(name + unit, size));
    }
  }

  /**
   * The data of a run.
   *
   * @param training training data
   * @param validation validation data
   * @param reading how files of such data are read, by name
   */
  public record Data(Part training, Part validation, Map<String, Object> reading) {}

  /**
   * How a run was asked for.
   *
   * @param seed what determined all random numbers
   * @param options options of training, by name
   * @param details further choices of the task, by name
   * @param ownValidation whether the validation data was no part of the training data; null where
   *     the fingerprints say it
   * @param command options of the command line that asked for the run; empty for none
   */
  public record Request(
      long seed,
      Map<String, Object> options,
      Map<String, Object> details,
      @Nullable Boolean ownValidation,
      List<String> command) {}

  /**
   * The outcome of a run.
   *
   * @param run the hash of everything that determines the bits of the model
   * @param ended whether the run had ended
   * @param steps number of steps after which the parameters were the best
   * @param loss mean loss on the validation data
   * @param measure the task's own measure on it, or null if the loss selected the model
   */
  public record Outcome(
      String run, boolean ended, long steps, double loss, @Nullable Double measure) {}

  /** Returns the provenance of a model from a run. */
  public static Provenance of(Data data, Request request, Outcome outcome) {
    var json = new LinkedHashMap<String, Object>();
    json.put("version", VERSION);
    data.training.put(TRAINING, json);
    data.validation.put(VALIDATION, json);
    json.putAll(new TreeMap<>(data.reading));
    json.put("seed", request.seed);
    json.put("options", request.options);
    json.putAll(request.details);
    if (request.ownValidation != null) {
      json.put(OWN_VALIDATION, request.ownValidation);
    }
    if (!request.command.isEmpty()) {
      json.put(COMMAND, request.command);
    }
    json.put(RUN, outcome.run);
    if (!outcome.ended) {
      json.put(UNFINISHED, true);
    }
    json.put("steps", outcome.steps);
    json.put(VALIDATION_LOSS, outcome.loss);
    if (outcome.measure != null) {
      json.put(VALIDATION_MEASURE, outcome.measure);
    }
    return new Provenance(json);
  }

  /**
   * Returns the provenance of a model that was trained elsewhere and imported from a file.
   *
   * @param framework what trained it
   * @param file the name of the file
   * @param fingerprint the hash of the file
   */
  public static Provenance ofImport(String framework, String file, String fingerprint) {
    var json = new LinkedHashMap<String, Object>();
    json.put("version", VERSION);
    json.put(IMPORTED, file);
    json.put("framework", framework);
    json.put("fileFingerprint", fingerprint);
    return new Provenance(json);
  }

  /**
   * A part that was added after training.
   *
   * @param name its name
   * @param details entries about it, by name
   * @param refit whether it was counted again, in training and validation data together, after the
   *     validation data had decided about it
   */
  public record Added(String name, Map<String, Object> details, boolean refit) {}

  /**
   * Returns the same with what a part reaches that was added after training.
   *
   * @param part what was added
   * @param loss mean loss on the validation data, with the part as counted before that data was
   * @param measure the task's own measure on it, or null if the loss selected the model
   */
  public Provenance with(Added part, double loss, @Nullable Double measure) {
    var with = new LinkedHashMap<>(json);
    var details = new LinkedHashMap<>(part.details);
    if (part.refit) {
      details.put(COUNTED, "training and validation data");
    }
    with.put(part.name, details);
    with.put(VALIDATION_LOSS, loss);
    if (measure != null) {
      with.put(VALIDATION_MEASURE, measure);
    }
    return new Provenance(with);
  }

  /**
   * Returns the same without a part that was added after training.
   *
   * @param part its name
   * @param measured whether what was reached on the validation data was reached with it, and is
   *     unknown without it
   */
  public Provenance without(String part, boolean measured) {
    var without = new LinkedHashMap<>(json);
    without.remove(part);
    if (measured) {
      without.keySet().removeAll(List.of(VALIDATION_LOSS, VALIDATION_MEASURE));
    }
    return new Provenance(without);
  }

  /** Reads a provenance; entries that only a task knows may be anything, as may old options. */
  public static Provenance fromJson(Json.Reader json) {
    for (String name : List.of("version", TRAINING, VALIDATION, RUN, IMPORTED)) {
      json.textIfAny(name);
    }
    json.flagIfAny(OWN_VALIDATION);
    json.flagIfAny(UNFINISHED);
    json.numberIfAny(VALIDATION_LOSS);
    json.numberIfAny(VALIDATION_MEASURE);
    if (json.has(COMMAND)) {
      json.texts(COMMAND);
    }
    return new Provenance(json.asMap());
  }

  /** Returns the version of Unroll that trained the model; empty if unknown. */
  public String version() {
    return text("version");
  }

  /** Returns the hash of the training data; empty if unknown. */
  public String training() {
    return text(TRAINING);
  }

  /** Returns the hash of the validation data; empty if unknown. */
  public String validation() {
    return text(VALIDATION);
  }

  /**
   * Returns whether the validation data was separate and not a part of the training data: a part of
   * a text has a fingerprint such as «… sentences 0-90».
   */
  public boolean hasOwnValidation() {
    return json.get(OWN_VALIDATION) instanceof Boolean own ? own : !training().contains(" ");
  }

  /** Returns the options of the command line that asked for the run, or null for none. */
  public @Nullable List<String> command() {
    return json.get(COMMAND) instanceof List<?> words
        ? words.stream().map(Object::toString).toList()
        : null;
  }

  /** Returns the value of an option of training, or null if unknown. */
  public @Nullable Object option(String name) {
    return json.get("options") instanceof Map<?, ?> options ? options.get(name) : null;
  }

  /**
   * Returns the hash of everything that determines the bits of the model; empty where it is
   * unknown.
   */
  public String run() {
    return text(RUN);
  }

  /**
   * Returns the name of the file that the model was imported from; empty if it was trained here.
   */
  public String imported() {
    return text(IMPORTED);
  }

  /** Returns whether the model was the best so far of an unfinished run. */
  public boolean unfinished() {
    return Boolean.TRUE.equals(json.get(UNFINISHED));
  }

  /** Returns the mean loss on the validation data; NaN if unknown. */
  public double validationLoss() {
    return number(VALIDATION_LOSS);
  }

  /** Returns the measure that selected the model; NaN if the loss did. */
  public double validationMeasure() {
    return number(VALIDATION_MEASURE);
  }

  /** Returns what was found from the data, a line each, such as {@code season 12}. */
  public List<String> found() {
    return json.get("found") instanceof List<?> lines
        ? lines.stream().map(String::valueOf).toList()
        : List.of();
  }

  /** Returns a text that is specific to the task; empty if there is none. */
  public String text(String name) {
    return json.get(name) instanceof String text ? text : "";
  }

  /** Returns the entries about a part that was added after training; none if it was not. */
  public Map<?, ?> part(String name) {
    return json.get(name) instanceof Map<?, ?> details ? details : Map.of();
  }

  private double number(String name) {
    return json.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
  }
}
