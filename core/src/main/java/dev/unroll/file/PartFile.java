package dev.unroll.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file that is being written next to the one that it replaces. Each writer has its own, so that
 * two processes that write the same file both leave it whole. It is locked while it is written: one
 * that nobody has locked was left by a writer that was killed.
 */
public final class PartFile implements AutoCloseable {

  private static final AtomicLong NUMBER = new AtomicLong();

  /** Files of this process: to open and close one would unlock it. */
  private static final Set<Path> AT_WORK = ConcurrentHashMap.newKeySet();

  private final Path part;
  private final FileChannel channel;

  private PartFile(Path part, FileChannel channel) {
    this.part = part;
    this.channel = channel;
  }

  /**
   * Creates a file next to another, after deleting what killed writers of that left.
   *
   * @throws IOException if it cannot be created
   */
  public static PartFile beside(Path place) throws IOException {
    Path file = place.toAbsolutePath().normalize();
    deleteForsaken(file);
    while (true) {
      long process = ProcessHandle.current().pid();
      Path part =
          file.resolveSibling(
              String.format(
                  Locale.ROOT,
                  "%s.%d-%d.part",
                  file.getFileName(),
                  process,
                  NUMBER.incrementAndGet()));
      AT_WORK.add(part);
      FileChannel channel = open(part);
      if (channel == null) {
        continue;
      }
      var created = new PartFile(part, channel);
      created.lock();
      if (Files.exists(part)) {
        return created;
      }
      created.close(); // another process took it for abandoned before it was locked
    }
  }

  /** Where a file system has no locks nothing is taken for abandoned, either. */
  private void lock() {
    try {
      channel.lock();
    } catch (IOException e) {
      log("not locked: " + part);
    }
  }

  /** Returns null where somebody has such a file: processes of two machines may have one number. */
  private static @Nullable FileChannel open(Path part) throws IOException {
    try {
      return FileChannel.open(
          part, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      AT_WORK.remove(part);
      return null;
    } catch (IOException e) {
      AT_WORK.remove(part);
      throw e;
    }
  }

  /** Returns where the content goes; it can be read, too. */
  public FileChannel channel() {
    return channel;
  }

  /** Takes the place of the file. */
  void moveTo(Path file) throws IOException {
    channel.force(true);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Deletes the file if it has not taken its place. */
  @Override
  public void close() throws IOException {
    delete(part);
    channel.close();
    AT_WORK.remove(part);
  }

  private static void deleteForsaken(Path file) {
    Path folder = file.getParent();
    String name = Pattern.quote(file.getFileName().toString());
    var pattern = Pattern.compile(name + "\\.\\d+-\\d+\\.part");
    if (folder == null) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> parts =
          files
              .filter(each -> pattern.matcher(each.getFileName().toString()).matches())
              .filter(each -> !AT_WORK.contains(each))
              .toList();
      parts.forEach(PartFile::deleteUnlessLocked);
    } catch (IOException e) {
      log("not listed: " + folder);
    }
  }

  private static void deleteUnlessLocked(Path part) {
    try (var channel = FileChannel.open(part, StandardOpenOption.WRITE);
        var lock = channel.tryLock()) {
      if (lock != null) {
        Files.delete(part);
      }
    } catch (IOException | OverlappingFileLockException e) { // this process has it, by another name
      log("not deleted, as it is in use: " + part);
    }
  }

  private static void delete(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      log("could not be deleted: " + part);
    }
  }

  private static void log(String what) {
    System.getLogger(PartFile.class.getName()).log(System.Logger.Level.DEBUG, what);
  }
}
