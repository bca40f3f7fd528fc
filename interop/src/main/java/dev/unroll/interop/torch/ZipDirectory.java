package dev.unroll.interop.torch;

import dev.unroll.base.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The end of a zip file, looked at before {@link java.util.zip.ZipFile} reads the whole directory
 * into memory.
 */
final class ZipDirectory {

  /** Tens of thousands of entries. */
  private static final long MOST_BYTES = 1 << 23;

  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int END_LENGTH = 22;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final long IN_64 = 0xffff_ffffL;

  private ZipDirectory() {}

  /**
   * Returns the size of the file.
   *
   * @throws InputException if its directory is too large, or there is none
   */
  static long check(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long length = length(channel);
      if (length < 0) {
        throw InputException.in(
            file, "is a zip that is cut short: it has no directory", "Copy the file again.");
      }
      if (length > MOST_BYTES) {
        throw InputException.in(
            file,
            "is a zip whose directory has " + length + " bytes",
            "Name a file that torch.save has written.");
      }
      return channel.size();
    }
  }

  /**
   * The length of the directory, the longest of all that might be meant, because a comment can look
   * like one; -1 where there is none.
   */
  private static long length(FileChannel channel) throws IOException {
    long size = channel.size();
    int count = (int) Math.min(size, END_LENGTH + LONGEST_COMMENT + 20L);
    ByteBuffer tail = read(channel, size - count, count);
    long longest = -1;
    for (int at = count - END_LENGTH; at >= 0; at--) {
      if (tail.getInt(at) == END) {
        long length = tail.getInt(at + 12) & IN_64;
        longest = Math.max(longest, length == IN_64 ? length64(channel, tail, at - 20) : length);
      }
    }
    return longest;
  }

  private static long length64(FileChannel channel, ByteBuffer tail, int at) throws IOException {
    if (at < 0 || tail.getInt(at) != LOCATOR_64) {
      return -1;
    }
    long place = tail.getLong(at + 8);
    if (place < 0 || place > channel.size() - 56) {
      return -1;
    }
    ByteBuffer end = read(channel, place, 56);
    return end.getInt(0) == END_64 ? Math.max(-1, end.getLong(40)) : -1;
  }

  private static ByteBuffer read(FileChannel channel, long from, int count) throws IOException {
    var bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    int read = 0;
    while (bytes.hasRemaining() && read >= 0) {
      read = channel.read(bytes, from + bytes.position());
    }
    return bytes;
  }
}
