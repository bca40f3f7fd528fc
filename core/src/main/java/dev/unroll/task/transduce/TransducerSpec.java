package dev.unroll.task.transduce;

import dev.unroll.base.AttentionKind;
import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.Labeled;
import dev.unroll.file.Json;
import dev.unroll.network.Dropouts;
import dev.unroll.network.Network;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The description of an encoder-decoder (Sutskever et al. 2014; Cho et al. 2014): a network that
 * reads a sequence and then writes another, of another length.
 *
 * @param encoder embedding and layers that read the source; neither tied nor with cutoffs
 * @param decoder embedding and layers that write the target, forward; tied, its head's weights are
 *     its embedding's
 * @param attention how each step looks back at the source; null for not at all: then all that it
 *     knows of the source is the state it begins with
 * @param feeds whether what attention gave is read again at the next step
 */
public record TransducerSpec(
    Network encoder, Network decoder, @Nullable AttentionKind attention, boolean feeds) {

  /** Checks that the parts fit. */
  public TransducerSpec {
    if (encoder.tied() || !encoder.cutoffs().isEmpty()) {
      throw new InputException(
          "tied weights and an adaptive softmax are the decoder's", "Leave the encoder's out.");
    }
    if (decoder.layers().stream().anyMatch(each -> each.direction() != Direction.FORWARD)) {
      throw new InputException(
          "a decoder cannot be bidirectional: it has not yet written what comes",
          "Let all of its layers read forward.");
    }
    if (decoder.learnedStart()) {
      throw new InputException(
          "a decoder begins with the state of the encoder", "Leave its learned start out.");
    }
    if (feeds && attention == null) {
      throw new InputException(
          "input feeding does nothing without attention",
          "Add {attention}, or take {no-input-feeding}.");
    }
  }

  /**
   * An encoder-decoder whose attention has a label.
   *
   * @param attention additive, multiplicative or none
   */
  public static TransducerSpec of(
      Network encoder, Network decoder, String attention, boolean feeds) {
    return new TransducerSpec(encoder, decoder, kind(attention), feeds);
  }

  /** Returns the same with other dropout in both parts. */
  public TransducerSpec withDropouts(Dropouts value) {
    return new TransducerSpec(
        encoder.withDropouts(value), decoder.withDropouts(value), attention, feeds);
  }

  /** Returns the description as JSON. */
  public Map<String, Object> toJson() {
    var json = new LinkedHashMap<String, Object>();
    json.put("encoder", encoder.toJson());
    json.put("decoder", decoder.toJson());
    json.put("attention", attention == null ? "none" : attention.label());
    json.put("feeds", feeds);
    return json;
  }

  static TransducerSpec fromJson(Json.Reader json) {
    return new TransducerSpec(
        json.part("encoder", Network::fromJson),
        json.part("decoder", Network::fromJson),
        json.part("attention", label -> kind(label.asText())),
        json.flag("feeds"));
  }

  /** Returns the attention with a label: additive, multiplicative or none, which is null. */
  public static @Nullable AttentionKind kind(String label) {
    return label.equals("none")
        ? null
        : Labeled.of(
            AttentionKind.values(),
            label,
            "no attention is called ",
            "Use additive, multiplicative or none.");
  }
}
