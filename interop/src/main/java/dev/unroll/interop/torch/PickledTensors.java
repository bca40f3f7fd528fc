package dev.unroll.interop.torch;

import dev.unroll.interop.tensor.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The few names of Python by which a pickle describes tensors; all others are refused. */
final class PickledTensors {

  private static final String DICTIONARY = "collections.OrderedDict";
  private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
  private static final String PARAMETER = "torch._utils._rebuild_parameter";
  private static final int MOST_AXES = 8;

  private static final Map<String, ElementType> STORAGES =
      Map.of(
          "torch.FloatStorage", ElementType.FLOAT,
          "torch.DoubleStorage", ElementType.DOUBLE,
          "torch.HalfStorage", ElementType.FLOAT16,
          "torch.BFloat16Storage", ElementType.BFLOAT16,
          "torch.LongStorage", ElementType.INT64,
          "torch.IntStorage", ElementType.INT32,
          "torch.ShortStorage", ElementType.INT16,
          "torch.CharStorage", ElementType.INT8,
          "torch.ByteStorage", ElementType.UINT8,
          "torch.BoolStorage", ElementType.BOOL);

  private PickledTensors() {}

  /**
   * Elements in an entry of their own.
   *
   * @param key the end of the entry's name
   * @param size the number of elements
   */
  record Storage(ElementType type, String key, long size) {}

  /**
   * A tensor over a part of a storage.
   *
   * @param offset its first element
   * @param axes the lengths of its axes
   * @param strides the elements between two neighbors along each axis
   */
  record View(Storage storage, long offset, List<Long> axes, List<Long> strides) {}

  /** The mark of a name that describes tensors. */
  static Global global(String name) {
    if (name.equals(DICTIONARY)
        || name.equals(TENSOR)
        || name.equals(PARAMETER)
        || STORAGES.containsKey(name)) {
      return new Global(name);
    }
    throw new IllegalArgumentException("it names " + name + ", which is not a part of weights");
  }

  /** The storage that a persistent id names: {@code ("storage", type, key, location, size)}. */
  static Storage storage(Object id) {
    if (id instanceof List<?> parts
        && parts.size() == 5
        && "storage".equals(parts.get(0))
        && parts.get(1) instanceof Global global
        && parts.get(2) instanceof String key
        && parts.get(4) instanceof Long size) {
      ElementType type = STORAGES.get(global.name());
      if (type == null) {
        throw new IllegalArgumentException("it has a storage of " + global.name());
      }
      if (!key.matches("[0-9]{1,9}") || size < 0) {
        throw new IllegalArgumentException("it has a storage of " + size + " elements");
      }
      return new Storage(type, key, size);
    }
    throw new IllegalArgumentException("its pickle names a storage that is not one");
  }

  /** What a call of a name that describes tensors gives. */
  static Object call(Object function, Object arguments) {
    if (!(function instanceof Global global) || !(arguments instanceof List<?> list)) {
      throw new IllegalArgumentException("its pickle calls something that is not a function");
    }
    return switch (global.name()) {
      case DICTIONARY -> dictionary(list);
      case TENSOR -> tensor(list);
      case PARAMETER -> parameter(list);
      default -> throw new IllegalArgumentException("its pickle calls " + global.name());
    };
  }

  /** Empty, or of pairs in a list. */
  private static Map<Object, Object> dictionary(List<?> arguments) {
    var map = new LinkedHashMap<Object, Object>();
    if (arguments.isEmpty()) {
      return map;
    }
    if (arguments.size() != 1 || !(arguments.getFirst() instanceof List<?> pairs)) {
      throw new IllegalArgumentException("its pickle has a dictionary that is not one");
    }
    for (Object each : pairs) {
      if (!(each instanceof List<?> pair) || pair.size() != 2 || !(pair.get(0) instanceof String)) {
        throw new IllegalArgumentException("its pickle has a dictionary that is not one");
      }
      map.put(pair.get(0), pair.get(1));
    }
    return map;
  }

  private static View tensor(List<?> arguments) {
    if (arguments.size() >= 4
        && arguments.get(0) instanceof Storage storage
        && arguments.get(1) instanceof Long offset) {
      List<Long> axes = numbers(arguments.get(2));
      List<Long> strides = numbers(arguments.get(3));
      if (axes != null && strides != null && axes.size() == strides.size()) {
        return new View(storage, offset, axes, strides);
      }
    }
    throw new IllegalArgumentException("its pickle has a tensor that is not one");
  }

  private static @Nullable List<Long> numbers(Object tuple) {
    if (!(tuple instanceof List<?> list) || list.size() > MOST_AXES) {
      return null;
    }
    var numbers = new ArrayList<Long>();
    for (Object each : list) {
      if (!(each instanceof Long number) || number < 0) {
        return null;
      }
      numbers.add(number);
    }
    return numbers;
  }

  private static View parameter(List<?> arguments) {
    if (!arguments.isEmpty() && arguments.getFirst() instanceof View view) {
      return view;
    }
    throw new IllegalArgumentException("its pickle has a parameter that is not one");
  }
}
