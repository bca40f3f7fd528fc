package dev.unroll.spark.train;

import dev.unroll.file.Fingerprint;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkFiles;

/**
 * Files that a run reads, sent to all executors as one archive, which they unpack. Its name is its
 * content's hash: what was sent once is not sent again by the same application.
 */
final class Archive {

  /** Archives that were sent, each with the application that it was sent by; its own lock. */
  private static final Set<String> SENT = new HashSet<>();

  private Archive() {}

  /**
   * Sends files and folders; the file or folder with the number n is then {@code n/NAME}.
   *
   * @return the name of the archive
   */
  static String send(SparkContext context, List<Path> files) {
    Path root = Path.of(SparkFiles.getRootDirectory()); // which Spark deletes at its end
    try {
      Path part = Files.createTempFile(root, "unroll", ".part");
      String hash = write(files, part);
      send(context, part, hash);
      return hash;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sends an archive once. Another run of the same files waits until executors can ask for it; an
   * archive that could not be sent is sent by the next run.
   */
  private static void send(SparkContext context, Path part, String hash) throws IOException {
    synchronized (SENT) {
      String sent = context.applicationId() + " " + hash;
      if (SENT.contains(sent)) {
        Files.delete(part);
        return;
      }
      Path zip = part.resolveSibling("unroll-" + hash + ".zip");
      Files.move(part, zip, StandardCopyOption.ATOMIC_MOVE);
      context.addArchive(zip.toUri() + "#" + hash);
      SENT.add(sent);
    }
  }

  private static String write(List<Path> files, Path file) throws IOException {
    var digest = Fingerprint.sha256();
    try (OutputStream out = Files.newOutputStream(file);
        var zip = new ZipOutputStream(new DigestOutputStream(out, digest))) {
      zip.setLevel(Deflater.BEST_SPEED);
      for (int i = 0; i < files.size(); i++) {
        Path each = files.get(i);
        Path parent =
            Objects.requireNonNull(each.toAbsolutePath().getParent()); // no input is a root
        try (Stream<Path> inside = Files.walk(each)) {
          for (Path inner : inside.filter(Files::isRegularFile).sorted().toList()) {
            String name = i + "/" + parent.relativize(inner.toAbsolutePath());
            var entry = new ZipEntry(name.replace('\\', '/'));
            entry.setTime(0); // so that the same content has the same hash
            zip.putNextEntry(entry);
            Files.copy(inner, zip);
          }
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, 32);
  }
}
