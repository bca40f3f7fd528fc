package dev.unroll.interop.keras;

import dev.unroll.base.InputException;
import dev.unroll.file.JsonException;
import dev.unroll.interop.weights.NetworkHint;
import dev.unroll.interop.weights.PortableNetwork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A recurrent network that Keras saved.
 *
 * @param network its layers and weights
 * @param described whether the file says what the layers are: one of weights only does not say how
 *     a sequence becomes one vector, nor whether outputs go through a softmax
 * @param notes what whoever imports it should know, a line each
 */
public record KerasModel(PortableNetwork network, boolean described, List<String> notes) {

  /** Creates a model with a copy of the notes. */
  public KerasModel {
    notes = List.copyOf(notes);
  }

  /**
   * Reads {@code .keras} and {@code .weights.h5} of Keras 3, and {@code .h5} of Keras 2. Which of
   * them it is, the content says.
   *
   * @param hint what a file of weights does not say; a model that describes itself takes none
   * @throws InputException if it is none of these, is damaged, or has layers that ours cannot
   *     compute, with their names
   */
  public static KerasModel open(Path file, NetworkHint hint) {
    KerasArchive archive = KerasArchive.open(file);
    if (archive.config() != null && !hint.equals(NetworkHint.NONE)) {
      throw InputException.in(file, "describes its layers itself", "Leave {like} out.");
    }
    try {
      String config = archive.config();
      List<KerasLayer> layers =
          config == null
              ? new KerasTree(archive.name(), archive.weights(), hint).layers()
              : KerasConfig.layers(archive.name(), config);
      var chain =
          new KerasChain(archive.name(), KerasWeights.of(archive.weights(), config != null));
      PortableNetwork network = chain.network(layers);
      var notes = new ArrayList<String>(chain.notes());
      if (config == null) {
        String names = String.join(", ", layers.stream().map(KerasLayer::name).toList());
        notes.add("layers by their shapes, the first next to the input: " + names);
      }
      return new KerasModel(network, config != null, notes);
    } catch (JsonException e) {
      throw InputException.in(
          archive.name(), "the configuration: " + e.getMessage(), "Save the model again.");
    }
  }

  /**
   * Whether a file looks like one of Keras': HDF5, or a zip with the entries that Keras gives it.
   * One that cannot be read does not.
   */
  public static boolean isKeras(Path file) {
    return KerasArchive.isKeras(file);
  }
}
