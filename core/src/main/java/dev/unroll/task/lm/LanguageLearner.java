package dev.unroll.task.lm;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.batch.Batch;
import dev.unroll.batch.Batches;
import dev.unroll.data.IdStream;
import dev.unroll.head.Candidates;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Rows;
import dev.unroll.kernel.Slice;
import dev.unroll.layer.LayerState;
import dev.unroll.layer.Steps;
import dev.unroll.learn.BatchLearner;
import dev.unroll.learn.Shard;
import dev.unroll.network.Network;
import dev.unroll.network.NetworkState;
import dev.unroll.task.lm.LanguageNetwork.StepResult;
import dev.unroll.train.Training;
import dev.unroll.train.Validation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A language network on its texts: the loss is the cross-entropy of each next token, in nats. */
public final class LanguageLearner
    extends BatchLearner<LanguageLearner.Sequences, LanguageNetwork.Weights> {

  /** Numbers of the candidates of a step: after those of its batches and shards. */
  private static final long CANDIDATES = 1L << 42;

  private final LanguageNetwork network;
  private final Training options;
  private final Batches batches;
  private final Evaluator evaluator;
  private final LanguageNetwork.Buffers buffers;

  /** The candidates of the step at work; null where targets compete with all tokens. */
  private @Nullable Drawn drawn;

  private record Drawn(Step step, Candidates candidates) {}

  /** The state that the next step continues from. */
  private NetworkState carried;

  /** The state after the last batch of a shard or, after the step, after that of all of them. */
  private NetworkState end;

  /** Prepares to train {@code network} on one text and to choose by the other. */
  public LanguageLearner(
      LanguageNetwork network, IdStream training, IdStream validation, Training options) {
    super(network);
    this.network = network;
    this.options = options;
    batches = options.batchPlan().training(training);
    evaluator = new Evaluator(network, options.batchPlan().validation(validation));
    buffers = network.newTrainingBuffers(options.checkpointSteps());
    carried = network.plainStart(weights, 0);
    end = carried;
  }

  /**
   * Sequences to train on.
   *
   * @param batch what the network reads of them
   * @param whole the shape of the batch that they are a shard of
   */
  public record Sequences(Batch batch, Steps whole) {}

  @Override
  public int batches(int epoch) {
    return batches.count(epoch);
  }

  @Override
  protected Sequences batch(int epoch, int index, Shard shard) {
    Batch whole = batches.batch(epoch, index);
    int count = whole.steps().batch();
    Batch own = shard.isWhole() ? whole : whole.sequences(shard.from(count), shard.to(count));
    return new Sequences(own, whole.steps());
  }

  @Override
  protected int sequences(Sequences some) {
    return some.batch.steps().batch();
  }

  @Override
  protected int targets(Sequences some) {
    return some.batch.steps().rows();
  }

  @Override
  protected List<Lookup> lookups(Sequences some, Step step) {
    Slice embedding = network.embeddingWeight();
    var inputs = new Lookup(embedding, some.batch.inputs());
    Slice outputs = network.outputWeight();
    if (options.sampledTokens() > 0 && outputs != null) {
      return List.of(
          inputs,
          new Lookup(outputs, some.batch.targets()),
          new Lookup(outputs, candidates(step).tokens()));
    }
    return embedding.equals(outputs) ? List.of() : List.of(inputs); // which all targets use
  }

  /** All batches and shards of a step have the same ones. */
  private Candidates candidates(Step step) {
    Drawn known = drawn;
    if (known == null || !known.step.equals(step)) {
      var random = step.random().part(CANDIDATES);
      known =
          new Drawn(step, Candidates.draw(random, options.sampledTokens(), network.vocabulary()));
      drawn = known;
    }
    return known.candidates;
  }

  @Override
  protected void pack(
      float[] parameters, Step step, @Nullable CounterRandom noise, Workers workers) {
    if (options.sampledTokens() > 0) {
      candidates(step);
      network.packForSampling(parameters, weights, noise, workers);
    } else {
      super.pack(parameters, step, noise, workers);
    }
  }

  /** The batches of a step continue from one another, and the first from the step before. */
  @Override
  protected void take(Shard shard, Map<String, float[]> before) {
    end = state(before);
  }

  @Override
  protected void skip() {
    end = network.plainStart(weights, 0);
  }

  @Override
  protected double lossAndGradient(Sequences some, Pass pass, float[] gradients, Workers workers) {
    Batch batch = some.batch;
    int sequences = batch.steps().batch();
    if (batch.anyContinues() && sequences(end) != sequences) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%d sequences continue, but the state is that of %d",
              sequences,
              sequences(end)),
          "The checkpoint is not one of this run: delete it, or choose another folder.");
    }
    NetworkState start = network.startState(weights, batch, end);
    if (batch.steps().rows() == 0) { // a shard whose lanes ended before those of others
      end = start;
      return 0;
    }
    var how =
        new LanguagePass(
            pass.noise(),
            options.objective(),
            pass.targets(),
            some.whole,
            drawn == null ? null : drawn.candidates);
    StepResult result =
        network.lossAndGradient(weights, batch, start, how, buffers, gradients, workers);
    end = result.end();
    return result.loss();
  }

  @Override
  protected Map<String, float[]> handOver() {
    return arrays(end);
  }

  @Override
  public void join(List<Map<String, float[]>> handedOver) {
    var joined = new LinkedHashMap<String, float[]>();
    for (String name : handedOver.getFirst().keySet()) {
      var parts = handedOver.stream().map(shard -> Objects.requireNonNull(shard.get(name)));
      joined.put(name, Rows.join(parts.toList()));
    }
    end = state(joined);
  }

  @Override
  protected Loss loss(List<Sequences> some, double sum, int targets) {
    if (!options.randomSteps()) {
      return new Loss(sum, targets);
    }
    int length = some.stream().mapToInt(each -> each.whole.length()).sum();
    return new Loss(sum, targets, length, options.steps() * (double) some.size());
  }

  /** After a step that failed the next batch starts from a state that is surely finite. */
  @Override
  public void settle(boolean applied, float[] parameters) {
    carried = applied ? end : network.plainStart(parameters, sequences(end));
  }

  @Override
  public Validation validate(float[] parameters, Workers workers) {
    network.packForward(parameters, weights, workers);
    return new Validation(evaluator.meanLoss(weights, workers), null);
  }

  @Override
  public Map<String, float[]> carried() {
    return arrays(carried);
  }

  @Override
  public Map<String, float[]> carried(Shard shard) {
    int all = sequences(carried);
    var own = new LinkedHashMap<String, float[]>();
    arrays(carried)
        .forEach(
            (name, values) -> {
              int width = all == 0 ? 0 : values.length / all;
              own.put(
                  name, Arrays.copyOfRange(values, shard.from(all) * width, shard.to(all) * width));
            });
    return own;
  }

  @Override
  public void restore(Map<String, float[]> arrays) {
    carried = state(arrays);
  }

  private static Map<String, float[]> arrays(NetworkState state) {
    var arrays = new LinkedHashMap<String, float[]>();
    for (int i = 0; i < state.layers().size(); i++) {
      arrays.put("state." + i + ".a", state.layers().get(i).a());
      arrays.put("state." + i + ".c", state.layers().get(i).c());
    }
    return arrays;
  }

  /** Returns of how many sequences a state is. */
  private int sequences(NetworkState state) {
    return state.layers().getFirst().a().length
        / network.description().layers().getFirst().outputs();
  }

  private NetworkState state(Map<String, float[]> arrays) {
    List<Network.Layer> forms = network.description().layers();
    var layers = new ArrayList<LayerState>();
    int sequences = 0;
    for (int i = 0; i < forms.size(); i++) {
      float[] a = Objects.requireNonNull(arrays.get("state." + i + ".a"));
      float[] c = Objects.requireNonNull(arrays.get("state." + i + ".c"));
      Network.Layer form = forms.get(i);
      sequences = i == 0 ? a.length / form.outputs() : sequences;
      int memory = form.cell().hasMemory() ? form.units() : 0;
      if (a.length != sequences * form.outputs() || c.length != sequences * memory) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "state.%d is not that of %d sequences", i, sequences));
      }
      layers.add(new LayerState(a, c));
    }
    return new NetworkState(layers);
  }
}
