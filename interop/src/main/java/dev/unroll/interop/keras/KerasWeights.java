package dev.unroll.interop.keras;

import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the weights of layers stand in a file. */
interface KerasWeights {

  /**
   * The weights of a layer, or of a part of it.
   *
   * @param layer the layer of the model
   * @param part such as {@code cell} or {@code forward_layer/cell}; empty for its own; parts are
   *     asked for in the order in which Keras has them
   * @param count how many there must be
   * @throws dev.unroll.base.InputException if there are fewer or more
   */
  List<Tensor> take(KerasLayer layer, String part, int count);

  /**
   * The weights in a file.
   *
   * @param described whether it says which layers it has; one of Keras 2 does
   */
  static KerasWeights of(Hdf5File file, boolean described) {
    if (described && (file.hasGroup("model_weights") || file.texts("", OfKeras2.LAYERS) != null)) {
      return new OfKeras2(file, file.hasGroup("model_weights") ? "model_weights/" : "");
    }
    return new OfKeras3(file);
  }

  /** Each variable has a path that is made of classes and attributes. */
  record OfKeras3(Hdf5File file) implements KerasWeights {

    /** What TensorFlow 2.13 calls {@code layers}. */
    static final String OLD_LAYERS = "_layer_checkpoint_dependencies";

    @Override
    public List<Tensor> take(KerasLayer layer, String part, int count) {
      String path =
          file.hasGroup(OLD_LAYERS) ? layer.path().replace("layers", OLD_LAYERS) : layer.path();
      String variables = path + (part.isEmpty() ? "" : "/" + part) + "/vars/";
      if (file.hasDataset(variables + count)) {
        throw layer.refusal(
            "has more than " + count + " weights in " + variables,
            "Merge what was added to it (LoRA, quantization) and save it again.");
      }
      var tensors = new ArrayList<Tensor>();
      for (int i = 0; i < count; i++) {
        tensors.add(file.tensor(variables + i));
      }
      return tensors;
    }
  }

  /** Each layer has a list of its variables. */
  final class OfKeras2 implements KerasWeights {

    static final String LAYERS = "layer_names";

    private final Hdf5File file;
    private final String prefix;
    private final Map<String, Integer> taken = new HashMap<>();

    OfKeras2(Hdf5File file, String prefix) {
      this.file = file;
      this.prefix = prefix;
    }

    @Override
    public List<Tensor> take(KerasLayer layer, String part, int count) {
      String group = prefix + layer.name();
      List<String> names = file.texts(group, "weight_names");
      int from = taken.merge(layer.name(), count, Integer::sum) - count;
      if (names == null || names.size() < from + count) {
        throw layer.refusal(
            "has fewer weights in the file than it needs", "Save the whole model again.");
      }
      var tensors = new ArrayList<Tensor>();
      for (String name : names.subList(from, from + count)) {
        tensors.add(file.tensor(group + "/" + name));
      }
      return tensors;
    }
  }
}
