package dev.unroll.cli.label;

import dev.unroll.cli.option.KeptInModel;
import dev.unroll.store.ModelSays;
import dev.unroll.text.table.ConllColumns;
import dev.unroll.text.table.ConllFile;
import dev.unroll.text.table.ConllSentence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which columns of tagged files are read. */
@KeptInModel
final class TagColumns {

  private static final String BETWEEN = " ";

  @Option(
      names = "--words",
      paramLabel = "COLUMN",
      description =
          "Column of the words: a number from 1, last, or a CoNLL-U name (form, lemma, upos,"
              + " xpos, feats, feats:Number, deprel, …). Default: 1, in CoNLL-U form; or as in"
              + " training.")
  @Nullable String words;

  @Option(
      names = "--tags",
      paramLabel = "COLUMN",
      description = "Column of the tags. Default: last, in CoNLL-U upos; or as in training.")
  @Nullable String tags;

  /** Reads all sentences of files. */
  static List<ConllSentence> read(List<Path> files) {
    var sentences = new ArrayList<ConllSentence>();
    files.forEach(file -> sentences.addAll(ConllFile.read(file)));
    return sentences;
  }

  /** Returns the columns of files for a model whose source is known. */
  ConllColumns columns(Map<String, String> source) {
    ConllColumns own = ModelSays.read("labels.source", () -> stored(source));
    return new ConllColumns(
        words == null ? own.words() : words, tags == null ? own.tags() : tags, own.further());
  }

  private static ConllColumns stored(Map<String, String> source) {
    String further = source.getOrDefault("columns", "");
    return new ConllColumns(
        source.getOrDefault("words", "1"),
        source.getOrDefault("tags", "last"),
        further.isEmpty() ? List.of() : Arrays.asList(further.split(BETWEEN)));
  }
}
