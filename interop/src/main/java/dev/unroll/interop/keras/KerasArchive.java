package dev.unroll.interop.keras;

import dev.unroll.base.InputException;
import dev.unroll.interop.tensor.ForeignFiles;
import dev.unroll.interop.tensor.MemoryLimit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * What a file of Keras holds: weights, and the description of the network where it has one.
 *
 * @param name what messages call the file
 * @param config the description as JSON; null in a file of weights
 * @param weights the numbers
 */
record KerasArchive(String name, @Nullable String config, Hdf5File weights) {

  private static final String WEIGHTS = "model.weights.h5";
  private static final String CONFIG = "config.json";
  private static final String FIX = "Save the model again with model.save(\"model.keras\").";

  private static final int MOST_ENTRIES = 10_000;

  /** Weights are stored in the zip as they are; zeros would shrink to a thousandth. */
  private static final int MOST_EXPANSION = 20;

  private static final int ALWAYS_ALLOWED = 1 << 24;
  private static final long LARGEST_CONFIG = 64L << 20;

  /** The largest array of bytes. */
  private static final long LARGEST = Integer.MAX_VALUE - 8L;

  private static final int PIECE = 1 << 16;

  /** A buffer that grows, and the copy of its content. */
  private static final long GROWTH = 2;

  /** The attribute in which Keras 2 keeps the description. */
  private static final String OLD_CONFIG = "model_config";

  /**
   * Opens a file, whatever its name ends with.
   *
   * @throws InputException if it is none of Keras', or damaged
   */
  static KerasArchive open(Path file) {
    try {
      if (Files.isRegularFile(file) && isZip(head(file))) {
        return openZip(file);
      }
    } catch (IOException e) {
      throw unreadable(file.toString(), e);
    }
    return openHdf5(file);
  }

  private static KerasArchive openHdf5(Path file) {
    String name = file.toString();
    var memory = MemoryLimit.ofHeap();
    ByteBuffer bytes = ByteBuffer.wrap(ForeignFiles.read(file, memory, all -> all));
    if (!Hdf5Walk.isHdf5(bytes)) {
      throw InputException.in(
          name,
          "neither a .keras file (a zip) nor HDF5",
          "Save the model with model.save(\"model.keras\") or save_weights.");
    }
    Hdf5File weights = Hdf5Walk.read(name, bytes, memory);
    String config = weights.texts("", OLD_CONFIG) == null ? null : weights.text("", OLD_CONFIG);
    return new KerasArchive(name, config, weights);
  }

  /** Whether a file is HDF5, or a zip of a model; one that cannot be read is not. */
  static boolean isKeras(Path file) {
    try {
      byte[] head = Files.isRegularFile(file) ? head(file) : new byte[0];
      if (!isZip(head)) {
        return Hdf5Walk.isHdf5(ByteBuffer.wrap(head));
      }
      try (var zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8)) {
        return zip.getEntry(CONFIG) != null && zip.getEntry(WEIGHTS) != null;
      }
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[] head(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(8);
    }
  }

  private static boolean isZip(byte[] head) {
    return head.length > 1 && head[0] == 'P' && head[1] == 'K';
  }

  private static InputException unreadable(String name, Exception e) {
    return InputException.in(name, "cannot be read (" + e.getMessage() + ")", FIX);
  }

  private static KerasArchive openZip(Path file) {
    String name = file.toString();
    try (var zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8)) {
      if (zip.size() > MOST_ENTRIES) {
        throw InputException.in(name, "a zip of " + zip.size() + " entries", FIX);
      }
      var memory = MemoryLimit.ofHeap();
      byte[] config = read(zip, CONFIG, LARGEST_CONFIG, memory);
      byte[] weights = read(zip, WEIGHTS, LARGEST, memory);
      return new KerasArchive(
          name,
          new String(config, StandardCharsets.UTF_8),
          Hdf5Walk.read(name + ": " + WEIGHTS, ByteBuffer.wrap(weights), memory));
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(name, e);
    }
  }

  /** Reads an entry in pieces, so that no memory is taken for what is only promised. */
  private static byte[] read(ZipFile zip, String entryName, long largest, MemoryLimit memory)
      throws IOException {
    ZipEntry entry = zip.getEntry(entryName);
    if (entry == null) {
      throw InputException.in(
          zip.getName(), "there is no " + entryName + " in this zip, which is no Keras model", FIX);
    }
    long packed = Math.max(0, entry.getCompressedSize());
    long most = Math.min(largest, Math.max(ALWAYS_ALLOWED, packed * MOST_EXPANSION));
    var bytes = new ByteArrayOutputStream();
    var piece = new byte[PIECE];
    try (InputStream in = zip.getInputStream(entry)) {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        if (bytes.size() + (long) n > most) {
          throw InputException.in(
              zip.getName(),
              String.format(Locale.ROOT, "%s unpacks to more than %,d bytes", entryName, most),
              FIX);
        }
        memory.take(entryName, GROWTH * n);
        bytes.write(piece, 0, n);
      }
    }
    return bytes.toByteArray();
  }
}
