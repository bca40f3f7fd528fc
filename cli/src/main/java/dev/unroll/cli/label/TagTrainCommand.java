package dev.unroll.cli.label;

import dev.unroll.cli.option.AsideOptions;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.cli.report.Progress;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Lexicon;
import dev.unroll.file.InputException;
import dev.unroll.file.ModelFile;
import dev.unroll.kernel.Workers;
import dev.unroll.measure.Span;
import dev.unroll.measure.TagScheme;
import dev.unroll.network.Network;
import dev.unroll.task.label.Feature;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.label.LabelMeasure;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.Labels;
import dev.unroll.task.label.Tagger;
import dev.unroll.text.Segmentation;
import dev.unroll.text.table.ConllColumns;
import dev.unroll.text.table.SentenceComments;
import dev.unroll.text.table.SpanTags;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code unroll tag train}: tagged sentences in, model file out. */
@Command(
    name = "train",
    description = "Trains a network that gives each word of a sentence a tag.",
    footer = {
      "",
      "Data: one word per line, columns between blanks or tabs, and a blank line after each sentence",
      "(CoNLL), or CoNLL-U.",
      "Examples:",
      "  unroll tag train en_ewt-ud-train.conllu --spelling 50 -o upos.safetensors",
      "  unroll tag train esp.train.txt --valid esp.valid.txt --spelling 50 --crf -o esp.safetensors",
      "  unroll tag train chunks.txt --columns 2 --crf --scheme iobes -o chunks.safetensors",
    })
@KeptInModel
final class TagTrainCommand extends LabelTrainCommand {

  @Mixin TagColumns columns = new TagColumns();
  @Mixin AsideOptions aside = new AsideOptions();

  @Option(
      names = "--columns",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "Further columns that are read beside the words, such as the part of speech. Default: none.")
  List<String> further = List.of();

  @Option(
      names = "--column-width",
      paramLabel = "N",
      defaultValue = "25",
      description = "Width of the vectors of these columns' values. Default: ${DEFAULT-VALUE}.")
  int columnWidth = 25;

  @Option(
      names = "--crf",
      description =
          "Choose the tags of a sentence together (linear-chain CRF), instead of each by itself: better"
              + " where tags describe spans.")
  boolean crf;

  @Option(
      names = "--scheme",
      paramLabel = "NAME",
      description =
          "Train with tags of another scheme of spans than the files have: iob1, iob2, iobes or bilou. Answers"
              + " are in the files' own. Default: theirs.")
  @Nullable String scheme;

  private final Map<String, String> source = new LinkedHashMap<>();

  /** The columns and the scheme of the data, which the validation part must share. */
  private @Nullable ConllColumns ofData;

  private @Nullable TagScheme fileScheme;

  @Override
  String task() {
    return "tag";
  }

  @Override
  public Progress.Targets targets() {
    return Progress.Targets.WORDS;
  }

  @Override
  String sequences() {
    return "sentences";
  }

  @Override
  List<LabeledSequence> read(List<Path> inputs) {
    if (further.isEmpty() && columnWidth != 25) {
      throw new InputException(
          "--column-width does nothing without --columns", "Add --columns, or leave it out.");
    }
    var sentences = TagColumns.read(inputs);
    ConllColumns chosen = ofData;
    ConllColumns own = chosen == null ? columns.columns(sentences, further) : chosen;
    own.checkTagsAreNotRead(sentences.getFirst());
    if (chosen == null) {
      columns.check(sentences, own, err());
    }
    ofData = own;
    source.putAll(TagColumns.source(own));
    var labeled = sentences.stream().map(each -> own.labeled(each, true)).toList();
    return new SentenceComments(aside.aside())
        .of(sentences, checked(SpanTags.of(sentences, labeled, own), labeled));
  }

  /** Where tags describe spans, all must be of one scheme, and may be learned in another. */
  private List<LabeledSequence> checked(SpanTags tags, List<LabeledSequence> labeled) {
    TagScheme found = fileScheme;
    if (found == null) {
      found = tags.checked(err()::println).orElse(null);
    } else {
      tags.check(found, err()::println);
    }
    if (found == null) {
      if (scheme != null) {
        throw new InputException(
            "--scheme does nothing: the tags describe no spans, such as "
                + labeled.stream()
                    .flatMap(each -> each.labels().stream())
                    .filter(each -> !Span.mayDescribe(each))
                    .findFirst()
                    .orElse("O"),
            "Leave it out, or name another column with --tags.");
      }
      return labeled;
    }
    fileScheme = found;
    source.put(Tagger.FILE_SCHEME, found.label());
    String wanted = scheme;
    if (wanted == null) {
      return labeled;
    }
    TagScheme learned = TagScheme.of(wanted);
    source.put(Tagger.SCHEME, learned.label());
    return inScheme(labeled, learned);
  }

  private static List<LabeledSequence> inScheme(List<LabeledSequence> sentences, TagScheme scheme) {
    var all = new ArrayList<LabeledSequence>();
    for (LabeledSequence each : sentences) {
      var changed = scheme.tags(Span.of(each.labels()), each.labels().size());
      all.add(each.withLabels(changed));
    }
    return all;
  }

  @Override
  Labels labels(List<LabeledSequence> all) {
    return Labels.of(all, further, source);
  }

  @Override
  Lexicon lexicon(List<LabeledSequence> data) {
    var words = data.stream().map(LabeledSequence::tokens).toList();
    return lexicon.lexicon(words, Segmentation.of(Segmentation.Unit.TOKENS));
  }

  @Override
  LabelSpec description(Network layers, Labels labels) {
    var features =
        labels.columns().stream()
            .map(column -> new Feature(column.values().size(), columnWidth))
            .toList();
    var output = new LabelSpec.PerStep(labels.names().size(), crf);
    return new LabelSpec(layers, lexicon.spelling(), features, output);
  }

  @Override
  LabelMeasure usualMeasure(Labels labels) {
    return Span.areDescribedBy(labels.names()) ? LabelMeasure.SPAN_F1 : LabelMeasure.ACCURACY;
  }

  @Override
  Map<String, Double> measures(
      ModelFile<LabelFields> model, List<LabeledSequence> data, Workers workers) {
    TagScheme own = fileScheme;
    List<LabeledSequence> asInFiles = own == null ? data : inScheme(data, own);
    return TaggingPrinter.measures(new Tagger(model).evaluate(asInFiles, workers));
  }
}
