package dev.unroll.model;

import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Lexicon;
import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import dev.unroll.network.Network;
import dev.unroll.result.LabelMeasure;
import dev.unroll.result.LabelScore;
import dev.unroll.result.Span;
import dev.unroll.result.SpanScore;
import dev.unroll.result.TagScheme;
import dev.unroll.store.ModelFile;
import dev.unroll.store.Task;
import dev.unroll.task.RunOutput;
import dev.unroll.task.label.LabelEvaluator;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.label.LabelMeasures;
import dev.unroll.task.label.LabelRun;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.LabelTask;
import dev.unroll.task.label.Labels;
import dev.unroll.task.label.Spelling;
import dev.unroll.task.label.TokenVectors;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Gives each word of a sentence a tag: a part of speech, or the position in a span such as a name.
 * It is immutable, and threads may share it.
 *
 * {@snippet file="example/SnippetsTest.java" region="tagger"}
 */
public final class Tagger extends LabelModel {

  /** The task of networks that label each token. */
  public static final Task<LabelFields, Tagger> TASK =
      new Task<>("tag", "words", LabelFields.TAG, Tagger::new);

  /** Under what name {@link Labels#source} says the scheme of the files. */
  public static final String FILE_SCHEME = "file-scheme";

  /** Under what name it says that of the network, where it is another. */
  public static final String SCHEME = "scheme";

  private final @Nullable TagScheme fileScheme;

  /** Creates the model that a run ended with, or that was read from a file. */
  public Tagger(ModelFile<LabelFields> file) {
    super(file);
    String scheme = labelNames().source().get(FILE_SCHEME);
    fileScheme =
        scheme == null || !labelNames().source().containsKey(SCHEME) ? null : TagScheme.of(scheme);
  }

  /**
   * Trains a tagger; every tenth sentence is held out to select the best parameters. If tags
   * describe spans, those of a sentence are predicted jointly by a CRF, and span F1 selects;
   * otherwise the accuracy does. {@link LabelRun} has all options.
   *
   * @param data sentences with a tag for each word
   * @param lexicon how words become ids; where it has characters, they are read too
   * @param network the layers, which should be bidirectional
   */
  public static Tagger train(
      List<LabeledSequence> data, Lexicon lexicon, Network network, Training options) {
    Labels labels = Labels.of(data, List.of(), Map.of());
    boolean spans = Span.areDescribedBy(labels.names());
    var spelling = lexicon.characters() > 0 ? new Spelling(30, 50) : null;
    var output = new LabelSpec.PerStep(labels.names().size(), spans);
    var task =
        new LabelTask(lexicon, labels, new LabelSpec(network, spelling, output), TokenVectors.NONE);
    var goal =
        new LabelRun.Goal(spans ? LabelMeasure.SPAN_F1 : LabelMeasure.ACCURACY, List.of(), false);
    var parts = LabeledSequence.cut(data, 0.1);
    var run = new LabelRun(task, parts, goal, options, RunOutput.NOTHING);
    return new Tagger(run.run(TrainingListener.NONE));
  }

  /**
   * Opens a model file.
   *
   * @throws InputException if it is missing, damaged or not a tagger
   */
  public static Tagger open(Path file) {
    return TASK.open(file);
  }

  /**
   * Opens a model from a stream, which is read up to the end of the model and not closed.
   *
   * @throws InputException if it cannot be read, is damaged or not a tagger
   */
  public static Tagger open(InputStream in) {
    return TASK.open(in);
  }

  @Override
  public Task<?, ?> task() {
    return TASK;
  }

  @Override
  public Tagger withPrecision(Precision other) {
    return new Tagger(file.withPrecision(other));
  }

  /** Tags a sentence; for models that read only words. */
  public Tagging tag(String... words) {
    return tag(Arrays.asList(Objects.requireNonNull(words, "words")));
  }

  /** Tags a sentence; for models that read only words. */
  public Tagging tag(List<String> words) {
    return tag(List.of(unlabeled(words)), Workers.single()).getFirst();
  }

