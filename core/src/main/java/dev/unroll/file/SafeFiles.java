package dev.unroll.file;

import dev.unroll.base.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes files so that nothing is lost: to a file beside the old one, which is synced to the disk
 * and then renamed over it. At every moment the path holds the whole old file or the whole new one.
 * A symbolic link is followed.
 */
public final class SafeFiles {

  /** Links that are followed one after another, as Linux does. */
  private static final int MOST_LINKS = 40;

  private SafeFiles() {}

  /** Writes the content of a new file. */
  @FunctionalInterface
  public interface Writer {
    /** Writes everything to {@code channel}. */
    void write(FileChannel channel) throws IOException;
  }

  /**
   * Replaces {@code file}, or creates it. The writer is called in another thread, so that the file
   * is whole even where the caller is interrupted.
   *
   * @throws InputException if it cannot be written; the old file is then untouched
   */
  public static void replace(Path file, Writer writer) {
    Path absolute = target(file);
    Path folder = absolute.getParent();
    try {
      if (folder != null && !Files.isDirectory(folder)) {
        throw InputException.in(
            file,
            "the folder " + folder + " does not exist",
            "Create it, or choose another place.");
      }
      Uninterrupted.call(() -> writeBeside(absolute, writer));
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static Path writeBeside(Path file, Writer writer) throws IOException {
    try (var part = PartFile.beside(file)) {
      writer.write(part.channel());
      part.moveTo(file);
    }
    if (file.getParent() != null) {
      syncFolder(file.getParent());
    }
    return file;
  }

  /**
   * Returns the file that is written where {@code file} is named: a symbolic link is followed, also
   * one to a file that does not exist yet, so that the link stays.
   *
   * @throws InputException if links go round in a circle
   */
  public static Path target(Path file) {
    Path target = file.toAbsolutePath();
    try {
      for (int links = 0; Files.isSymbolicLink(target); links++) {
        if (links == MOST_LINKS) {
          throw InputException.in(
              file, "is a symbolic link that leads back to itself", "Name a file.");
        }
        target = target.resolveSibling(Files.readSymbolicLink(target));
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
    return target;
  }

  /**
   * Checks, by creating an empty file beside it, that a file can be written.
   *
   * @throws InputException if it cannot
   */
  public static void checkWritable(Path file) {
    try {
      Uninterrupted.call(() -> PartFile.beside(target(file))).close();
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static InputException unwritable(Path file, IOException e) {
    return InputException.in(
        file,
        "cannot be written: " + reason(e),
        "Check the folder, its rights and the free space.");
  }

  /** Replaces or creates {@code file} with some bytes. */
  public static void replace(Path file, byte[] bytes) {
    replace(file, channel -> writeFully(channel, ByteBuffer.wrap(bytes)));
  }

  public static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Returns in a few words why reading or writing failed. */
  public static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "access is denied";
    }
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /**
   * The new name, too, must reach the disk; systems that cannot sync a folder do so by themselves.
   */
  private static void syncFolder(Path folder) {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      System.getLogger(SafeFiles.class.getName())
          .log(System.Logger.Level.DEBUG, "folder not synced: " + folder);
    }
  }
}
