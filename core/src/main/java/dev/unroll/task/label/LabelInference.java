package dev.unroll.task.label;

import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.store.ModelFile;
import dev.unroll.task.Pool;
import java.util.List;
import java.util.function.Function;

/** Labels sequences with a network that is trained. Threads may share it. */
public final class LabelInference {

  private final LabelNetwork network;
  private final LabelNetwork.Weights weights;
  private final LabelEncoder numbers;

  /** What one text after the other is read with. */
  public final Pool<LabelNetwork.Buffers> buffers;

  public LabelInference(ModelFile<LabelFields> file) {
    LabelFields fields = file.fields();
    network = fields.network();
    numbers = new LabelEncoder(fields);
    weights = network.pack(file.parameters(), file.precision(), Workers.single());
    weights.rememberWords();
    buffers = new Pool<>(() -> network.newBuffers(false));
  }

  /** Returns the numbers of the labels that are found, of each sequence or of its tokens. */
  public List<int[]> find(List<LabeledSequence> sequences, Workers workers) {
    return use(sequences, evaluator -> evaluator.labels(weights, workers));
  }

  /** Returns the probabilities of all labels, of each sequence or of each of its tokens. */
  public List<float[][]> probabilities(List<LabeledSequence> sequences, Workers workers) {
    return use(sequences, evaluator -> evaluator.probabilities(weights, workers));
  }

  /** Returns both, of networks that label each token, of which each is read once. */
  public List<LabelEvaluator.Found> findWithProbabilities(
      List<LabeledSequence> sequences, Workers workers) {
    return use(sequences, evaluator -> evaluator.labelsWithProbabilities(weights, workers));
  }

  /** Returns the outputs of a layer, from 0, at each token of each sequence. */
  public List<float[][]> outputs(List<LabeledSequence> sequences, int layer, Workers workers) {
    return use(sequences, evaluator -> evaluator.outputs(weights, layer, workers));
  }

  private <R> R use(List<LabeledSequence> sequences, Function<LabelEvaluator, R> task) {
    return task.apply(new LabelEvaluator(network, numbers.of(sequences, false), buffers));
  }
}
