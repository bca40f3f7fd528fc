package dev.unroll.interop.torch;

import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.ElementBytes;
import dev.unroll.interop.tensor.MemoryLimit;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.torch.PickledTensors.Storage;
import dev.unroll.interop.torch.PickledTensors.View;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A file that {@code torch.save} has written since PyTorch 1.6: a zip of a pickle, {@code
 * NAME/data.pkl}, and of the elements of tensors, {@code NAME/data/0} and so on.
 *
 * <p>Entries are stored and not deflated, so that none is longer than the file; deflated ones are
 * refused, and so are more elements than twice those that the file has.
 */
final class PtArchive {

  private static final String PICKLE = "data.pkl";

  /** Where a checkpoint keeps the weights among other things. */
  private static final List<String> PLACES =
      List.of("state_dict", "model_state_dict", "model_state", "model", "net", "weights");

  private static final String CURE =
      "Save the weights only, in Python: torch.save(model.state_dict(), \"weights.pt\").";

  private final ZipFile zip;
  private final long size;
  private final String folder;
  private final MemoryLimit limit = MemoryLimit.ofHeap();
  private final Map<Storage, Tensor> storages = new HashMap<>();
  private final Map<View, Tensor> views = new HashMap<>();

  /** Elements that were read, and those of tensors over them. */
  private long read;

  private long viewed;

  private PtArchive(ZipFile zip, long size, String folder) {
    this.zip = zip;
    this.size = size;
    this.folder = folder;
  }

