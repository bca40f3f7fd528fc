package dev.unroll;

import dev.unroll.data.Pair;
import dev.unroll.data.Tokenizer;
import dev.unroll.learn.TrainingPlan;
import dev.unroll.result.Model;
import dev.unroll.store.ModelFields;
import dev.unroll.task.Defaults;
import dev.unroll.task.Run;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import dev.unroll.text.inspect.TextForm;
import dev.unroll.text.table.PairTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What trainers on pairs of a source and a target share.
 *
 * @param <F> the content of a model file
 * @param <R> a prepared run
 * @param <M> the model
 * @param <T> this type
 */
public abstract class PairTrainer<
        F extends ModelFields, R extends Run<F>, M extends Model, T extends PairTrainer<F, R, M, T>>
    extends TaskTrainer<F, R, M, T> {

  private final Pairs pairs = new Pairs();
  private TokenOptions source = TokenOptions.open(Segmentation.Unit.CHARACTERS);
  private TokenOptions target = TokenOptions.open(Segmentation.Unit.CHARACTERS);
  private @Nullable Tokenizer sourceTokenizer;
  private @Nullable Tokenizer targetTokenizer;

  PairTrainer(Defaults defaults) {
    super(defaults);
  }

  /** Trains on objects that have a source and a target. */
  public final <P> T pairs(
      Iterable<P> data,
      Function<? super P, String> ofSource,
      Function<? super P, String> ofTarget) {
    pairs.learned().add(data, ofSource, ofTarget);
    return self();
  }

  /** Trains on objects that have a source and a target. */
  public final <P> T pairs(
      Stream<P> data, Function<? super P, String> ofSource, Function<? super P, String> ofTarget) {
    return pairs(data.toList(), ofSource, ofTarget);
  }

  /** Trains on files whose lines have a source, a tab (.csv: a comma) and a target. */
  public final T files(Path... more) {
    pairs.learned().files(more);
    return self();
  }

  /** Sets the columns of files: two names in the first line, or two numbers from 1. */
  public final T columns(String ofSource, String ofTarget) {
    Objects.requireNonNull(ofSource, "ofSource");
    Objects.requireNonNull(ofTarget, "ofTarget");
    return table(new PairTable(ofSource, ofTarget));
  }

  /** Sets how files are read. */
  public final T table(PairTable how) {
    pairs.table(Objects.requireNonNull(how, "how"));
    return self();
  }

  /** Validates on the pairs in other files. */
  public final T validation(Path... more) {
    pairs.validation().files(more);
    return self();
  }

  /** Validates on other objects. */
  public final <P> T validation(
      Iterable<P> data,
      Function<? super P, String> ofSource,
      Function<? super P, String> ofTarget) {
    pairs.validation().add(data, ofSource, ofTarget);
    return self();
  }

  /** Validates on other objects. */
  public final <P> T validation(
      Stream<P> data, Function<? super P, String> ofSource, Function<? super P, String> ofTarget) {
    return validation(data.toList(), ofSource, ofTarget);
  }

  /** Uses an existing tokenizer for sources, such as that of another model. */
  public final T sourceTokenizer(Tokenizer value) {
    sourceTokenizer = Objects.requireNonNull(value, "value");
    return self();
  }

  /** Uses an existing tokenizer for targets. */
  public final T targetTokenizer(Tokenizer value) {
    targetTokenizer = Objects.requireNonNull(value, "value");
    return self();
  }

  /** Splits sources into tokens at whitespace. By default the unit is derived from the sources. */
  public final T sourceTokens() {
    return sourceTokens(source.withUnit(Segmentation.Unit.TOKENS));
  }

  /** Sets what a token of a source is. */
  public final T sourceTokens(TokenOptions options) {
    source = Objects.requireNonNull(options, "options");
    return self();
  }

  /** Splits targets into tokens at whitespace. By default the unit is derived from the targets. */
  public final T targetTokens() {
    return targetTokens(target.withUnit(Segmentation.Unit.TOKENS));
  }

  /** Sets what a token of a target is. Every token gets an id, however rare it is. */
  public final T targetTokens(TokenOptions options) {
    target = Objects.requireNonNull(options, "options");
    return self();
  }

  @Override
  final boolean hasOwnValidation() {
    return !pairs.validation().isEmpty();
  }

  /** Returns the pairs. */
  final Pairs pairs() {
    if (pairs.learned().isEmpty()) {
      throw noData("Give pairs of a source and a target: pairs or files.");
    }
    return pairs;
  }

  /** Returns the pairs of both parts, which were read, and says where the first may be a header. */
  final List<List<Pair>> parts(List<PairTable.Line> read, List<PairTable.Line> validation) {
    Pairs.header(read)
        .ifPresent(
            first ->
                found(
                    String.format(
                        Locale.ROOT,
                        "columns 1 and 2: «%s» and «%s» are read as a pair; if they name the columns, name them",
                        first.source(),
                        first.target())));
    return pairs.parts(read, validation, this::share);
  }

  /** Cuts texts as a model does; what is no text has no tokens. */
  final void readLike(@Nullable Tokenizer ofSource, Tokenizer ofTarget) {
    source = source.like(ofSource);
    target = target.like(ofTarget);
  }

  /** Returns how targets become ids, after a tokenizer whose tokens keep theirs. */
  final Tokenizer targets(@Nullable Tokenizer known, List<String> texts) {
    return targetTokenizer == null
        ? chosen("target-", target, known, texts).orMinCount(1).tokenizer(known, texts)
        : targetTokenizer;
  }

  /** Returns how sources become ids, after a tokenizer whose tokens keep theirs. */
  final Tokenizer sources(@Nullable Tokenizer known, List<String> texts) {
    if (sourceTokenizer != null) {
      return sourceTokenizer;
    }
    TokenOptions own = findsSourceUnit() ? chosen("source-", source, known, texts) : source;
    return own.tokenizer(known, texts);
  }

  /** Returns whether the unit of sources follows from them where it is open. */
  boolean findsSourceUnit() {
    return true;
  }

  /** Returns how much there is to learn from, where about four characters are a token. */
  static TrainingPlan.Amount amount(List<Pair> learned, TrainingPlan.Pace pace) {
    long length =
        learned.stream().mapToLong(each -> each.source().length() + each.target().length()).sum();
    return new TrainingPlan.Amount(learned.size(), length / 4, pace);
  }

  /** Finds what a token is where that is open. */
  private TokenOptions chosen(
      String side, TokenOptions options, @Nullable Tokenizer known, List<String> texts) {
    if (!options.open() || known != null) {
      return options;
    }
    TextForm form = TextForm.of(texts);
    TextForm.Found found = form.toTransduce();
    found(side + found.reason());
    TokenOptions chosen = options.withUnit(found.unit());
    return found.unit() == Segmentation.Unit.BYTE_PAIRS && options.vocabulary() == 0
        ? chosen.withVocabulary(form.bytePairs())
        : chosen;
  }
}
