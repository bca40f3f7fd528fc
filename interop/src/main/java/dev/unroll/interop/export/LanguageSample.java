package dev.unroll.interop.export;

import dev.unroll.base.Workers;
import dev.unroll.batch.Batch;
import dev.unroll.data.Condition;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.kernel.Softmax;
import dev.unroll.layer.Steps;
import dev.unroll.model.LanguageModel;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** What a language model answers to random tokens. */
final class LanguageSample {

  private LanguageSample() {}

  static Exported.Sample of(LanguageModel model, boolean streaming) {
    var network = model.network();
    var random = new SplittableRandom(1);
    var shape = Ragged.of(streaming);
    Steps steps = shape.steps();
    int[] inputs = random.ints(steps.rows(), 0, network.vocabulary()).toArray();
    for (int s = 0; s < steps.batch(); s++) {
      inputs[steps.row(0, s)] = model.firstInput();
    }
    Condition condition = network.condition();
    int given = condition == null ? 0 : condition.inputs();
    float[] conditions = Ragged.numbers(random, steps.batch() * given);
    var batch = new Batch(steps, inputs, new int[steps.rows()], conditions);
    var weights = network.pack(model.parameters(), model.precision(), Workers.single());
    var space = network.newBuffers();
    network.forward(weights, batch, network.startState(weights, batch), space, Workers.single());
    int vocabulary = network.vocabulary();
    float[] rows = new float[steps.rows() * vocabulary];
    network.readLogits(
        weights,
        space,
        (logits, at, row) -> {
          double whole = Softmax.logSumExp(logits, at, vocabulary);
          for (int id = 0; id < vocabulary; id++) {
            rows[row * vocabulary + id] = (float) (logits[at + id] - whole);
          }
        },
        Workers.single());
    Map<String, Tensor> fixed = new HashMap<>();
    if (condition != null) {
      fixed.put("given", Tensor.of(conditions, steps.batch(), given));
    }
    return shape.sample(
        Map.of("tokens", shape.tokens(inputs)),
        Map.of("log_probabilities", shape.rows(rows, vocabulary)),
        fixed);
  }
}