  /** Tags sentences, in input order, with all processors; for models that read only words. */
  public List<Tagging> tagAll(List<List<String>> sentences) {
    return Workers.use(
        sentences.size(),
        workers -> tag(sentences.stream().map(Tagger::unlabeled).toList(), workers));
  }

  private static LabeledSequence unlabeled(List<String> words) {
    for (String word : Objects.requireNonNull(words, "words")) {
      Objects.requireNonNull(word, "one of words");
    }
    return new LabeledSequence(words, List.of());
  }

  /** Tags sentences, in input order; each has the same bits as if it were the only one. */
  public List<Tagging> tag(List<LabeledSequence> sentences, Workers workers) {
    List<List<String>> tags = tags(sentences, workers);
    return IntStream.range(0, tags.size())
        .mapToObj(i -> new Tagging(sentences.get(i).tokens(), tags.get(i), List.of()))
        .toList();
  }

  private List<List<String>> tags(List<LabeledSequence> sentences, Workers workers) {
    checkColumns(sentences);
    return named(sentences, inference.find(sentences, workers));
  }

  /**
   * A tagged sentence.
   *
   * @param words the words
   * @param tags the tag of each word
   * @param probabilities the probability of each tag (of the network's own tag if the files have
   *     another scheme); empty if not requested
   */
  public record Tagging(List<String> words, List<String> tags, List<Double> probabilities) {
    /** Copies the lists. */
    public Tagging {
      words = List.copyOf(words);
      tags = List.copyOf(tags);
      probabilities = List.copyOf(probabilities);
    }

    /** Returns the spans that the tags describe, such as names, in sentence order; often none. */
    public List<Span> spans() {
      return Span.areDescribedBy(tags) ? List.copyOf(Span.of(tags)) : List.of();
    }

    /** Returns the words of a span. */
    public List<String> words(Span span) {
      return words.subList(span.from(), span.to());
    }

    /** Returns a text such as {@code Anna/B-PER lives/O in/O Rome/B-LOC}. */
    @Override
    public String toString() {
      return IntStream.range(0, tags.size())
          .mapToObj(t -> words.get(t) + "/" + tags.get(t))
          .collect(Collectors.joining(" "));
    }
  }

  /** Tags a sentence, with the probability of each tag; for models that read only words. */
  public Tagging tagWithProbabilities(List<String> words) {
    return tagWithProbabilities(List.of(unlabeled(words)), Workers.single()).getFirst();
  }

  /** Tags sentences as {@link #tag(List, Workers)} does, with probabilities. */
  public List<Tagging> tagWithProbabilities(List<LabeledSequence> sentences, Workers workers) {
    checkColumns(sentences);
    var found = inference.findWithProbabilities(sentences, workers);
    var tags = named(sentences, found.stream().map(LabelEvaluator.Found::labels).toList());
    var all = new ArrayList<Tagging>();
    for (int i = 0; i < tags.size(); i++) {
      double[] probabilities = found.get(i).probabilities();
      int length = tags.get(i).size(); // of none, one is read
      var own = Arrays.stream(probabilities).limit(length).boxed().toList();
      all.add(new Tagging(sentences.get(i).tokens(), tags.get(i), own));
    }
    return all;
  }

  /** Returns the tags of sentences by their names, in the scheme of the files. */
  private List<List<String>> named(List<LabeledSequence> sentences, List<int[]> found) {
    List<String> names = labelNames().names();
    var all = new ArrayList<List<String>>();
    for (int[] numbers : found) {
      var own = Arrays.stream(numbers).mapToObj(names::get).toList();
      int length = sentences.get(all.size()).tokens().size(); // of none, one is read
      all.add(inFileScheme(own.subList(0, length)));
    }
    return all;
  }

