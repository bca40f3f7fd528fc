package dev.unroll.train;

import dev.unroll.base.InputException;
import dev.unroll.batch.BatchPlan;
import dev.unroll.data.Reading;
import dev.unroll.file.Numbers;
import dev.unroll.store.WarmStart;
import dev.unroll.train.optimizer.Adam;
import dev.unroll.train.optimizer.Optimizer;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of a training run. Start from {@link #defaults} and change what differs: each {@code
 * with…} returns new options and leaves these unchanged.
 *
 * {@snippet file="example/SnippetsTest.java" region="training"}
 */
public final class Training implements Cloneable {

  /** Settings that may be left open, so that a task derives them from its data. */
  public enum Choice {
    /** The optimizer and its rate. */
    OPTIMIZER,
    /** Passes over the data. */
    EPOCHS,
    /** Sequences per batch. */
    BATCH,
    /** The interval between validations, and the patience. */
    VALIDATION,
    /** What is minimized. */
    OBJECTIVE
  }

  private Optimizer optimizer = new Adam(0.002);
  private WeightDecay weightDecay = WeightDecay.NONE;
  private Schedule schedule = new Schedule.Cosine(0.05);
  private int warmupSteps;
  private int epochs = 10;
  private int batch = 32;
  private int steps = 64;
  private boolean randomSteps;
  private double resetRate;
  private int accumulate = 1;
  private Sharding sharding = Sharding.NONE;
  private int sampledTokens;
  private double clipNorm = 1;
  private double clipValue;
  private Objective objective = Objective.CROSS_ENTROPY;
  private Reading reading = Reading.STREAM;
  private int validateEvery;
  private int patience = 5;
  private int averageAfter;
  private long seed = 1;
  private int threads = Math.min(1024, Runtime.getRuntime().availableProcessors());
  private int checkpointSteps;
  private @Nullable WarmStart start;
  private List<LayerRate> layerRates = List.of();
  private Set<Choice> chosen = Set.of();

  private Training() {}

  /**
   * Defaults that suit a small corpus: Adam at 0.002 falling along a cosine, 10 epochs, 32
   * sequences of 64 steps, clipping at norm 1, reading as one stream, stopping after 5 validations
   * without improvement, seed 1, one thread for each processor.
   */
  public static Training defaults() {
    return new Training();
  }

  /** Returns how gradients change parameters. */
  public Optimizer optimizer() {
    return optimizer;
  }

  /** Returns the weight decay. */
  public WeightDecay weightDecay() {
    return weightDecay;
  }

  /** Returns how the learning rate changes. */
  public Schedule schedule() {
    return schedule;
  }

  /** Returns the number of warm-up steps, in which the rate rises linearly from 0; 0 for none. */
  public int warmupSteps() {
    return warmupSteps;
  }

  /** Returns how a corpus is split into batches. */
  public BatchPlan batchPlan() {
    return new BatchPlan(reading, batch, steps, randomSteps, resetRate, seed);
  }

  /** Returns the number of epochs. */
  public int epochs() {
    return epochs;
  }

  /** Returns the number of sequences in a batch. */
  public int batch() {
    return batch;
  }

  /**
   * Returns the number of steps through which gradients flow back in a stream (truncated
   * backpropagation); for sentences, the length beyond which a sentence is split.
   */
  public int steps() {
    return steps;
  }

  /** Returns whether the length of each window of a stream is drawn around {@link #steps}. */
  public boolean randomSteps() {
    return randomSteps;
  }

  /** Returns the share of the windows of a stream's lanes that start from the initial state. */
  public double resetRate() {
    return resetRate;
  }

  /** Returns the number of batches whose gradients are added up for one step. */
  public int accumulate() {
    return accumulate;
  }

  /**
   * Returns the number of tokens that targets compete with in a step; 0 for the whole vocabulary.
   */
  public int sampledTokens() {
    return sampledTokens;
  }

  /** Returns the number of shards of each batch, whose gradients are computed one by one. */
  public int shards() {
    return sharding.shards();
  }

  /** Returns how batches are split into shards, and how these work together. */
  public Sharding sharding() {
    return sharding;
  }

  /** Returns the norm to which a larger gradient is scaled down; 0 for none. */
  public double clipNorm() {
    return clipNorm;
  }

  /** Returns the bound of each element of the gradient; 0 for none. */
  public double clipValue() {
    return clipValue;
  }

  /** Returns what is minimized. */
  public Objective objective() {
    return objective;
  }

  /** Returns whether the corpus is read as one stream, or sentence by sentence. */
  public Reading reading() {
    return reading;
  }

  /** Returns the number of steps between validations; 0 for once per epoch. */
  public int validateEvery() {
    return validateEvery;
  }

  /**
   * Returns the patience: the number of validations without improvement after which training stops;
   * 0 for never.
   */
  public int patience() {
    return patience;
  }

  /** Returns after how many validations parameters may be averaged; 0 for never. */
  public int averageAfter() {
    return averageAfter;
  }

