package dev.unroll.fuzz;

import dev.unroll.fuzz.Mutator.Mutant;
import dev.unroll.fuzz.TensorFile.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes of models and checkpoints: descriptions that lie, tensors that do not fit, weights that
 * are no numbers, all with the right checksum; and some damage, which the checksum must find.
 */
final class ModelMutations {

  private static final List<Float> WEIGHTS =
      List.of(
          Float.NaN,
          Float.POSITIVE_INFINITY,
          Float.NEGATIVE_INFINITY,
          Float.MAX_VALUE,
          -1e30f,
          1e10f,
          Float.MIN_VALUE,
          -0f);

  private static final List<Long> SIZES =
      List.of(0L, -1L, 1L, 2L, 65_536L, 1L << 31, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE);

  private ModelMutations() {}

  static Mutant mutate(byte[] seed, byte[] other, Dice dice) {
    if (dice.once(5)) {
      return new Mutant(ByteMutations.mutate(seed, other, dice), true);
    }
    TensorFile file = TensorFile.of(seed);
    TensorFile second = TensorFile.of(other);
    if (dice.once(16)) {
      return new Mutant(file.bytes(mutatedHeader(file, dice)), false);
    }
    for (int i = dice.few(3); i > 0; i--) {
      switch (dice.below(8)) {
        case 0 -> mutateTensor(file, second, dice);
        case 1 -> mutateWeights(file, dice);
        default -> mutateText(file, second, dice);
      }
    }
    byte[] bytes = file.bytes();
    return new Mutant(dice.once(40) ? withLength(bytes, dice) : bytes, false);
  }

  private static String mutatedHeader(TensorFile file, Dice dice) {
    String header = file.header();
    if (dice.once(2)) {
      byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
      return new String(ByteMutations.mutate(bytes, bytes, dice), StandardCharsets.UTF_8);
    }
    return JsonMutations.mutate(header, header, dice);
  }

  private static byte[] withLength(byte[] bytes, Dice dice) {
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, dice.pick(SIZES));
    return bytes;
  }

  /** Changes the JSON of the description, the tokenizer or the provenance, or a number of a run. */
  private static void mutateText(TensorFile file, TensorFile other, Dice dice) {
    var names = new ArrayList<>(file.texts.keySet());
    if (names.isEmpty()) {
      return;
    }
    String name =
        file.texts.containsKey("unroll.model") && dice.once(2) ? "unroll.model" : dice.pick(names);
    String text = file.texts.get(name);
    String others = other.texts.getOrDefault(name, "{}");
    if (text.startsWith("{")) {
      file.texts.put(name, JsonMutations.mutate(text, others, dice));
      return;
    }
    switch (dice.below(6)) {
      case 0 -> file.texts.remove(name);
      case 1 -> file.texts.put(name, others);
      default -> file.texts.put(name, TextMutations.value(dice));
    }
  }

  private static void mutateTensor(TensorFile file, TensorFile other, Dice dice) {
    if (file.tensors.isEmpty()) {
      return;
    }
    int at = dice.below(file.tensors.size());
    Tensor tensor = file.tensors.get(at);
    boolean placed = false;
    switch (dice.below(12)) {
      case 0 -> tensor.name = dice.once(2) ? tensor.name + "x" : dice.pick(file.tensors).name;
      case 1 -> file.tensors.remove(at);
      case 2 -> file.tensors.add(dice.pick(file.tensors).copy());
      case 3 -> file.tensors.add(dice.pick(other.tensors).copy());
      case 4 -> file.tensors.set(at, file.tensors.set(dice.below(file.tensors.size()), tensor));
      case 5 -> tensor.shape = tensor.shape.reversed();
      case 6 -> tensor.shape = sizes(dice);
      case 7 ->
          tensor.type = dice.pick(List.of("F32", "BF16", "I8", "F16", "F64", "I64", "U8", ""));
      case 8 -> resize(tensor, dice);
      case 9 -> tensor.data = ByteMutations.mutate(tensor.data, tensor.data, dice);
      case 10 -> {
        tensor.begin = dice.pick(SIZES);
        placed = true;
      }
      default -> {
        tensor.end = dice.once(2) ? dice.pick(SIZES) : tensor.end - 4;
        placed = true;
      }
    }
    if (!placed) {
      file.place();
    }
  }

  private static List<Long> sizes(Dice dice) {
    var sizes = new ArrayList<Long>();
    for (int i = dice.below(4); i > 0; i--) {
      sizes.add(dice.pick(SIZES));
    }
    return sizes;
  }

  /** One row or column more or less, with as many bytes as that takes. */
  private static void resize(Tensor tensor, Dice dice) {
    var shape = new ArrayList<>(tensor.shape);
    if (shape.isEmpty()) {
      return;
    }
    int axis = dice.below(shape.size());
    long before = shape.stream().reduce(1L, (a, b) -> a * b);
    shape.set(axis, Math.max(0, shape.get(axis) + (dice.once(2) ? 1 : -1)));
    long after = shape.stream().reduce(1L, (a, b) -> a * b);
    if (before > 0 && after >= 0 && after < 1 << 20) {
      int width = tensor.data.length / (int) before;
      tensor.data = java.util.Arrays.copyOf(tensor.data, (int) after * width);
      tensor.shape = shape;
    }
  }

  private static void mutateWeights(TensorFile file, Dice dice) {
    Tensor tensor = dice.pick(file.tensors);
    int width = tensor.type.equals("F32") ? 4 : tensor.type.equals("BF16") ? 2 : 1;
    int count = tensor.data.length / width;
    var values = ByteBuffer.wrap(tensor.data).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = count == 0 ? 0 : dice.few(count); i > 0; i--) {
      int at = width * dice.below(count);
      int bits = Float.floatToRawIntBits(dice.pick(WEIGHTS));
      switch (width) {
        case 4 -> values.putInt(at, bits);
        case 2 -> values.putShort(at, (short) (bits >>> 16));
        default -> values.put(at, (byte) -128);
      }
    }
  }
}
