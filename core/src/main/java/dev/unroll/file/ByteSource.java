package dev.unroll.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Where bytes come from, in their order. */
@FunctionalInterface
public interface ByteSource {

  /** Reads some bytes, one at least, and returns how many; -1 at the end. */
  int read(ByteBuffer bytes) throws IOException;

  /** Fills {@code bytes}. */
  default void readFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (read(bytes) < 0) {
        throw new IOException("it ends too early");
      }
    }
  }

  /** Returns the bytes of a stream; buffers must have arrays. */
  static ByteSource of(InputStream in) {
    return bytes -> {
      int from = bytes.arrayOffset() + bytes.position();
      int count = in.read(bytes.array(), from, bytes.remaining());
      bytes.position(bytes.position() + Math.max(0, count));
      return count;
    };
  }

  /**
   * Reads so many bytes into memory, which grows no faster than they come: a stream may promise
   * more than it has. What is read from the result is given free again.
   */
  static ByteSource held(ByteSource source, long count) throws IOException {
    var parts = new ArrayDeque<ByteBuffer>();
    for (long left = count; left > 0; ) {
      var part = ByteBuffer.allocate((int) Math.min(1 << 20, left));
      source.readFully(part);
      left -= part.capacity();
      parts.add(part.flip());
    }
    return bytes -> {
      ByteBuffer part = parts.peek();
      if (part == null) {
        return -1;
      }
      int some = Math.min(part.remaining(), bytes.remaining());
      bytes.put(bytes.position(), part, part.position(), some);
      bytes.position(bytes.position() + some);
      part.position(part.position() + some);
      if (!part.hasRemaining()) {
        parts.remove();
      }
      return some;
    };
  }
}
