package dev.unroll.text;

import dev.unroll.base.InputException;
import dev.unroll.batch.CutLine;
import dev.unroll.batch.TokenizerFormat;
import dev.unroll.data.IdStream;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import dev.unroll.file.Plural;
import dev.unroll.file.SafeFiles;
import dev.unroll.file.Uninterrupted;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Text as ids in a file that is mapped into memory, for corpora that do not fit into it ({@link
 * IdFile} has its format). The file is created from the text once; it is used again as long as the
 * text's files have the same content (SHA-256) and are read in the same way.
 */
public final class MappedCorpus implements IdStream {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The JSON is read into memory at once. */
  private static final long MOST_ABOUT =
      Math.clamp(Runtime.getRuntime().maxMemory() / 16, 1 << 24, 100_000_000);

  private final MemorySegment file;
  private final Tokenizer tokenizer;
  private final String fingerprint;
  private final long size;
  private final long words;
  private final long sentences;
  private final boolean narrow;
  private final long startsAt;
  private final long charactersAt;

  /**
   * Reads what a file says of its ids.
   *
   * @param end where that stands in the file, right after the ids and the sums of the sentences
   */
  private MappedCorpus(MemorySegment file, Json.Reader about, long end) {
    this.file = file;
    this.tokenizer = TokenizerFormat.find(about.member("tokenizer"));
    this.fingerprint = about.text("fingerprint");
    this.size = about.whole("size", 0, end);
    this.words = about.whole("words", 0, Long.MAX_VALUE);
    this.sentences = about.whole("sentences", 0, end);
    this.narrow = IdFile.isNarrow(tokenizer);
    this.startsAt = IdFile.MARK.length + size * (narrow ? 2 : 4);
    this.charactersAt = startsAt + 8 * (sentences + 1);
    if (charactersAt + 8 * (sentences + 1) != end) {
      throw new JsonException("its counts do not fit its length");
    }
    checkIds();
    checkSums(startsAt, size);
    checkSums(charactersAt, Long.MAX_VALUE);
  }

  /** Every id is one of the vocabulary's. */
  private void checkIds() {
    int vocabulary = tokenizer.size();
    for (long position = 0; position < size; position++) {
      int id = id(position);
      if (id < 0 || id >= vocabulary) {
        throw new JsonException("its vocabulary has no token " + id);
      }
    }
  }

  /** The starts of sentences, and the characters before them, begin with 0 and do not fall. */
  private void checkSums(long at, long most) {
    long before = 0;
    for (long i = 0; i <= sentences; i++) {
      long sum = file.get(LONG, at + 8 * i);
      if (sum < before || sum > most || (i == 0 && sum != 0)) {
        throw new JsonException("its sentences do not lie one after the other");
      }
      before = sum;
    }
    if (most == size && before != size) {
      throw new JsonException("its sentences do not end with its ids");
    }
  }

  /**
   * Opens the ids of a text, and creates them first where they do not exist, or are those of
   * another text.
   *
   * @param files files and folders; standard input only if the ids do not exist yet
   * @param options how they are read
   * @param idFile where the ids are stored
   * @throws InputException if a file cannot be read or written
   */
  public static MappedCorpus open(List<Path> files, Corpus.Options options, Path idFile) {
    Map<String, Object> source = source(hashed(files), options);
    boolean standardInput = files.stream().anyMatch(Lines::isStandardInput);
    if (Files.exists(idFile)) { // refused unless it is a file of ids
      MappedCorpus found = read(idFile, source);
      if (found != null && !standardInput) { // what comes from there may be another text
        return found;
      }
    }
    IdFile.write(files, options, idFile, source);
    MappedCorpus created = read(idFile, source(hashed(files), options));
    if (created == null) {
      throw InputException.in(
          idFile, "the text changed while it was read", "Read it again when it is finished.");
    }
    return created;
  }

  /**
   * Opens ids that were created before, whatever text they are of.
   *
   * @throws InputException if the file has no ids in it, or is not whole
   */
  public static MappedCorpus open(Path idFile) {
    if (!Files.exists(idFile)) {
      throw InputException.in(idFile, "does not exist", "Check the name.");
    }
    return Objects.requireNonNull(read(idFile, null));
  }

  /**
   * A file of a text that is read elsewhere.
   *
   * @param name its name on the command line
   * @param sha256 the hash of its bytes; empty for standard input
   */
  public record Source(String name, String sha256) {}