  private void checkColumns(List<LabeledSequence> sentences) {
    int columns = labelNames().columns().size();
    for (LabeledSequence sentence : sentences) {
      if (sentence.features().size() != columns) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%d further columns, but the model reads %d",
                sentence.features().size(),
                columns),
            "Give the columns that it was trained with.");
      }
    }
  }

  private List<String> inFileScheme(List<String> tags) {
    TagScheme scheme = fileScheme;
    return scheme == null ? tags : scheme.tags(Span.of(tags), tags.size());
  }

  /** Evaluates the tagger on objects that have words and their tags. */
  public <T> Report evaluate(
      Iterable<T> data,
      Function<? super T, List<String>> words,
      Function<? super T, List<String>> tags) {
    var sentences = new ArrayList<LabeledSequence>();
    data.forEach(each -> sentences.add(new LabeledSequence(words.apply(each), tags.apply(each))));
    return evaluate(sentences);
  }

  /** Evaluates the tagger on sentences with known tags, with all processors. */
  public Report evaluate(List<LabeledSequence> sentences) {
    return Workers.use(sentences.size(), workers -> evaluate(sentences, workers));
  }

  /**
   * Evaluates the tagger on sentences with known tags.
   *
   * @throws InputException if there are none
   */
  public Report evaluate(List<LabeledSequence> sentences, Workers workers) {
    Measuring.check(sentences.size(), "sentence with its tags");
    boolean spans = Span.areDescribedBy(labelNames().names());
    return Report.of(tags(sentences, workers), sentences, lexicon()::hasSeen, spans);
  }

  /** Returns the tags of sentences that the model does not know, which it can only miss. */
  public Set<String> unknownTags(List<LabeledSequence> sentences) {
    var unknown = new TreeSet<String>();
    sentences.forEach(sentence -> unknown.addAll(sentence.labels()));
    var types = new TreeSet<String>();
    for (String name : labelNames().names()) {
      unknown.remove(name);
      types.add(Span.typeOf(name));
    }
    boolean spans = fileScheme != null; // other schemes' tags for the same spans are known too
    unknown.removeIf(tag -> spans && Span.mayDescribe(tag) && types.contains(Span.typeOf(tag)));
    return unknown;
  }

  /**
   * How well sentences are tagged.
   *
   * @param score accuracy of all words, and precision, recall and F1 of each tag
   * @param unseen the same for words that are not in the training data
   * @param sentences number of sentences
   * @param rightSentences how many of them have no wrong tag
   * @param spans how well spans are found; null if the tags describe none
   */
  public record Report(
      LabelScore score,
      LabelScore unseen,
      long sentences,
      long rightSentences,
      @Nullable SpanScore spans) {

    /** Returns a summary such as {@code accuracy 97.12%, span F1 88.41% of 500 sentences}. */
    @Override
    public String toString() {
      return "accuracy "
          + Numbers.percent(score.accuracy())
          + (spans == null ? "" : ", span F1 " + Numbers.percent(spans.f1()))
          + " of "
          + Plural.of(sentences, "sentence");
    }

    /**
     * Compares tags.
     *
     * @param found the tags of each sentence, as found
     * @param wanted the sentences, with the tags they have
     * @param seen whether the training data has a word
     * @param spans whether the tags describe spans
     * @throws InputException if not each word has a tag
     */
    public static Report of(
        List<List<String>> found,
        List<LabeledSequence> wanted,
        Predicate<String> seen,
        boolean spans) {
      LabeledSequence.checkTokenLabels(wanted);
      var there = wanted.stream().map(LabeledSequence::labels).toList();
      var unseenFound = new ArrayList<List<String>>();
      var unseenThere = new ArrayList<List<String>>();
      long right = 0;
      for (int s = 0; s < found.size(); s++) {
        right += found.get(s).equals(there.get(s)) ? 1 : 0;
        List<String> words = wanted.get(s).tokens();
        for (int t = 0; t < words.size(); t++) {
          if (!seen.test(words.get(t))) {
            unseenFound.add(List.of(found.get(s).get(t)));
            unseenThere.add(List.of(there.get(s).get(t)));
          }
        }
      }
      return new Report(
          LabelMeasures.score(found, there, true),
          LabelMeasures.score(unseenFound, unseenThere, true),
          found.size(),
          right,
          spans ? SpanScore.of(found, there) : null);
    }
  }
}
