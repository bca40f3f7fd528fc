package dev.unroll.task.recognize;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.batch.LengthBatches;
import dev.unroll.batch.RecognizedSequences;
import dev.unroll.batch.SignalBatch;
import dev.unroll.data.Pair;
import dev.unroll.kernel.Softmax;
import dev.unroll.layer.Steps;
import dev.unroll.measure.EditDistance;
import dev.unroll.stack.SignalNetwork;
import dev.unroll.task.Pool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Finds the labels of sources, and compares them with those that are right.
 *
 * @param weights of the fields' network, packed
 * @param buffers of the fields' network
 */
public record LabelFinder(
    RecognizerFields fields,
    SignalNetwork.Weights weights,
    Pool<SignalNetwork.Buffers> buffers,
    CtcSearch search) {

  /** Labels that were found, as text, with their score. */
  public record Found(String text, double score) {}

  private static final LengthBatches BATCHES = new LengthBatches(64);

  public List<List<Found>> find(List<String> texts, Workers workers) {
    return map(texts, workers, this::together);
  }

  /** Returns the outputs of a layer, from 0, at each step of each source. */
  public List<float[][]> outputs(List<String> texts, int layer, Workers workers) {
    return map(
        texts,
        workers,
        (batch, space, team) -> fields.network().layerOutputs(weights, batch, layer, space, team));
  }

  private interface Reader<A> {
    List<A> read(SignalBatch batch, SignalNetwork.Buffers space, Workers team);
  }

  private <A> List<A> map(List<String> texts, Workers workers, Reader<A> reader) {
    var sequences =
        new RecognizedSequences(
            texts.stream().map(fields.source()::sequence).toList(), fields.source().inputs());
    return BATCHES.map(
        texts.size(),
        sequences::length,
        new LengthBatches.Team<>(workers, buffers::run),
        (batch, space, team) -> reader.read(sequences.batch(batch.sequences()), space, team));
  }

  private List<List<Found>> together(
      SignalBatch batch, SignalNetwork.Buffers space, Workers workers) {
    Matrix rows = fields.network().outputs(weights, batch, space, workers);
    var all = new ArrayList<List<Found>>(Collections.nCopies(batch.steps().batch(), List.of()));
    workers.run(
        all.size(),
        1,
        (first, end) -> {
          for (int s = first; s < end; s++) {
            var found = search.search(logProbabilities(rows, batch.steps(), s));
            all.set(s, found.stream().map(this::output).toList());
          }
        });
    return all;
  }

  private Found output(CtcSearch.Found found) {
    return new Found(fields.target().decode(found.labels()), found.score());
  }

  private static float[][] logProbabilities(Matrix rows, Steps steps, int s) {
    float[][] all = new float[steps.length(s)][];
    for (int t = 0; t < all.length; t++) {
      int at = rows.row(steps.row(t, s));
      all[t] = Arrays.copyOfRange(rows.data(), at, at + rows.columns());
      double total = Softmax.logSumExp(all[t], 0, all[t].length);
      for (int k = 0; k < all[t].length; k++) {
        all[t][k] = (float) (all[t][k] - total);
      }
    }
    return all;
  }

  /** Returns 1 - the label error rate: edits as a share of the labels wanted. */
  double labelAccuracy(List<Pair> pairs, Workers workers) {
    List<List<Found>> found = find(pairs.stream().map(Pair::source).toList(), workers);
    long edits = 0;
    long labels = 0;
    for (int i = 0; i < pairs.size(); i++) {
      List<Integer> own = ids(found.get(i).getFirst().text());
      List<Integer> wanted = ids(pairs.get(i).target());
      edits += EditDistance.of(own, wanted);
      labels += wanted.size();
    }
    return 1 - (double) edits / Math.max(1, labels);
  }

  private List<Integer> ids(String text) {
    return Arrays.stream(fields.target().encode(text)).boxed().toList();
  }
}
