package dev.unroll.task.lm;

import dev.unroll.data.Batch;
import dev.unroll.data.Batches;
import dev.unroll.data.IdStream;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Workers;
import dev.unroll.layer.LayerState;
import dev.unroll.network.NetworkState;
import dev.unroll.task.lm.LanguageNetwork.StepResult;
import dev.unroll.train.Learner;
import dev.unroll.train.Training;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A language network on its texts: the loss is the cross-entropy of each next token, in nats. */
public final class LanguageLearner implements Learner {

  private final LanguageNetwork network;
  private final Training options;
  private final Batches batches;
  private final Evaluator evaluator;
  private final LanguageNetwork.Weights weights;
  private final LanguageNetwork.Buffers buffers;
  private NetworkState carried;
  private NetworkState end;
  private int sequences;

  /** Prepares to train {@code network} on one text and to choose by the other. */
  public LanguageLearner(
      LanguageNetwork network, IdStream training, IdStream validation, Training options) {
    this.network = network;
    this.options = options;
    batches = options.batchPlan().training(training);
    evaluator = new Evaluator(network, options.batchPlan().validation(validation));
    weights = network.newWeights();
    buffers = network.newTrainingBuffers(options.checkpointSteps());
    carried = network.noState(weights);
    end = carried;
  }

  @Override
  public float[] initialize(long seed) {
    return network.initialize(seed);
  }

  @Override
  public int batches(int epoch) {
    return batches.count(epoch);
  }

  @Override
  public Loss lossAndGradient(float[] parameters, Step step, float[] gradients, Workers workers) {
    CounterRandom noise = network.description().dropouts().none() ? null : step.random();
    network.repackForTraining(weights, parameters, noise, workers);
    List<Batch> some = new ArrayList<>();
    for (int i = step.from(); i < step.to(); i++) {
      some.add(batches.batch(step.epoch(), i));
    }
    int tokens = some.stream().mapToInt(batch -> batch.steps().rows()).sum();
    double loss = 0;
    end = carried;
    for (int i = 0; i < some.size(); i++) {
      Batch batch = some.get(i);
      sequences = batch.steps().batch();
      NetworkState start = network.startState(weights, batch, end);
      CounterRandom own = noise == null ? null : step.random(i);
      var pass = new LanguageNetwork.Pass(own, options.objective(), tokens);
      StepResult result =
          network.lossAndGradient(weights, batch, start, pass, buffers, gradients, workers);
      loss += result.loss();
      end = result.end();
    }
    network.dropGradients(weights, gradients, noise, workers);
    if (!options.randomSteps()) {
      return new Loss(loss, tokens);
    }
    int length = some.stream().mapToInt(batch -> batch.steps().length()).sum();
    return new Loss(loss, tokens, length, options.steps() * (double) some.size());
  }

  /** After a step that failed the next batch starts from a state that is surely finite. */
  @Override
  public void settle(boolean applied) {
    carried = applied ? end : network.plainStart(weights, sequences);
  }

  @Override
  public Validation validate(float[] parameters, Workers workers) {
    network.repack(weights, parameters, workers);
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
    var layers = new ArrayList<LayerState>();
    for (int i = 0; i < carried.layers().size(); i++) {
      layers.add(
          new LayerState(
              Objects.requireNonNull(arrays.get("state." + i + ".a")),
              Objects.requireNonNull(arrays.get("state." + i + ".c"))));
    }
    carried = new NetworkState(layers);
  }
}
