package dev.unroll.task.regress;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.batch.BatchOrder;
import dev.unroll.batch.RecognizedSequences;
import dev.unroll.batch.SignalBatch;
import dev.unroll.batch.SourceReader;
import dev.unroll.batch.Standardization;
import dev.unroll.data.Pair;
import dev.unroll.data.Provenance;
import dev.unroll.data.Series;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.Json;
import dev.unroll.file.Numbers;
import dev.unroll.learn.Learner;
import dev.unroll.learn.SignalLearner;
import dev.unroll.network.Network;
import dev.unroll.network.Regression;
import dev.unroll.result.Overview;
import dev.unroll.task.Defaults;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.train.Training;
import dev.unroll.train.Validation;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All that the training of a network that says a number needs. The loss is the squared error of the
 * standardized number, and the best parameters are those with the least on the validation part.
 */
public final class RegressorRun extends Run<RegressorFields> {

  /** What a run takes where its user says nothing. */
  public static final Defaults DEFAULTS =
      new Defaults(Defaults.RATE, 0.2, false, 0, Direction.BOTH, 0.1);

  private final List<Example> training;
  private final List<Example> validation;

  /**
   * A source whose number is known.
   *
   * @param source a text, or a sequence of numbers as {@link SourceReader} reads it
   * @param value its number
   * @param weight how much its loss counts in training; 1 is the usual one
   * @param group what it belongs to, all of which is in one part of the data; empty for nothing
   */
  public record Example(String source, double value, double weight, String group) {

    /** Checks the numbers. */
    public Example {
      Numbers.check("the value", value, -Series.LARGEST, Series.LARGEST);
      Numbers.check("the weight", weight, 0, 1e6);
    }

    /** An example of the usual weight, which belongs to nothing. */
    public Example(String source, double value) {
      this(source, value, 1, "");
    }

    /** Returns the same example with a weight and a group. */
    public Example with(double ofLoss, String whole) {
      return new Example(source, value, ofLoss, whole);
    }

    /**
     * Reads the number.
     *
     * @throws InputException if it is not one
     */
    public static Example of(String source, String value) {
      double number = Numbers.parse(value.strip());
      if (Double.isNaN(number)) {
        throw new InputException(
            String.format(Locale.ROOT, "the value «%s» is not a finite number", value),
            Numbers.FIX);
      }
      return new Example(source, number);
    }

    /**
     * Puts a share of the sources aside by chance, as {@link Pair#cut} does; of those that belong
     * to groups, whole groups.
     */
    public static List<List<Example>> cut(List<Example> all, double share) {
      return Pair.cut(all, each -> each.group.isEmpty() ? each.source : "\0" + each.group, share);
    }

    /** The weights, with 1 as their mean, so that the scale of the gradient stays. */
    private static double[] weights(List<Example> all) {
      double sum = all.stream().mapToDouble(Example::weight).sum();
      if (!(sum > 0)) {
        throw new InputException("all weights are 0", "Give some examples a weight above it.");
      }
      return all.stream().mapToDouble(each -> each.weight * all.size() / sum).toArray();
    }

    private static double[] values(List<Example> all) {
      return all.stream().mapToDouble(Example::value).toArray();
    }
  }

  /**
   * Prepares a run.
   *
   * @param layers the layers; they read forward, or both ways side by side
   * @param source how sources are read
   * @param parts examples to learn from, and those that choose the best parameters
   * @param options options of the run; those of streams are not used
   * @param output what is kept of the run, and where
   * @throws InputException if there is nothing to learn from, or options cannot be used
   */
  public RegressorRun(
      Network layers,
      SourceReader source,
      List<List<Example>> parts,
      Training options,
      RunOutput output) {
    this(RegressorFields.of(layers, source, scaling(parts)), parts, options, output);
  }

  /**
   * Prepares a run whose numbers are standardized as those of a model were.
   *
   * @param fields the model's scaling, and its network, perhaps with more tokens
   */
  public static RegressorRun from(
      RegressorFields fields, List<List<Example>> parts, Training options, RunOutput output) {
    scaling(parts); // refuses numbers from which nothing can be learned
    return new RegressorRun(fields, parts, options, output);
  }

  private RegressorRun(
      RegressorFields fields, List<List<Example>> parts, Training options, RunOutput output) {
    super(fields, options, output);
    training = List.copyOf(parts.get(0));
    validation = List.copyOf(parts.get(1));
    if (options.objective().labelSmoothing() > 0) {
      throw new InputException(
          "label smoothing does nothing with numbers", "Leave {label-smoothing} out.");
    }
    parts.forEach(part -> part.forEach(each -> fields().sequence(each.source)));
  }

