package dev.unroll.interop.torch;

import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.lang.reflect.Array;

/** Tensors that lie in a storage with gaps, or with their axes in another order. */
final class Strided {

  private Strided() {}

  /** Copies the elements of a tensor, all of which lie inside of the storage. */
  static Tensor copy(Tensor storage, int offset, Shape shape, int[] strides) {
    Object source = storage.elements();
    Object target = Array.newInstance(source.getClass().componentType(), shape.size());
    int[] place = new int[shape.rank()];
    int from = offset;
    for (int i = 0; i < shape.size(); i++) {
      System.arraycopy(source, from, target, i, 1);
      for (int axis = place.length - 1; axis >= 0; axis--) {
        from += strides[axis];
        if (++place[axis] < shape.axis(axis)) {
          break;
        }
        from -= strides[axis] * shape.axis(axis);
        place[axis] = 0;
      }
    }
    return Tensor.adopt(storage.type(), shape, target);
  }
}
