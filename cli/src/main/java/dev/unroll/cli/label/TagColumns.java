package dev.unroll.cli.label;

import dev.unroll.cli.option.KeptInModel;
import dev.unroll.file.InputException;
import dev.unroll.file.ModelSays;
import dev.unroll.text.table.ColumnCheck;
import dev.unroll.text.table.ConllColumns;
import dev.unroll.text.table.ConllFile;
import dev.unroll.text.table.ConllLine;
import dev.unroll.text.table.ConllSentence;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
          "Column of the words: a number from 1, last, or a name of CoNLL-U (form, lemma, upos, xpos,"
              + " feats, feats:Number, deprel …). Default: 1, in CoNLL-U form; or as in training.")
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

  /** Returns the columns of files on which a model is trained. */
  ConllColumns columns(List<ConllSentence> sentences, List<String> further) {
    boolean universal = sentences.getFirst().isUniversal();
    return new ConllColumns(
        words == null ? (universal ? "form" : "1") : words,
        tags == null ? (universal ? "upos" : "last") : tags,
        further);
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

  /**
   * Refuses columns that can hardly be words and tags, unless somebody asked for them: then they
   * are noted.
   */
  void check(List<ConllSentence> sentences, ConllColumns read, PrintWriter notes) {
    var check = new ColumnCheck(sentences, read);
    refuse(check.words(), words != null, notes);
    refuse(check.tags(), tags != null, notes);
    refuse(check.comments(), true, notes);
    noteComments(sentences, notes);
  }

  /** Refuses words that are none, where a model's own columns are read. */
  void checkWords(List<ConllSentence> sentences, ConllColumns read, PrintWriter notes) {
    refuse(new ColumnCheck(sentences, read).words(), words != null, notes);
  }

  private static void refuse(Optional<InputException> problem, boolean noted, PrintWriter notes) {
    if (problem.isPresent()) {
      if (!noted) {
        throw problem.get();
      }
      notes.println("note: " + problem.get().problem());
    }
  }

  /** Notes which lines that begin with # are read as comments. */
  private static void noteComments(List<ConllSentence> sentences, PrintWriter notes) {
    long count = 0;
    String first = "";
    for (ConllSentence sentence : sentences) {
      for (ConllLine line : sentence.lines()) {
        if (line.kind() == ConllLine.Kind.COMMENT && !sentence.isUniversal()) {
          first = count == 0 ? sentence.file() + ":" + line.number() : first;
          count++;
        }
      }
    }
    if (count > 0) {
      notes.println("note: %s is read as a comment; %,d such".formatted(first, count));
    }
  }

  /** Returns what a model remembers of columns. */
  static Map<String, String> source(ConllColumns columns) {
    var source = new LinkedHashMap<String, String>();
    source.put("words", columns.words());
    source.put("tags", columns.tags());
    source.put("columns", String.join(BETWEEN, columns.further()));
    return source;
  }
}
