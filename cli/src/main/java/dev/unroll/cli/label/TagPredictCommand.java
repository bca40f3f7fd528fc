package dev.unroll.cli.label;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.cli.command.PredictCommand;
import dev.unroll.cli.report.Form;
import dev.unroll.data.LabeledSequence;
import dev.unroll.model.Tagger;
import dev.unroll.model.Tagger.Tagging;
import dev.unroll.text.Lines;
import dev.unroll.text.table.ConllColumns;
import dev.unroll.text.table.ConllFile;
import dev.unroll.text.table.ConllLine;
import dev.unroll.text.table.ConllSentence;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll tag predict}: the tags of sentences. */
@Command(
    name = "predict",
    description = "Prints sentences with the tags of their words.",
    footer = {
      "",
      "Lines of files with columns (CoNLL, CoNLL-U) are printed with a column added. Only the columns that",
      "the model uses are read.",
      "Example:  echo 'The cat sat on the mat .' | unroll tag predict upos.safetensors --lines -",
    })
final class TagPredictCommand
    extends PredictCommand<TagPredictCommand.Opened, ConllSentence, Tagging> {

  @Mixin TagColumns columns = new TagColumns();

  @Option(
      names = "--lines",
      description = "Input files have one sentence per line, with spaces between words.")
  boolean lines;

  @Option(names = "--replace", description = "Overwrite the tag column instead of adding one.")
  boolean replace;

  @Option(
      names = "--probabilities",
      description = "Add the probability of each tag in a further column.")
  boolean probabilities;

  /** A tagger, and the columns of files that it reads. */
  record Opened(Tagger tagger, ConllColumns columns) {}

  /** An option that would do nothing is a mistake. */
  @Override
  protected void check() {
    check(lines && replace, "--replace", "with --lines");
    check(lines && columns.words != null, "--words", "with --lines");
    check(json.form() != Form.TEXT && replace, "--replace", "with --json and --output csv");
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
  protected void read(Opened model, Consumer<ConllSentence> reader) {
    if (lines) {
      given.files().forEach(file -> readLines(file, reader));
      return;
    }
    var open = new AtomicBoolean(); // whether the last sentence has no blank line after it
    for (Path file : given.files()) {
      if (open.getAndSet(false)) {
        reader.accept(new ConllSentence("", false, List.of(ConllLine.blank(0))));
      }
      ConllFile.read(
          file,
          sentence -> {
            checkWords(model.columns, sentence);
            open.set(sentence.lines().getLast().kind() != ConllLine.Kind.BLANK);
            if (json.form() == Form.TEXT || !sentence.tokens().isEmpty()) {
              reader.accept(sentence);
            }
          });
    }
  }

  @Override
  protected Object trained(Opened model) {
    return model.tagger;
  }

  private static void readLines(Path file, Consumer<ConllSentence> reader) {
    Lines.readNumbered(
        file,
        (text, number) -> {
          var words = ConllLine.Separator.BLANKS.fields(text);
          var tokens = words.stream().map(word -> ConllLine.word(number, word));
          var all = Stream.concat(tokens, Stream.of(ConllLine.blank(number))).toList();
          reader.accept(new ConllSentence(file.toString(), false, all));
        });
  }

  /** A model that was trained on other files would read the numbers of CoNLL-U as words. */
  private void checkWords(ConllColumns own, ConllSentence sentence) {
    List<ConllLine> tokens = sentence.tokens();
    if (columns.words == null
        && sentence.isUniversal()
        && !tokens.isEmpty()
        && ConllColumns.index(sentence.file(), tokens.getFirst(), own.words()) == 0) {
      throw InputException.at(
          sentence.file(),
          tokens.getFirst().number(),
          "the model reads column %s as words, where CoNLL-U counts the tokens"
              .formatted(own.words()),
          "Name the column of the words, such as {words form}.");
    }
  }

  private LabeledSequence words(Opened model, ConllSentence sentence) {
    return lines
        ? new LabeledSequence(sentence.column(0), List.of())
        : model.columns.labeled(sentence, false);
  }

  @Override
  protected List<Tagging> answer(Opened model, List<ConllSentence> sentences, Workers workers) {
    List<LabeledSequence> words = sentences.stream().map(each -> words(model, each)).toList();
    return probabilities
        ? model.tagger.tagWithProbabilities(words, workers)
        : model.tagger.tag(words, workers);
  }

  @Override
  protected void print(PrintWriter out, Opened model, ConllSentence sentence, Tagging found) {
    int next = 0;
    for (ConllLine line : sentence.lines()) {
      String mark = line.separator().mark();
      switch (line.kind()) {
        case TOKEN -> {
          String tag = found.tags().get(next);
          String text =
              replace ? model.columns.withTag(sentence.file(), line, tag) : line.withColumn(tag);
          out.println(
              probabilities
                  ? text
                      + String.format(Locale.ROOT, "%s%.4f", mark, found.probabilities().get(next))
                  : text);
          next++;
        }
        case NODE -> {
          String text = replace ? line.text() : line.withColumn("_");
          out.println(probabilities ? text + mark + "_" : text);
        }
        case COMMENT, BLANK -> out.println(line.text());
      }
    }
  }

  @Override
  protected Map<String, Object> fields(Opened model, ConllSentence sentence, Tagging found) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("words", words(model, sentence).tokens());
    fields.put("tags", found.tags());
    if (probabilities) {
      fields.put(
          "probabilities", // which the network computes in floats
          found.probabilities().stream().map(Double::floatValue).toList());
    }
    return fields;
  }
}