  /**
   * Reads all tensors.
   *
   * @throws InputException if the file is damaged, or would do more than describe weights
   */
  static Map<String, Tensor> read(Path file) throws IOException {
    long size = ZipDirectory.check(file);
    try (var zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8)) {
      var archive = new PtArchive(zip, size, folder(zip));
      return archive.tensors();
    } catch (IllegalArgumentException e) {
      throw InputException.in(file, "is not read: " + e.getMessage(), CURE);
    } catch (InputException e) {
      throw InputException.in(file, e.problem(), e.fix());
    }
  }

  /** The folder of the only pickle of weights. */
  private static String folder(ZipFile zip) {
    List<String> found =
        zip.stream()
            .map(ZipEntry::getName)
            .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
            .limit(2)
            .toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          found.isEmpty()
              ? "it is a zip without " + PICKLE + ", so that torch.save has not written it"
              : "it has several " + PICKLE);
    }
    String folder = found.getFirst().substring(0, found.getFirst().length() - PICKLE.length());
    if (zip.getEntry(folder + "constants.pkl") != null) {
      throw new IllegalArgumentException("it holds a program of TorchScript");
    }
    return folder;
  }

  private Map<String, Tensor> tensors() throws IOException {
    checkOrder();
    byte[] pickle = bytes(PICKLE, Pickle.MOST_BYTES);
    var tensors = new LinkedHashMap<String, Tensor>();
    for (var entry : weights(Pickle.read(pickle)).entrySet()) {
      if (entry.getKey() instanceof String name && entry.getValue() instanceof View view) {
        tensors.put(name, tensor(name, view));
      }
    }
    return tensors;
  }

  /** Newer versions say in which order the bytes of a number lie. */
  private void checkOrder() throws IOException {
    if (zip.getEntry(folder + "byteorder") != null) {
      var order = new String(bytes("byteorder", 16), StandardCharsets.UTF_8);
      if (!order.equals("little")) {
        throw new IllegalArgumentException("its numbers are in the byte order " + order);
      }
    }
  }

  private static Map<?, ?> weights(Object value) {
    if (value instanceof Map<?, ?> map) {
      if (hasTensors(map)) {
        return map;
      }
      for (String place : PLACES) {
        if (map.get(place) instanceof Map<?, ?> inner && hasTensors(inner)) {
          return inner;
        }
      }
    }
    throw new IllegalArgumentException(
        "it has no dictionary of tensors, nor one under " + String.join(", ", PLACES));
  }

  private static boolean hasTensors(Map<?, ?> map) {
    return map.values().stream().anyMatch(View.class::isInstance);
  }

  private Tensor tensor(String name, View view) throws IOException {
    Tensor known = views.get(view);
    if (known != null) {
      return known; // weights that are tied stay one
    }
    var shape = new Shape(view.axes().stream().map(axis -> axis(name, axis)).toList());
    Tensor storage = storage(view.storage());
    checkPlace(name, view, shape, storage);
    viewed += shape.size();
    if (viewed > 2 * read) {
      throw new IllegalArgumentException("its tensors have far more elements than the file");
    }
    Tensor tensor;
    if (view.offset() == 0 && isContiguous(view, shape) && storage.size() == shape.size()) {
      tensor = storage.reshaped(shape);
    } else {
      long bytes = (long) shape.size() * ElementBytes.widthInMemory(storage.type());
      limit.take("tensor " + name, bytes);
      tensor = Strided.copy(storage, (int) view.offset(), shape, strides(view));
    }
    views.put(view, tensor);
    return tensor;
  }

  private static int axis(String name, long axis) {
    if (axis > Shape.MOST_ELEMENTS) {
      throw new IllegalArgumentException("tensor " + name + " has an axis of " + axis);
    }
    return (int) axis;
  }

  /** All that a tensor reads lies inside of its storage. */
  private static void checkPlace(String name, View view, Shape shape, Tensor storage) {
    long last = view.offset();
    boolean fits = last >= 0 && last <= storage.size();
    for (int i = 0; fits && shape.size() > 0 && i < shape.rank(); i++) {
      long stride = view.strides().get(i);
      fits = stride <= storage.size() || shape.axis(i) == 1;
      last += fits ? (shape.axis(i) - 1) * stride : 0;
      fits &= last < storage.size();
    }
    if (!fits || (shape.size() > 0 && last >= storage.size())) {
      throw new IllegalArgumentException("tensor " + name + " reaches out of its storage");
    }
  }

  private static boolean isContiguous(View view, Shape shape) {
    int[] strides = shape.strides();
    for (int i = 0; i < strides.length; i++) {
      if (shape.axis(i) != 1 && view.strides().get(i) != strides[i]) {
        return false;
      }
    }
    return true;
  }

  private static int[] strides(View view) {
    return view.strides().stream()
        .mapToInt(stride -> (int) Math.min(stride, Integer.MAX_VALUE))
        .toArray();
  }

  private Tensor storage(Storage storage) throws IOException {
    Tensor known = storages.get(storage);
    if (known != null) {
      return known;
    }
    if (storage.size() > Shape.MOST_ELEMENTS / ElementBytes.width(storage.type())) {
      throw new IllegalArgumentException("it has a storage of " + storage.size() + " elements");
    }
    int count = (int) storage.size();
    int bytes = count * ElementBytes.width(storage.type());
    limit.take(
        "storage " + storage.key(),
        bytes + (long) count * ElementBytes.widthInMemory(storage.type()));
    String name = "data/" + storage.key();
    byte[] content = bytes(name, bytes);
    if (content.length != bytes) {
      throw new IllegalArgumentException(
          "its entry " + name + " has " + content.length + " bytes instead of " + bytes);
    }
    var ordered = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    Tensor elements = ElementBytes.read(ordered, storage.type(), Shape.of(count));
    storages.put(storage, elements);
    read += count;
    return elements;
  }

  /** The bytes of an entry, which may be that many at most. */
  private byte[] bytes(String name, int most) throws IOException {
    @Nullable ZipEntry entry = zip.getEntry(folder + name);
    if (entry == null) {
      throw new IllegalArgumentException("it has no entry " + name);
    }
    if (entry.getMethod() != ZipEntry.STORED) {
      throw new IllegalArgumentException(
          "its entry " + name + " is deflated, as torch.save never does");
    }
    if (entry.getSize() < 0 || entry.getSize() > Math.min(most, size)) {
      throw new IllegalArgumentException(
          "its entry " + name + " has " + entry.getSize() + " bytes, more than " + most);
    }
    byte[] content = new byte[(int) entry.getSize()];
    try (var in = zip.getInputStream(entry)) {
      if (in.readNBytes(content, 0, content.length) != content.length) {
        throw new EOFException("the entry " + name + " ends too early");
      }
    }
    return content;
  }
}
