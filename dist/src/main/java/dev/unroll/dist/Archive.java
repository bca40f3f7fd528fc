package dev.unroll.dist;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** A compressed tar file whose bytes depend on the files alone. */
final class Archive {

  private static final int EXECUTABLE = 0755;
  private static final int READABLE = 0644;

  private Archive() {}

  /** Packs a folder, under its name. */
  static void write(Path folder, Path archive, Instant date) throws IOException {
    try (var out = new BufferedOutputStream(Files.newOutputStream(archive));
        var gzip = new BestGzip(out);
        var tar = new TarArchiveOutputStream(gzip, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Path file : Distribution.files(folder)) {
        String below = folder.relativize(file).toString().replace('\\', '/');
        String name = folder.getFileName() + (below.isEmpty() ? "" : "/" + below);
        TarArchiveEntry entry = entry(file, name);
        entry.setModTime(date.toEpochMilli());
        entry.setIds(0, 0);
        entry.setNames("", "");
        tar.putArchiveEntry(entry);
        if (entry.getSize() > 0) {
          Files.copy(file, tar);
        }
        tar.closeArchiveEntry();
      }
    }
  }

  private static TarArchiveEntry entry(Path file, String name) throws IOException {
    if (Files.isSymbolicLink(file)) {
      var link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
      link.setLinkName(Files.readSymbolicLink(file).toString());
      return link;
    }
    var entry = new TarArchiveEntry(Files.isDirectory(file) ? name + "/" : name);
    entry.setMode(Files.isDirectory(file) || Files.isExecutable(file) ? EXECUTABLE : READABLE);
    entry.setSize(Files.isDirectory(file) ? 0 : Files.size(file));
    return entry;
  }

  private static final class BestGzip extends GZIPOutputStream {
    BestGzip(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
