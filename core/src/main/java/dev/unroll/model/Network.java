package dev.unroll.model;

import dev.unroll.nn.Peepholes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The description of a recurrent network, apart from its weights.
 *
 * @param layers recurrent layers, the first next to the input; each with its own cell and size
 * @param embedding width of a token's vector; 0 for the width of the first layer (of the last one,
 *     where {@code tied})
 * @param tied whether the head's weights are the embedding's (Press and Wolf 2017); the last layer
 *     must then be as wide as the embedding
 * @param residual whether each layer as wide as the one below adds its input to its output (He et
 *     al. 2016), so that gradients pass by it
 * @param learnedStart whether the state before a sequence is learnt, instead of zeros
 * @param dropouts what is dropped at random in training
 */
public record Network(
    List<Layer> layers,
    int embedding,
    boolean tied,
    boolean residual,
    boolean learnedStart,
    Dropouts dropouts) {

  /**
   * One recurrent layer.
   *
   * @param cell its cell
   * @param units its number of units
   */
  public record Layer(CellType cell, int units) {
    /** Checks the size. */
    public Layer {
      if (units < 1 || units > 65_536) {
        throw new InputException(
            "a layer of " + units + " units", "A layer has 1 to 65,536 units.");
      }
    }
  }

  /** Checks that the parts fit. */
  public Network {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new InputException("a network without layers", "Give at least one layer size.");
    }
    if (embedding < 0 || embedding > 65_536) {
      throw new InputException(
          "an embedding of width " + embedding,
          "The width is 1 to 65,536, or 0 to let it be chosen.");
    }
    boolean alike = false;
    for (int i = 1; i < layers.size(); i++) {
      alike |= layers.get(i).units() == layers.get(i - 1).units();
    }
    if (residual && !alike) {
      throw new InputException(
          "residual connections do nothing where no layer is as wide as the one below",
          "Make layers equally wide, as 200,200, or leave them out.");
    }
    int last = layers.get(layers.size() - 1).units();
    if (tied && embedding != 0 && embedding != last) {
      throw new InputException(
          "tied weights with an embedding of "
              + embedding
              + " and a last layer of "
              + last
              + " units",
          "Make the two equal, or leave the embedding's width out.");
    }
  }

  /**
   * An LSTM without peepholes, one layer for each size given, nothing dropped, weights not tied.
   */
  public static Network lstm(int... units) {
    return of(new CellType.Lstm(Peepholes.NONE), units);
  }

  /** A GRU (reset before the product), one layer for each size given. */
  public static Network gru(int... units) {
    return of(new CellType.Gru(CellType.GruForm.RESET_BEFORE), units);
  }

  /** Layers of one kind of cell, one for each size given. */
  public static Network of(CellType cell, int... units) {
    var layers = new ArrayList<Layer>();
    for (int size : units) {
      layers.add(new Layer(cell, size));
    }
    return new Network(layers, 0, false, false, false, Dropouts.NONE);
  }

  /** The same network with the head's weights tied to the embedding's, or not. */
  public Network withTied(boolean value) {
    return new Network(layers, embedding, value, residual, learnedStart, dropouts);
  }

  /** The same network with another width of a token's vector. */
  public Network withEmbedding(int width) {
    return new Network(layers, width, tied, residual, learnedStart, dropouts);
  }

  /** The same network with one dropout rate at the input, between layers and at the output. */
  public Network withDropout(double rate) {
    return withDropout(rate, rate, rate);
  }

  /** The same network with other dropout rates. */
  public Network withDropout(double input, double layer, double output) {
    return withDropouts(
        new Dropouts(
            input,
            layer,
            output,
            dropouts.words(),
            dropouts.recurrent(),
            dropouts.state(),
            dropouts.memory(),
            dropouts.variational()));
  }

  /** The same network with something else dropped. */
  public Network withDropouts(Dropouts value) {
    return new Network(layers, embedding, tied, residual, learnedStart, value);
  }

  /** The same network with residual connections, or without. */
  public Network withResidual(boolean value) {
    return new Network(layers, embedding, tied, value, learnedStart, dropouts);
  }

  /** The same network with a start state that is learnt, or zeros. */
  public Network withLearnedStart(boolean value) {
    return new Network(layers, embedding, tied, residual, value, dropouts);
  }

  /** Returns whether layer {@code i} adds its input to its output. */
  boolean addsInput(int i) {
    return residual && i > 0 && layers.get(i).units() == layers.get(i - 1).units();
  }

  /** Returns the width of a token's vector, chosen where {@link #embedding} is 0. */
  public int embeddingWidth() {
    if (embedding > 0) {
      return embedding;
    }
    return tied ? layers.get(layers.size() - 1).units() : layers.get(0).units();
  }

  /** Returns the description as JSON. */
  public Map<String, Object> toJson() {
    var list = new ArrayList<Object>();
    for (Layer layer : layers) {
      list.add(Json.object("cell", layer.cell().label(), "units", (long) layer.units()));
    }
    var json = new LinkedHashMap<String, Object>();
    json.put("layers", list);
    json.put("embedding", (long) embedding);
    json.put("tied", tied);
    json.put("residual", residual);
    json.put("learnedStart", learnedStart);
    json.put("dropouts", dropouts.toJson());
    return json;
  }

  static Network fromJson(Json.Reader json) {
    var layers = new ArrayList<Layer>();
    for (Json.Reader layer : json.list("layers")) {
      layers.add(new Layer(CellType.of(layer.text("cell")), layer.integer("units")));
    }
    return new Network(
        layers,
        json.integer("embedding"),
        json.flag("tied"),
        json.flagIfAny("residual"),
        json.flagIfAny("learnedStart"),
        json.has("dropouts") ? Dropouts.fromJson(json.member("dropouts")) : oldDropouts(json));
  }

  /** Version 0.1.0 had three rates, each with a name of its own. */
  private static Dropouts oldDropouts(Json.Reader json) {
    return Dropouts.of(
        json.number("inputDropout"), json.number("layerDropout"), json.number("outputDropout"));
  }
}
