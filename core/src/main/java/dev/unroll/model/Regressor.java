package dev.unroll.model;

import dev.unroll.base.InputException;
import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.batch.LengthBatches;
import dev.unroll.batch.RecognizedSequences;
import dev.unroll.batch.SignalBatch;
import dev.unroll.batch.SourceReader;
import dev.unroll.batch.Standardization;
import dev.unroll.network.Network;
import dev.unroll.result.Model;
import dev.unroll.result.RegressionScore;
import dev.unroll.stack.SignalNetwork;
import dev.unroll.store.ModelFile;
import dev.unroll.store.Task;
import dev.unroll.task.Pool;
import dev.unroll.task.RunOutput;
import dev.unroll.task.Summaries;
import dev.unroll.task.regress.RegressorFields;
import dev.unroll.task.regress.RegressorRun;
import dev.unroll.task.regress.RegressorRun.Example;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Predicts a number from a text or from a sequence of numbers: the price of what is described, the
 * age of the writer. The number is a linear function of the last output of the layers. It is
 * immutable, and threads may share it.
 *
 * {@snippet file="example/SnippetsTest.java" region="regressor"}
 */
public final class Regressor extends Model {

  /** The task of networks that predict a number. */
  public static final Task<RegressorFields, Regressor> TASK =
      new Task<>("regress", "numbers", RegressorFields.CODEC, Regressor::new);

  private static final LengthBatches BATCHES = new LengthBatches(64);

  private final ModelFile<RegressorFields> file;
  private final SignalNetwork network;
  private final SignalNetwork.Weights weights;
  private final Pool<SignalNetwork.Buffers> spare;

  /** Creates the model that a run ended with, or that was read from a file. */
  public Regressor(ModelFile<RegressorFields> file) {
    super(file);
    this.file = file;
    network = file.fields().network();
    weights = network.pack(file.parameters(), file.precision(), Workers.single());
    spare = new Pool<>(() -> network.newBuffers(false));
  }

  /**
   * Trains a regressor; every tenth source is held out to select the best parameters, by squared
   * error. {@link RegressorRun} has all options.
   *
   * @param examples sources with their numbers
   * @param source how sources are read
   */
  public static Regressor train(
      List<Example> examples, SourceReader source, Network layers, Training options) {
    var parts = Example.cut(examples, 0.1);
    var run = new RegressorRun(layers, source, parts, options, RunOutput.NOTHING);
    return new Regressor(run.run(TrainingListener.NONE));
  }

  /**
   * Opens a model file.
   *
   * @throws InputException if it is missing, damaged or of another task
   */
  public static Regressor open(Path file) {
    return TASK.open(file);
  }

  /**
   * Opens a model from a stream, which is read up to the end of the model and not closed.
   *
   * @throws InputException if it cannot be read, is damaged or of another task
   */
  public static Regressor open(InputStream in) {
    return TASK.open(in);
  }

  @Override
  public Task<?, ?> task() {
    return TASK;
  }

  @Override
  public Map<String, Object> summary() {
    RegressorFields fields = file.fields();
    Map<String, Object> summary = Summaries.of(network.description().network(), fields.source());
    summary.put(
        "values",
        String.format(
            Locale.ROOT,
            "mean %s, standard deviation %s",
            fields.mean(),
            fields.scaling().deviations().getFirst()));
    return summary;
  }

  @Override
  public Regressor withPrecision(Precision other) {
    return new Regressor(file.withPrecision(other));
  }

  /** Returns what the model is, apart from its weights. */
  public RegressorFields fields() {
    return file.fields();
  }

  /** Returns the network, without its weights. */
  public SignalNetwork network() {
    return network;
  }

  /** Returns how sources are read. */
  public SourceReader source() {
    return file.fields().source();
  }

  /** Returns mean and standard deviation of the numbers of the training part. */
  public Standardization scaling() {
    return file.fields().scaling();
  }

  /**
   * Refuses a source for which nothing can be predicted.
   *
   * @throws InputException if it is empty, or has steps that cannot be read
   */
  public void check(String source) {
    file.fields().sequence(source);
  }

  /** Predicts the number for a source. */
  public double predict(String source) {
    return predict(List.of(Objects.requireNonNull(source, "source")), Workers.single()).getFirst();
  }

