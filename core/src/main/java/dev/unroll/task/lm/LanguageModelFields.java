package dev.unroll.task.lm;

import dev.unroll.batch.TokenizerFormat;
import dev.unroll.data.Condition;
import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import dev.unroll.kernel.Layout;
import dev.unroll.layer.Embedding;
import dev.unroll.network.Network;
import dev.unroll.store.ModelCodec;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelFile;
import dev.unroll.store.ModelReader;
import dev.unroll.task.Summaries;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a language model is, apart from its weights.
 *
 * @param network the network, which is built
 * @param tokenizer how text becomes tokens
 * @param reading how the corpus was read
 * @param backward whether sentences are read from their last token to their first
 */
public record LanguageModelFields(
    LanguageNetwork network, Tokenizer tokenizer, Reading reading, boolean backward)
    implements ModelFields {

  private static final String BACKWARD = "backward";
  private static final String NGRAMS = "ngrams";

  /** How files of language models are read. */
  public static final ModelCodec<LanguageModelFields> CODEC =
      new ModelCodec<>("language-model", LanguageModelFields::read);

  /** A model that reads from left to right. */
  public LanguageModelFields(LanguageNetwork network, Tokenizer tokenizer, Reading reading) {
    this(network, tokenizer, reading, false);
  }

  /** Returns whether there are n-grams beside the network. */
  public boolean hasNgrams() {
    return network.ngrams() != null;
  }

  /** Returns a model that has n-grams with its network by itself. */
  public static ModelFile<LanguageModelFields> withoutNgrams(ModelFile<LanguageModelFields> model) {
    return model
        .withFields(model.fields().withNgrams(null))
        .withProvenance(model.provenance().without(NgramPart.NAME, true));
  }

  /** The same with n-grams beside the network, or with the network by itself. */
  LanguageModelFields withNgrams(@Nullable NgramMixture ngrams) {
    return new LanguageModelFields(network.withNgrams(ngrams), tokenizer, reading, backward);
  }

  /** x⟨1⟩: zeros before a sentence; in a stream, the end of the sentence before. */
  public int firstInput() {
    return reading == Reading.SENTENCES ? Embedding.START : tokenizer.endOfSentence();
  }

  /** Returns what a reader wants to know of the model, by name. */
  public Map<String, Object> summary() {
    var summary = Summaries.of(network.description());
    if (!network.description().cutoffs().isEmpty()) {
      summary.put("adaptive softmax", "clusters from the ids " + network.description().cutoffs());
    }
    summary.put("reading", reading.label() + (backward ? ", from right to left" : ""));
    var condition = network.condition();
    if (condition != null) {
      summary.put(
          "written for",
          condition.labels().isEmpty() ? condition.inputs() + " numbers" : condition.labels());
      summary.put("read at", condition.place().label());
    }
    NgramMixture ngrams = network.ngrams();
    if (ngrams != null) {
      summary.put("n-grams", ngrams.describe());
    }
    summary.putAll(Summaries.of("", tokenizer));
    return summary;
  }

  @Override
  public String task() {
    return CODEC.task();
  }

  @Override
  public Layout layout() {
    return network.layout();
  }

  @Override
  public Map<String, Object> toJson() {
    var json =
        Json.object(
            "vocabulary", (long) network.vocabulary(),
            "reading", reading.label(),
            "network", network.description().toJson());
    if (backward) {
      json.put(BACKWARD, true);
    }
    Condition condition = network.condition();
    if (condition != null) {
      json.put("condition", condition.toJson());
    }
    NgramMixture ngrams = network.ngrams();
    if (ngrams != null) {
      json.put(NGRAMS, ngrams.toJson());
    }
    return json;
  }

  @Override
  public Map<String, Object> tokenizerJson() {
    return tokenizer.describe();
  }

  private static LanguageModelFields read(ModelReader file) {
    Json.Reader model = file.model();
    Network description = model.part("network", Network::fromJson);
    int vocabulary = model.integer("vocabulary", 1);
    Condition condition =
        model.has("condition") ? model.part("condition", Condition::fromJson) : null;
    Reading reading = model.part("reading", label -> Reading.of(label.asText()));
    Tokenizer tokenizer = TokenizerFormat.find(file.tokenizer(), vocabulary);
    LanguageNetwork network =
        model.parsed(each -> new LanguageNetwork(description, vocabulary, condition));
    if (model.has(NGRAMS)) {
      int end = tokenizer.endOfSentence();
      network =
          network.withNgrams(
              model.part(NGRAMS, each -> NgramMixture.fromJson(each, vocabulary, end)));
    }
    boolean backward = model.flagIfAny(BACKWARD);
    if (backward && reading == Reading.STREAM) {
      throw new JsonException("a model that reads backward reads a stream");
    }
    return new LanguageModelFields(network, tokenizer, reading, backward);
  }
}
