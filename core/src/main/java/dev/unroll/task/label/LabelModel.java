package dev.unroll.task.label;

import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Lexicon;
import dev.unroll.file.ModelFile;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Workers;
import dev.unroll.task.Model;
import dev.unroll.task.Pool;
import dev.unroll.task.Summaries;
import dev.unroll.task.Task;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A trained network that labels, with what it needs to read tokens and to name labels: what is
 * inside a {@link Classifier} and a {@link Tagger}. It never changes; threads may share it.
 */
public final class LabelModel extends Model {

  /** The task of networks that label whole sequences. */
  public static final Task<LabelFields, LabelModel> CLASSIFY =
      new Task<>("classify", "texts", LabelFields.CLASSIFY, LabelModel::new);

  /** The task of networks that label each token. */
  public static final Task<LabelFields, LabelModel> TAG =
      new Task<>("tag", "words", LabelFields.TAG, LabelModel::new);

  private final ModelFile<LabelFields> file;
  private final LabelNetwork network;
  private final LabelNetwork.Weights weights;
  private final LabelEncoder numbers;

  /** What one text after the other is read with. */
  final Pool<LabelNetwork.Buffers> buffers;

  /** Creates the model that a run ended with, or that was read from a file. */
  public LabelModel(ModelFile<LabelFields> file) {
    super(file);
    this.file = file;
    network = file.fields().network();
    numbers = new LabelEncoder(lexicon(), labels(), network.description());
    weights = network.pack(file.parameters(), file.precision(), Workers.single());
    buffers = new Pool<>(() -> network.newBuffers(false));
  }

  @Override
  public Task<?, ?> task() {
    return network.perStep() ? TAG : CLASSIFY;
  }

  @Override
  public Map<String, Object> summary() {
    LabelSpec description = network.description();
    Map<String, Object> summary = Summaries.of(description.network());
    var spelling = description.spelling();
    if (spelling != null) {
      summary.put(
          "spelling",
          String.format(
              Locale.ROOT,
              "%d units each way, characters of width %d",
              spelling.units(),
              spelling.embedding()));
    }
    switch (description.output()) {
      case LabelSpec.PerSequence whole -> {
        summary.put("pooling", whole.pooling().label());
        summary.put("several labels", whole.multiLabel());
      }
      case LabelSpec.PerStep steps -> summary.put("CRF", steps.crf());
    }
    summary.put("labels", labels().names());
    if (!labels().thresholds().isEmpty()) {
      summary.put("thresholds", labels().thresholds());
    }
    summary.put("files", new TreeMap<>(labels().source()));
    summary.putAll(Summaries.of("", lexicon()));
    return summary;
  }

  @Override
  public LabelModel withPrecision(Precision other) {
    return new LabelModel(file.withPrecision(other));
  }

  /** Returns the same model with other labels, such as other thresholds. */
  LabelModel withLabels(Labels other) {
    return new LabelModel(file.withFields(file.fields().withLabels(other)));
  }

  /** Returns what the network looks like. */
  public LabelSpec description() {
    return network.description();
  }

  /** Returns the network, without its weights. */
  public LabelNetwork network() {
    return network;
  }

  /** Returns how tokens become ids. */
  public Lexicon lexicon() {
    return file.fields().lexicon();
  }

  /** Returns what the labels are called. */
  public Labels labels() {
    return file.fields().labels();
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