  /** Returns the seed of the initial parameters, of all noise and of the order of sentences. */
  public long seed() {
    return seed;
  }

  /** Returns the number of threads; they change no bit of the result. */
  public int threads() {
    return threads;
  }

  /**
   * Returns the number of steps whose activations are held at a time, while those of the others are
   * recomputed in the backward pass (gradient checkpointing, Chen et al. 2016); 0 for all. It
   * changes the order in which gradients are summed, and so the bits of the result.
   */
  public int checkpointSteps() {
    return checkpointSteps;
  }

  /** Returns the model that training starts from, or null if it starts at random. */
  public @Nullable WarmStart start() {
    return start;
  }

  /** Returns how fast some layers learn, compared with the others. */
  public List<LayerRate> layerRates() {
    return layerRates;
  }

  /**
   * Returns whether a setting was left open, that is, no {@code with…} has set it, not even to its
   * default. A run takes the options as they are; a plan derives open ones from the data.
   */
  public boolean isOpen(Choice choice) {
    return !chosen.contains(choice);
  }

  /** Returns the same options, all of them open. */
  public Training asUsual() {
    return copy(changed -> changed.chosen = Set.of());
  }

  /** Returns the same options with another optimizer. */
  public Training withOptimizer(Optimizer value) {
    return choose(Choice.OPTIMIZER, changed -> changed.optimizer = value);
  }

  /** Returns the same options with weight decay. */
  public Training withWeightDecay(WeightDecay value) {
    return copy(changed -> changed.weightDecay = value);
  }

  /**
   * Returns the same options with another schedule, after {@code warmup} steps in which the rate
   * rises.
   */
  public Training withSchedule(Schedule value, int warmup) {
    return copy(
        changed -> {
          changed.schedule = value;
          changed.warmupSteps = warmup;
        });
  }

  /** Returns the same options with another number of epochs. */
  public Training withEpochs(int value) {
    return choose(Choice.EPOCHS, changed -> changed.epochs = value);
  }

  /** Returns the same options with another batch shape. */
  public Training withBatch(int sequences, int length) {
    return choose(Choice.BATCH, changed -> changed.batch = sequences).withSteps(length);
  }

  /** Returns the same options with batches of another number of steps. */
  public Training withSteps(int length) {
    return copy(changed -> changed.steps = length);
  }

  /**
   * Returns the same options with the length of each window of a stream drawn anew (Merity et al.
   * 2018): about {@link #steps}, one in twenty about half of that, so that no token is always at a
   * boundary. The rate of a step is scaled with its length.
   */
  public Training withRandomSteps(boolean value) {
    return copy(changed -> changed.randomSteps = value);
  }

  /**
   * Returns the same options with a share of the windows of a stream's lanes, drawn anew in each
   * epoch, starting from the initial state instead of the last state: a network that sees its
   * initial state only once per epoch reads the beginning of a text badly, and may get stuck in
   * states far from it (Melis et al. 2018, who use 0.01).
   */
  public Training withResets(double rate) {
    return copy(changed -> changed.resetRate = rate);
  }

  /** Returns the same options with the gradients of {@code batches} batches added up for a step. */
  public Training withAccumulation(int batches) {
    return copy(changed -> changed.accumulate = batches);
  }

  /**
   * Returns the same options with a sampled softmax: targets compete with {@code count} randomly
   * drawn tokens in each step instead of the whole vocabulary. For language models with a large
   * vocabulary; 0 for the whole.
   */
  public Training withSampledTokens(int count) {
    return copy(changed -> changed.sampledTokens = count);
  }

  /**
   * Returns the same options with each batch split into {@code count} shards. Their gradients are
   * computed one by one and added up in the order of a tree over their numbers, so that a cluster
   * that computes them in parallel ends with the same bits. That order, and the noise of each
   * shard, lead to other bits than one shard.
   */
  public Training withShards(int count) {
    return withSharding(sharding.withShards(count));
  }

  /** Returns the same options with shards that work together in another way. */
  public Training withSharding(Sharding value) {
    return copy(changed -> changed.sharding = value);
  }

  /** Returns the same options with other bounds of the gradient; 0 for none. */
  public Training withClipping(double norm, double value) {
    return copy(
        changed -> {
          changed.clipNorm = norm;
          changed.clipValue = value;
        });
  }

  /** Returns the same options with another objective. */
  public Training withObjective(Objective value) {
    return choose(Choice.OBJECTIVE, changed -> changed.objective = value);
  }

  /** Returns the same options with another way of reading. */
  public Training withReading(Reading value) {
    return copy(changed -> changed.reading = value);
  }

  /**
   * Returns the same options with another interval between validations, and another patience.
   *
   * @param every steps between validations; 0 for once per epoch
   * @param validations how many without improvement end training; 0 for any number
   */
  public Training withValidation(int every, int validations) {
    return choose(
        Choice.VALIDATION,
        changed -> {
          changed.validateEvery = every;
          changed.patience = validations;
        });
  }

