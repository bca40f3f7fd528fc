package dev.unroll.task.lm;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.batch.Batch;
import dev.unroll.batch.Batches;
import dev.unroll.data.IdStream;
import dev.unroll.layer.LayerState;
import dev.unroll.learn.BatchLearner;
import dev.unroll.network.Network;
import dev.unroll.network.NetworkState;
import dev.unroll.task.lm.LanguageNetwork.StepResult;
import dev.unroll.train.Training;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A language network on its texts: the loss is the cross-entropy of each next token, in nats. */
public final class LanguageLearner extends BatchLearner<Batch, LanguageNetwork.Weights> {

  private final LanguageNetwork network;
  private final Training options;
  private final Batches batches;
  private final Evaluator evaluator;
  private final LanguageNetwork.Buffers buffers;
  private NetworkState carried;
  private NetworkState end;
  private int sequences;

  /** Prepares to train {@code network} on one text and to choose by the other. */
  public LanguageLearner(
      LanguageNetwork network, IdStream training, IdStream validation, Training options) {
    super(network);
    this.network = network;
    this.options = options;
    batches = options.batchPlan().training(training);
    evaluator = new Evaluator(network, options.batchPlan().validation(validation));
    buffers = network.newTrainingBuffers(options.checkpointSteps());
    carried = network.noState(weights);
    end = carried;
  }

  @Override
  public int batches(int epoch) {
    return batches.count(epoch);
  }

  @Override
  protected Batch batch(int epoch, int index) {
    return batches.batch(epoch, index);
  }

  @Override
  protected int targets(Batch batch) {
    return batch.steps().rows();
  }

  /** The batches of a step continue from one another, and the first from the step before. */
  @Override
  public Loss lossAndGradient(float[] parameters, Step step, float[] gradients, Workers workers) {
    end = carried;
    return super.lossAndGradient(parameters, step, gradients, workers);
  }

  @Override
  protected double lossAndGradient(Batch batch, Pass pass, float[] gradients, Workers workers) {
    int before = sequences;
    sequences = batch.steps().batch();
    if (batch.anyContinues() && before != sequences) {
      throw new InputException(
          String.format(
              Locale.ROOT, "%d sequences continue, but the state is that of %d", sequences, before),
          "The checkpoint is not one of this run: delete it, or choose another folder.");
    }
    NetworkState start = network.startState(weights, batch, end);
    var how = new LanguageNetwork.Pass(pass.noise(), options.objective(), pass.targets());
    StepResult result =
        network.lossAndGradient(weights, batch, start, how, buffers, gradients, workers);
    end = result.end();
    return result.loss();
  }

  @Override
  protected Loss loss(List<Batch> some, double sum, int targets) {
    if (!options.randomSteps()) {
      return new Loss(sum, targets);
    }
    int length = some.stream().mapToInt(batch -> batch.steps().length()).sum();
    return new Loss(sum, targets, length, options.steps() * (double) some.size());
  }

  /** After a step that failed the next batch starts from a state that is surely finite. */
  @Override
  public void settle(boolean applied) {
    carried = applied ? end : network.plainStart(weights, sequences);
  }

  @Override
  public Validation validate(float[] parameters, Workers workers) {
    network.packForward(parameters, weights, workers);
    return new Validation(evaluator.meanLoss(weights, workers), null);
  }

  @Override
  public Map<String, float[]> carried() {
    var arrays = new LinkedHashMap<String, float[]>();
    for (int i = 0; i < carried.layers().size(); i++) {
      arrays.put("state." + i + ".a", carried.layers().get(i).a());
      arrays.put("state." + i + ".c", carried.layers().get(i).c());
    }
    return arrays;
  }

  @Override
  public void restore(Map<String, float[]> arrays) {
    List<Network.Layer> forms = network.description().layers();
    var layers = new ArrayList<LayerState>();
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
    carried = new NetworkState(layers);
  }
}
