package dev.unroll.task.label;

import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Lexicon;
import dev.unroll.data.Tokenizer;
import dev.unroll.data.TokenizerFormat;
import dev.unroll.file.InputException;
import dev.unroll.file.Json;
import dev.unroll.kernel.Precision;
import dev.unroll.kernel.Workers;
import dev.unroll.task.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A trained network that labels, with what it needs to read tokens and to name labels: what is
 * inside a {@link Classifier} and a {@link Tagger}. It never changes; threads may share it.
 */
public final class LabelModel extends Model {

  private final LabelNetwork network;
  private final LabelNetwork.Weights weights;
  private final Lexicon lexicon;
  private final Labels labels;
  private final LabelEncoder numbers;

  LabelModel(
      LabelNetwork network,
      float[] parameters,
      Precision precision,
      Lexicon lexicon,
      Labels labels,
      Map<String, Object> provenance) {
    super(network, parameters, precision, provenance);
    this.network = network;
    this.lexicon = lexicon;
    this.labels = labels;
    numbers = new LabelEncoder(lexicon, labels, network.description());
    weights = network.newWeights(precision);
    network.packForward(parameters, weights, Workers.single());
  }

  /**
   * Opens a model file.
   *
   * @param task {@link LabelModelFile#CLASSIFY} or {@link LabelModelFile#TAG}
   * @throws InputException if it is missing, damaged or of another kind
   */
  public static LabelModel open(Path file, String task) {
    LabelModelFile content = LabelModelFile.read(file, task);
    try {
      Lexicon lexicon = lexicon(TokenizerFormat.find(content.lexicon()), file);
      Labels labels = Labels.fromJson(content.labels());
      if (lexicon.size() != content.vocabulary()
          || lexicon.characters() != content.characters()
          || labels.names().size() != content.description().output().labels()) {
        throw InputException.in(
            file, "its network is not that of its vocabulary and labels", "Train it again.");
      }
      var network =
          new LabelNetwork(content.description(), content.vocabulary(), content.characters());
      float[] parameters = network.round(content.parameters(), content.precision());
      return new LabelModel(
          network, parameters, content.precision(), lexicon, labels, content.provenance());
    } catch (Json.JsonException e) {
      throw InputException.in(
          file, "its labels cannot be read: " + e.getMessage(), "Copy the file again.");
    }
  }

  private static Lexicon lexicon(Tokenizer tokenizer, Path file) {
    if (tokenizer instanceof Lexicon lexicon) {
      return lexicon;
    }
    throw InputException.in(file, "its tokenizer is that of a language model", "Train it again.");
  }

  @Override
  public String task() {
    return network.description().output() instanceof LabelSpec.OfSteps
        ? LabelModelFile.TAG
        : LabelModelFile.CLASSIFY;
  }

  @Override
  public void save(Path file) {
    new LabelModelFile(
            network.description(),
            lexicon.size(),
            lexicon.characters(),
            parameters,
            precision,
            lexicon.describe(),
            labels.toJson(),
            provenance)
        .write(file);
  }

  @Override
  public LabelModel withPrecision(Precision other) {
    return new LabelModel(
        network, network.round(parameters, other), other, lexicon, labels, provenance);
  }

  /** Returns the same model with other labels, such as other thresholds. */
  LabelModel withLabels(Labels other) {
    return new LabelModel(network, parameters, precision, lexicon, other, provenance);
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
    return lexicon;
  }

  /** Returns what the labels are called. */
  public Labels labels() {
    return labels;
  }

  /** Returns the numbers of the labels that are found, of each sequence or of its tokens. */
  List<int[]> find(List<LabeledSequence> sequences, Workers workers) {
    return new LabelEvaluator(network, numbers.of(sequences, false)).labels(weights, workers);
  }

  /** Returns the probabilities of all labels, of each sequence or of each of its tokens. */
  List<float[][]> probabilities(List<LabeledSequence> sequences, Workers workers) {
    return new LabelEvaluator(network, numbers.of(sequences, false))
        .probabilities(weights, workers);
  }
}
