package dev.unroll.task.label;

import dev.unroll.data.Lexicon;
import dev.unroll.data.TokenizerFormat;
import dev.unroll.file.InputException;
import dev.unroll.file.Json;
import dev.unroll.file.ModelCodec;
import dev.unroll.file.ModelFields;
import dev.unroll.file.ModelReader;
import dev.unroll.kernel.Layout;
import java.util.Map;

/**
 * What a network that labels is, apart from its weights.
 *
 * @param network the network, which is built
 * @param lexicon how tokens become ids
 * @param labels what the labels are called
 */
public record LabelFields(LabelNetwork network, Lexicon lexicon, Labels labels)
    implements ModelFields {

  /** How files of networks that label whole sequences are read. */
  public static final ModelCodec<LabelFields> CLASSIFY =
      new ModelCodec<>("classify", LabelFields::read);

  /** How files of networks that label each token are read. */
  public static final ModelCodec<LabelFields> TAG = new ModelCodec<>("tag", LabelFields::read);

  @Override
  public String task() {
    return (network.perStep() ? TAG : CLASSIFY).task();
  }

  @Override
  public Layout layout() {
    return network.layout();
  }

  @Override
  public Map<String, Object> toJson() {
    return Json.object(
        "vocabulary",
        (long) lexicon.size(),
        "characters",
        (long) lexicon.characters(),
        "labelling",
        network.description().toJson(),
        "labels",
        labels.toJson());
  }

  @Override
  public Map<String, Object> tokenizerJson() {
    return lexicon.describe();
  }

  /** The same with other labels, such as other thresholds. */
  LabelFields withLabels(Labels other) {
    return new LabelFields(network, lexicon, other);
  }

  private static LabelFields read(ModelReader file) {
    Json.Reader model = file.model();
    var description = file.described(() -> LabelSpec.fromJson(model.member("labelling")));
    int vocabulary = file.atLeast(1, "vocabulary");
    int characters = file.atLeast(description.spelling() == null ? 0 : 1, "characters");
    var network = file.described(() -> new LabelNetwork(description, vocabulary, characters));
    Lexicon lexicon = lexicon(file);
    Labels labels = labels(file);
    if (lexicon.size() != vocabulary
        || lexicon.characters() != characters
        || labels.names().size() != description.output().labels()) {
      throw InputException.in(
          file.file(), "its network is not that of its vocabulary and labels", "Train it again.");
    }
    return new LabelFields(network, lexicon, labels);
  }

  private static Lexicon lexicon(ModelReader file) {
    if (TokenizerFormat.find(file.tokenizer(), file.file()) instanceof Lexicon lexicon) {
      return lexicon;
    }
    throw InputException.in(
        file.file(), "its tokenizer is that of a language model", "Train it again.");
  }

  private static Labels labels(ModelReader file) {
    try {
      return Labels.fromJson(file.model().member("labels").asMap());
    } catch (Json.JsonException e) {
      throw InputException.in(
          file.file(), "its labels cannot be read: " + e.getMessage(), "Copy the file again.");
    }
  }
}
