package dev.unroll.interop.onnx.graph;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import dev.unroll.file.Uninterrupted;
import dev.unroll.interop.tensor.MemoryLimit;
import dev.unroll.interop.tensor.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Elements of tensors in files beside the model. A model may name only files of its own folder and
 * the folders in it, wherever links lead.
 */
final class ExternalData {

  /** Of a model that has no folder. */
  static final ExternalData NONE = new ExternalData(null);

  private final @Nullable Path folder;

  private ExternalData(@Nullable Path folder) {
    this.folder = folder;
  }

  /** The files beside a model. */
  static ExternalData beside(Path model) {
    return new ExternalData(model.toAbsolutePath().getParent());
  }

  /** Reads the {@code size} bytes of a tensor. */
  ByteBuffer read(
      List<StringStringEntryProto> entries, String what, long size, MemoryLimit memory) {
    String location = entry(entries, "location");
    if (folder == null) {
      throw new InputException(
          what + " lies in another file, " + location + ", which a stream does not have",
          "Open the model by its path.");
    }
    if (location == null || location.isEmpty()) {
      throw Messages.refused(what + " lies in a file without name");
    }
    long offset = number(entries, "offset", 0, what);
    long length = number(entries, "length", size, what);
    Messages.refuse(
        length != size,
        String.format(
            Locale.ROOT, "%s has %,d bytes in %s, not %,d", what, length, location, size));
    Messages.refuse(size > Shape.MOST_ELEMENTS, what + " has more than 2 GB");
    try {
      return Uninterrupted.call(
          () ->
              read(resolve(folder.toRealPath(), location, what), offset, (int) size, what, memory));
    } catch (IOException e) {
      throw new InputException(
          what + " lies in " + location + ", which cannot be read: " + SafeFiles.reason(e),
          "Copy all files of the model into one folder.");
    }
  }

  private static Path resolve(Path folder, String location, String what) throws IOException {
    Path named;
    try {
      named = Path.of(location).normalize();
    } catch (InvalidPathException e) {
      throw Messages.refused(what + " lies in a file whose name is not valid");
    }
    boolean inside = !named.isAbsolute() && !named.startsWith("..");
    Path file = inside ? folder.resolve(named) : folder;
    if (inside && file.toRealPath().startsWith(folder)) {
      Path real = file.toRealPath();
      if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
        throw Messages.refused(what + " lies in " + location + ", which is not a regular file");
      }
      return real;
    }
    throw new InputException(
        what + " lies in " + location + ", outside of the model's folder; that is not read",
        "Copy all files of the model into one folder, and name them without folders.");
  }

  private static ByteBuffer read(Path file, long offset, int size, String what, MemoryLimit memory)
      throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      Messages.refuse(
          offset > channel.size() - size,
          String.format(
              Locale.ROOT,
              "%s takes %,d bytes from %,d of %s, which has only %,d",
              what,
              size,
              offset,
              file.getFileName(),
              channel.size()));
      memory.take(what, size);
      var bytes = ByteBuffer.allocate(size);
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, offset + bytes.position()) < 0) {
          throw new EOFException("it was cut off while it was read");
        }
      }
      return bytes.flip();
    }
  }

  private static @Nullable String entry(List<StringStringEntryProto> entries, String key) {
    return entries.stream()
        .filter(each -> each.getKey().equals(key))
        .map(StringStringEntryProto::getValue)
        .findFirst()
        .orElse(null);
  }

  private static long number(
      List<StringStringEntryProto> entries, String key, long usual, String what) {
    String text = entry(entries, key);
    if (text == null) {
      return usual;
    }
    Messages.refuse(!text.matches("[0-9]{1,18}"), what + " has " + text + " as " + key);
    return Long.parseLong(text);
  }
}
