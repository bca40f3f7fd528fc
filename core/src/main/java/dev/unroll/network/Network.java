package dev.unroll.network;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.Labeled;
import dev.unroll.cell.Cell;
import dev.unroll.cells.FullGruCell;
import dev.unroll.cells.LstmCell;
import dev.unroll.cells.Peepholes;
import dev.unroll.file.Json;
import dev.unroll.layer.LayerForm;
import dev.unroll.layer.Zoneout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The description of a recurrent network, apart from its weights.
 *
 * {@snippet file="example/SnippetsTest.java" region="network"}
 *
 * @param layers recurrent layers, the first next to the input; each with its own cell and size
 * @param embedding width of a token's vector; 0 for the width of the first layer's output (of the
 *     last one's, where {@code tied})
 * @param tied whether the head's weights are the embedding's (Press and Wolf 2017); the last layer
 *     must then be as wide as the embedding
 * @param residual whether each layer as wide as the one below adds its input to its output (He et
 *     al. 2016), so that gradients pass by it
 * @param learnedStart whether the state before a sequence is learned, instead of zeros
 * @param cutoffs ids at which the clusters of an adaptive softmax begin (Grave et al. 2017); none
 *     for a plain softmax
 * @param dropouts what is dropped at random in training
 */
public record Network(
    List<Layer> layers,
    int embedding,
    boolean tied,
    boolean residual,
    boolean learnedStart,
    List<Integer> cutoffs,
    Dropouts dropouts) {

  /**
   * One recurrent layer.
   *
   * @param cell its cell
   * @param units its number of units
   * @param projection number of values that an LSTM's output is projected to (Sak et al. 2014); 0
   *     for none
   * @param normalized whether there is layer normalization inside the cell (Ba et al. 2016)
   * @param direction in which direction it reads
   */
  public record Layer(
      Cell cell, int units, int projection, boolean normalized, Direction direction) {
    /** Checks the sizes. */
    public Layer {
      if (units < 1 || units > 65_536) {
        throw new InputException(
            "a layer of " + units + " units", "A layer has 1 to 65,536: change {units}.");
      }
      if (projection < 0 || (projection > 0 && projection >= units)) {
        throw new InputException(
            "a projection of " + units + " units to " + projection,
            "Make {projection} less than {units}; 0 is none.");
      }
      if (projection > 0 && !cell.hasMemory()) {
        throw new InputException(
            "a projection of the cell " + cell.label(),
            "Only an LSTM has one: take {cell lstm}, or leave {projection} out.");
      }
    }

    /** A forward layer without projection and normalization. */
    public Layer(Cell cell, int units) {
      this(cell, units, 0, false, Direction.FORWARD);
    }

    /** Returns the width of the output. */
    public int outputs() {
      return direction.outputs(projection > 0 ? projection : units);
    }

    private LayerForm form(int inputs, Zoneout zoneout, boolean learnedStart) {
      return new LayerForm(cell, inputs, units, projection, normalized, zoneout, learnedStart);
    }

    /** Returns the description as JSON; options that are not used are left out. */
    Map<String, Object> toJson() {
      var json = Json.object("cell", cell.label(), "units", (long) units);
      if (projection > 0) {
        json.put("projection", (long) projection);
      }
      if (normalized) {
        json.put("normalized", true);
      }
      if (direction != Direction.FORWARD) {
        json.put("direction", direction.label());
      }
      return json;
    }

    static Layer fromJson(Json.Reader json) {
      return new Layer(
          json.part("cell", label -> Cells.of(label.asText())),
          json.integer("units"),
          json.has("projection") ? json.integer("projection") : 0,
          json.flagIfAny("normalized"),
          json.has("direction")
              ? json.part("direction", label -> Network.direction(label.asText()))
              : Direction.FORWARD);
    }

    /** Returns cell and sizes in a few words, such as {@code lstm 400→200, layer-normalized}. */
    public String summary() {
      return cell.label()
          + " "
          + units
          + (projection > 0 ? "→" + projection : "")
          + (normalized ? ", layer-normalized" : "")
          + (direction == Direction.FORWARD ? "" : ", " + direction.label());
    }
  }

  /** Returns the direction with a label. */
  public static Direction direction(String label) {
    return Labeled.of(
        Direction.values(), label, "no direction is called ", "Use forward, both or sum.");
  }

  /** Checks that the parts fit. */
  public Network {
    layers = List.copyOf(layers);
    cutoffs = List.copyOf(cutoffs);
    if (layers.isEmpty()) {
      throw new InputException("a network without layers", "Give at least one layer size.");
    }
    if (embedding < 0 || embedding > 65_536) {
      throw new InputException(
          "an embedding of width " + embedding,
          "{embedding} takes 1 to 65,536, or 0 to let it be chosen.");
    }
    if (tied && !cutoffs.isEmpty()) {
      throw new InputException(
          "an adaptive softmax cannot use the embedding's weights",
          "Leave {tied} or {adaptive-softmax} out.");
    }
    for (int i = 0; i < cutoffs.size(); i++) {
      if (cutoffs.get(i) <= (i == 0 ? 0 : cutoffs.get(i - 1))) {
        throw new InputException(
            "cutoffs " + cutoffs + " do not ascend from 1 on",
            "Write them as {adaptive-softmax 2000,10000}.");
      }
    }
    boolean alike = false;
    for (int i = 1; i < layers.size(); i++) {
      alike |= layers.get(i).outputs() == layers.get(i - 1).outputs();
    }
    if (residual && !alike) {
      throw new InputException(
          "residual connections do nothing where no layer is as wide as the one below",
          "Make layers equally wide, as {units 200,200}, or leave {residual} out.");
    }
    int last = layers.get(layers.size() - 1).outputs();
    if (tied && embedding != 0 && embedding != last) {
      throw new InputException(
          "tied weights with an embedding of "
              + embedding
              + " and a last layer of "
              + last
              + " outputs",
          "Make the two equal, or leave {embedding} or {tied} out.");
    }
  }

  /**
   * An LSTM without peepholes, one layer for each size given, nothing dropped, weights not tied.
   */
  public static Network lstm(int... units) {
    return of(new LstmCell(Peepholes.NONE), units);
  }

  /** A GRU (reset before the product), one layer for each size given. */
  public static Network gru(int... units) {
    return of(new FullGruCell(false), units);
  }

  /** Layers of one kind of cell, one for each size given. */
  public static Network of(Cell cell, int... units) {
    var layers = new ArrayList<Layer>();
    for (int size : Objects.requireNonNull(units, "units")) {
      layers.add(new Layer(cell, size));
    }
    return new Network(layers, 0, false, false, false, List.of(), Dropouts.NONE);
  }

  /** Returns the same network with the head's weights tied to the embedding's, or not. */
  public Network withTied(boolean value) {
    return new Network(layers, embedding, value, residual, learnedStart, cutoffs, dropouts);
  }

  /** Returns the same network with another width of a token's vector. */
  public Network withEmbedding(int width) {
    return new Network(layers, width, tied, residual, learnedStart, cutoffs, dropouts);
  }

  /**
   * Returns the same network with one dropout rate at the input, between layers and at the output.
   */
  public Network withDropout(double rate) {
    return withDropout(rate, rate, rate);
  }

  /**
   * Returns the same network, which drops none of its inputs: of few numbers none can be missed.
   */
  public Network withoutInputDropout() {
    return withDropout(0, dropouts.layer(), dropouts.output());
  }

  /** Returns the same network with other dropout rates. */
  public Network withDropout(double input, double layer, double output) {
    return withDropouts(dropouts.withElements(input, layer, output));
  }

  /** Returns the same network with another dropout rate of whole tokens. */
  public Network withWordDropout(double rate) {
    return withDropouts(dropouts.withWords(rate));
  }

  /** Returns the same network with something else dropped. */
  public Network withDropouts(Dropouts value) {
    return new Network(layers, embedding, tied, residual, learnedStart, cutoffs, value);
  }

  /** Returns the same network with residual connections, or without. */
  public Network withResidual(boolean value) {
    return new Network(layers, embedding, tied, value, learnedStart, cutoffs, dropouts);
  }

  /** Returns the same network with a learned start state, or zeros. */
  public Network withLearnedStart(boolean value) {
    return new Network(layers, embedding, tied, residual, value, cutoffs, dropouts);
  }

  /**
   * Returns the same network with the output of each layer projected to {@code width}; 0 for none.
   */
  public Network withProjection(int width) {
    return withLayers(
        layer -> new Layer(layer.cell, layer.units, width, layer.normalized, layer.direction));
  }

  /** Returns the same network with layer normalization inside its cells, or without. */
  public Network withLayerNormalization(boolean value) {
    return withLayers(
        layer -> new Layer(layer.cell, layer.units, layer.projection, value, layer.direction));
  }

  /**
   * Returns the same network with an adaptive softmax, whose clusters begin at the given ids, or
   * with a plain one where there are none. Ids should be in the order of frequency, as those of
   * words are.
   */
  public Network withAdaptiveSoftmax(Integer... ids) {
    return new Network(layers, embedding, tied, residual, learnedStart, List.of(ids), dropouts);
  }

  /** Refuses cutoffs beyond a vocabulary. */
  public void checkCutoffs(int vocabulary) {
    if (!cutoffs.isEmpty() && cutoffs.getLast() >= vocabulary) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "the cutoffs %s are for more than the vocabulary's %,d tokens",
              cutoffs,
              vocabulary),
          "Choose {adaptive-softmax} below the vocabulary's size.");
    }
  }

  /** Returns the same network with layers that read that way. */
  public Network withDirection(Direction value) {
    return withLayers(
        layer -> new Layer(layer.cell, layer.units, layer.projection, layer.normalized, value));
  }

  /** Returns the same network with other layers: one of each size, all else as in the first. */
  public Network withUnits(int... units) {
    Layer first = layers.getFirst();
    var sized = new ArrayList<Layer>();
    for (int size : units) {
      sized.add(new Layer(first.cell, size, first.projection, first.normalized, first.direction));
    }
    return new Network(sized, embedding, tied, residual, learnedStart, cutoffs, dropouts);
  }

  private Network withLayers(UnaryOperator<Layer> change) {
    var changed = layers.stream().map(change).toList();
    return new Network(changed, embedding, tied, residual, learnedStart, cutoffs, dropouts);
  }

  /** Returns whether layer {@code i} adds its input to its output. */
  public boolean addsInput(int i) {
    return residual && i > 0 && layers.get(i).outputs() == layers.get(i - 1).outputs();
  }

  /** Returns the width of a token's vector, chosen where {@link #embedding} is 0. */
  public int embeddingWidth() {
    if (embedding > 0) {
      return embedding;
    }
    return layers.get(tied ? layers.size() - 1 : 0).outputs();
  }

  /** Returns the description as JSON. */
  public Map<String, Object> toJson() {
    var list = new ArrayList<Object>();
    for (Layer layer : layers) {
      list.add(layer.toJson());
    }
    var json = new LinkedHashMap<String, Object>();
    json.put("layers", list);
    json.put("embedding", (long) embedding);
    json.put("tied", tied);
    json.put("residual", residual);
    json.put("learnedStart", learnedStart);
    if (!cutoffs.isEmpty()) {
      json.put("cutoffs", cutoffs.stream().map(Integer::longValue).toList());
    }
    json.put("dropouts", dropouts.toJson());
    return json;
  }

  /** Reads a description. */
  public static Network fromJson(Json.Reader json) {
    return new Network(
        json.parts("layers", Layer::fromJson),
        json.integer("embedding"),
        json.flag("tied"),
        json.flagIfAny("residual"),
        json.flagIfAny("learnedStart"),
        json.has("cutoffs")
            ? json.list("cutoffs").stream().map(Json.Reader::asInteger).toList()
            : List.of(),
        json.has("dropouts") ? json.part("dropouts", Dropouts::fromJson) : oldDropouts(json));
  }

  /** Version 0.1.0 had three rates, each with a name of its own. */
  private static Dropouts oldDropouts(Json.Reader json) {
    return Dropouts.of(
        json.number("inputDropout"), json.number("layerDropout"), json.number("outputDropout"));
  }

  /** Returns the form of each layer of a stack whose first layer has {@code inputs} inputs. */
  public List<LayerForm> forms(int inputs, boolean learned) {
    var forms = new ArrayList<LayerForm>();
    var zoneout = new Zoneout(dropouts.state(), dropouts.memory());
    int width = inputs;
    for (Layer layer : layers) {
      forms.add(layer.form(width, zoneout, learned));
      width = layer.outputs();
    }
    return forms;
  }
}
