package dev.unroll.spark.train;

import dev.unroll.base.InputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Files of any file system that Hadoop knows, and copies of them on this machine. */
final class HadoopFiles {

  /** A scheme of two letters or more, so that a drive of Windows is none. */
  private static final Pattern ADDRESS = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:/.*");

  /** What stands after the name of a file that is not whole yet. */
  static final String UNFINISHED = ".part";

  /** What stands after the name of a file while another takes its place. */
  static final String REPLACED = ".unroll-replaced";

  private final Configuration configuration;

  HadoopFiles(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Something that is done with files. */
  @FunctionalInterface
  interface Action<T> {
    T run() throws IOException;
  }

  /** Returns whether a word names a file by the address of a file system. */
  static boolean isAddress(String word) {
    return ADDRESS.matcher(word).matches();
  }

  /** Returns the path of an address, whose special characters may be escaped as in a URI. */
  static Path path(String address) {
    try {
      return new Path(URI.create(address.replace(" ", "%20")));
    } catch (IllegalArgumentException e) { // not a URI: as it stands there
      return new Path(address);
    }
  }

  /** Returns the file system of a path. */
  FileSystem of(Path path) throws IOException {
    return path.getFileSystem(configuration);
  }

  /** Does something with a file; what fails says so by its name. */
  static <T> T with(Path file, String problem, Action<T> action) {
    try {
      return action.run();
    } catch (IOException | IllegalArgumentException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw InputException.in(
          file.toString(),
          problem + ": " + reason,
          "Check the address, the rights and the free space of its file system.");
    }
  }

  /** Returns whether there is such a file. */
  boolean isFile(Path file) {
    return with(
        file,
        "cannot be looked for",
        () -> of(file).exists(file) && of(file).getFileStatus(file).isFile());
  }

  /** Copies a file, or a folder with all that is in it, to this machine. */
  void fetch(Path file, java.nio.file.Path here) {
    with(
        file,
        "cannot be read",
        () -> {
          fetch(of(file), of(file).getFileStatus(file), here);
          return here;
        });
  }

  private static void fetch(FileSystem files, FileStatus file, java.nio.file.Path here)
      throws IOException {
    if (file.isFile()) {
      try (var in = files.open(file.getPath())) {
        Files.copy(in, here);
      }
      return;
    }
    Files.createDirectories(here);
    for (FileStatus each : files.listStatus(file.getPath())) {
      String name = each.getPath().getName();
      if (!name.startsWith("_") && !name.startsWith(".")) { // as Spark reads folders
        fetch(files, each, here.resolve(name));
      }
    }
  }

  /** Copies a file of this machine to another place: under another name first, then renamed. */
  void send(java.nio.file.Path here, Path file) {
    with(
        file,
        "cannot be written",
        () -> {
          FileSystem files = of(file);
          if (files.exists(file) && files.getFileStatus(file).isDirectory()) {
            throw new IOException("it is a folder");
          }
          Path part = file.suffix(UNFINISHED);
          try (var out = files.create(part, true)) {
            Files.copy(here, out);
          }
          rename(files, part, file);
          return file;
        });
  }

  /**
   * Gives a file its name, in place of the one that may have it. File systems such as the local one
   * replace it in one step. Others, such as HDFS and object stores, replace nothing: there the old
   * file gets another name until the new one is in its place, so that one of them is whole whenever
   * this is interrupted; {@link #restore} finds it.
   */
  static void rename(FileSystem files, Path part, Path file) throws IOException {
    if (moves(files, part, file)) {
      return;
    }
    Path old = file.suffix(REPLACED);
    if (files.exists(file)) {
      files.delete(old, false); // of a replacement that was interrupted after its last step but one
      move(files, file, old);
    }
    try {
      move(files, part, file);
    } catch (IOException e) {
      restore(files, file);
      throw e;
    }
    files.delete(old, false);
  }

  /** Puts a file back in its place whose replacement was interrupted. */
  void restore(Path file) {
    with(
        file,
        "cannot be looked for",
        () -> {
          restore(of(file), file);
          return file;
        });
  }

  /** Puts a file back in its place whose replacement was interrupted. */
  static void restore(FileSystem files, Path file) throws IOException {
    Path old = file.suffix(REPLACED);
    if (!files.exists(old)) {
      return;
    }
    if (files.exists(file)) {
      files.delete(old, false);
    } else {
      move(files, old, file);
    }
  }

  private static void move(FileSystem files, Path from, Path to) throws IOException {
    if (!moves(files, from, to)) {
      throw new IOException(String.format(Locale.ROOT, "%s cannot be renamed", from));
    }
  }

  /** Returns false where nothing was done, as file systems say it in one of two ways. */
  private static boolean moves(FileSystem files, Path from, Path to) throws IOException {
    try {
      return files.rename(from, to);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }
}
