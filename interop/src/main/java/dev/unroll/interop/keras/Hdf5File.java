package dev.unroll.interop.keras;

import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.MemoryLimit;
import dev.unroll.interop.tensor.Tensor;
import io.jhdf.object.datatype.FloatingPoint;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An HDF5 file as far as Keras needs it: groups, the numbers in them, and texts that are attributes
 * of groups. A path has no slash at its begin and its end; that of the root is empty.
 *
 * <p>Only what lies in the file one number after another is read: Keras neither divides into chunks
 * nor compresses. Links to other places and to other files are refused where they are followed.
 */
final class Hdf5File {

  static final String FIX =
      "Save the model again with Keras 3: model.save(\"model.keras\"), or save_weights.";

  /** A matrix is copied, transposed, divided among gates, and copied into our parameters. */
  private static final long COPIES = 4;

  /** The bytes of an object's entry, apart from its name. */
  private static final long OBJECT = 400;

  private final String name;
  private final Map<String, Hdf5Dataset> datasets = new LinkedHashMap<>();
  private final Map<String, String> unreadable = new LinkedHashMap<>();
  private final Map<String, Map<String, List<String>>> groups = new LinkedHashMap<>();

  private final MemoryLimit memory;

  /**
   * A file in which nothing was found yet.
   *
   * @param name what messages call it
   * @param memory of which tensors take some
   */
  Hdf5File(String name, MemoryLimit memory) {
    this.name = name;
    this.memory = memory;
  }

  void addGroup(String path, Map<String, List<String>> texts) {
    take(path);
    texts.values().forEach(values -> values.forEach(this::take));
    groups.put(path, texts);
  }

  void addDataset(String path, int[] axes, FloatingPoint type, ByteBuffer bytes) {
    take(path);
    datasets.put(path, Hdf5Dataset.of(name + ": " + path, axes, type, bytes));
  }

  /** Many objects may share the bytes of a name, but not the memory that it takes here. */
  private void take(String text) {
    memory.take("the structure of " + name, OBJECT + 2L * text.length());
  }

  /** Notes something that is refused if it is asked for. */
  void addUnreadable(String path, String why) {
    take(path);
    unreadable.put(path, why);
  }

  boolean hasGroup(String path) {
    return groups.containsKey(path);
  }

  /** Whether there are numbers, or something in their place that is refused. */
  boolean hasDataset(String path) {
    return datasets.containsKey(path) || unreadable(path) != null;
  }

  /** What stands in the way to a path and is refused; null where nothing does. */
  private @Nullable String unreadable(String path) {
    for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (unreadable.containsKey(path.substring(0, end))) {
        return path.substring(0, end);
      }
    }
    return null;
  }

  /**
   * The numbers at a path.
   *
   * @throws InputException if there are none, or they cannot be read
   */
  Hdf5Dataset dataset(String path) {
    String refused = unreadable(path);
    if (refused != null) {
      throw InputException.in(name, refused + " " + unreadable.get(refused), FIX);
    }
    Hdf5Dataset found = datasets.get(path);
    if (found == null) {
      throw InputException.in(name, "has no weights " + path, FIX);
    }
    return found;
  }

  /**
   * A copy of the numbers at a path.
   *
   * @throws InputException if there are none, they cannot be read, or are too many for the heap
   */
  Tensor tensor(String path) {
    Hdf5Dataset found = dataset(path);
    memory.take(found.name(), COPIES * found.bytes().remaining());
    return found.tensor();
  }

  /** The texts of a group's attribute; null where there is none. */
  @Nullable List<String> texts(String group, String attribute) {
    return groups.getOrDefault(group, Map.of()).get(attribute);
  }

  /** The names of the groups right inside another, in the order of the alphabet. */
  List<String> children(String group) {
    String prefix = group.isEmpty() ? "" : group + "/";
    var names = new TreeSet<String>();
    for (String path : groups.keySet()) {
      String rest = path.startsWith(prefix) ? path.substring(prefix.length()) : "";
      if (!rest.isEmpty() && rest.indexOf('/') < 0) {
        names.add(rest);
      }
    }
    return List.copyOf(names);
  }

  /** The first text of an attribute, of which there must be one. */
  String text(String group, String attribute) {
    return Objects.requireNonNull(texts(group, attribute)).getFirst();
  }
}
