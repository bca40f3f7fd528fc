package dev.unroll.task;

import dev.unroll.file.InputException;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Slice;
import dev.unroll.network.ParameterizedNetwork;
import dev.unroll.task.forecast.Forecaster;
import dev.unroll.task.forecast.ForecasterFile;
import dev.unroll.task.label.LabelModel;
import dev.unroll.task.label.LabelModelFile;
import dev.unroll.task.lm.LanguageModel;
import dev.unroll.task.lm.LanguageModelFile;
import dev.unroll.task.recognize.Recognizer;
import dev.unroll.task.recognize.RecognizerFile;
import dev.unroll.task.transduce.Transducer;
import dev.unroll.task.transduce.TransducerFile;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A trained network of any task: its weights, where they came from, and its file. It never changes.
 */
public abstract class Model {

  /** The values themselves, for the model's own use. */
  public final float[] parameters;

  public final Precision precision;
  public final Map<String, Object> provenance;
  private final ParameterizedNetwork network;

  public Model(
      ParameterizedNetwork network,
      float[] parameters,
      Precision precision,
      Map<String, Object> provenance) {
    this.network = network;
    this.parameters = parameters;
    this.precision = precision;
    this.provenance = Collections.unmodifiableMap(provenance);
  }

  /**
   * Opens a model file of any task.
   *
   * @throws InputException if it is missing, damaged or none
   */
  public static Model openAny(Path file) {
    String task = LanguageModelFile.task(file);
    return switch (task) {
      case LabelModelFile.CLASSIFY, LabelModelFile.TAG -> LabelModel.open(file, task);
      case TransducerFile.TASK -> Transducer.open(file);
      case RecognizerFile.TASK -> Recognizer.open(file);
      case ForecasterFile.TASK -> Forecaster.open(file);
      default -> LanguageModel.open(file);
    };
  }

  /** Returns the name of the command that trains such, uses it and measures it. */
  public abstract String task();

  /** Returns what the model was made from: data, options, seed, version, results. */
  public final Map<String, Object> provenance() {
    return provenance;
  }

  /** Returns a copy of all parameters, laid out as {@link #slices} says. */
  public final float[] parameters() {
    return parameters.clone();
  }

  /** Returns the number of parameters. */
  public final int size() {
    return network.size();
  }

  /** Returns the precision of the weight matrices. */
  public final Precision precision() {
    return precision;
  }

  /** Returns the names and places of all parameters. */
  public final List<Slice> slices() {
    return network.slices();
  }

  /** Returns other parameters of the same network, rounded as those of this model are. */
  public final float[] rounded(float[] others) {
    return network.round(others, precision);
  }

  /**
   * Returns the same model with its weight matrices rounded to {@code precision}: it is saved as a
   * smaller file, and reads single tokens faster (streams, samples). Rounding cannot be undone:
   * {@link Precision#FLOAT32} leaves the weights as they are.
   */
  public abstract Model withPrecision(Precision other);

  /** Writes the model to one {@code .safetensors} file: beside, synced, then renamed. */
  public abstract void save(Path file);
}
