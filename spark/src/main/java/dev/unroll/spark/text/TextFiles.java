package dev.unroll.spark.text;

import dev.unroll.base.InputException;
import dev.unroll.file.Fingerprint;
import dev.unroll.text.MappedCorpus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.input.TextInputFormat;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.input.PortableDataStream;
import org.apache.spark.sql.SparkSession;

/**
 * The lines of files, in their order, each file in parts that executors read. Lines are those of
 * {@link dev.unroll.text.Lines}: Spark's own source of texts ends a line at a single CR, too, and
 * does not keep the order of parts.
 */
final class TextFiles {

  /** Bytes of the smallest part. */
  private static final long LEAST = 1 << 16;

  /** What Hadoop reads as a pattern, or as the end of a name. */
  private static final Pattern PATTERN = Pattern.compile("[,*?{}\\[\\]\\\\]");

  private final JavaSparkContext context;
  private final Configuration configuration;
  private final List<FileStatus> files = new ArrayList<>();

  /**
   * Finds files.
   *
   * @throws InputException if one does not exist, or is not a file of UTF-8
   */
  TextFiles(SparkSession session, List<String> addresses) {
    context = JavaSparkContext.fromSparkContext(session.sparkContext());
    configuration = session.sessionState().newHadoopConf();
    if (addresses.isEmpty()) {
      throw new InputException("there is no file", "Name one or more.");
    }
    for (String address : addresses) {
      try {
        files.add(find(new Path(address)));
      } catch (IOException | IllegalArgumentException e) {
        throw InputException.in(
            address, "cannot be read: " + e.getMessage(), "Check the address and the rights.");
      }
    }
  }

  private FileStatus find(Path file) throws IOException {
    if (PATTERN.matcher(file.toUri().getPath()).find()) {
      throw InputException.in(
          file.toString(),
          "Hadoop reads this name as a pattern, or as several",
          "Name each file; rename those whose names have , * ? { } [ ] or \\ in them.");
    }
    FileStatus found = file.getFileSystem(configuration).getFileStatus(file);
    if (!found.isFile()) {
      throw InputException.in(
          file.toString(), "is a folder", "Name its files, or read them as a Dataset.");
    }
    try (InputStream in = file.getFileSystem(configuration).open(file)) {
      byte[] first = in.readNBytes(4);
      String begins = HexFormat.of().formatHex(first);
      boolean packed = begins.startsWith("1f");
      if (packed != file.getName().endsWith(".gz")) {
        throw InputException.in(
            file.toString(),
            packed ? "is packed, and not named so" : "is not packed, although it is named so",
            "Name packed files, and no others, .gz: Hadoop goes by that.");
      }
      if (begins.startsWith("feff") || begins.startsWith("fffe") || begins.equals("0000feff")) {
        throw InputException.in(
            file.toString(),
            "begins with the mark of UTF-16 or UTF-32",
            "Convert it to UTF-8, or write its ids on one machine.");
      }
    }
    return found;
  }

  /** Returns all lines, in the order of files and within them. */
  JavaRDD<String> lines() {
    @SuppressWarnings({"unchecked", "rawtypes"})
    JavaRDD<String>[] all = files.stream().map(this::lines).toArray(JavaRDD[]::new);
    return context.union(all);
  }

  private JavaRDD<String> lines(FileStatus file) {
    var own = new Configuration(configuration);
    own.set("textinputformat.record.delimiter", "\n");
    long part = file.getLen() / (4L * context.defaultParallelism());
    own.setLong(FileInputFormat.SPLIT_MAXSIZE, Math.max(LEAST, part));
    String name = file.getPath().toString();
    return context
        .newAPIHadoopFile(name, TextInputFormat.class, LongWritable.class, Text.class, own)
        .map(line -> text(name, line._1.get(), line._2));
  }

  private static String text(String file, long offset, Text line) {
    int length = line.getLength();
    boolean carriageReturn = length > 0 && line.getBytes()[length - 1] == '\r';
    var bytes = ByteBuffer.wrap(line.getBytes(), 0, carriageReturn ? length - 1 : length);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      if (text.indexOf('\0') >= 0) {
        throw notText(file, offset, "has a zero byte: this is not text");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw notText(file, offset, "is not UTF-8");
    }
  }

  private static InputException notText(String file, long offset, String problem) {
    return InputException.in(
        file,
        String.format(Locale.ROOT, "the line at offset %,d %s", offset, problem),
        "Convert the file to UTF-8.");
  }

  /** Returns the files with their hashes, which executors compute. */
  List<MappedCorpus.Source> sources() {
    return files.stream().map(file -> source(file.getPath())).toList();
  }

  private MappedCorpus.Source source(Path file) {
    String hash = context.binaryFiles(file.toString()).values().map(TextFiles::hash).first();
    URI address = file.toUri();
    boolean local = "file".equals(address.getScheme());
    return new MappedCorpus.Source(local ? address.getPath() : file.toString(), hash);
  }

  private static String hash(PortableDataStream file) {
    try (InputStream in = file.open()) {
      return Fingerprint.of(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