  private static Standardization scaling(List<List<Example>> parts) {
    List<Example> training = parts.get(0);
    if (training.isEmpty() || parts.get(1).isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%,d texts to train on and %,d to validate on",
              training.size(),
              parts.get(1).size()),
          "Give more, or some for {valid}.");
    }
    double first = training.getFirst().value;
    if (training.stream().allMatch(each -> each.value == first)) {
      throw new InputException(
          "all texts of the training part have the same value, " + first,
          "Nothing can be learned from them: give others.");
    }
    double[][] rows =
        training.stream().map(each -> new double[] {each.value}).toArray(double[][]::new);
    return Standardization.of(List.of(new Series("values", List.of("value"), rows)));
  }

  /** Returns the examples to learn from. */
  public List<Example> training() {
    return training;
  }

  /** Returns the examples that choose the best parameters. */
  public List<Example> validation() {
    return validation;
  }

  /** Returns the root of a mean squared error of standardized numbers, in the units of numbers. */
  public double rmse(double loss) {
    return Math.sqrt(loss) * fields().scaling().deviations().getFirst();
  }

  @Override
  protected Overview understood() {
    return RegressOverview.of(
        fields().source(),
        training.stream().map(Example::source).toList(),
        Example.values(training),
        validation.stream().map(Example::source).toList(),
        training.stream().anyMatch(each -> !each.group().isEmpty()));
  }

  @Override
  public Learner learner() {
    double[] ones = new double[validation.size()];
    Arrays.fill(ones, 1); // weights are of training
    return new SquaredErrorLearner(
        fields(),
        measured(training, Example.weights(training)),
        measured(validation, ones),
        options());
  }

  private Measured measured(List<Example> part, double[] weights) {
    var sequences = part.stream().map(each -> fields().sequence(each.source)).toList();
    double[] values = Example.values(part);
    for (int i = 0; i < values.length; i++) {
      values[i] = fields().scaling().standardized(values[i], 0);
    }
    return new Measured(
        new RecognizedSequences(sequences, fields().source().inputs()), values, weights);
  }

  /** Sequences as a network reads them, their standardized numbers, and how much each counts. */
  private record Measured(RecognizedSequences sequences, double[] values, double[] weights) {}

  /** Trains by squared error. */
  private static final class SquaredErrorLearner extends SignalLearner {

    private final Measured training;
    private final Measured validation;

    SquaredErrorLearner(
        RegressorFields fields, Measured training, Measured validation, Training options) {
      super(
          fields.network(),
          BatchOrder.shuffled(
              training.sequences.size(),
              training.sequences::length,
              options.batch(),
              options.seed()));
      this.training = training;
      this.validation = validation;
    }

    @Override
    protected SignalBatch batch(int[] chosen) {
      return training.sequences.batch(chosen);
    }

    @Override
    protected int targets(int[] chosen) {
      return chosen.length;
    }

    @Override
    protected double lossAndGradient(Chosen chosen, Matrix outputs, float scale, Workers workers) {
      return loss(training, chosen.numbers(), outputs, scale);
    }

    private static double loss(Measured part, int[] chosen, Matrix outputs, float scale) {
      double[] z = new double[1];
      double[] dz = new double[1];
      double sum = 0;
      for (int s = 0; s < chosen.length; s++) {
        z[0] = outputs.data()[outputs.row(s)];
        double weight = part.weights[chosen[s]];
        sum += weight * Regression.SQUARED.loss(z, part.values[chosen[s]], 1, dz);
        outputs.data()[outputs.row(s)] = (float) (weight * scale * dz[0]);
      }
      return sum;
    }

    @Override
    public Validation validate(float[] parameters, Workers workers) {
      network.packForward(parameters, weights, workers);
      double sum = 0;
      var sequences = validation.sequences;
      var each = BatchOrder.sorted(sequences.size(), sequences::length, TOGETHER);
      var buffers = network.newBuffers(false);
      for (int i = 0; i < each.batches(); i++) {
        int[] chosen = each.batch(0, i);
        Matrix outputs = network.outputs(weights, sequences.batch(chosen), buffers, workers);
        sum += loss(validation, chosen, outputs, 1);
      }
      return new Validation(sum / sequences.size(), null);
    }
  }

  @Override
  protected Provenance.Part trainingPart() {
    return part(training);
  }

  @Override
  protected Provenance.Part validationPart() {
    return part(validation);
  }

  private static Provenance.Part part(List<Example> examples) {
    var fingerprint = new Fingerprint();
    for (Example each : examples) {
      fingerprint.add(List.of(each.source, Double.toString(each.value)));
      if (each.weight != 1) { // as without weights where there are none
        fingerprint.add(List.of("weight", Double.toString(each.weight)));
      }
    }
    return new Provenance.Part(fingerprint.text(), Map.of("Texts", (long) examples.size()));
  }

  @Override
  protected Map<String, String> making() {
    var map = new LinkedHashMap<String, String>();
    map.put("training data", trainingPart().fingerprint());
    map.put("validation data", validationPart().fingerprint());
    Tokenizer tokens = fields().source().tokens();
    map.put("source", tokens == null ? "numbers" : Fingerprint.of(Json.write(tokens.describe())));
    map.put("network", Json.write(fields().network().description().network().toJson()));
    return map;
  }
}