  /**
   * Returns the same options with averaged parameters (Polyak and Juditsky 1992): once a validation
   * is worse than the best of those more than {@code validations} before it, the mean of the
   * parameters over all later steps is validated and kept. With plain SGD this is the
   * non-monotonically triggered averaged SGD of Merity et al. (2018), who use 5 and a constant
   * rate. Patience counts from then on.
   */
  public Training withAveraging(int validations) {
    return copy(changed -> changed.averageAfter = validations);
  }

  /** Returns the same options with another seed. */
  public Training withSeed(long value) {
    return copy(changed -> changed.seed = value);
  }

  /** Returns the same options with another number of threads. */
  public Training withThreads(int value) {
    return copy(changed -> changed.threads = value);
  }

  /**
   * Returns the same options with the activations of {@code value} steps held at a time; 0 for all.
   */
  public Training withCheckpointSteps(int value) {
    return copy(changed -> changed.checkpointSteps = value);
  }

  /** Returns the same options with training that starts from a model. */
  public Training withStart(WarmStart model) {
    return copy(changed -> changed.start = model);
  }

  /**
   * Returns the same options with some layers learning at other rates, or not at all; of several
   * that name a layer, the first counts.
   */
  public Training withLayerRates(List<LayerRate> rates) {
    return copy(changed -> changed.layerRates = List.copyOf(rates));
  }

  /** Names of what {@link #describe} says only of a text that is read as one stream of tokens. */
  public static final Set<String> OF_STREAMS =
      Set.of("steps", "random steps", "reset states", "reading");

  /**
   * Returns all options by name, but for the threads: what decides the bits of the result, apart
   * from the data and the network.
   */
  public Map<String, Object> describe() {
    var map = new LinkedHashMap<String, Object>();
    map.put("optimizer", optimizer.describe());
    map.put("weight decay", weightDecay.describe());
    map.put("schedule", schedule.describe());
    map.put("warm-up", (long) warmupSteps);
    map.put("epochs", (long) epochs);
    map.put("batch", (long) batch);
    map.put("steps", (long) steps);
    map.put("random steps", randomSteps);
    map.put("reset states", resetRate);
    map.put("accumulate", (long) accumulate);
    map.put("clip norm", clipNorm);
    map.put("clip value", clipValue);
    map.put("objective", objective.describe());
    map.put("reading", reading.label());
    map.put("validate every", (long) validateEvery);
    map.put("patience", (long) patience);
    map.put("average after", (long) averageAfter);
    map.put("seed", seed);
    map.put("checkpoint steps", (long) checkpointSteps);
    sharding.describe(map);
    if (sampledTokens > 0) {
      map.put("sampled tokens", (long) sampledTokens);
    }
    if (start != null) {
      map.put("from", start.model());
    }
    if (!layerRates.isEmpty()) {
      map.put("layer rates", layerRates.stream().map(LayerRate::describe).toList());
    }
    return map;
  }

  @Override
  public String toString() {
    return "Training" + describe();
  }

  private Training choose(Choice choice, Consumer<Training> change) {
    EnumSet<Choice> all = EnumSet.of(choice);
    all.addAll(chosen);
    return copy(
        changed -> {
          change.accept(changed);
          changed.chosen = Collections.unmodifiableSet(all);
        });
  }

  private Training copy(Consumer<Training> change) {
    Training changed = clone();
    change.accept(changed);
    changed.check();
    return changed;
  }

  @Override
  protected Training clone() {
    try {
      return (Training) super.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("it is cloneable", e);
    }
  }

  private void check() {
    Numbers.checkCount("warm-up steps", warmupSteps, 0, Integer.MAX_VALUE);
    Numbers.checkCount("epochs", epochs, 1, 1_000_000);
    Numbers.checkCount("batch", batch, 1, 65_536);
    Numbers.checkCount("steps", steps, 1, 1_000_000);
    Numbers.checkCount("accumulate", accumulate, 1, 65_536);
    Numbers.checkCount("sampled tokens", sampledTokens, 0, Integer.MAX_VALUE);
    Numbers.checkCount("validate-every", validateEvery, 0, Integer.MAX_VALUE);
    Numbers.checkCount("patience", patience, 0, Integer.MAX_VALUE);
    Numbers.checkCount("average-after", averageAfter, 0, Integer.MAX_VALUE);
    Numbers.checkCount("threads", threads, 1, 1024);
    Numbers.checkCount("checkpoint-steps", checkpointSteps, 0, 1_000_000);
    Numbers.check("the norm of clipping", clipNorm, 0, 1e30);
    Numbers.check("the value of clipping", clipValue, 0, 1e30);
    Numbers.check("reset-states", resetRate, 0, 1);
    if ((randomSteps || resetRate > 0) && reading == Reading.SENTENCES) {
      throw new InputException(
          (randomSteps ? "random steps" : "reset states")
              + " do nothing where the text is read sentence by sentence",
          "Read it as a stream, or leave them out.");
    }
  }
}
