package dev.unroll.learn;

import dev.unroll.data.IdStream;
import dev.unroll.file.Plural;
import dev.unroll.train.Preset;
import dev.unroll.train.Training;
import dev.unroll.train.Training.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long is trained, in what batches, and how often validated: what a user left open, found from
 * the amount of data. The same from Java and on the command line, and the same whenever a model is
 * trained again.
 *
 * @param training the options, of which nothing is open that is found
 * @param reasons what was found and why, a line each; nothing of what is as it always is
 */
public record TrainingPlan(Training training, List<String> reasons) {

  /** Beyond so many epochs nothing new is learned from few sequences. */
  private static final int MOST_EPOCHS = 100;

  /** Validations of a run: at least some, so that a best model is found within long epochs. */
  private static final int LEAST_VALIDATIONS = 8;

  /** Steps between two validations within an epoch, at least. */
  private static final int LEAST_BETWEEN = 50;

  /** Fewer sequences are few: batches are small then, and the validation part is larger. */
  public static final int FEW = 1_000;

  /** How much larger the share of few sequences is that validates. */
  public static final int SHARE_OF_FEW = 2;

  private static final int SMALL_BATCH = 8;

  /** Copies the list. */
  public TrainingPlan {
    reasons = List.copyOf(reasons);
  }

  /**
   * How much data there is to learn from.
   *
   * @param sequences sequences of an epoch; of a stream, the windows of all its lanes
   * @param tokens their tokens, or steps of numbers
   * @param pace how much longer it takes to learn from them
   * @param window tokens of each sequence, where a stream is cut into them; otherwise 0
   */
  public record Amount(long sequences, long tokens, Pace pace, int window) {

    /** A sequence is what the data call one. */
    public Amount(long sequences, long tokens, Pace pace) {
      this(sequences, tokens, pace, 0);
    }

    /** It takes as long as usual. */
    public Amount(long sequences, long tokens) {
      this(sequences, tokens, Pace.USUAL);
    }

    /** Returns how much a text is: windows of a stream, or sentences where {@code window} is 0. */
    public static Amount of(IdStream text, int window) {
      long sequences = window > 0 ? Math.ceilDiv(text.size(), window) : text.sentences();
      return new Amount(sequences, text.size(), Pace.USUAL, window);
    }

    /** Returns that the sequences are few, as a reason. */
    public String areFew() {
      String each = window > 0 ? " of " + Plural.of(window, "token") : "";
      return String.format(Locale.ROOT, "%,d sequences%s are few", sequences, each);
    }
  }

  /** How much longer it takes to learn what a task is about. */
  public enum Pace {
    /** What words say. */
    USUAL(1),
    /** How sentences are written, in pieces of words. */
    PIECES(1.5),
    /** Where spans begin and end, most of which do not occur again: names, for instance. */
    SPANS(2),
    /** Labels of characters or bytes: also what words are made of them. */
    CHARACTERS(3);

    private final double times;

    Pace(double times) {
      this.times = times;
    }

    /** Returns the pace of labels of words, or of {@code small} units: characters or bytes. */
    public static Pace of(boolean small) {
      return small ? CHARACTERS : USUAL;
    }
  }

  /** Finds what is open. */
  public static TrainingPlan of(Training asked, Preset preset, Amount amount) {
    long sequences = amount.sequences;
    var reasons = new ArrayList<String>();
    Training options = asked;
    if (options.isOpen(Choice.BATCH) && sequences < FEW) {
      options = options.withBatch(Math.max(SMALL_BATCH, options.shards()), options.steps());
      reasons.add(String.format(Locale.ROOT, "batch %d: %s", options.batch(), amount.areFew()));
    }
    long perEpoch = Math.max(1, Math.ceilDiv(sequences, (long) options.batch()));
    long steps = Math.ceilDiv(perEpoch, (long) options.accumulate());
    if (options.isOpen(Choice.EPOCHS)) {
      int epochs = epochs(steps, preset, amount);
      options = options.withEpochs(epochs);
      if (epochs != preset.epochs()) {
        reasons.add(
            String.format(
                Locale.ROOT,
                "epochs %d: %,d steps each, %,d in all",
                epochs,
                steps,
                epochs * steps));
      }
    }
    if (asked.isOpen(Choice.EPOCHS) && options.isOpen(Choice.VALIDATION)) {
      options = validated(options, steps, reasons);
    }
    return new TrainingPlan(options, reasons);
  }

  /** At least so many steps, and at most so many tokens, with the usual epochs between. */
  private static int epochs(long steps, Preset preset, Amount amount) {
    double pace = amount.pace.times;
    long least = Math.ceilDiv(Math.round(preset.leastSteps() * pace), steps);
    long most = Math.max(1, preset.mostTokens() / Math.max(1, amount.tokens));
    long usual = Math.min(Math.round(preset.epochs() * pace), most);
    return (int) Math.min(MOST_EPOCHS, Math.max(least, usual));
  }

  /** Once an epoch; several times where few epochs are long. */
  private static Training validated(Training options, long steps, List<String> reasons) {
    int epochs = options.epochs();
    long every = Math.max(LEAST_BETWEEN, steps * epochs / LEAST_VALIDATIONS);
    if (epochs >= LEAST_VALIDATIONS || every >= steps) {
      return options.withValidation(0, Math.max(options.patience(), epochs / 4));
    }
    reasons.add(String.format(Locale.ROOT, "validation every %,d steps", every));
    return options.withValidation((int) Math.min(Integer.MAX_VALUE, every), options.patience());
  }
}
