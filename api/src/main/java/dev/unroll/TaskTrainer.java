package dev.unroll;

import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.cell.Cell;
import dev.unroll.learn.Checkpoints;
import dev.unroll.learn.TrainingPlan;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import dev.unroll.result.Model;
import dev.unroll.result.Overview;
import dev.unroll.result.Verdict;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelFile;
import dev.unroll.store.WarmStart;
import dev.unroll.task.Defaults;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.text.Encoding;
import dev.unroll.text.Lines;
import dev.unroll.train.LayerRate;
import dev.unroll.train.Preset;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingInterruptedException;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.optimizer.Adam;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model of one task. Every setting has a default, so only the data must be given; a later
 * setting replaces an earlier one. To be used by one thread.
 *
 * @param <F> the content of a model file
 * @param <R> a prepared run
 * @param <M> the model
 * @param <T> this type
 */
public abstract class TaskTrainer<
    F extends ModelFields, R extends Run<F>, M extends Model, T extends TaskTrainer<F, R, M, T>> {

  /** How often a checkpoint is written. */
  static final Checkpoints.Interval USUAL = new Checkpoints.Interval(0, Duration.ofMinutes(10));

  private final Defaults defaults;
  private Preset preset = Preset.USUAL;
  private final List<String> found = new ArrayList<>();
  private Consumer<String> findings = line -> {};

  private final ChosenNetwork network = new ChosenNetwork();
  private Training training;
  private double share;
  private boolean saysShare;
  private TrainingListener listener = TrainingListener.NONE;
  private @Nullable Consumer<String> coach;
  private @Nullable Path kept;
  private @Nullable Encoding encoding;

  /** In what the files of a model were, which is trained further. */
  private @Nullable Encoding ofParent;

  private Checkpoints.Interval interval = USUAL;

  TaskTrainer(Defaults defaults) {
    this.defaults = defaults;
    training = defaults.training();
    share = defaults.validationShare();
  }

  /** Returns this. */
  abstract T self();

  /** Returns layers as they usually are for the data. */
  Network usual(Network layers) {
    return layers;
  }

  /** Returns the model that a run ended with. */
  abstract M model(ModelFile<F> file);

  /** Returns what was understood of the data, which is known before training. */
  public final Overview overview() {
    return reading(() -> overview(prepare(RunOutput.NOTHING)));
  }

  /** Compares a model with simple ones on the validation data. */
  public final Verdict verdict(M model) {
    R run = reading(() -> prepare(RunOutput.NOTHING));
    return Workers.use(Integer.MAX_VALUE, workers -> verdict(run, model, workers));
  }

  /** Returns what a run understood of its data. */
  public Overview overview(R run) {
    return run.overview();
  }

  /**
   * Compares the result of a run with simple models of the task on the validation data; with none
   * if the data allows none.
   */
  public abstract Verdict verdict(R run, M model, Workers workers);

  /**
   * Prepares a run: reads the data and builds the network, but does not train yet.
   *
   * @param output what is kept of the run, and where
   * @throws InputException if there is no data, or settings are invalid
   */
  public abstract R prepare(RunOutput output);

  /**
   * Starts from the weights of a model and continues on new data (fine-tuning). Network, tokens and
   * labels are the model's; new tokens and labels are added, and existing ones keep their meaning.
   * Earlier settings are discarded; of the network, only dropout may be changed afterwards.
   *
   * @throws InputException if the model's weights are rounded
   */
  public abstract T from(M model);

  /** Freezes layers, such as {@code embedding} or {@code layers.0}. */
  public final T freeze(String... layers) {
    var rates = new ArrayList<>(training.layerRates());
    for (String layer : Arguments.all("layers", layers)) {
      rates.add(LayerRate.frozen(layer));
    }
    return training(usual -> usual.withLayerRates(rates));
  }

  /**
   * Starts from the weights of a model.
   *
   * @throws InputException if they are rounded
   */
  final T begin(Model model, Network own) {
    if (model.precision() != Precision.FLOAT32) {
      throw new InputException(
          "the weights of the model are rounded to "
              + model.precision().label()
              + ", so that it cannot be trained further",
          "Take the model that it was compressed from.");
    }
    network.setOfModel(own);
    String read = model.provenance().text(Encoding.KEPT);
    ofParent = read.isEmpty() ? null : Encoding.of(read);
    return training(usual -> usual.withStart(WarmStart.from(model.file())));
  }

  /** Sets LSTM layers, one for each number of units, and keeps the other defaults. */
  public final T lstm(int... units) {
    return layers(Cells.of("lstm"), units);
  }

  /** Sets GRU layers, one for each number of units, and keeps the other defaults. */
  public final T gru(int... units) {
    return layers(Cells.of("gru"), units);
  }

  /** Sets layers of a cell, one for each number of units, and keeps the other defaults. */
  public final T layers(Cell cell, int... units) {
    network.setLayers(Network.of(Objects.requireNonNull(cell, "cell"), units));
    return self();
  }

  /** Sets the whole network, without any defaults. */
  public final T network(Network value) {
    network.setWhole(Objects.requireNonNull(value, "value"));
    return self();
  }

  /**
   * Changes the default network, such as {@code network(usual -> usual.withDropout(0.3))}. The
   * change is applied once the data is known, because the default depends on it.
   */
  public final T network(UnaryOperator<Network> change) {
    Objects.requireNonNull(change.apply(network())); // what cannot be is refused at once
    network.change(change);
    return self();
  }

  /**
   * Sets the budget of training, by default {@link Preset#USUAL}; other defaults follow from it.
   */
  public final T preset(Preset value) {
    preset = Objects.requireNonNull(value, "value");
    return self();
  }

  /**
   * Receives a line for each open setting that is derived from the data, such as {@code epochs 60:
   * …}, when a run is prepared.
   */
  public final T findings(Consumer<String> receiver) {
    findings = Objects.requireNonNull(receiver, "receiver");
    return self();
  }

  /** Sets the number of passes over the data. */
  public final T epochs(int value) {
    return training(usual -> usual.withEpochs(value));
  }

  /** Sets the number of sequences in a batch. */
  public final T batch(int sequences) {
    return training(usual -> usual.withBatch(sequences, usual.steps()));
  }

  /**
   * Splits each batch into shards, whose gradients are added up in a fixed order: this machine
   * computes the same bits as a cluster that processes them in parallel.
   */
  public final T shards(int count) {
    return training(usual -> usual.withShards(count));
  }

  /**
   * Lets each shard take this many steps by itself before all are averaged (local SGD), so that
   * machines of a cluster communicate less often.
   */
  public final T localSteps(int count) {
    return training(usual -> usual.withSharding(usual.sharding().withLocalSteps(count)));
  }

  /** Uses Adam with another learning rate. */
  public final T rate(double value) {
    return training(usual -> usual.withOptimizer(new Adam(value)));
  }

  /** Sets the random seed. The same seed, data and settings give the same model, bit for bit. */
  public final T seed(long value) {
    return training(usual -> usual.withSeed(value));
  }

  /** Sets the number of threads, which changes no bit of the result. */
  public final T threads(int value) {
    return training(usual -> usual.withThreads(value));
  }

  /** Changes how the network is trained: optimizer, schedule, clipping, patience and so on. */
  public final T training(UnaryOperator<Training> change) {
    training = Objects.requireNonNull(change, "change").apply(training);
    return self();
  }

  /** Holds out a share of the data, in (0, 1), to select the best parameters. */
  public final T validation(double value) {
    if (!(value > 0 && value < 1)) {
      throw new InputException("the validation share is " + value, "It must be in (0, 1).");
    }
    share = value;
    saysShare = true;
    return self();
  }

  /**
   * Receives the advice that the command line prints: before training what was understood of the
   * data, and afterwards whether the model is better than simple ones, and what to try if not.
   */
  public final T coach(Consumer<String> lines) {
    coach = Objects.requireNonNull(lines, "lines");
    return self();
  }

  /** Reports steps and validations to a listener, such as {@link Progress#log}. */
  public final T listen(TrainingListener value) {
    listener = Objects.requireNonNull(value, "value");
    return self();
  }

  /**
   * Keeps the best model so far in a file, and checkpoints in a folder next to it, whose name is
   * the file's followed by {@code .run}. A stopped run with the same data and settings resumes and
   * ends with the same bits.
   */
  public final T keepAt(Path model) {
    kept = Objects.requireNonNull(model, "model");
    return self();
  }

  /**
   * Sets the encoding of files without a byte order mark. The default is UTF-8, or that of the
   * model that is trained further.
   */
  public final T encoding(Charset charset) {
    encoding = Encoding.of(charset);
    return self();
  }

  /** Sets the interval between checkpoints. The default is ten minutes. */
  public final T checkpointEvery(Duration time) {
    interval = new Checkpoints.Interval(0, time);
    return self();
  }

  /**
   * Trains and returns the model that did best on the validation data. If the thread is
   * interrupted, or the listener throws or asks to stop, training stops after the current step,
   * writes a checkpoint if there is a place for it, and returns the best model so far, whose
   * provenance says that it is unfinished. An interrupted thread stays interrupted.
   *
   * @throws InputException if there is no data, settings are invalid, or a file cannot be written
   * @throws dev.unroll.train.TrainingException if training diverges, or is stopped before there is
   *     a model
   */
  public final M train() {
    return reading(this::trained);
  }

  /**
   * Reads files in the encoding that was chosen, or in that of the model that is trained further.
   */
  private <V> V reading(Supplier<V> reader) {
    if (encoding != null) {
      return Lines.inEncoding(encoding, reader);
    }
    return ofParent == null ? reader.get() : Lines.inRememberedEncoding(ofParent, reader);
  }

  /** Prepares a run whose model and checkpoints are kept somewhere. */
  final R prepareAt(Path model, @Nullable Checkpoints checkpoints) {
    return reading(
        () ->
            prepare(
                new RunOutput(List.of(), hasOwnValidation(), model, checkpoints)
                    .withReading(Lines.keptEncoding())));
  }

  private M trained() {
    Path file = kept;
    if (file == null) {
      return run(prepare(RunOutput.NOTHING.withReading(Lines.keptEncoding())));
    }
    Path folder = file.resolveSibling(file.getFileName() + ".run");
    try (var checkpoints = Checkpoints.open(folder, interval, System::nanoTime)) {
      return run(prepareAt(file, checkpoints));
    }
  }

  private M run(R run) {
    Consumer<String> lines = coach;
    if (lines != null) {
      overview(run).lines().forEach(lines);
    }
    try {
      M model = model(run.run(listener));
      if (lines != null) {
        try (var workers = new Workers(run.options().threads())) {
          verdict(run, model, workers).lines().forEach(lines);
        }
      }
      return model;
    } catch (TrainingInterruptedException e) {
      return model(run.stopped().orElseThrow(() -> e));
    }
  }

  /** Starts training in a thread of its own. */
  public final TrainingJob<M> start() {
    return TrainingJob.start(this::train);
  }

  /** Returns whether the validation data is no part of the other. */
  boolean hasOwnValidation() {
    return false;
  }

  /** Returns the network. */
  final Network network() {
    return network(defaults);
  }

  /** Returns the network, where something else is usual. */
  final Network network(Defaults usual) {
    return network.of(usual, preset, this::usual);
  }

  /**
   * Returns the network, where something else is usual for the data, and says so unless another one
   * was chosen.
   */
  final Network network(Defaults usual, String finding) {
    Network chosen = network(usual);
    if (!chosen.equals(network())) {
      found(finding);
    }
    return chosen;
  }

  /** Returns whether the network was given as a whole, so that nothing in it is found. */
  final boolean hasWholeNetwork() {
    return network.isWhole();
  }

  /** Returns what is usual in the task. */
  final Defaults defaults() {
    return defaults;
  }

  /** Returns how much the training may cost. */
  final Preset preset() {
    return preset;
  }

  /** Says what was found from the data. */
  final void found(String line) {
    found.add(line);
    findings.accept(line);
  }

  /** Keeps for the model what was found and is reported elsewhere. */
  final void remember(String line) {
    found.add(line);
  }

  /** Forgets what was found before. */
  final void search() {
    found.clear();
  }

  /** Returns the same output, whose model says the preset and what was found. */
  final RunOutput saying(RunOutput output) {
    var said = new LinkedHashMap<String, Object>();
    if (preset != Preset.USUAL) {
      said.put("preset", preset.label());
    }
    if (!found.isEmpty()) {
      said.put("found", List.copyOf(found));
    }
    return output.withReading(said);
  }

  /** Returns how it is trained, as it was asked for. */
  final Training training() {
    return training;
  }

  /**
   * Returns how it is trained on so much data; a model that is trained further is trained as it is
   * asked for.
   */
  final Training training(TrainingPlan.Amount amount) {
    if (training.start() != null) {
      return training;
    }
    TrainingPlan course = TrainingPlan.of(training, preset, amount);
    course.reasons().forEach(this::found);
    return course.training();
  }

  /** Returns the share that is put aside. */
  final double share() {
    return share;
  }

  /** Returns the share that is put aside of so many sequences: more of few, which say little. */
  final double share(long sequences) {
    return share(new TrainingPlan.Amount(sequences, sequences));
  }

  /** Returns the same of so much data. */
  final double share(TrainingPlan.Amount amount) {
    if (saysShare || amount.sequences() >= TrainingPlan.FEW) {
      return share;
    }
    double more = TrainingPlan.SHARE_OF_FEW * share;
    found(String.format(Locale.ROOT, "validation share %s: %s", more, amount.areFew()));
    return more;
  }

  /** Returns such as {@code ClassifierTrainer of Training{…}}. */
  @Override
  public String toString() {
    return getClass().getSimpleName() + " of " + training;
  }

  /** Refuses to train without data. */
  static InputException noData(String fix) {
    return new InputException("there is nothing to learn from", fix);
  }
}
