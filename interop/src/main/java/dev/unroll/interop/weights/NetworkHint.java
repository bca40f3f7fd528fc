package dev.unroll.interop.weights;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.cell.Cell;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import dev.unroll.file.SafeFiles;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the names and shapes of weights in a file do not say: the activation of a basic cell,
 * whether the outputs of both directions are added up, which tensor belongs where.
 *
 * <p>As a file: {@code {"layers": [{"cell": "rnn-relu", "direction": "both"}], "recurrent":
 * ["rnn."], "embedding": "words.weight", "head": "out."}}; every part may be left out.
 *
 * @param layers one for each recurrent layer, the first next to the input; empty to infer all from
 *     the weights
 * @param recurrent prefixes of the names of the recurrent layers, the first next to the input;
 *     empty for all in the order of the file. In a Keras file these are names of groups
 * @param embedding the name of the embedding; null to find it
 * @param head prefix of the names of the linear layer; null to find it
 */
public record NetworkHint(
    List<Layer> layers, List<String> recurrent, @Nullable String embedding, @Nullable String head) {

  private static final long MOST_BYTES = 1 << 20;

  /** No hints. */
  public static final NetworkHint NONE = new NetworkHint(List.of(), List.of(), null, null);

  /**
   * One recurrent layer.
   *
   * @param cell one of ours
   * @param units number of units; 0 for any
   * @param direction the direction in which it reads
   */
  public record Layer(Cell cell, int units, Direction direction) {

    static Layer fromJson(Json.Reader json) {
      return new Layer(
          json.part("cell", label -> Cells.of(label.asText())),
          json.has("units") ? json.integer("units", 1) : 0,
          json.has("direction")
              ? json.part("direction", label -> Network.direction(label.asText()))
              : Direction.FORWARD);
    }
  }

  /** Creates a hint with copies of the lists. */
  public NetworkHint {
    layers = List.copyOf(layers);
    recurrent = List.copyOf(recurrent);
  }

  /**
   * Reads a file.
   *
   * @throws InputException if it is no description
   */
  public static NetworkHint read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new JsonException("it has " + Files.size(file) + " bytes");
      }
      Json.Reader json = Json.parse(Files.readString(file, StandardCharsets.UTF_8));
      return new NetworkHint(
          json.has("layers") ? json.parts("layers", Layer::fromJson) : List.of(),
          json.has("recurrent") ? json.texts("recurrent") : List.of(),
          json.has("embedding") ? json.text("embedding") : null,
          json.has("head") ? json.text("head") : null);
    } catch (IOException e) {
      throw InputException.in(
          file, "cannot be read: " + SafeFiles.reason(e), "Check the name and the rights.");
    } catch (JsonException e) {
      throw InputException.in(
          file,
          "does not describe a network: " + e.getMessage(),
          "Write it as {\"layers\": [{\"cell\": \"rnn-relu\"}], \"embedding\": \"words.weight\"}.");
    }
  }
}
