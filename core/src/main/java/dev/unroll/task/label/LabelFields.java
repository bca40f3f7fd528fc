package dev.unroll.task.label;

import dev.unroll.batch.TokenizerFormat;
import dev.unroll.data.Lexicon;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Slice;
import dev.unroll.store.ModelCodec;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelReader;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a network that labels is, apart from its weights.
 *
 * @param network the network, which is built
 * @param lexicon how tokens become ids
 * @param labels what the labels are called
 * @param ngrams the n-grams that the network counts
 */
public record LabelFields(LabelNetwork network, Lexicon lexicon, Labels labels, Ngrams ngrams)
    implements ModelFields {

  /** What labels without counting n-grams. */
  public LabelFields(LabelNetwork network, Lexicon lexicon, Labels labels) {
    this(network, lexicon, labels, Ngrams.NONE);
  }

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

  /** The weights of n-grams are counted anew at the end of each training. */
  @Override
  public List<Slice> trained() {
    return network.trained();
  }

  @Override
  public Map<String, Object> toJson() {
    Map<String, Object> json =
        Json.object(
            "vocabulary",
            (long) lexicon.size(),
            "characters",
            (long) lexicon.characters(),
            "labelling",
            network.description().toJson(),
            "labels",
            labels.toJson());
    if (ngrams.size() > 0) {
      json.put("ngrams", ngrams.toJson());
    }
    return json;
  }

  @Override
  public Map<String, Object> tokenizerJson() {
    return lexicon.describe();
  }

  /** The same with other labels, such as other thresholds. */
  public LabelFields withLabels(Labels other) {
    return new LabelFields(network, lexicon, other, ngrams);
  }

  private static LabelFields read(ModelReader file) {
    Json.Reader model = file.model();
    LabelSpec description = model.part("labelling", LabelSpec::fromJson);
    Labels labels = model.part("labels", json -> Labels.fromJson(json, description));
    int vocabulary = model.integer("vocabulary", 1);
    int characters = model.integer("characters", description.spelling() == null ? 0 : 1);
    Tokenizer tokenizer = TokenizerFormat.find(file.tokenizer(), vocabulary);
    if (!(tokenizer instanceof Lexicon lexicon)) {
      throw new JsonException("tokenizer is that of a language model");
    }
    if (lexicon.characters() != characters) {
      throw new JsonException(
          String.format(
              Locale.ROOT,
              "characters is %d, but the tokenizer has %d",
              characters,
              lexicon.characters()));
    }
    var network = model.parsed(each -> new LabelNetwork(description, vocabulary, characters));
    int count = description.ngrams();
    Ngrams ngrams =
        count == 0 ? Ngrams.NONE : model.part("ngrams", json -> Ngrams.fromJson(json, count));
    return new LabelFields(network, lexicon, labels, ngrams);
  }
}
