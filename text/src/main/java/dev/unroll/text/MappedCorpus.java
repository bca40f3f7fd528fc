package dev.unroll.text;

import dev.unroll.data.IdStream;
import dev.unroll.data.Tokenizer;
import dev.unroll.data.TokenizerFormat;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.InputException;
import dev.unroll.file.Json;
import dev.unroll.file.PartFile;
import dev.unroll.file.SafeFiles;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Text as ids in a file that is mapped into memory, for corpora that are larger than it. The file
 * is made from the text once; it is used again as long as the text's files have the same content
 * (SHA-256) and are read in the same way.
 *
 * <p>It begins with eight bytes that name it, then come the ids (of two bytes each where the
 * vocabulary allows, else four), the start of each sentence and the number of characters before it
 * (eight bytes each, with one more behind the last), JSON that says what it was made from, the
 * JSON's length, and the CRC-32C of all that; numbers are little-endian.
 */
public final class MappedCorpus implements IdStream {

  private static final byte[] MARK = "UNROLLI1".getBytes(StandardCharsets.US_ASCII);
  private static final int TRAILER = 16;
  private static final int MOST_NARROW = 1 << 16;
  private static final ValueLayout.OfShort SHORT = little(ValueLayout.JAVA_SHORT_UNALIGNED);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment file;
  private final Tokenizer tokenizer;
  private final String fingerprint;
  private final long size;
  private final long words;
  private final long sentences;
  private final boolean narrow;
  private final long startsAt;
  private final long charactersAt;

  private static ValueLayout.OfShort little(ValueLayout.OfShort layout) {
    return layout.withOrder(ByteOrder.LITTLE_ENDIAN);
  }

  private MappedCorpus(MemorySegment file, Json.Reader about) {
    this.file = file;
    this.tokenizer = TokenizerFormat.find(about.member("tokenizer").asMap());
    this.fingerprint = about.text("fingerprint");
    this.size = about.whole("size");
    this.words = about.whole("words");
    this.sentences = about.whole("sentences");
    this.narrow = tokenizer.size() <= MOST_NARROW;
    this.startsAt = MARK.length + size * (narrow ? 2 : 4);
    this.charactersAt = startsAt + 8 * (sentences + 1);
  }

  /**
   * Opens the ids of a text, and makes them first where they are not there, or not of this text.
   *
   * @param files files and folders; standard input only if the ids do not exist yet
   * @param options how they are read
   * @param idFile where the ids are
   * @throws InputException if a file cannot be read or written
   */
  public static MappedCorpus open(List<Path> files, Corpus.Options options, Path idFile) {
    Map<String, Object> source = source(files, options);
    boolean standardInput = files.stream().anyMatch(Lines::isStandardInput);
    if (Files.exists(idFile)) { // refused unless it is a file of ids
      MappedCorpus found = read(idFile, source);
      if (found != null && !standardInput) { // what comes from there may be another text
        return found;
      }
    }
    write(files, options, idFile, source);
    MappedCorpus made = read(idFile, source(files, options));
    if (made == null) {
      throw InputException.in(
          idFile, "the text changed while it was read", "Read it again when it is finished.");
    }
    return made;
  }

  /** What the ids are made from: if that is the same, they are. */
  private static Map<String, Object> source(List<Path> files, Corpus.Options options) {
    var list = new ArrayList<Object>();
    for (Path file : Lines.files(files)) {
      boolean standardInput = Lines.isStandardInput(file);
      try {
        list.add(
            Json.object(
                "file", file.toString(), "sha256", standardInput ? "" : Fingerprint.ofFile(file)));
      } catch (IOException e) {
        throw InputException.in(
            file, "cannot be read: " + SafeFiles.reason(e), "Check the name and the rights.");
      }
    }
    return Json.object(
        "files",
        list,
        "unit",
        options.segmentation().unit().label(),
        "lowerCase",
        options.segmentation().lowerCase(),
        "punctuation",
        options.segmentation().punctuation(),
        "maxVocabulary",
        (long) options.maxVocabulary(),
        "minCount",
        options.minCount(),
        "blankLines",
        options.blankLines());
  }

