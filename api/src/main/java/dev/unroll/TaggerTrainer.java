package dev.unroll;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.file.MemoryData;
import dev.unroll.file.Plural;
import dev.unroll.learn.TrainingPlan.Pace;
import dev.unroll.model.Tagger;
import dev.unroll.network.Network;
import dev.unroll.result.LabelMeasure;
import dev.unroll.result.Span;
import dev.unroll.result.TagScheme;
import dev.unroll.result.Verdict;
import dev.unroll.store.ModelFile;
import dev.unroll.task.Defaults;
import dev.unroll.task.label.Feature;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.label.LabelRun;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.Labels;
import dev.unroll.task.label.Spelling;
import dev.unroll.tasks.LabelVerdict;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import dev.unroll.text.table.ColumnCheck;
import dev.unroll.text.table.ConllColumns;
import dev.unroll.text.table.ConllFile;
import dev.unroll.text.table.ConllLine;
import dev.unroll.text.table.ConllSentence;
import dev.unroll.text.table.SentenceComments;
import dev.unroll.text.table.SpanTags;
import dev.unroll.text.table.TextTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trains a tagger on sentences with a tag for each word.
 *
 * {@snippet file="example/SnippetsTest.java" region="tagger-trainer"}
 */
public final class TaggerTrainer extends LabelTrainer<Tagger, TaggerTrainer> {

  /** Width of the vectors of further columns, by default. */
  public static final int COLUMN_WIDTH = 25;

  /** Width of a character's vector, and units of an LSTM over them, by default. */
  private static final Spelling SPELLING = new Spelling(30, 50);

  private final List<Path> files = new ArrayList<>();
  private final List<Path> validFiles = new ArrayList<>();
  private final List<ConllSentence> sentences = new ArrayList<>();
  private final List<ConllSentence> validSentences = new ArrayList<>();
  private @Nullable String words;
  private @Nullable String tags;
  private List<String> further = List.of();
  private int columnWidth = COLUMN_WIDTH;
  private @Nullable Boolean crf;
  private @Nullable TagScheme scheme;
  private Consumer<String> notes = line -> {};

  /** What was found in the data, which the validation part must share. */
  private @Nullable ConllColumns columns;

  private @Nullable TagScheme fileScheme;

  /** The scheme that a model learned, which is trained further. */
  private @Nullable TagScheme ofParent;

  private @Nullable Map<String, String> sourceOfParent;
  private TextTable.Aside aside = TextTable.Aside.NOTHING;
  private final Map<String, String> source = new LinkedHashMap<>();

  TaggerTrainer() {
    super(TokenOptions.open(Segmentation.Unit.TOKENS));
  }

  @Override
  TaggerTrainer self() {
    return this;
  }

  @Override
  Tagger model(ModelFile<LabelFields> file) {
    return new Tagger(file);
  }

  @Override
  String sequence() {
    return "sentence";
  }

  @Override
  String ends() {
    return " (a blank line ends a sentence)";
  }

  @Override
  public Verdict verdict(LabelRun run, Tagger model, Workers workers) {
    return LabelVerdict.of(run, model, workers);
  }

  @Override
  void take(Tagger model) {
    if (model.description().output() instanceof LabelSpec.PerStep own) {
      crf = own.crf();
    }
    var features = model.description().features();
    if (!features.isEmpty()) {
      further = model.labelNames().columns().stream().map(Labels.Column::name).toList();
      columnWidth = features.getFirst().width();
    }
    Map<String, String> own = model.labelNames().source();
    String learned = own.getOrDefault(Tagger.SCHEME, own.get(Tagger.FILE_SCHEME));
    ofParent = learned == null ? null : TagScheme.of(learned);
    sourceOfParent = own;
  }

  /**
   * Trains on CoNLL files (one word per line, columns separated by spaces or tabs, a blank line
   * after each sentence) or CoNLL-U files.
   */
  public TaggerTrainer conll(Path... more) {
    files.addAll(Arguments.all("more", more));
    return this;
  }

  /** Trains on objects that have words, and a tag for each of them. */
  public <T> TaggerTrainer data(
      Iterable<T> data,
      Function<? super T, List<String>> ofWords,
      Function<? super T, List<String>> ofTags) {
    add(sentences, data, ofWords, ofTags);
    return this;
  }

  /** Trains on objects that have words, and a tag for each of them. */
  public <T> TaggerTrainer data(
      Stream<T> data,
      Function<? super T, List<String>> ofWords,
      Function<? super T, List<String>> ofTags) {
    return data(data.toList(), ofWords, ofTags);
  }

