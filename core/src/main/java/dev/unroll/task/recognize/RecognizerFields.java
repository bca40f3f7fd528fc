package dev.unroll.task.recognize;

import dev.unroll.batch.SourceReader;
import dev.unroll.batch.TokenizerFormat;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import dev.unroll.kernel.Layout;
import dev.unroll.network.Network;
import dev.unroll.stack.SignalNetwork;
import dev.unroll.stack.SignalSpec;
import dev.unroll.store.ModelCodec;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelReader;
import java.util.Map;

/**
 * What a network that labels without alignment is, apart from its weights.
 *
 * @param network the network, which is built
 * @param source how sources are read
 * @param target how targets become ids; the end of a sentence is the blank
 */
public record RecognizerFields(SignalNetwork network, SourceReader source, Tokenizer target)
    implements ModelFields {

  /** How files of such networks are read. */
  public static final ModelCodec<RecognizerFields> CODEC =
      new ModelCodec<>("recognize", RecognizerFields::read);

  /** Builds the network of some layers. */
  public static RecognizerFields of(Network layers, SourceReader source, Tokenizer target) {
    var network = network(layers, source.inputs(), source.vocabulary(), target.size());
    return new RecognizerFields(network, source, target);
  }

  private static SignalNetwork network(Network layers, int inputs, int vocabulary, int labels) {
    return new SignalNetwork(new SignalSpec(layers, inputs, labels, true), vocabulary);
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
    Tokenizer tokens = source.tokens();
    return Json.object(
        "network",
        network.description().network().toJson(),
        "vocabulary",
        (long) source.vocabulary(),
        "scaling",
        source.scaling().toJson(),
        "labels",
        (long) target.size(),
        "sourceTokenizer",
        tokens == null ? Map.of() : tokens.describe());
  }

  @Override
  public Map<String, Object> tokenizerJson() {
    return target.describe();
  }

  private static RecognizerFields read(ModelReader file) {
    Json.Reader model = file.model();
    Network layers = model.part("network", Network::fromJson);
    Tokenizer target = TokenizerFormat.find(file.tokenizer(), model.integer("labels", 1));
    var source = SourceReader.fromJson(model, "scaling", model.member("sourceTokenizer"));
    return model.parsed(each -> of(layers, source, target));
  }
}
