package dev.unroll.task.label;

import dev.unroll.data.LabeledSequence;
import dev.unroll.file.ModelFile;
import dev.unroll.kernel.Workers;
import dev.unroll.task.Pool;
import java.util.List;

/** Labels sequences with a network that is trained. Threads may share it. */
final class LabelInference {

  private final LabelNetwork network;
  private final LabelNetwork.Weights weights;
  private final LabelEncoder numbers;

  /** What one text after the other is read with. */
  final Pool<LabelNetwork.Buffers> buffers;

  LabelInference(ModelFile<LabelFields> file) {
    LabelFields fields = file.fields();
    network = fields.network();
    numbers = new LabelEncoder(fields.lexicon(), fields.labels(), network.description());
    weights = network.pack(file.parameters(), file.precision(), Workers.single());
    buffers = new Pool<>(() -> network.newBuffers(false));
  }

  /** Returns the numbers of the labels that are found, of each sequence or of its tokens. */
  List<int[]> find(List<LabeledSequence> sequences, Workers workers) {
    return buffers.use(space -> evaluator(sequences, space).labels(weights, workers));
  }

  /** Returns the probabilities of all labels, of each sequence or of each of its tokens. */
  List<float[][]> probabilities(List<LabeledSequence> sequences, Workers workers) {
    return buffers.use(space -> evaluator(sequences, space).probabilities(weights, workers));
  }

  private LabelEvaluator evaluator(List<LabeledSequence> sequences, LabelNetwork.Buffers space) {
    return new LabelEvaluator(network, numbers.of(sequences, false), space);
  }
}