  /**
   * Sets the name of comments that hold the weight of a sentence in the loss: {@code # weight = 2}.
   */
  public TaggerTrainer weight(String comment) {
    aside = aside.withWeight(Objects.requireNonNull(comment, "comment"));
    return this;
  }

  /**
   * Sets the name of comments that hold the group of the sentences up to the next such comment. A
   * group stays on one side of the split into training and validation.
   */
  public TaggerTrainer group(String comment) {
    aside = aside.withGroup(Objects.requireNonNull(comment, "comment"));
    return this;
  }

  /** Validates on other files. */
  public TaggerTrainer validation(Path... more) {
    validFiles.addAll(Arguments.all("more", more));
    return this;
  }

  /** Validates on other objects. */
  public <T> TaggerTrainer validation(
      Iterable<T> data,
      Function<? super T, List<String>> ofWords,
      Function<? super T, List<String>> ofTags) {
    add(validSentences, data, ofWords, ofTags);
    return this;
  }

  /** Validates on other objects. */
  public <T> TaggerTrainer validation(
      Stream<T> data,
      Function<? super T, List<String>> ofWords,
      Function<? super T, List<String>> ofTags) {
    return validation(data.toList(), ofWords, ofTags);
  }

  private static <T> void add(
      List<ConllSentence> all,
      Iterable<T> data,
      Function<? super T, List<String>> ofWords,
      Function<? super T, List<String>> ofTags) {
    Objects.requireNonNull(ofWords, "ofWords");
    Objects.requireNonNull(ofTags, "ofTags");
    for (T each : data) {
      int number = all.size() + 1;
      T present = Rows.present(number, "object", each);
      List<String> own = Rows.present(number, "list of words", ofWords.apply(present));
      List<String> labels = Rows.present(number, "list of tags", ofTags.apply(present));
      if (own.isEmpty()) {
        throw Rows.missing(number, "list of words", "empty");
      }
      if (own.size() != labels.size()) {
        throw InputException.at(
            MemoryData.NAME,
            number,
            Plural.of(own.size(), "word") + ", but " + Plural.of(labels.size(), "tag"),
            "Give each word a tag.");
      }
      var lines = new ArrayList<ConllLine>();
      for (int t = 0; t < own.size(); t++) {
        String word = Rows.present(number, "word", own.get(t));
        lines.add(ConllLine.tagged(number, word, Rows.filled(number, "tag", labels.get(t))));
      }
      all.add(new ConllSentence(MemoryData.NAME, false, lines));
    }
  }

  /** Sets the column of the words: a number from 1, {@code last}, or a CoNLL-U name. */
  public TaggerTrainer words(String column) {
    words = Objects.requireNonNull(column, "column");
    return this;
  }

  /** Sets the column of the tags, in the same way. */
  public TaggerTrainer tags(String column) {
    tags = Objects.requireNonNull(column, "column");
    return this;
  }

  /** Reads further columns as input, such as the part of speech. */
  public TaggerTrainer features(int width, List<String> more) {
    further = List.copyOf(Objects.requireNonNull(more, "more"));
    columnWidth = width;
    return this;
  }

  /** Predicts the tags of a sentence jointly, which is better if they describe spans. */
  public TaggerTrainer crf() {
    return crf(true);
  }

  /**
   * Sets whether the tags of a sentence are predicted jointly or one by one. The default is jointly
   * if they describe spans.
   */
  public TaggerTrainer crf(boolean value) {
    crf = value;
    return this;
  }

  /**
   * Trains with another span scheme than that of the data; predictions are in the scheme of the
   * data. The default is IOBES.
   */
  public TaggerTrainer scheme(TagScheme value) {
    scheme = Objects.requireNonNull(value, "value");
    return this;
  }

  /** Receives a line for tags that violate their scheme. */
  public TaggerTrainer notes(Consumer<String> value) {
    notes = Objects.requireNonNull(value, "value");
    return this;
  }

  @Override
  boolean hasOwnValidation() {
    return !validFiles.isEmpty() || !validSentences.isEmpty();
  }

  @Override
  public List<LabeledSequence> data() {
    columns = null;
    fileScheme = null;
    source.clear();
    List<LabeledSequence> read = read(files, sentences);
    if (sourceOfParent == null && lexicon().isEmpty()) {
      findChoices();
    }
    return read;
  }

  /** Says what is found from the tags. */
  private void findChoices() {
    if (spelling() != null) {
      lowerCase();
    }
    String learned = source.get(Tagger.SCHEME);
    if (scheme == null && learned != null) {
      found("scheme " + learned + ": it says where spans begin and end");
    }
  }

