package dev.unroll.text;

import dev.unroll.base.InputException;
import dev.unroll.batch.CutLine;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import dev.unroll.file.PartFile;
import dev.unroll.file.SafeFiles;
import dev.unroll.file.Uninterrupted;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * Writes the file of a {@link MappedCorpus}. It begins with eight bytes that identify it, followed
 * by the ids (two bytes each where the vocabulary allows, otherwise four), the start of each
 * sentence and the number of characters before it (eight bytes each, with one more after the last),
 * JSON that says what it was created from, the length of the JSON, and the CRC-32C of all that;
 * numbers are little-endian.
 */
final class IdFile {

  /** The first bytes of the file. */
  static final byte[] MARK = "UNROLLI1".getBytes(StandardCharsets.US_ASCII);

  /** Bytes after the JSON: its length, and the checksum. */
  static final int TRAILER = 16;

  private static final int MOST_NARROW = 1 << 16;

  private IdFile() {}

  /** Returns whether two bytes are enough for each id. */
  static boolean isNarrow(Tokenizer tokenizer) {
    return tokenizer.size() <= MOST_NARROW;
  }

  /** Reads a text, and writes its ids to {@code idFile}. */
  static void write(
      List<Path> files, Corpus.Options options, Path idFile, Map<String, Object> source) {
    write(writer -> cut(files, options, writer), idFile, source);
  }

  /** Writes the ids of lines that were cut elsewhere to {@code idFile}. */
  static void write(
      Iterator<CutLine> lines,
      Tokenizer tokenizer,
      boolean blankLines,
      Path idFile,
      Map<String, Object> source) {
    write(writer -> take(lines, tokenizer, blankLines, writer), idFile, source);
  }

  /** Shows the sentences of a text to a writer. */
  private interface Cutting {
    Cut cut(PartWriter writer) throws IOException;
  }

  private static void write(Cutting cutting, Path idFile, Map<String, Object> source) {
    try {
      Uninterrupted.call(() -> writeIds(cutting, idFile, source));
    } catch (IOException e) {
      throw unwritable(idFile, SafeFiles.reason(e));
    } catch (UncheckedIOException e) {
      throw unwritable(idFile, String.valueOf(e.getMessage()));
    }
  }

  private static Path writeIds(Cutting cutting, Path idFile, Map<String, Object> source)
      throws IOException {
    try (var ids = PartFile.beside(idFile.resolveSibling(idFile.getFileName() + ".tokens"));
        var sentences =
            PartFile.beside(idFile.resolveSibling(idFile.getFileName() + ".sentences"))) {
      Cut read;
      try (var writer = new PartWriter(ids.channel(), sentences.channel())) {
        read = cutting.cut(writer);
      }
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
            boolean narrow = isNarrow(tokenizer);
            out.ids(ids.channel(), read, narrow);
            out.sums(sentences.channel(), 0);
            out.sums(sentences.channel(), 4);
            byte[] json = Json.write(about).getBytes(StandardCharsets.UTF_8);
            out.bytes(json);
            out.number(json.length);
            out.number(out.crc.getValue());
            out.flush();
          });
      return idFile;
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
      int[] finalIds) {

    /** What was read with a tokenizer, whose ids are final. */
    static Cut of(PartWriter writer, SentenceReader reader, Tokenizer tokenizer) {
      return of(writer, reader, tokenizer, IntStream.range(0, tokenizer.size()).toArray());
    }

    static Cut of(PartWriter writer, SentenceReader reader, Tokenizer tokenizer, int[] finalIds) {
      return new Cut(
          writer.size,
          reader.sentences(),
          reader.words(),
          reader.fingerprint(),
          tokenizer,
          finalIds);
    }
  }

  /** Writes provisional ids, of which the vocabulary is chosen at the end. */
  private static Cut cut(List<Path> files, Corpus.Options options, PartWriter writer) {
    var reader = new SentenceReader(writer, options.blankLines());
    Tokenizer fixed = options.fixed(() -> Corpus.learnBytePairs(files, options));
    if (fixed != null) {
      reader.read(files, fixed);
      reader.checkNotEmpty(files);
      return Cut.of(writer, reader, fixed);
    }
    var provisional = new ProvisionalIds();
    reader.read(files, options.segmentation(), provisional);
    reader.checkNotEmpty(files);
    Vocabulary vocabulary = options.choose(provisional.counts());
    var tokenizer = new VocabularyTokenizer(options.segmentation(), vocabulary);
    return Cut.of(writer, reader, tokenizer, provisional.finalIds(vocabulary::id));
  }

  private static Cut take(
      Iterator<CutLine> lines, Tokenizer tokenizer, boolean blankLines, PartWriter writer) {
    var reader = new SentenceReader(writer, blankLines);
    lines.forEachRemaining(line -> reader.add(line.text(), line.ids()));
    reader.checkNotEmpty(List.of());
    return Cut.of(writer, reader, tokenizer);
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

    /** Flushes to the files, which stay open: they are read again. */
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
    void ids(FileChannel provisional, Cut read, boolean narrow) throws IOException {
      var in = new IntReader(provisional);
      int end = read.tokenizer.endOfSentence();
      while (in.next()) {
        room();
        int id = in.value == SentenceSink.END ? end : read.finalIds[in.value];
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
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {} // until full, or the end
        buffer.flip();
        if (!buffer.hasRemaining()) {
          return false;
        }
      }
      value = buffer.getInt();
      return true;
    }
  }
}
