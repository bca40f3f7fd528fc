package dev.unroll.interop.torch;

import dev.unroll.file.Json;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.weights.Matrices;
import dev.unroll.kernel.Slice;
import dev.unroll.model.LabelModel;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.Ngrams;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The n-grams of a classifier, for PyTorch: their texts in a file, and weights that are added to
 * the scores of the labels, into which the exponent is multiplied.
 *
 * @param ngrams the n-grams
 * @param weight [n-grams + 1][labels]; a last row of zeros is for padding
 */
record TorchNgrams(Ngrams ngrams, Tensor weight) {

  /** The name of the file. */
  static final String FILE = "ngrams.json";

  /** The name of the weights, in our models and in PyTorch's. */
  static final String WEIGHT = "ngrams.weight";

  /** Returns those of a model, or null where it has none. */
  static @Nullable TorchNgrams of(LabelModel model) {
    for (Slice slice : model.network().slices()) {
      if (slice.name().equals(WEIGHT)) {
        float[] values = slice.of(model.parameters()).copyOfElements();
        var shape = Shape.of(slice.rows(), slice.columns());
        var table = Tensor.adopt(ElementType.FLOAT, shape, values);
        var padded = Matrices.stack(List.of(table, Matrices.zeros(1, slice.columns())));
        return new TorchNgrams(model.ngrams(), padded);
      }
    }
    return null;
  }

  /** Returns the description of the network by itself. */
  static LabelSpec without(LabelSpec spec) {
    LabelSpec.Output output =
        spec.output() instanceof LabelSpec.PerSequence whole
            ? new LabelSpec.PerSequence(whole.labels(), whole.pooling(), whole.multiLabel())
            : spec.output();
    return new LabelSpec(spec.network(), spec.spelling(), spec.features(), output);
  }

  /** How many there are. */
  int size() {
    return ngrams.size();
  }

  /** What the file holds: the n-grams, and texts whose answers are known. */
  String json(List<List<String>> sample) {
    var json = new LinkedHashMap<String, Object>(ngrams.toJson());
    json.put("sample", sample);
    return Json.write(json);
  }
}
