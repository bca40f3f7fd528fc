package dev.unroll.cli.option;

import dev.unroll.cell.Cells;
import dev.unroll.file.InputException;
import dev.unroll.layer.Direction;
import dev.unroll.network.Dropouts;
import dev.unroll.network.Network;
import dev.unroll.task.Defaults;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The shape of a network. */
@KeptInModel
public final class NetworkOptions {

  @Option(
      names = "--cell",
      paramLabel = "CELL",
      defaultValue = "lstm",
      completionCandidates = CellSummaries.class,
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  String cell = "lstm";

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
      defaultValue = "200",
      description = "Units of each layer, such as 200,200 for two. Default: ${DEFAULT-VALUE}.")
  int[] units = {200};

  @Option(
      names = "--projection",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Project the output of each LSTM layer to so many values. Default: no projection.")
  int projection;

  @Option(
      names = "--layer-norm",
      negatable = true,
      description =
          "Layer normalization inside the cells (Ba et al. 2016), with which networks learn faster, or none."
              + " Default: --layer-norm of a language model and an encoder-decoder, --no-layer-norm of others.")
  @Nullable Boolean layerNorm;

  @Option(
      names = "--embedding",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Width of a token's vector. Default: of a language model, as wide as the first layer's output (of"
              + " the last layer's with --tied); of a forecaster 16; of classify and tag 100, or as wide as --vectors; of others as wide as the first layer's output.")
  int embedding;

  @Option(
      names = "--dropout",
      paramLabel = "RATE",
      description =
          "Dropout at the input, between layers and at the output. Default: 0 of a language model and a"
              + " forecaster, 0.3 of an encoder-decoder, 0.2 of recognize, 0.5 of classify and tag.")
  @Nullable Double dropout;

  @Option(
      names = "--input-dropout",
      paramLabel = "RATE",
      description = "Another rate at the input.")
  @Nullable Double inputDropout;

  @Option(
      names = "--layer-dropout",
      paramLabel = "RATE",
      description = "Another rate between layers.")
  @Nullable Double layerDropout;

  @Option(
      names = "--output-dropout",
      paramLabel = "RATE",
      description = "Another rate at the output.")
  @Nullable Double outputDropout;

  @Option(
      names = "--variational",
      description =
          "Dropout by one mask a sequence, the same at all its steps, instead of a new one at each.")
  boolean variational;

  @Option(
      names = "--word-dropout",
      paramLabel = "RATE",
      defaultValue = "0",
      description =
          "Dropout of whole tokens: their vectors are zeros in all of a batch. Default: ${DEFAULT-VALUE}.")
  double wordDropout;

  @Option(
      names = "--weight-dropout",
      paramLabel = "RATE",
      defaultValue = "0",
      description =
          "Dropout of recurrent weights for a step of training (DropConnect). Default: ${DEFAULT-VALUE}.")
  double weightDropout;

  @Option(
      names = "--zoneout",
      paramLabel = "RATE",
      defaultValue = "0",
      description =
          "Elements of the hidden state that keep the value of the step before. Default: ${DEFAULT-VALUE}.")
  double zoneout;

  @Option(
      names = "--zoneout-memory",
      paramLabel = "RATE",
      defaultValue = "0",
      description = "The same of an LSTM's memory cells. Default: ${DEFAULT-VALUE}.")
  double zoneoutMemory;

  @Option(
      names = "--residual",
      description = "Add the input of each layer to its output, where both are equally wide.")
  boolean residual;

  @Option(
      names = "--learned-start",
      description = "Learn the state before a sequence, instead of zeros.")
  boolean learnedStart;

  /**
   * Returns the network.
   *
   * @param usual what the task takes where nothing is said; the direction, and the width of
   *     vectors, are the command's
   */
  public Network network(Defaults usual) {
    double rate = dropout == null ? usual.dropout() : dropout;
    checkAllUsed(rate);
    return Network.of(Cells.of(cell), Arrays.copyOf(units, units.length))
        .withProjection(projection)
        .withLayerNormalization(layerNorm == null ? usual.normalized() : layerNorm)
        .withEmbedding(embedding)
        .withResidual(residual)
        .withLearnedStart(learnedStart)
        .withDropouts(
            new Dropouts(
                inputDropout == null ? rate : inputDropout,
                layerDropout == null ? rate : layerDropout,
                outputDropout == null ? rate : outputDropout,
                wordDropout,
                weightDropout,
                zoneout,
                zoneoutMemory,
                variational));
  }

  /**
   * Returns the network where its inputs are numbers: none of them is dropped unless that is asked
   * for, as of few numbers none can be missed.
   */
  public Network ofNumbers(Defaults usual) {
    Network layers = network(usual);
    Dropouts rates = layers.dropouts();
    return inputDropout == null ? layers.withDropout(0, rates.layer(), rates.output()) : layers;
  }

  /** Returns the same for sources that are numbers or text. */
  public Network ofSources(boolean numbers, Defaults usual) {
    if (numbers) {
      checkNoTokens("where sources are numbers");
    }
    return numbers ? ofNumbers(usual) : network(usual);
  }

  /** Refuses options of tokens; {@code where} says why there are none. */
  public void checkNoTokens(String where) {
    if (embedding > 0) {
      throw new InputException("--embedding does nothing " + where, "Leave it out.");
    }
    if (wordDropout > 0) {
      throw new InputException("--word-dropout does nothing " + where, "Leave it out.");
    }
  }

  /** Returns the same network with other units in its layers; all layers read {@code way}. */
  public Network withUnits(Network same, int[] others, Direction way) {
    return Network.of(Cells.of(cell), others)
        .withEmbedding(same.embedding())
        .withLayerNormalization(same.layers().getFirst().normalized())
        .withProjection(projection)
        .withDropouts(same.dropouts())
        .withResidual(residual)
        .withDirection(way);
  }

  /** Returns the units of each layer. */
  public int[] units() {
    return units.clone();
  }

  /** Returns the width of a token's vector; 0 where nothing is said. */
  public int embedding() {
    return embedding;
  }

  /** An option that would do nothing is a mistake. */
  private void checkAllUsed(double rate) {
    if (zoneoutMemory > 0 && !Cells.of(cell).hasMemory()) {
      throw new InputException(
          "--zoneout-memory does nothing with --cell " + cell,
          "Only an LSTM has memory cells: leave it out, or use --zoneout.");
    }
    if (weightDropout > 0 && Cells.of(cell).products().isEmpty()) {
      throw new InputException(
          "--weight-dropout does nothing with --cell " + cell,
          "It has no recurrent weights: leave it out.");
    }
    if (layerDropout != null && units.length == 1) {
      throw new InputException(
          "--layer-dropout does nothing with one layer",
          "Use --input-dropout or --output-dropout.");
    }
    boolean elements =
        rate > 0
            || (inputDropout != null && inputDropout > 0)
            || (layerDropout != null && layerDropout > 0)
            || (outputDropout != null && outputDropout > 0);
    if (variational && !elements) {
      throw new InputException(
          "--variational does nothing without dropout", "Add --dropout, or leave it out.");
    }
  }
}
