package dev.unroll.cli.label;

import dev.unroll.cli.command.PredictCommand;
import dev.unroll.data.LabeledSequence;
import dev.unroll.file.InputException;
import dev.unroll.kernel.Workers;
import dev.unroll.task.label.Tagger;
import dev.unroll.task.label.Tagger.Tagging;
import dev.unroll.text.Lines;
import dev.unroll.text.Segmentation;
import dev.unroll.text.table.ConllColumns;
import dev.unroll.text.table.ConllFile;
import dev.unroll.text.table.ConllFile.Line;
import dev.unroll.text.table.ConllFile.Sentence;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll tag predict}: the tags of sentences. */
@Command(
    name = "predict",
    description = "Prints sentences with the tags of their words.",
    footer = {
      "",
      "The lines of files in columns (CoNLL, CoNLL-U) come back with a column added; of the columns only",
      "those are read that the model knows.",
      "Example:  echo 'The cat sat on the mat .' | unroll tag predict upos.safetensors --lines -",
    })
final class TagPredictCommand extends PredictCommand<TagPredictCommand.Opened, Sentence, Tagging> {

  @Mixin TagColumns columns = new TagColumns();

  @Option(
      names = "--lines",
      description = "The files have a sentence a line, with blanks between its words.")
  boolean lines;

  @Option(
      names = "--replace",
      description = "Write the tags in the place of the column of the tags, and add none.")
  boolean replace;

  @Option(
      names = "--probabilities",
      description = "Add the probability of each tag, in a further column.")
  boolean probabilities;

  /** A tagger, and the columns of files that it reads. */
  record Opened(Tagger tagger, ConllColumns columns) {}

  /** An option that would do nothing is a mistake. */
  @Override
  protected void check() {
    check(lines && replace, "--replace", "with --lines");
    check(lines && columns.words != null, "--words", "with --lines");
    check(json.asked() && replace, "--replace", "with --json");
    check(columns.tags != null && !replace, "--tags", "without --replace");
  }

  private static void check(boolean useless, String option, String where) {
    if (useless) {
      throw new InputException(option + " does nothing " + where, "Leave one or the other out.");
    }
  }

  @Override
  protected Opened open() {
    Tagger tagger = Tagger.open(given.model());
    ConllColumns own = columns.columns(tagger.labelNames().source());
    if (lines && !own.further().isEmpty()) {
      throw new InputException(
          "the model reads further columns, which lines do not have", "Give files in columns.");
    }
    return new Opened(tagger, own);
  }

  @Override
  protected void read(Opened model, Consumer<Sentence> reader) {
    given.files().forEach(file -> read(file, reader));
  }

  private void read(Path file, Consumer<Sentence> reader) {
    if (!lines) {
      ConllFile.read(file, reader);
      return;
    }
    Lines.readNumbered(
        file,
        (text, number) -> {
          var words = Segmentation.of(Segmentation.Unit.TOKENS).cut(text);
          var tokens = words.stream().map(word -> new Line(number, word, List.of(word))).toList();
          reader.accept(new Sentence(file.toString(), false, tokens));
        });
  }

  private LabeledSequence words(Opened model, Sentence sentence) {
    return lines
        ? new LabeledSequence(sentence.column(0), List.of())
        : model.columns.labeled(sentence, false);
  }

  @Override
  protected List<Tagging> answer(Opened model, List<Sentence> sentences, Workers workers) {
    List<LabeledSequence> words = sentences.stream().map(each -> words(model, each)).toList();
    return probabilities
        ? model.tagger.tagWithProbabilities(words, workers)
        : model.tagger.tag(words, workers).stream()
            .map(tags -> new Tagging(tags, List.of()))
            .toList();
  }

  @Override
  protected void print(PrintWriter out, Opened model, Sentence sentence, Tagging found) {
    int next = 0;
    for (Line line : sentence.lines()) {
      String mark = line.text().contains("\t") ? "\t" : " ";
      if (line.isToken()) {
        String text = withTag(model.columns, sentence, line, found.tags().get(next));
        out.println(
            probabilities
                ? text + String.format(Locale.ROOT, "%s%.4f", mark, found.probabilities().get(next))
                : text);
        next++;
      } else {
        boolean comment = line.text().startsWith("#");
        String further = comment || replace ? "" : mark + "_";
        out.println(line.text() + further + (comment || !probabilities ? "" : mark + "_"));
      }
    }
    if (sentence.lines().isEmpty() || !sentence.tokens().isEmpty()) {
      out.println();
    }
  }

  private String withTag(ConllColumns columns, Sentence sentence, Line line, String tag) {
    boolean tabs = line.text().contains("\t");
    if (replace) {
      return String.join(tabs ? "\t" : " ", columns.withTag(sentence.file(), line, tag));
    }
    return tabs ? line.text() + "\t" + tag : line.text().stripTrailing() + " " + tag;
  }

  @Override
  protected Map<String, Object> fields(Opened model, Sentence sentence, Tagging found) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("words", words(model, sentence).tokens());
    fields.put("tags", found.tags());
    if (!found.probabilities().isEmpty()) {
      fields.put("probabilities", found.probabilities());
    }
    return fields;
  }
}
