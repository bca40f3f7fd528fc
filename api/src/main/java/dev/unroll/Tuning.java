package dev.unroll;

import dev.unroll.base.InputException;
import dev.unroll.learn.Checkpoints;
import dev.unroll.result.Model;
import dev.unroll.store.ModelFields;
import dev.unroll.task.Candidate;
import dev.unroll.task.Run;
import dev.unroll.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Searches hyperparameters by successive halving: draws settings at random, trains all for a while
 * and the best for longer, and the best few with several seeds. The same seed, data and ranges give
 * the same result, on any number of threads, and however often the search was stopped.
 *
 * {@snippet file="example/SnippetsTest.java" region="tuning"}
 *
 * @param <M> the model
 */
public final class Tuning<M extends Model> {

  /** Trials that are trained with several seeds. */
  private static final int FINALISTS = 3;

  /** How often settings are drawn again that were drawn before. */
  private static final int ATTEMPTS = 100;

  private static final int MOST_TRIALS = 10_000;

  private final @Nullable Function<Trial, Candidate> drawn;
  private @Nullable Candidate usual;
  private boolean usualMayWin = true;
  private int trials = 18;
  private int seeds = 3;
  private long seed = 1;
  private @Nullable Path folder;
  private Checkpoints.Interval interval = TaskTrainer.USUAL;
  private Consumer<Trial.Result> results = result -> {};
  private TrainingListener listener = TrainingListener.NONE;

  private Tuning(@Nullable Function<Trial, Candidate> drawn) {
    this.drawn = drawn;
  }

  /**
   * Searches the settings of a trainer.
   *
   * @param trainer returns a new trainer, with data and with the settings that it draws
   */
  public static <
          F extends ModelFields,
          R extends Run<F>,
          M extends Model,
          T extends TaskTrainer<F, R, M, T>>
      Tuning<M> of(Function<Trial, T> trainer) {
    return new Tuning<>(
        trial -> {
          try {
            Objects.requireNonNull(trainer.apply(trial)); // draws its settings
          } catch (InputException e) { // they do not go together: the trial fails
            return (repetition, model, checkpoints) -> {
              throw e;
            };
          }
          return candidate(() -> trainer.apply(trial.again()));
        });
  }

  /**
   * Searches the settings of runs that are prepared in some other way.
   *
   * @param candidates returns what is trained in a trial
   */
  public static Tuning<Model> ofRuns(Function<Trial, Candidate> candidates) {
    return new Tuning<>(candidates);
  }

  /** Trains one candidate with several seeds, and searches nothing. */
  public static Tuning<Model> ofSeeds(Candidate candidate) {
    return new Tuning<Model>(null).usual(candidate, true).trials(0);
  }

  /** A trainer is created anew for each run, as its data may be read only once. */
  private static <
          F extends ModelFields,
          R extends Run<F>,
          M extends Model,
          T extends TaskTrainer<F, R, M, T>>
      Candidate candidate(Supplier<T> trainers) {
    return (repetition, model, checkpoints) -> {
      T trainer = trainers.get();
      long first = trainer.training().seed();
      trainer.training(usual -> usual.withSeed(first + repetition));
      return trainer.prepareAt(model, checkpoints);
    };
  }

  /** Adds a trainer with default settings to the comparison; it may win. */
  public <F extends ModelFields, R extends Run<F>, T extends TaskTrainer<F, R, M, T>>
      Tuning<M> usual(Supplier<T> trainer) {
    return usual(candidate(trainer), true);
  }

  /**
   * Adds a candidate to the comparison, which is always trained to the end.
   *
   * @param mayWin whether it may win, and is not only shown
   */
  public Tuning<M> usual(Candidate candidate, boolean mayWin) {
    usual = Objects.requireNonNull(candidate, "candidate");
    usualMayWin = mayWin;
    return this;
  }

  /** Sets the number of trials; 18 by default. */
  public Tuning<M> trials(int value) {
    check("trials", value, usual == null ? 1 : 0, MOST_TRIALS);
    trials = value;
    return this;
  }

