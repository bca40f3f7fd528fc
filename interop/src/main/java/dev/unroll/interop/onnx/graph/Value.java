package dev.unroll.interop.onnx.graph;

import dev.unroll.interop.tensor.ElementType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An input or output of a graph.
 *
 * @param type the type of its elements, null where the file does not say
 * @param axes the length of each axis as digits, or its name, or {@code ?}; null where the file
 *     does not say how many there are
 */
public record Value(String name, @Nullable ElementType type, @Nullable List<String> axes) {

  /** Creates a value with a copy of the list. */
  public Value {
    axes = axes == null ? null : List.copyOf(axes);
  }

  /** Type and shape, as messages say them: {@code float batch×3}. */
  public String described() {
    String shape =
        axes == null ? "of any shape" : axes.isEmpty() ? "scalar" : String.join("×", axes);
    return (type == null ? "a tensor" : type.label()) + " " + shape;
  }

  /** Name, type and shape, as messages say them: {@code x (float batch×3)}. */
  @Override
  public String toString() {
    return name + " (" + described() + ")";
  }
}
