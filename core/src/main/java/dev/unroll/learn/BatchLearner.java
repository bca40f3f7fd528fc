package dev.unroll.learn;

import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Slice;
import dev.unroll.stack.ParameterizedNetwork;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Trains a network on batches: a step adds up the gradients of its batches, each scaled by the
 * targets of all of them. A shard of a step is the same shard of each of its batches. What a batch
 * is, and its loss, is the task's.
 *
 * @param <B> a batch
 * @param <W> the weights of the network
 */
public abstract class BatchLearner<B, W> implements ShardedLearner {

  /** Weights packed for the step, or for the validation, that is computed now. */
  protected final W weights;

  private final ParameterizedNetwork<W> network;
  private @Nullable Begun<B> begun;

  /** Rows of a matrix by their numbers, in any order; a number below 0 is of none. */
  public record Lookup(Slice matrix, int[] numbers) {}

  /** A step, with its batches, of which shards are computed. */
  private record Begun<B>(Step step, List<B> batches) {}

  /** Prepares to train a network. */
  protected BatchLearner(ParameterizedNetwork<W> network) {
    this.network = network;
    weights = network.newWeights(Precision.FLOAT32);
  }

  /**
   * How a batch is taken in a step.
   *
   * @param random random numbers of the batch
   * @param drops whether they are used for dropout
   * @param targets targets of the whole step, of which the batch has a part or all
   * @param epochs how often the data was read before the step
   */
  public record Pass(CounterRandom random, boolean drops, int targets, double epochs) {

    /** Returns random numbers for dropout, or null for none. */
    public @Nullable CounterRandom noise() {
      return drops ? random : null;
    }

    /** Returns the factor of all gradients, for the mean over the targets of the step. */
    public float scale() {
      return 1f / targets;
    }
  }

  /** Returns a shard of a batch of an epoch; it is never asked for one without sequences. */
  protected abstract B batch(int epoch, int index, Shard shard);

  /** Returns the number of sequences of a batch. */
  protected abstract int sequences(B batch);

  /** Returns the number of targets of a batch. */
  protected abstract int targets(B batch);

  /**
   * Computes the sum of the losses of all targets of a batch, and adds the gradient of its share of
   * the mean loss of the step to {@code gradients}.
   */
  protected abstract double lossAndGradient(B batch, Pass pass, float[] gradients, Workers workers);

  /** Returns of which matrices a batch looks up rows, and uses no others; none by default. */
  protected List<Lookup> lookups(B batch, Step step) {
    return List.of();
  }

  /**
   * Packs parameters for a step.
   *
   * @param noise random numbers for dropout, or null for none
   */
  protected void pack(
      float[] parameters, Step step, @Nullable CounterRandom noise, Workers workers) {
    network.packForTraining(parameters, weights, noise, workers);
  }

  /** Begins a shard of a step with what it takes over. */
  protected void take(Shard shard, Map<String, float[]> carried) {}

  /** Passes over a batch of which the shard has no sequence. */
  protected void skip() {}

  /** Returns what the shard that was computed hands over. */
  protected Map<String, float[]> handOver() {
    return Map.of();
  }

  @Override
  public void join(List<Map<String, float[]>> handedOver) {}

  /** Returns what a step computed. */
  protected Loss loss(List<B> batches, double sum, int targets) {
    return new Loss(sum, targets);
  }

  @Override
  public float[] initialize(long seed) {
    return network.initialize(seed);
  }

  @Override
  public List<Slice> slices() {
    return network.slices();
  }

  @Override
  public List<UsedRows> rows(Step step) {
    begun = begunWith(step);
    var numbers = new LinkedHashMap<Slice, IntStream>();
    for (B batch : begun.batches) {
      for (Lookup each : lookups(batch, step)) {
        numbers.merge(each.matrix, IntStream.of(each.numbers), IntStream::concat);
      }
    }
    var used = new ArrayList<UsedRows>();
    numbers.forEach(
        (matrix, own) ->
            used.add(
                new UsedRows(matrix, own.filter(row -> row >= 0).sorted().distinct().toArray())));
    return used;
  }

  @Override
  public Loss lossAndGradient(float[] parameters, Step step, float[] gradients, Workers workers) {
    begin(parameters, step, workers);
    ShardLoss whole = shard(Shard.WHOLE, carried(Shard.WHOLE), gradients, workers);
    join(List.of(whole.carried()));
    return loss(step, whole.sum());
  }

  @Override
  public void begin(float[] parameters, Step step, Workers workers) {
    pack(parameters, step, network.drops() ? step.random() : null, workers);
    begun = begunWith(step);
  }

  /** Its batches may be known already. */
  private Begun<B> begunWith(Step step) {
    return begun != null && begun.step.equals(step) ? begun : new Begun<>(step, wholes(step));
  }

  private List<B> wholes(Step step) {
    var batches = new ArrayList<B>();
    for (int i = step.from(); i < step.to(); i++) {
      batches.add(batch(step.epoch(), i, Shard.WHOLE));
    }
    return batches;
  }

  @Override
  public Map<String, float[]> carried(Shard shard) {
    return Map.of();
  }

  @Override
  public ShardLoss shard(
      Shard shard, Map<String, float[]> carried, float[] gradients, Workers workers) {
    Begun<B> now = begun();
    Step step = now.step;
    boolean drops = network.drops();
    int targets = targets(now);
    double epochs = step.epoch() + (double) step.from() / batches(step.epoch());
    double loss = 0;
    take(shard, carried);
    for (int i = 0; i < now.batches.size(); i++) {
      B whole = now.batches.get(i);
      if (shard.isEmpty(sequences(whole))) {
        skip();
        continue;
      }
      var pass = new Pass(step.random(i, shard), drops, targets, epochs);
      B own = shard.isWhole() ? whole : batch(step.epoch(), step.from() + i, shard);
      loss += lossAndGradient(own, pass, gradients, workers);
    }
    network.dropGradients(weights, gradients, drops ? step.random() : null, workers);
    return new ShardLoss(loss, handOver());
  }

  @Override
  public Loss loss(Step step, double sum) {
    begun = begunWith(step);
    return loss(begun.batches, sum, targets(begun));
  }

  private int targets(Begun<B> step) {
    return step.batches.stream().mapToInt(this::targets).sum();
  }

  private Begun<B> begun() {
    return Objects.requireNonNull(begun, "no step has begun");
  }
}
