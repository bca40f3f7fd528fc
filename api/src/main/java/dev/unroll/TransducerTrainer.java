package dev.unroll;

import dev.unroll.base.AttentionKind;
import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.data.Pair;
import dev.unroll.learn.TrainingPlan;
import dev.unroll.model.Transducer;
import dev.unroll.network.Dropouts;
import dev.unroll.network.Network;
import dev.unroll.result.Verdict;
import dev.unroll.store.ModelFile;
import dev.unroll.task.RunOutput;
import dev.unroll.task.transduce.TransducerFields;
import dev.unroll.task.transduce.TransducerRun;
import dev.unroll.task.transduce.TransducerSpec;
import dev.unroll.text.BytePairTokenizer;
import dev.unroll.text.baseline.TransduceVerdict;
import dev.unroll.train.Objective;
import dev.unroll.train.Training;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Trains an encoder-decoder on pairs of texts.
 *
 * {@snippet file="example/SnippetsTest.java" region="transducer-trainer"}
 */
public final class TransducerTrainer
    extends PairTrainer<TransducerFields, TransducerRun, Transducer, TransducerTrainer> {

  private @Nullable AttentionKind attention = AttentionKind.MULTIPLICATIVE;
  private boolean inputFeeding = true;
  private Direction direction = Direction.BOTH;
  private int @Nullable [] encoderUnits;
  private @Nullable Transducer parent;
  private TransducerRun.Goal goal = TransducerRun.Goal.LOSS;
  private boolean counts = true;

  TransducerTrainer() {
    super(TransducerRun.DEFAULTS);
  }

  @Override
  TransducerTrainer self() {
    return this;
  }

  @Override
  Transducer model(ModelFile<TransducerFields> file) {
    return new Transducer(file);
  }

  @Override
  public Verdict verdict(TransducerRun run, Transducer model, Workers workers) {
    return TransduceVerdict.of(run, model, workers);
  }

  @Override
  public TransducerTrainer from(Transducer model) {
    parent = model;
    readLike(model.source(), model.target());
    TransducerSpec own = model.description();
    attention = own.attention();
    inputFeeding = own.feeds();
    encoderUnits = units(own.encoder());
    direction = own.encoder().layers().getFirst().direction();
    return begin(model, model.description().decoder());
  }

  /** Sets how the decoder attends to the source. */
  public TransducerTrainer attention(AttentionKind kind) {
    attention = Objects.requireNonNull(kind, "kind");
    return this;
  }

  /** Leaves attention out: the decoder sees only the last state of the encoder. */
  public TransducerTrainer withoutAttention() {
    attention = null;
    return this;
  }

  /** Switches input feeding off: a step does not read the attention output of the previous step. */
  public TransducerTrainer withoutInputFeeding() {
    return inputFeeding(false);
  }

  /** Sets whether a step reads the attention output of the previous step (input feeding). */
  public TransducerTrainer inputFeeding(boolean value) {
    inputFeeding = value;
    return this;
  }

  /** Sets the direction of the encoder, and the units per direction of each of its layers. */
  public TransducerTrainer encoder(Direction way, int... units) {
    direction = Objects.requireNonNull(way, "way");
    encoderUnits = units.length == 0 ? null : units.clone();
    return this;
  }

  /**
   * Feeds the decoder some of its own tokens in training (scheduled sampling): a share that grows
   * to {@code share}, in [0, 1], at the end.
   */
  public TransducerTrainer scheduledSampling(double share) {
    goal = new TransducerRun.Goal(share, goal.exact());
    return this;
  }

  /** Selects the best model by the share of exactly right targets instead of the loss. */
  public TransducerTrainer chooseExact() {
    goal = new TransducerRun.Goal(goal.ownTokens(), true);
    return this;
  }

  /**
   * Leaves joint n-grams and dictionaries out. By default those of the training pairs, if there are
   * up to 1.5 million tokens or 300,000 words, write beside the trained network if that leaves
   * clearly fewer errors in the validation data. Once that is decided, they also count the
   * validation data, if that is a share of the data.
   */
  public TransducerTrainer withoutCounts() {
    counts = false;
    return this;
  }

  @Override
  public TransducerRun prepare(RunOutput output) {
    search();
    List<List<Pair>> parts = parts(pairs().learned().lines(), pairs().validation().lines());
    List<Pair> learned = parts.get(0);
    var fields =
        TransducerFields.of(
            parent == null ? description() : description(parent.description()),
            sources(
                parent == null ? null : parent.source(),
                learned.stream().map(Pair::source).toList()),
            targets(
                parent == null ? null : parent.target(),
                learned.stream().map(Pair::target).toList()));
    boolean pieces = fields.target() instanceof BytePairTokenizer;
    var amount = amount(learned, pieces ? TrainingPlan.Pace.PIECES : TrainingPlan.Pace.USUAL);
    Training course = smoothed(training(amount), pieces);
    return new TransducerRun(
        fields,
        parts,
        goal.withCounting(counting()),
        course,
        saying(output).withReading(pairs().table().kept()));
  }

  /** A translation could continue in many ways, of which the data shows one. */
  private Training smoothed(Training options, boolean pieces) {
    boolean open = options.isOpen(Training.Choice.OBJECTIVE) && parent == null;
    if (!open || !pieces) {
      return options;
    }
    found("label smoothing " + TransducerRun.SMOOTHING + ": targets are byte pairs");
    return options.withObjective(new Objective(TransducerRun.SMOOTHING, 0, 0));
  }

  private TransducerRun.Counting counting() {
    if (!counts) {
      return TransducerRun.Counting.NONE;
    }
    return hasOwnValidation() ? TransducerRun.Counting.TRAINING : TransducerRun.Counting.ALL;
  }

  private static int[] units(Network network) {
    return network.layers().stream().mapToInt(Network.Layer::units).toArray();
  }

  /** The network of a model, perhaps with other dropout, which both of its parts have then. */
  private TransducerSpec description(TransducerSpec own) {
    Network encoder = own.encoder();
    boolean same =
        attention == own.attention()
            && (inputFeeding || attention == null) == (own.feeds() || attention == null)
            && direction == encoder.layers().getFirst().direction()
            && (encoderUnits == null || Arrays.equals(encoderUnits, units(encoder)));
    if (!same) {
      throw new InputException(
          "a model that is trained further keeps its encoder and attention, and others were chosen",
          "Leave them out, or train another model.");
    }
    Dropouts asked = network().dropouts();
    return asked.equals(own.decoder().dropouts()) ? own : own.withDropouts(asked);
  }

  /** Where the encoder reads both ways side by side, each has half of the decoder's units. */
  private TransducerSpec description() {
    Network decoder = network();
    if (decoder.learnedStart()) {
      throw new InputException(
          "a learned start does nothing in an encoder-decoder: it begins with what was read",
          "Leave {learned-start} out.");
    }
    int[] own = encoderUnits;
    if (own == null) {
      int ways = direction.outputs(1); // 2 where the outputs lie side by side
      own = decoder.layers().stream().mapToInt(each -> Math.max(1, each.units() / ways)).toArray();
    }
    var encoder = decoder.withTied(false).withUnits(own);
    return TransducerSpec.of(
        encoder.withDirection(direction),
        decoder,
        attention == null ? "none" : attention.label(),
        attention != null && inputFeeding);
  }
}