  /**
   * Writes the ids of a text that was read and cut elsewhere, to the same bytes as {@link
   * #open(List, Corpus.Options, Path)} where that creates them of the same files.
   *
   * @param lines all lines of the text, in their order
   * @param tokenizer what cut them: that which follows from {@code options} and the text
   * @param files where the text is from
   * @throws InputException if there is no line with tokens, or the file cannot be written
   */
  public static MappedCorpus write(
      Iterator<CutLine> lines,
      Tokenizer tokenizer,
      List<Source> files,
      Corpus.Options options,
      Path idFile) {
    IdFile.write(lines, tokenizer, options.blankLines(), idFile, source(files, options));
    return open(idFile);
  }

  private static List<Source> hashed(List<Path> files) {
    var list = new ArrayList<Source>();
    for (Path file : Lines.files(files)) {
      boolean standardInput = Lines.isStandardInput(file);
      try {
        list.add(new Source(file.toString(), standardInput ? "" : Fingerprint.ofFile(file)));
      } catch (IOException e) {
        throw InputException.in(
            file, "cannot be read: " + SafeFiles.reason(e), "Check the name and the rights.");
      }
    }
    return list;
  }

  /** What the ids are created from: if that is the same, they are. */
  private static Map<String, Object> source(List<Source> files, Corpus.Options options) {
    var list = new ArrayList<Object>();
    for (Source file : files) {
      list.add(Json.object("file", file.name, "sha256", file.sha256));
    }
    Map<String, Object> source = Json.object("files", list);
    source.putAll(options.segmentation().describe());
    source.put("maxVocabulary", (long) options.maxVocabulary());
    source.put("minCount", options.minCount());
    source.put("blankLines", options.blankLines());
    if (!Lines.encoding().equals(Encoding.UTF_8)) {
      source.put(Encoding.KEPT, Lines.encoding().label());
    }
    Tokenizer known = options.known();
    if (known != null) {
      Object tokens =
          known instanceof VocabularyTokenizer own ? own.vocabulary().ordinary() : known.describe();
      source.put("known", Fingerprint.of(Json.write(tokens)));
    }
    return source;
  }

  /**
   * Returns null where the ids are those of something else.
   *
   * @param source what they should be of; null for anything
   */
  private static @Nullable MappedCorpus read(Path idFile, @Nullable Map<String, Object> source) {
    if (!Files.isRegularFile(idFile)) {
      throw InputException.in(
          idFile, "exists and is not a regular file", "Choose another place for the ids.");
    }
    try {
      MemorySegment all = Uninterrupted.call(() -> map(idFile));
      long bytes = all.byteSize();
      if (bytes < IdFile.MARK.length + IdFile.TRAILER
          || all.asSlice(0, IdFile.MARK.length).mismatch(MemorySegment.ofArray(IdFile.MARK)) >= 0) {
        throw InputException.in(
            idFile, "exists and has no ids in it", "Choose another place for the ids.");
      }
      long length = all.get(LONG, bytes - IdFile.TRAILER);
      long at = bytes - IdFile.TRAILER - length;
      if (length < 2
          || length > MOST_ABOUT
          || at < IdFile.MARK.length
          || all.get(LONG, bytes - 8) != checksum(all, bytes - 8)) {
        throw InputException.in(
            idFile, "is not whole: its checksum does not match", "Delete it; it is created again.");
      }
      byte[] text = all.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
      Json.Reader about = Json.parse(new String(text, StandardCharsets.UTF_8));
      if (source != null && !about.member("source").value().equals(source)) {
        return null;
      }
      return new MappedCorpus(all, about, at);
    } catch (IOException | JsonException e) {
      throw InputException.in(
          idFile, "cannot be read: " + e.getMessage(), "Delete it; it is created again.");
    }
  }

  private static MemorySegment map(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      // Unmapped when nothing refers to it anymore.
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    }
  }

  private static long checksum(MemorySegment all, long bytes) {
    var crc = new CRC32C();
    long part = 1L << 30;
    for (long from = 0; from < bytes; from += part) {
      crc.update(all.asSlice(from, Math.min(part, bytes - from)).asByteBuffer());
    }
    return crc.getValue();
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int id(long position) {
    return narrow
        ? file.get(SHORT, IdFile.MARK.length + 2 * position) & 0xFFFF
        : file.get(INT, IdFile.MARK.length + 4 * position);
  }

  @Override
  public long sentences() {
    return sentences;
  }

  @Override
  public long sentenceStart(long sentence) {
    return file.get(LONG, startsAt + 8 * sentence);
  }

  @Override
  public long charactersBefore(long sentence) {
    return file.get(LONG, charactersAt + 8 * sentence);
  }

  @Override
  public long words() {
    return words;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  /** Returns such as {@code 1,000 sentences, 12,345 tokens}. */
  @Override
  public String toString() {
    return Plural.of(sentences, "sentence") + ", " + Plural.of(size, "token");
  }
}