  /** Sets the number of seeds for the best few; 3 by default. */
  public Tuning<M> seeds(int value) {
    check("seeds", value, 1, 1000);
    seeds = value;
    return this;
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new InputException(
          "the number of " + name + " is " + value, "It must be in " + least + " … " + most + ".");
    }
  }

  /** Sets the seed with which settings are drawn. */
  public Tuning<M> seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Keeps the search in a folder. A search with the same data and ranges that was stopped, or had
   * fewer trials, continues.
   */
  public Tuning<M> keepAt(Path value) {
    folder = Objects.requireNonNull(value, "value");
    return this;
  }

  /** Sets the interval between checkpoints of each run. The default is ten minutes. */
  public Tuning<M> checkpointEvery(Duration time) {
    return checkpointEvery(new Checkpoints.Interval(0, time));
  }

  /** Sets the interval between checkpoints of each run. The default is ten minutes. */
  public Tuning<M> checkpointEvery(Checkpoints.Interval value) {
    interval = Objects.requireNonNull(value, "value");
    return this;
  }

  /** Reports each trial after each of its stages. */
  public Tuning<M> onTrial(Consumer<Trial.Result> value) {
    results = value;
    return this;
  }

  /** Reports the steps and validations of all trials to a listener, which may stop the search. */
  public Tuning<M> listen(TrainingListener value) {
    listener = Objects.requireNonNull(value, "value");
    return this;
  }

  /**
   * Searches.
   *
   * @throws InputException if there is no data, settings are invalid, or a file cannot be written
   * @throws dev.unroll.train.TrainingInterruptedException if the thread is interrupted or the
   *     listener stops it; the folder, if there is one, has all that is needed to continue
   */
  public Result<M> run() {
    Path place = folder;
    if (place != null) {
      try (var lock =
          Checkpoints.open(place, new Checkpoints.Interval(0, Duration.ZERO), () -> 0)) {
        return search(new TrialRuns(Path.of(lock.name()), interval, listener));
      }
    }
    try {
      place = Files.createTempDirectory("unroll-tuning");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      return search(new TrialRuns(place, interval, listener));
    } finally {
      TrialRuns.deleteAll(place);
    }
  }

  /** Returns the settings of all trials by their numbers, without training anything. */
  public Map<Integer, Map<String, Object>> draw() {
    var drawnSettings = new LinkedHashMap<Integer, Map<String, Object>>();
    for (TrialRuns.Entry entry : entries()) {
      if (entry.number() != 0) {
        drawnSettings.put(entry.number(), entry.settings());
      }
    }
    return drawnSettings;
  }

  /** Deletes a folder in which a search was kept. */
  public static void delete(Path folder) {
    TrialRuns.deleteAll(folder);
  }

  private Result<M> search(TrialRuns runs) {
    var race = new TrialRace(runs, entries(), seeds, results);
    race.halve();
    race.repeat(FINALISTS);
    List<Trial.Result> ranking = race.ranking();
    Trial.Result best =
        ranking.stream()
            .filter(each -> usualMayWin || each.number() != 0)
            .findFirst()
            .orElse(ranking.getFirst());
    if (Double.isNaN(best.mean())) {
      throw new InputException(
          "no trial could be trained to its end: " + best.failure(),
          "Give other ranges, such as lower learning rates.");
    }
    return new Result<>(ranking, best, typed(race.keepModelOf(best)));
  }

  @SuppressWarnings("unchecked") // the candidates are of trainers of such models
  private M typed(Model model) {
    return (M) model;
  }

  private List<TrialRuns.Entry> entries() {
    var entries = new ArrayList<TrialRuns.Entry>();
    if (usual != null) {
      entries.add(new TrialRuns.Entry(0, Map.of(), usual));
    }
    Function<Trial, Candidate> source = drawn;
    Set<Map<String, Object>> seen = new HashSet<>();
    for (int number = 1; source != null && number <= trials; number++) {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        var trial = new Trial(seed, number, attempt);
        Candidate candidate = source.apply(trial);
        if (seen.add(trial.settings())) {
          entries.add(new TrialRuns.Entry(number, trial.settings(), candidate));
          break;
        }
      }
    }
    return entries;
  }

  /**
   * The result of a {@link Tuning}.
   *
   * @param ranking all trials, the best first: those that were trained to the end with several
   *     seeds by their mean, then the others by how far they were trained, and by what they reached
   *     there
   * @param best the first of them that may win
   * @param model the model of its best seed
   * @param <M> the model
   */
  public record Result<M>(List<Trial.Result> ranking, Trial.Result best, M model) {

    /** Copies the list. */
    public Result {
      ranking = List.copyOf(ranking);
    }

    /**
     * Returns whether the best trial is ahead of the next by more than the standard deviation of
     * the seeds of either. If not, the order of the two may be chance.
     */
    public boolean isClear() {
      Trial.Result next = next().orElse(best);
      double gap = Math.abs(best.mean() - next.mean());
      return gap > best.deviation() && gap > next.deviation(); // false where one is NaN
    }

    /** Returns the best of the others that were trained to the end, if there are any. */
    public Optional<Trial.Result> next() {
      return ranking.stream()
          .filter(each -> each.number() != best.number() && each.finished())
          .findFirst();
    }
  }
}
