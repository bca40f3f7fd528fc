package dev.unroll.cli.label;

import dev.unroll.cli.option.TaskOptions;
import dev.unroll.cli.report.Blocks;
import dev.unroll.cli.report.JsonLine;
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
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code unroll tag predict}: the tags of sentences. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Prints sentences with the tags of their words.",
    footer = {
      "",
      "The lines of files in columns (CoNLL, CoNLL-U) come back with a column added; of the columns only",
      "those are read that the model knows.",
      "Example:  echo 'The cat sat on the mat .' | unroll tag predict upos.safetensors --lines -",
    })
public final class TagPredictCommand implements Callable<Integer> {

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin TaskOptions given = new TaskOptions();
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

  @Override
  public Integer call() {
    Tagger tagger = Tagger.open(given.model);
    ConllColumns own = columns.columns(tagger.model().labels().source());
    checkAllUsed();
    if (lines && !own.further().isEmpty()) {
      throw new InputException(
          "the model reads further columns, which lines do not have", "Give files in columns.");
    }
    try (Workers workers = given.threads.workers();
        var blocks =
            new Blocks<Sentence>(
                given.files, sentences -> answer(tagger, sentences, own, workers))) {
      given.files.forEach(file -> read(file, blocks));
    }
    return 0;
  }

  /** An option that would do nothing is a mistake. */
  private void checkAllUsed() {
    check(lines && replace, "--replace", "with --lines");
    check(lines && columns.words != null, "--words", "with --lines");
    check(given.json && replace, "--replace", "with --json");
    check(columns.tags != null && !replace, "--tags", "without --replace");
  }

  private static void check(boolean useless, String option, String where) {
    if (useless) {
      throw new InputException(option + " does nothing " + where, "Leave one or the other out.");
    }
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

  private void answer(
      Tagger tagger, List<Sentence> sentences, ConllColumns columns, Workers workers) {
    PrintWriter out = spec.commandLine().getOut();
    List<LabeledSequence> words =
        sentences.stream()
            .map(
                each ->
                    lines
                        ? new LabeledSequence(each.column(0), List.of())
                        : columns.labeled(each, false))
            .toList();
    List<Tagging> found =
        probabilities
            ? tagger.tagWithProbabilities(words, workers)
            : tagger.tag(words, workers).stream()
                .map(tags -> new Tagging(tags, new float[0]))
                .toList();
    for (int i = 0; i < sentences.size(); i++) {
      if (given.json) {
        out.println(json(words.get(i).tokens(), found.get(i)));
      } else {
        print(out, sentences.get(i), found.get(i), columns);
      }
    }
  }

  private void print(PrintWriter out, Sentence sentence, Tagging found, ConllColumns columns) {
    int next = 0;
    for (Line line : sentence.lines()) {
      String mark = line.text().contains("\t") ? "\t" : " ";
      if (!line.isToken()) {
        boolean comment = line.text().startsWith("#");
        String further = comment || replace ? "" : mark + "_";
        out.println(line.text() + further + (comment || !probabilities ? "" : mark + "_"));
        continue;
      }
      String text =
          replace
              ? String.join(mark, columns.withTag(sentence.file(), line, found.tags().get(next)))
              : (mark.equals(" ") ? line.text().stripTrailing() : line.text())
                  + mark
                  + found.tags().get(next);
      out.println(
          probabilities
              ? text + String.format(Locale.ROOT, "%s%.4f", mark, found.probabilities()[next])
              : text);
      next++;
    }
    if (sentence.lines().isEmpty() || !sentence.tokens().isEmpty()) {
      out.println();
    }
  }

  private static String json(List<String> words, Tagging found) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("words", words);
    fields.put("tags", found.tags());
    if (found.probabilities().length > 0) {
      fields.put("probabilities", found.probabilities());
    }
    return JsonLine.of(fields);
  }
}