  /** Returns null where the ids are those of something else. */
  private static @Nullable MappedCorpus read(Path idFile, Map<String, Object> source) {
    try (var channel = FileChannel.open(idFile, StandardOpenOption.READ)) {
      long bytes = channel.size();
      // Unmapped when nothing refers to it any more.
      MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, Arena.ofAuto());
      if (bytes < MARK.length + TRAILER
          || all.asSlice(0, MARK.length).mismatch(MemorySegment.ofArray(MARK)) >= 0) {
        throw InputException.in(
            idFile, "exists and has no ids in it", "Choose another place for the ids.");
      }
      long length = all.get(LONG, bytes - TRAILER);
      long at = bytes - TRAILER - length;
      if (length < 2 || at < MARK.length || all.get(LONG, bytes - 8) != checksum(all, bytes - 8)) {
        throw InputException.in(
            idFile, "is not whole: its checksum does not match", "Delete it; it is made again.");
      }
      byte[] text = all.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
      Json.Reader about = Json.parse(new String(text, StandardCharsets.UTF_8));
      if (!about.member("source").value().equals(source)) {
        return null;
      }
      return new MappedCorpus(all, about);
    } catch (IOException | Json.JsonException e) {
      throw InputException.in(
          idFile, "cannot be read: " + e.getMessage(), "Delete it; it is made again.");
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

  private static void write(
      List<Path> files, Corpus.Options options, Path idFile, Map<String, Object> source) {
    try (var ids = PartFile.beside(idFile.resolveSibling(idFile.getFileName() + ".tokens"));
        var sentences =
            PartFile.beside(idFile.resolveSibling(idFile.getFileName() + ".sentences"))) {
      Cut read = cut(files, options, ids.channel(), sentences.channel());
      Tokenizer tokenizer = read.tokenizer;
      var about =
          Json.object(
              "source",
              source,
              "fingerprint",
              read.fingerprint,
              "words",
              read.words,
              "size",
              read.size,
              "sentences",
              read.sentences,
              "tokenizer",
              tokenizer.describe());
      SafeFiles.replace(
          idFile,
          channel -> {
            var out = new Output(channel);
            out.bytes(MARK);
            boolean narrow = tokenizer.size() <= MOST_NARROW;
            out.ids(ids.channel(), read.finalIds, narrow);
            out.sums(sentences.channel(), 0);
            out.sums(sentences.channel(), 4);
            byte[] json = Json.write(about).getBytes(StandardCharsets.UTF_8);
            out.bytes(json);
            out.number(json.length);
            out.number(out.crc.getValue());
            out.flush();
          });
    } catch (IOException e) {
      throw unwritable(idFile, SafeFiles.reason(e));
    } catch (UncheckedIOException e) {
      throw unwritable(idFile, String.valueOf(e.getMessage()));
    }
  }

  private static InputException unwritable(Path idFile, String reason) {
    return InputException.in(
        idFile,
        "the ids cannot be written: " + reason,
        "Check the folder, its rights and the free space.");
  }

  /** What was read, and what becomes of each id that was written. */
  private record Cut(
      long size,
      long sentences,
      long words,
      String fingerprint,
      Tokenizer tokenizer,
      int[] finalIds) {}

  /** Writes provisional ids to {@code ids}, and lengths of sentences to {@code sentences}. */
  private static Cut cut(
      List<Path> files, Corpus.Options options, FileChannel ids, FileChannel sentences)
      throws IOException {
    try (var writer = new PartWriter(ids, sentences)) {
      var reader = new SentenceSink.Reader(writer, options.blankLines());
      Tokenizer tokenizer;
      int[] finalIds;
      if (options.segmentation().unit() == Segmentation.Unit.BYTE_PAIRS) {
        tokenizer = BytePairTokenizer.learn(files, options);
        reader.read(files, tokenizer);
        finalIds = IntStream.range(0, tokenizer.size()).toArray();
      } else {
        var provisional = new SentenceSink.Provisional();
        reader.read(files, options.segmentation(), provisional);
        Corpus.checkNotEmpty(reader, files);
        Vocabulary vocabulary = provisional.choose(options);
        tokenizer = new VocabularyTokenizer(options.segmentation(), vocabulary);
        finalIds = provisional.finalIds(vocabulary::id);
      }
      Corpus.checkNotEmpty(reader, files);
      return new Cut(
          writer.size,
          reader.sentences(),
          reader.words(),
          reader.fingerprint(),
          tokenizer,
          finalIds);
    }
  }

  /** Keeps provisional ids, and the length and characters of each sentence, in two files. */
  private static final class PartWriter implements SentenceSink, AutoCloseable {
    private final DataOutputStream ids;
    private final DataOutputStream sentences;
    private long size;

    PartWriter(FileChannel ids, FileChannel sentences) {
      this.ids = open(ids);
      this.sentences = open(sentences);
    }

    private static DataOutputStream open(FileChannel file) {
      var out = Channels.newOutputStream(file);
      return new DataOutputStream(new BufferedOutputStream(out, 1 << 16));
    }

    @Override
    public void take(int[] tokens, int characters) {
      try {
        for (int token : tokens) {
          ids.writeInt(token);
        }
        ids.writeInt(END);
        sentences.writeInt(tokens.length + 1);
        sentences.writeInt(characters);
        size += tokens.length + 1;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Brings everything into the files, which stay open: they are read again. */
    @Override
    public void close() throws IOException {
      ids.flush();
      sentences.flush();
    }
  }

  /** Writes little-endian numbers, and sums up the checksum. */
  private static final class Output {
    private static final int PART = 1 << 16;

    private final FileChannel channel;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer buffer = ByteBuffer.allocate(PART).order(ByteOrder.LITTLE_ENDIAN);

    Output(FileChannel channel) {
      this.channel = channel;
    }

    void bytes(byte[] bytes) throws IOException {
      for (byte each : bytes) {
        room();
        buffer.put(each);
      }
    }

    void number(long value) throws IOException {
      room();
      buffer.putLong(value);
      flush();
    }

    private void room() throws IOException {
      if (buffer.remaining() < 8) {
        flush();
      }
    }

    void flush() throws IOException {
      buffer.flip();
      crc.update(buffer.duplicate());
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      buffer.clear();
    }

    /** Writes provisional ids as those of the vocabulary. */
    void ids(FileChannel provisional, int[] finalIds, boolean narrow) throws IOException {
      var in = new IntReader(provisional);
      while (in.next()) {
        room();
        int id = in.value == SentenceSink.END ? Vocabulary.END_ID : finalIds[in.value];
        if (narrow) {
          buffer.putShort((short) id);
        } else {
          buffer.putInt(id);
        }
      }
      flush();
    }

    /** Writes the running sums of the first or second number of each sentence, from 0 on. */
    void sums(FileChannel sentences, int offset) throws IOException {
      long sum = 0;
      number(sum);
      var in = new IntReader(sentences);
      for (int i = 0; in.next(); i++) {
        if (i % 2 == offset / 4) {
          sum += in.value;
          room();
          buffer.putLong(sum);
        }
      }
      flush();
    }
  }

  /** Reads the numbers of a file one by one, from its beginning. */
  private static final class IntReader {
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).flip();
    private int value;

    IntReader(FileChannel file) throws IOException {
      channel = file.position(0);
    }

    boolean next() throws IOException {
      if (!buffer.hasRemaining()) {
        buffer.clear();
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {} // to the brim, or the end
        buffer.flip();
        if (!buffer.hasRemaining()) {
          return false;
        }
      }
      value = buffer.getInt();
      return true;
    }
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
        ? file.get(SHORT, MARK.length + 2 * position) & 0xFFFF
        : file.get(INT, MARK.length + 4 * position);
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
}
