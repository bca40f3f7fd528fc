package dev.unroll.store;

import dev.unroll.base.InputException;
import dev.unroll.kernel.Slice;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;

/**
 * Parameters of a trained model from which another training begins (fine-tuning). Where the other
 * network has more tokens, labels or conditions, the rows and columns of the old ones, which come
 * first, are taken over, and the new ones begin at random.
 *
 * @param model hash of the model, by which the new one names where it came from
 * @param slices names and places of the parameters
 * @param parameters the parameters
 */
public record WarmStart(String model, List<Slice> slices, float[] parameters) {

  /** Copies the list. */
  public WarmStart {
    slices = List.copyOf(slices);
  }

  /** Begins from a model, of which it copies the parameters. */
  public static WarmStart from(ModelFile<?> file) {
    return new WarmStart(file.fingerprint(), file.fields().trained(), file.parameters().clone());
  }

  /**
   * Writes the parameters over those that a network begins with.
   *
   * @param own names and places of the network's parameters
   * @param values its first values
   * @throws InputException if the network is not the model's, or has fewer tokens or labels
   */
  public void copyTo(List<Slice> own, float[] values) {
    var byName = new HashMap<String, Slice>();
    own.forEach(slice -> byName.put(slice.name(), slice));
    for (Slice old : slices) {
      Slice place = byName.get(old.name());
      if (place == null || place.rows() < old.rows() || place.columns() < old.columns()) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "training cannot begin from the model: its %s is %d × %d, %s",
                old.name(),
                old.rows(),
                old.columns(),
                place == null
                    ? "which the network does not have"
                    : place.rows() + " × " + place.columns() + " in the network"),
            "Train the network of the model: leave out what describes another.");
      }
      for (int row = 0; row < old.rows(); row++) {
        System.arraycopy(
            parameters,
            old.offset() + row * old.columns(),
            values,
            place.offset() + row * place.columns(),
            old.columns());
      }
    }
  }
}
