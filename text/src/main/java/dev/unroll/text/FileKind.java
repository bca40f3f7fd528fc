package dev.unroll.text;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a file is that is not text, by the bytes that all files of its kind have.
 *
 * @param offset where these bytes stand
 * @param mark the bytes, as the characters of the same numbers
 * @param name what messages call it
 * @param fix what to do with it
 */
record FileKind(int offset, String mark, String name, String fix) {

  private static final String PACK = ", or compress it with gzip, which is read.";

  private static final List<FileKind> ALL =
      List.of(
          new FileKind(
              0,
              "PK\u0003\u0004",
              "a ZIP archive, or a document of Excel or Word",
              "Save the table as CSV in UTF-8, or unpack the archive."),
          new FileKind(
              0,
              "\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1",
              "a document of Excel or Word",
              "Save it as CSV in UTF-8, or as text."),
          new FileKind(0, "%PDF-", "a PDF document", "Take its text out, such as with pdftotext."),
          new FileKind(0, "PAR1", "a Parquet file", "Write it as CSV or as JSON Lines."),
          new FileKind(0, "BZh", "compressed with bzip2", "Unpack it with bunzip2" + PACK),
          new FileKind(0, "\u00FD7zXZ", "compressed with xz", "Unpack it with unxz" + PACK),
          new FileKind(0, "(\u00B5/\u00FD", "compressed with zstd", "Unpack it with unzstd" + PACK),
          new FileKind(
              257, "ustar", "a tar archive", "Unpack it with tar -xf, and name its files."));

  /** Returns the kind of a file that begins with some bytes; null for none that is known. */
  static @Nullable FileKind of(byte[] bytes, int count) {
    for (FileKind each : ALL) {
      int end = each.offset + each.mark.length();
      if (count >= end
          && new String(bytes, each.offset, each.mark.length(), StandardCharsets.ISO_8859_1)
              .equals(each.mark)) {
        return each;
      }
    }
    return null;
  }
}
