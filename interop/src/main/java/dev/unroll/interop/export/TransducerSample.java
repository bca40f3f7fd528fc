package dev.unroll.interop.export;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.kernel.Softmax;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Steps;
import dev.unroll.model.Transducer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** What an encoder-decoder writes for random sources, where random tokens were written before. */
final class TransducerSample {

  private static final int WRITTEN = 3;

  private TransducerSample() {}

  static Exported.Sample of(Transducer model) {
    var random = new SplittableRandom(4);
    var shape = Ragged.of(false);
    Steps steps = shape.steps();
    int batch = steps.batch();
    int[] source = random.ints(steps.rows(), 0, model.source().size()).toArray();
    var network = model.network();
    var weights = network.pack(model.parameters(), model.precision(), Workers.single());
    var space = network.newBuffers(false);
    var front = network.begin(weights, steps, source, space, Workers.single());
    var calls = new ArrayList<Exported.Call>();
    calls.addAll(shape.sample(Map.of("tokens", shape.tokens(source)), Map.of(), Map.of()).calls());
    int vocabulary = model.target().size();
    int[] tokens = new int[batch];
    Arrays.fill(tokens, Embedding.START);
    boolean attends = model.description().attention() != null;
    for (int t = 0; t < WRITTEN; t++) {
      float[] logits = new float[batch * vocabulary];
      float[][] shares = attends ? new float[batch][steps.length()] : null;
      Matrix rows = Matrix.of(logits, batch, vocabulary);
      front = network.step(weights, front, tokens, space, rows, shares, Workers.single());
      var expected = new HashMap<String, Tensor>();
      expected.put("log_probabilities", logProbabilities(logits, batch, vocabulary));
      if (shares != null) {
        expected.put("attention", shares(shares, steps));
      }
      long[] ids = Arrays.stream(tokens).asLongStream().toArray();
      calls.add(new Exported.Call(1, Map.of("token", Tensor.of(ids, batch)), expected));
      tokens = random.ints(batch, 0, vocabulary).toArray();
    }
    return new Exported.Sample(calls);
  }

  private static Tensor logProbabilities(float[] logits, int batch, int vocabulary) {
    float[] own = logits.clone();
    for (int s = 0; s < batch; s++) {
      double whole = Softmax.logSumExp(logits, s * vocabulary, vocabulary);
      for (int id = 0; id < vocabulary; id++) {
        own[s * vocabulary + id] = (float) (own[s * vocabulary + id] - whole);
      }
    }
    return Tensor.of(own, batch, vocabulary);
  }

  private static Tensor shares(float[][] shares, Steps steps) {
    float[] all = new float[steps.batch() * steps.length()];
    for (int s = 0; s < steps.batch(); s++) {
      System.arraycopy(shares[s], 0, all, s * steps.length(), steps.length(s));
    }
    return Tensor.of(all, steps.batch(), steps.length());
  }
}