  /**
   * Predicts the number for a sequence of numbers.
   *
   * @param steps the numbers of each step
   */
  public double predict(float[][] steps) {
    return predict(SourceReader.write(Objects.requireNonNull(steps, "steps")));
  }

  /** Predicts the number for each source, with all processors. */
  public List<Double> predict(List<String> sources) {
    return Workers.use(sources.size(), workers -> predict(sources, workers));
  }

  /**
   * Predicts the number for each source; each has the same bits as if it were the only one.
   *
   * @throws InputException if a source is empty, or has steps that cannot be read
   */
  public List<Double> predict(List<String> sources, Workers workers) {
    return map(
        sources,
        workers,
        (batch, buffers, team) -> restored(network.outputs(weights, batch, buffers, team)));
  }

  /**
   * Returns the outputs of a recurrent layer at each step of each source, [sources][steps][width];
   * each has the same bits as if it were the only one.
   *
   * @param layer from 1
   * @throws InputException if a source is empty, or has steps that cannot be read
   * @throws IndexOutOfBoundsException if there is no such layer
   */
  public List<float[][]> outputs(List<String> sources, int layer, Workers workers) {
    int index = Objects.checkIndex(layer - 1, network.description().network().layers().size());
    return map(
        sources,
        workers,
        (batch, buffers, team) -> network.layerOutputs(weights, batch, index, buffers, team));
  }

  private interface Reader<A> {
    List<A> read(SignalBatch batch, SignalNetwork.Buffers buffers, Workers team);
  }

  private <A> List<A> map(List<String> sources, Workers workers, Reader<A> reader) {
    RegressorFields fields = file.fields();
    var sequences =
        new RecognizedSequences(
            sources.stream().map(fields::sequence).toList(), fields.source().inputs());
    return BATCHES.map(
        sequences.size(),
        sequences::length,
        new LengthBatches.Team<>(workers, spare::run),
        (batch, buffers, team) -> reader.read(sequences.batch(batch.sequences()), buffers, team));
  }

  private List<Double> restored(Matrix outputs) {
    var values = new ArrayList<Double>();
    for (int s = 0; s < outputs.rows(); s++) {
      double value = scaling().restored(outputs.data()[outputs.row(s)], 0);
      if (!Double.isFinite(value)) {
        throw new InputException(
            "the value of a text is not a finite number",
            "Numbers of the text, or the model's, are too large: train again.");
      }
      values.add(value);
    }
    return values;
  }

  /**
   * How good a regressor is.
   *
   * @param score of its numbers
   * @param baseline the score of the training mean as the prediction for every source
   */
  public record Report(RegressionScore score, RegressionScore baseline) {
    /** Returns the score, next to that of the mean. */
    @Override
    public String toString() {
      return score + " (the mean alone: " + baseline + ")";
    }
  }

  /** Evaluates the regressor on objects that have a text and a number. */
  public <T> Report evaluate(
      Iterable<T> data, Function<? super T, String> text, ToDoubleFunction<? super T> value) {
    var examples = new ArrayList<Example>();
    data.forEach(each -> examples.add(new Example(text.apply(each), value.applyAsDouble(each))));
    return evaluate(examples);
  }

  /** Evaluates the regressor on sources with known numbers, with all processors. */
  public Report evaluate(List<Example> examples) {
    return Workers.use(examples.size(), workers -> evaluate(examples, workers));
  }

  /**
   * Evaluates the regressor on sources with known numbers.
   *
   * @throws InputException if there are none
   */
  public Report evaluate(List<Example> examples, Workers workers) {
    Measuring.check(examples.size(), "text with its value");
    double[] right = examples.stream().mapToDouble(Example::value).toArray();
    List<Double> said = predict(examples.stream().map(Example::source).toList(), workers);
    double[] mean = new double[right.length];
    Arrays.fill(mean, file.fields().mean());
    double[] predicted = said.stream().mapToDouble(Double::doubleValue).toArray();
    return new Report(RegressionScore.of(right, predicted), RegressionScore.of(right, mean));
  }

  /**
   * Evaluates the regressor on at least one object that has a sequence of numbers and a number.
   *
   * @param steps the numbers of each step
   */
  public <T> Report evaluateNumbers(
      Iterable<T> data, Function<? super T, float[][]> steps, ToDoubleFunction<? super T> value) {
    return evaluate(data, each -> SourceReader.write(steps.apply(each)), value);
  }
}
