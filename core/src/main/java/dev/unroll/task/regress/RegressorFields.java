package dev.unroll.task.regress;

import dev.unroll.base.InputException;
import dev.unroll.batch.RecognizedSequences;
import dev.unroll.batch.SourceReader;
import dev.unroll.batch.Standardization;
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
 * What a network that says a number is, apart from its weights.
 *
 * @param network the network, which is built; it gives out the standardized number
 * @param source how sources are read
 * @param scaling mean and standard deviation of the numbers of the training part
 */
public record RegressorFields(SignalNetwork network, SourceReader source, Standardization scaling)
    implements ModelFields {

  /** How files of such networks are read. */
  public static final ModelCodec<RegressorFields> CODEC =
      new ModelCodec<>("regress", RegressorFields::read);

  /** Builds the network of some layers. */
  public static RegressorFields of(Network layers, SourceReader source, Standardization scaling) {
    var network = network(layers, source.inputs(), source.vocabulary());
    return new RegressorFields(network, source, scaling);
  }

  private static SignalNetwork network(Network layers, int inputs, int vocabulary) {
    return new SignalNetwork(new SignalSpec(layers, inputs, 1, false), vocabulary);
  }

  /** Returns the mean of the numbers of the training part: the baseline. */
  public double mean() {
    return scaling.means().getFirst();
  }

  /**
   * Returns a source as the network reads it.
   *
   * @throws InputException if it is empty, or has steps that cannot be read
   */
  public RecognizedSequences.Sequence sequence(String text) {
    var read = source.sequence(text);
    if (read.tokens().length + read.values().length == 0) {
      throw new InputException(
          "the text is empty", "Give it at least one token or number, or take it out.");
    }
    return read;
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
    return Json.object(
        "network", network.description().network().toJson(),
        "vocabulary", (long) source.vocabulary(),
        "sourceScaling", source.scaling().toJson(),
        "scaling", scaling.toJson());
  }

  @Override
  public Map<String, Object> tokenizerJson() {
    Tokenizer tokens = source.tokens();
    return tokens == null ? Map.of() : tokens.describe();
  }

  private static RegressorFields read(ModelReader file) {
    Json.Reader model = file.model();
    Network layers = model.part("network", Network::fromJson);
    var scaling = model.part("scaling", json -> Standardization.fromJson(json, 1));
    var source = SourceReader.fromJson(model, "sourceScaling", file.tokenizer());
    return model.parsed(each -> of(layers, source, scaling));
  }
}