  @Override
  @Nullable Spelling usualSpelling() {
    return lexicon().isPresent() ? null : SPELLING;
  }

  @Override
  List<LabeledSequence> validationData() {
    Rows.checkNoGroups(aside);
    return read(validFiles, validSentences);
  }

  private List<LabeledSequence> read(List<Path> paths, List<ConllSentence> memory) {
    var all = new ArrayList<>(memory);
    paths.forEach(file -> all.addAll(ConllFile.read(file)));
    if (all.isEmpty()) {
      throw noData("Give tagged sentences: conll or data.");
    }
    ConllColumns own = columns == null ? columns(all, paths.isEmpty()) : columns;
    own.checkTagsAreNotRead(all.getFirst());
    if (columns == null && !paths.isEmpty()) {
      new ColumnCheck(all, own).report(words != null, tags != null, notes);
    }
    columns = own;
    if (sourceOfParent == null || !paths.isEmpty()) {
      source.putAll(own.source());
    }
    var labeled = all.stream().map(each -> own.labeled(each, true)).toList();
    return new SentenceComments(aside).of(all, inScheme(SpanTags.of(all, labeled, own), labeled));
  }

  /** By default files are read as those of the model were that is trained further. */
  private ConllColumns columns(List<ConllSentence> all, boolean inMemory) {
    Map<String, String> known = sourceOfParent;
    if (known == null || inMemory || known.isEmpty()) {
      return ConllColumns.of(all, words, tags, further);
    }
    return ConllColumns.of(
        all,
        words == null ? known.get("words") : words,
        tags == null ? known.get("tags") : tags,
        further);
  }

  /** Where tags describe spans, all must be of one scheme, and may be learned in another. */
  private List<LabeledSequence> inScheme(SpanTags found, List<LabeledSequence> labeled) {
    TagScheme own = fileScheme;
    if (own == null) {
      own = found.checked(notes).orElse(null);
    } else {
      found.check(own, notes);
    }
    if (own == null) {
      checkNoScheme(labeled);
      return labeled;
    }
    fileScheme = own;
    source.put(Tagger.FILE_SCHEME, own.label());
    TagScheme learned = learned(own);
    if (learned == null) {
      return labeled;
    }
    source.put(Tagger.SCHEME, learned.label());
    return learned.retagged(labeled);
  }

  /** A scheme that says where spans begin and end is learned best. */
  private @Nullable TagScheme learned(TagScheme ofFiles) {
    if (scheme != null || ofParent != null || sourceOfParent != null) {
      return scheme == null ? ofParent : scheme;
    }
    return ofFiles == TagScheme.IOBES || ofFiles == TagScheme.BILOU ? null : TagScheme.IOBES;
  }

  /** Returns sentences with the tags of the files, if the network learns others. */
  public List<LabeledSequence> asInFiles(List<LabeledSequence> sentences) {
    return fileScheme == null ? sentences : fileScheme.retagged(sentences);
  }

  private void checkNoScheme(List<LabeledSequence> labeled) {
    if (scheme != null) {
      throw new InputException(
          "another scheme does nothing: the tags describe no spans, such as "
              + labeled.stream()
                  .flatMap(each -> each.labels().stream())
                  .filter(each -> !Span.mayDescribe(each))
                  .findFirst()
                  .orElse("O"),
          "Leave {scheme} out, or name another column with {tags}.");
    }
  }

  @Override
  Labels labels(List<LabeledSequence> all) {
    return Labels.of(all, further, source);
  }

  @Override
  LabelSpec description(Network layers, Labels labels) {
    var features =
        labels.columns().stream()
            .map(column -> new Feature(column.values().size(), columnWidth))
            .toList();
    boolean spans = fileScheme != null && !judgesEach();
    if (crf == null && spans) {
      found("crf: the tags describe spans");
    }
    var output = new LabelSpec.PerStep(labels.names().size(), crf == null ? spans : crf);
    return new LabelSpec(layers, spelling(), features, output);
  }

  @Override
  Pace pace() {
    Pace own = super.pace();
    return own == Pace.USUAL && fileScheme != null ? Pace.SPANS : own;
  }

  @Override
  Network networkForData() {
    Defaults usual = LabelRun.OF_SPANS;
    return fileScheme == null
        ? network()
        : network(usual, "word dropout " + usual.wordDropout() + ": the tags describe spans");
  }

  @Override
  LabelMeasure usualMeasure(Labels labels) {
    return Span.areDescribedBy(labels.names()) ? LabelMeasure.SPAN_F1 : LabelMeasure.ACCURACY;
  }
}
