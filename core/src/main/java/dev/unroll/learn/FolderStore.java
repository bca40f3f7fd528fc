package dev.unroll.learn;

import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import dev.unroll.store.StateFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of this machine. Each checkpoint is a separate file, written under another name, synced
 * and renamed. A lock keeps a second run out.
 */
final class FolderStore implements CheckpointStore {

  private static final Pattern UNFINISHED =
      Pattern.compile(FILE_NAME.pattern() + "\\.\\d+-\\d+\\.part");

  private final Path folder;
  private final FileChannel lockFile;

  /** Whether a run made the folder, this one or one that was stopped, and not somebody else. */
  private final boolean made;

  private FolderStore(Path folder, FileChannel lockFile, boolean made) {
    this.folder = folder;
    this.lockFile = lockFile;
    this.made = made;
  }

  /**
   * Opens a folder, and creates it if it does not exist.
   *
   * @throws InputException if it cannot be written, or another run is in it
   */
  static FolderStore open(Path folder) {
    FileChannel file = null;
    try {
      Path lockPath = folder.resolve("lock");
      boolean made = !Files.isDirectory(folder) || Files.exists(lockPath); // or a killed run did
      Files.createDirectories(folder);
      file = FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = file.tryLock();
      if (lock == null) {
        throw inUse(folder);
      }
      var store = new FolderStore(folder, file, made);
      store.deleteUnfinished();
      return store;
    } catch (OverlappingFileLockException e) {
      close(file);
      throw inUse(folder);
    } catch (IOException e) {
      close(file);
      throw InputException.in(
          folder,
          "checkpoints cannot be kept there: " + SafeFiles.reason(e),
          "Check the folder, its rights and the free space, or choose another place.");
    } catch (InputException e) {
      close(file);
      throw e;
    }
  }

  private static InputException inUse(Path folder) {
    return InputException.in(
        folder, "another run is using it", "Wait until it ends, or choose another place.");
  }

  private static void close(@Nullable FileChannel file) {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        log("not closed: " + e);
      }
    }
  }

  private static void log(String what) {
    System.getLogger(FolderStore.class.getName()).log(System.Logger.Level.DEBUG, what);
  }

  /** Files that a killed run did not finish. */
  private void deleteUnfinished() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file :
          files
              .filter(each -> UNFINISHED.matcher(each.getFileName().toString()).matches())
              .toList()) {
        Files.delete(file);
      }
    }
  }

  @Override
  public String name() {
    return folder.toString();
  }

  @Override
  public String name(long step) {
    return file(step).toString();
  }

  @Override
  public List<Long> steps() {
    if (!Files.isDirectory(folder)) {
      return List.of(); // somebody deleted it
    }
    try (Stream<Path> files = Files.list(folder)) {
      return CheckpointStore.steps(files.map(file -> file.getFileName().toString()));
    } catch (IOException e) {
      throw InputException.in(
          folder, "cannot be read: " + SafeFiles.reason(e), "Check the folder and its rights.");
    }
  }

  private Path file(long step) {
    return folder.resolve(CheckpointStore.fileName(step));
  }

  @Override
  public StateFile read(long step) {
    return StateFile.read(file(step));
  }

  @Override
  public void write(long step, StateFile state) {
    state.write(file(step));
  }

  @Override
  public void delete(long step) {
    delete(file(step));
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw InputException.in(
          file, "cannot be deleted: " + SafeFiles.reason(e), "Check the folder's rights.");
    }
  }

  /** Lets others in, whatever has become of the folder; what cannot be tidied up stays. */
  @Override
  public void close() {
    boolean empty = false;
    try {
      if (steps().isEmpty()) {
        delete(folder.resolve("lock")); // before others may open it
        empty = true;
      }
    } catch (InputException e) {
      log("not tidied up: " + e.problem());
    } finally {
      close(lockFile);
    }
    if (empty && made) {
      try {
        Files.deleteIfExists(folder);
      } catch (IOException e) {
        log("not deleted: " + folder);
      }
    }
  }
}
