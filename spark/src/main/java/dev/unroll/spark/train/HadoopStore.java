package dev.unroll.spark.train;

import dev.unroll.learn.CheckpointStore;
import dev.unroll.store.StateFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Checkpoints in a folder of any file system that Hadoop knows. Each is a separate file, written
 * under another name and renamed. There is no lock, as not all file systems have any: two runs at
 * once in one folder are for whoever starts them to avoid.
 */
final class HadoopStore implements CheckpointStore {

  private final HadoopFiles files;
  private final Path folder;

  /**
   * Opens a folder, and creates it if it does not exist.
   *
   * @throws dev.unroll.base.InputException if it cannot be written
   */
  HadoopStore(HadoopFiles files, Path folder) {
    this.files = files;
    this.folder = folder;
    HadoopFiles.with(
        folder,
        "checkpoints cannot be kept there",
        () -> {
          FileSystem system = files.of(folder);
          system.mkdirs(folder);
          for (FileStatus each : system.listStatus(folder)) {
            clean(system, each.getPath());
          }
          return system;
        });
  }

  /** Clears up after a run that was killed. */
  private static void clean(FileSystem system, Path file) throws IOException {
    if (file.getName().endsWith(HadoopFiles.REPLACED)) {
      String name = file.getName();
      String own = name.substring(0, name.length() - HadoopFiles.REPLACED.length());
      HadoopFiles.restore(system, new Path(file.getParent(), own));
    } else if (file.getName().endsWith(HadoopFiles.UNFINISHED)) {
      system.delete(file, false);
    }
  }

  private Path file(long step) {
    return new Path(folder, CheckpointStore.fileName(step));
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
    return HadoopFiles.with(
        folder,
        "cannot be read",
        () -> {
          FileSystem system = files.of(folder);
          Stream<FileStatus> all =
              system.exists(folder) ? Arrays.stream(system.listStatus(folder)) : Stream.empty();
          return CheckpointStore.steps(all.map(each -> each.getPath().getName()));
        });
  }

  @Override
  public StateFile read(long step) {
    Path file = file(step);
    return HadoopFiles.with(
        file,
        "cannot be read",
        () -> {
          try (var in = files.of(file).open(file)) {
            return StateFile.read(in, file.toString());
          }
        });
  }

  @Override
  public void write(long step, StateFile state) {
    Path file = file(step);
    HadoopFiles.with(
        file,
        "cannot be written",
        () -> {
          FileSystem system = files.of(file);
          Path part = file.suffix(HadoopFiles.UNFINISHED);
          try (var out = system.create(part, true)) {
            state.write(out);
          }
          HadoopFiles.rename(system, part, file);
          return file;
        });
  }

  @Override
  public void delete(long step) {
    Path file = file(step);
    HadoopFiles.with(file, "cannot be deleted", () -> files.of(file).delete(file, false));
  }

  /** Deletes the folder where nothing is left in it. */
  @Override
  public void close() {
    HadoopFiles.with(
        folder,
        "cannot be deleted",
        () -> {
          FileSystem system = files.of(folder);
          return system.exists(folder)
              && system.listStatus(folder).length == 0
              && system.delete(folder, false);
        });
  }
}
