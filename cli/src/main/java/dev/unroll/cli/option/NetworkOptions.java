package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import dev.unroll.cell.Cell;
import dev.unroll.network.Cells;
import dev.unroll.network.Dropouts;
import dev.unroll.network.Network;
import dev.unroll.task.Defaults;
import dev.unroll.train.Preset;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The shape of a network. */
@KeptInModel
public final class NetworkOptions {

  @Option(
      names = "--cell",
      paramLabel = "CELL",
      completionCandidates = CellSummaries.class,
      description =
          "lstm, gru, rnn, ind-rnn, min-gru, mgu or another. All cells:"
              + " ${COMPLETION-CANDIDATES}. Default: lstm.")
  @Nullable String cell;

  /** Every cell with its summary, for the help. */
  private static final class CellSummaries implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Cells.ALL.stream()
          .map(each -> "%s (%s)".formatted(each.label(), each.summary()))
          .iterator();
    }
  }

  @Option(
      names = "--units",
      paramLabel = "N",
      split = ",",
      description =
          "Units of each layer, such as 200,200 for two layers. Default: 200; with --preset"
              + " small 100, best 400.")
  int @Nullable [] units;

  @Option(
      names = "--projection",
      paramLabel = "N",
      defaultValue = "0",
      description = "Project the output of each LSTM layer to N values. Default: no projection.")
  int projection;

  @Option(
      names = "--layer-norm",
      negatable = true,
      description =
          "Layer normalization inside the cells. Networks learn faster with it (Ba et al. 2016)."
              + " Default: {layer-norm}.")
  @Nullable Boolean layerNorm;

  @Option(
      names = "--embedding",
      paramLabel = "N",
      defaultValue = "0",
      description = "Width of token vectors. Default: {embedding}.")
  int embedding;

  @Option(
      names = "--dropout",
      paramLabel = "RATE",
      description = "Dropout at the input, between layers and at the output. Default: {dropout}.")
  @Nullable Double dropout;

  @Option(
      names = "--input-dropout",
      paramLabel = "RATE",
      description = "Dropout at the input, if it differs.")
  @Nullable Double inputDropout;

  @Option(
      names = "--layer-dropout",
      paramLabel = "RATE",
      description = "Dropout between layers, if it differs.")
  @Nullable Double layerDropout;

  @Option(
      names = "--output-dropout",
      paramLabel = "RATE",
      description = "Dropout at the output, if it differs.")
  @Nullable Double outputDropout;

  @Option(
      names = "--variational",
      description =
          "Use one dropout mask per sequence for all its steps, instead of a new one at each"
              + " step.")
  boolean variational;

  @Option(
      names = "--word-dropout",
      paramLabel = "RATE",
      description =
          "Dropout of whole tokens: their vectors are zero throughout a batch."
              + " Default: {word-dropout}.")
  @Nullable Double wordDropout;

  @Option(
      names = "--weight-dropout",
      paramLabel = "RATE",
      description =
          "Dropout of recurrent weights, drawn anew for each training step (DropConnect)."
              + " Default: 0.")
  @Nullable Double weightDropout;

  @Option(
      names = "--zoneout",
      paramLabel = "RATE",
      description =
          "Share of the hidden state that keeps the value of the previous step. Default: 0.")
  @Nullable Double zoneout;

  @Option(
      names = "--zoneout-memory",
      paramLabel = "RATE",
      description = "The same for the memory cells of an LSTM. Default: 0.")
  @Nullable Double zoneoutMemory;

  @Option(
      names = "--residual",
      description = "Add the input of each layer to its output, if they have the same width.")
  boolean residual;

  @Option(
      names = "--learned-start",
      description = "Learn the initial state instead of starting from zeros.")
  boolean learnedStart;

  /**
   * Returns the network, where the usual one does not depend on the data.
   *
   * @param usual what the task takes by default
   */
  public Network network(Defaults usual) {
    return asked(usual.network(Preset.USUAL));
  }

  /** Returns the usual network with what is asked for; what is not given stays as it is. */
  public Network asked(Network usual) {
    Network.Layer first = usual.layers().getFirst();
    Cell own = cell == null ? first.cell() : Cells.of(cell);
    int[] sizes = units == null ? new int[] {first.units()} : units.clone();
    checkAllUsed(own, sizes.length);
    Dropouts dropouts = dropouts(usual.dropouts());
    checkVariational(dropouts);
    return Network.of(own, sizes)
        .withDirection(first.direction())
        .withProjection(projection)
        .withLayerNormalization(layerNorm == null ? first.normalized() : layerNorm)
        .withEmbedding(embedding == 0 ? usual.embedding() : embedding)
        .withResidual(residual)
        .withLearnedStart(learnedStart)
        .withDropouts(dropouts);
  }

  /** Returns rates as they are asked for, or the usual ones. */
  private Dropouts dropouts(Dropouts usual) {
    return new Dropouts(
        or(inputDropout, or(dropout, usual.input())),
        or(layerDropout, or(dropout, usual.layer())),
        or(outputDropout, or(dropout, usual.output())),
        or(wordDropout, usual.words()),
        or(weightDropout, usual.recurrent()),
        or(zoneout, usual.state()),
        or(zoneoutMemory, usual.memory()),
        variational || usual.variational());
  }

  private static double or(@Nullable Double chosen, double usual) {
    return chosen == null ? usual : chosen;
  }

  /**
   * Returns the network of a model that is trained further, with dropout as asked for.
   *
   * @param numbers whether it reads numbers, none of which is dropped unless that is asked for
   */
  public Network changed(Network own, boolean numbers) {
    if (numbers && own.embedding() == 0) {
      checkNoTokens("where sources are numbers");
    }
    checkAllUsed(own.layers().getFirst().cell(), own.layers().size());
    Dropouts asked = dropouts(own.dropouts());
    checkVariational(asked);
    Network changed = own.withDropouts(asked);
    return numbers && inputDropout == null
        ? changed.withDropout(own.dropouts().input(), asked.layer(), asked.output())
        : changed;
  }

  /**
   * Returns what a network has of the options of its shape, by their names.
   *
   * @param embedded whether it has vectors of tokens or columns
   */
  public static Map<String, Object> shape(Network own, boolean embedded) {
    var layers = own.layers();
    var shape = new LinkedHashMap<String, Object>();
    shape.put("--cell", joined(layers, layer -> layer.cell().label()));
    shape.put("--units", layers.stream().mapToInt(Network.Layer::units).toArray());
    shape.put("--projection", layers.getFirst().projection());
    shape.put("--layer-norm", layers.getFirst().normalized());
    if (embedded) {
      shape.put("--embedding", own.embeddingWidth());
    }
    shape.put("--residual", own.residual());
    shape.put("--learned-start", own.learnedStart());
    return shape;
  }

  private static String joined(List<Network.Layer> layers, Function<Network.Layer, String> label) {
    return layers.stream().map(label).distinct().collect(Collectors.joining(","));
  }

  /**
   * Returns the usual network with what is asked for, where sources are numbers or text: of few
   * numbers none can be missed, so that none is dropped unless that is asked for.
   */
  public Network ofSources(boolean numbers, Network usual) {
    Network layers = asked(usual);
    return numbers && inputDropout == null ? layers.withoutInputDropout() : layers;
  }

  /** Refuses options of tokens; {@code where} says why there are none. */
  public void checkNoTokens(String where) {
    if (embedding > 0) {
      throw new InputException("--embedding does nothing " + where, "Leave it out.");
    }
    if (or(wordDropout, 0) > 0) {
      throw new InputException("--word-dropout does nothing " + where, "Leave it out.");
    }
  }

  /** Returns the width of a token's vector; 0 if it is not given. */
  public int embedding() {
    return embedding;
  }

  /** An option that would do nothing is a mistake. */
  private void checkAllUsed(Cell own, int layers) {
    if (or(zoneoutMemory, 0) > 0 && !own.hasMemory()) {
      throw new InputException(
          "--zoneout-memory does nothing with --cell " + own.label(),
          "Only an LSTM has memory cells: leave it out, or use --zoneout.");
    }
    if (or(weightDropout, 0) > 0 && own.products().isEmpty()) {
      throw new InputException(
          "--weight-dropout does nothing with --cell " + own.label(),
          "It has no recurrent weights: leave it out.");
    }
    if (layerDropout != null && layers == 1) {
      throw new InputException(
          "--layer-dropout does nothing with one layer",
          "Use --input-dropout or --output-dropout.");
    }
  }

  private void checkVariational(Dropouts rates) {
    if (variational && rates.input() + rates.layer() + rates.output() == 0) {
      throw new InputException(
          "--variational does nothing without dropout", "Add --dropout, or leave it out.");
    }
  }
}
