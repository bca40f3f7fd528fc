package dev.unroll.task.label;

import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Lexicon;
import dev.unroll.file.ModelFile;
import dev.unroll.kernel.Workers;
import dev.unroll.task.Model;
import dev.unroll.task.Pool;
import dev.unroll.task.Summaries;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A trained network that labels, with what it needs to read tokens and to name labels. */
public abstract sealed class LabelModel extends Model permits Classifier, Tagger {

  final ModelFile<LabelFields> file;
  private final LabelNetwork network;
  private final LabelNetwork.Weights weights;
  private final LabelEncoder numbers;

  /** What one text after the other is read with. */
  final Pool<LabelNetwork.Buffers> buffers;

  LabelModel(ModelFile<LabelFields> file) {
    super(file);
    this.file = file;
    network = file.fields().network();
    numbers = new LabelEncoder(lexicon(), labelNames(), network.description());
    weights = network.pack(file.parameters(), file.precision(), Workers.single());
    buffers = new Pool<>(() -> network.newBuffers(false));
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
    summary.put("labels", labelNames().names());
    if (!labelNames().thresholds().isEmpty()) {
      summary.put("thresholds", labelNames().thresholds());
    }
    summary.put("files", new TreeMap<>(labelNames().source()));
    summary.putAll(Summaries.of("", lexicon()));
    return summary;
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

  /** Returns what the labels are called, and how files with such labels are read. */
  public Labels labelNames() {
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
