package dev.unroll.text.baseline;

import dev.unroll.base.Workers;
import dev.unroll.data.IdStream;
import dev.unroll.data.Tokenizer;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.Network;
import dev.unroll.result.Evaluation;
import dev.unroll.result.Overview;
import dev.unroll.result.Verdict;
import dev.unroll.result.Verdict.Scale;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.text.ngram.KneserNey;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Language models beside an n-gram model of the same text and tokens. */
public final class LanguageVerdict {

  /** Tokens that n-grams are counted in at most, so that memory and time are bounded. */
  private static final long MOST = 1_000_000;

  /** Tokens from which words are hardly learned. */
  private static final long FEW = 50_000;

  private LanguageVerdict() {}

  /**
   * Compares what a run came to on its validation part, by perplexity; without {@code <UNK>} where
   * that is much of the text. Beside nothing where the text has no sentence that n-grams could
   * count.
   */
  public static Verdict of(LanguageModelRun run, LanguageModel model, Workers workers) {
    Optional<IdStream> counted = last(run.training());
    if (counted.isEmpty()) {
      double own = StrictMath.exp(model.provenance().validationLoss());
      return new Verdict("perplexity", Scale.PERPLEXITY, own, Map.of(), 0);
    }
    Tokenizer tokenizer = run.training().tokenizer();
    int order = tokenizer.hasWords() ? 3 : 6;
    Evaluation ngrams =
        KneserNey.estimate(counted.get(), order).evaluate(run.validation(), Workers.single());
    boolean unread = ngrams.unknownRate() > Overview.MANY_UNKNOWN;
    boolean apart = unread && run.validation().condition() == null;
    String name =
        counted.get().size() == run.training().size()
            ? "a " + order + "-gram model"
            : String.format(
                Locale.ROOT, "a %d-gram model of the last %,d tokens", order, counted.get().size());
    var verdict =
        new Verdict(
            apart ? "perplexity without <UNK>" : "perplexity",
            Scale.PERPLEXITY,
            apart
                ? model.chosenBy(run).evaluate(run.validation(), workers).perplexityWithoutUnknown()
                : StrictMath.exp(model.provenance().validationLoss()),
            Map.of(name, apart ? ngrams.perplexityWithoutUnknown() : ngrams.perplexity()),
            0);
    Network layers = model.network().description();
    return verdict.advised(run.advice(layers, advice(run, unread)));
  }

  private static List<String> advice(LanguageModelRun run, boolean unread) {
    if (!run.training().tokenizer().hasWords()) {
      return List.of();
    }
    if (unread) {
      return List.of("{unit characters}: most words are too rare to be known");
    }
    return run.training().size() < FEW
        ? List.of("{unit characters}: the text is short, and has more of them than of words")
        : List.of();
  }

  /** The sentences nearest to the validation part, which is the end of the text. */
  private static Optional<IdStream> last(IdStream text) {
    long end = text.sentences();
    long from = end;
    while (from > 0 && text.size() - text.sentenceStart(from - 1) <= MOST) {
      from--;
    }
    return from == end ? Optional.empty() : Optional.of(text.part(from, end));
  }
}
