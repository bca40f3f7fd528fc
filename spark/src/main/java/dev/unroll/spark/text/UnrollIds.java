package dev.unroll.spark.text;

import dev.unroll.batch.CutLine;
import dev.unroll.batch.TokenizerFormat;
import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import dev.unroll.text.Corpus;
import dev.unroll.text.MappedCorpus;
import dev.unroll.text.TokenOptions;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Texts as ids in one file, which {@link MappedCorpus} maps into memory. Executors count and
 * tokenize; the driver gets the lines in order, hashes them, and writes the file to its disk. The
 * file has the bytes that one machine writes, however the texts are partitioned.
 */
public final class UnrollIds {

  private UnrollIds() {}

  /**
   * Writes the ids of files as {@code unroll lm train --ids} does: where these have the same names,
   * that command takes the file as its own.
   *
   * @param files their addresses on any file system that Hadoop supports: UTF-8, {@code .gz} too.
   *     Those of {@code file:} are named without it in the file of ids, as on the command line
   * @param tokens what a token is
   * @param reading how the text is read, which decides whether blank lines count
   * @param idFile where the ids are written, on the driver's machine
   * @throws dev.unroll.base.InputException if a file cannot be read, or has no text; a line that is
   *     not text ends the job with a message that names it
   */
  public static MappedCorpus write(
      SparkSession session, List<String> files, TokenOptions tokens, Reading reading, Path idFile) {
    var read = new TextFiles(session, files);
    JavaRDD<String> lines = read.lines();
    Dataset<?> texts = session.createDataset(lines.rdd(), Encoders.STRING()).toDF("text");
    Tokenizer tokenizer = UnrollVocabulary.learn(texts, "text", tokens);
    return write(lines, tokenizer, read.sources(), tokens.corpus(reading), idFile);
  }

  /**
   * Writes the ids of the texts of a column, each of them as a line, in the order of the rows: sort
   * them first, or read them from one file, so that it is always the same. Rows without a text are
   * left out.
   *
   * @param tokens what a token is
   * @param reading how the text is read, which decides whether blank lines count
   * @param idFile where the ids are written, on the driver's machine
   * @throws dev.unroll.base.InputException if there is no such column of type string, or no text
   */
  public static MappedCorpus write(
      Dataset<?> texts, String column, TokenOptions tokens, Reading reading, Path idFile) {
    Tokenizer tokenizer = UnrollVocabulary.learn(texts, column, tokens);
    JavaRDD<String> lines = UnrollVocabulary.column(texts, column).javaRDD();
    return write(lines, tokenizer, List.of(), tokens.corpus(reading), idFile);
  }

  private static MappedCorpus write(
      JavaRDD<String> lines,
      Tokenizer tokenizer,
      List<MappedCorpus.Source> sources,
      Corpus.Options options,
      Path idFile) {
    JavaRDD<CutLine> cut =
        lines
            .mapPartitions(new Cut(Json.write(tokenizer.describe())))
            .persist(StorageLevel.DISK_ONLY());
    try {
      cut.count(); // all partitions at once; the iterator asks for them one by one
      return MappedCorpus.write(cut.toLocalIterator(), tokenizer, sources, options, idFile);
    } finally {
      cut.unpersist(false);
    }
  }

  /**
   * Cuts lines on an executor.
   *
   * @param tokenizer its description
   */
  private record Cut(String tokenizer) implements FlatMapFunction<Iterator<String>, CutLine> {

    @Override
    public Iterator<CutLine> call(Iterator<String> lines) {
      Tokenizer own = TokenizerFormat.find(Json.parse(tokenizer));
      Iterable<String> all = () -> lines;
      return StreamSupport.stream(all.spliterator(), false)
          .map(line -> new CutLine(line, own.encode(line)))
          .iterator();
    }
  }
}
