package dev.unroll.task.transduce;

import dev.unroll.batch.TokenizerFormat;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import dev.unroll.kernel.Layout;
import dev.unroll.store.ModelCodec;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelFile;
import dev.unroll.store.ModelReader;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an encoder-decoder is, apart from its weights.
 *
 * @param network the network, which is built
 * @param source how sources become ids
 * @param target how targets become ids
 * @param counted what is counted beside the network; null for nothing
 */
public record TransducerFields(
    TransducerNetwork network, Tokenizer source, Tokenizer target, @Nullable CountedPart counted)
    implements ModelFields {

  private static final String COUNTS = CountedChoice.NAME;

  /** How files of encoder-decoders are read. */
  public static final ModelCodec<TransducerFields> CODEC =
      new ModelCodec<>("transduce", TransducerFields::read);

  /** Builds the network of a description. */
  public static TransducerFields of(TransducerSpec network, Tokenizer source, Tokenizer target) {
    var built = new TransducerNetwork(network, source.size(), target.size());
    return new TransducerFields(built, source, target, null);
  }

  /** Returns a model that has counts with its network by itself, whose losses are the same. */
  public static ModelFile<TransducerFields> withoutCounts(ModelFile<TransducerFields> model) {
    return model
        .withFields(model.fields().withCounted(null))
        .withProvenance(model.provenance().without(CountedChoice.NAME, false));
  }

  /** The same with what is counted beside the network, or with the network by itself. */
  TransducerFields withCounted(@Nullable CountedPart other) {
    return new TransducerFields(network, source, target, other);
  }

  /** Returns what is counted beside the network, in words. */
  public Optional<String> describeCounted() {
    return Optional.ofNullable(counted).map(CountedPart::describe);
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
    Map<String, Object> json =
        Json.object(
            "sourceVocabulary",
            (long) source.size(),
            "vocabulary",
            (long) target.size(),
            "transduction",
            network.description().toJson(),
            "sourceTokenizer",
            source.describe());
    if (counted != null) {
      json.put(COUNTS, counted.toJson());
    }
    return json;
  }

  @Override
  public Map<String, Object> tokenizerJson() {
    return target.describe();
  }

  private static TransducerFields read(ModelReader file) {
    Json.Reader model = file.model();
    var description = model.part("transduction", TransducerSpec::fromJson);
    int sources = model.integer("sourceVocabulary", 1);
    int vocabulary = model.integer("vocabulary", 1);
    Tokenizer source = TokenizerFormat.find(model.member("sourceTokenizer"), sources);
    Tokenizer target = TokenizerFormat.find(file.tokenizer(), vocabulary);
    TransducerFields alone = model.parsed(each -> of(description, source, target));
    return model.has(COUNTS)
        ? alone.withCounted(model.part(COUNTS, each -> CountedPart.fromJson(each, source, target)))
        : alone;
  }
}
