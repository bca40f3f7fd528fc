package dev.unroll.model;

import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Lexicon;
import dev.unroll.result.Model;
import dev.unroll.store.ModelFile;
import dev.unroll.task.Summaries;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.label.LabelInference;
import dev.unroll.task.label.LabelNetwork;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.Labels;
import dev.unroll.task.label.Ngrams;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A trained network that labels sequences, with its lexicon and the names of its labels. */
public abstract sealed class LabelModel extends Model permits Classifier, Tagger {

  final ModelFile<LabelFields> file;
  private final LabelNetwork network;

  /** What labels with its weights. */
  final LabelInference inference;

  LabelModel(ModelFile<LabelFields> file) {
    super(file);
    this.file = file;
    network = file.fields().network();
    inference = new LabelInference(file);
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
    if (ngrams().size() > 0) {
      summary.put(
          "n-grams",
          String.format(Locale.ROOT, "%,d of up to %d tokens", ngrams().size(), ngrams().order()));
    }
    summary.put("labels", labelNames().names());
    if (!labelNames().thresholds().isEmpty()) {
      summary.put("thresholds", labelNames().thresholds());
    }
    summary.put("files", new TreeMap<>(labelNames().source()));
    summary.putAll(Summaries.of("", lexicon()));
    return summary;
  }

  /** Returns the description of the network. */
  public LabelSpec description() {
    return network.description();
  }

  /**
   * Returns the outputs of a recurrent layer at each token of each sequence,
   * [sequences][tokens][width]; each has the same bits as if it were the only one.
   *
   * @param layer from 1
   * @throws IndexOutOfBoundsException if there is no such layer
   */
  public List<float[][]> outputs(List<LabeledSequence> sequences, int layer, Workers workers) {
    Objects.requireNonNull(sequences, "sequences");
    return inference.outputs(
        sequences, Objects.checkIndex(layer - 1, description().network().layers().size()), workers);
  }

  /** Returns the network, without its weights. */
  public LabelNetwork network() {
    return network;
  }

  /** Returns how tokens become ids. */
  public Lexicon lexicon() {
    return file.fields().lexicon();
  }

  /**
   * Returns the n-grams that are counted in addition to what the network reads; most models have
   * none.
   */
  public Ngrams ngrams() {
    return file.fields().ngrams();
  }

  /** Returns the names of the labels, and how files with such labels are read. */
  public Labels labelNames() {
    return file.fields().labels();
  }
}
