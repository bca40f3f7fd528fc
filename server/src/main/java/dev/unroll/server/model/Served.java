package dev.unroll.server.model;

import dev.unroll.base.InputException;
import dev.unroll.data.Condition;
import dev.unroll.data.Provenance;
import dev.unroll.model.LanguageModel;
import dev.unroll.result.Model;
import dev.unroll.server.http.Problem;
import dev.unroll.text.table.ConditionedTexts;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A loaded model that answers requests; sessions keep it after it has been replaced. */
public final class Served {

  /** What the field of a request means that says what is written for. */
  public static final String ABOUT_GIVEN =
      "the label, or the numbers, that a language model writes for; none for most models";

  /** The name of that field. */
  public static final String GIVEN = "given";

  /** Labels or vectors whose models are kept for further requests. */
  private static final int MOST_WRITTEN = 64;

  private final String name;
  private final Model model;
  private final Hash hash;
  private final Instant loaded;
  private final Batcher batcher;
  private final Function<Model, Engine> engines;
  private final Engine engine;

  /** What continues texts, one for all that the model writes for; null if it reads backward. */
  private final @Nullable Writer writer;

  /** The same for what this one writes for; null if that is not known, too. */
  private final @Nullable Generator generator;

  /** The label, or the numbers as they were read, that it writes for; null for nothing. */
  private final @Nullable String given;

  /** The model as it writes for each {@link #given}, the latest last; guarded by itself. */
  private final SequencedMap<String, Served> written = new LinkedHashMap<>(16, 0.75f, true);

  /** Is computed when it is first asked for, which takes as long as opening the model. */
  private static final class Hash {

    private final Model model;
    private @Nullable String text;

    Hash(Model model) {
      this.model = model;
    }

    synchronized String text() {
      if (text == null) {
        text = model.fingerprint();
      }
      return text;
    }
  }

  /**
   * Creates a model that answers.
   *
   * @param engines gives what computes its answers
   */
  Served(
      String name, Model model, Function<Model, Engine> engines, Instant loaded, Batcher batcher) {
    this.name = name;
    this.model = model;
    this.engines = engines;
    this.loaded = loaded;
    this.batcher = batcher;
    engine = engines.apply(model);
    hash = new Hash(model);
    boolean continues = model instanceof LanguageModel own && !own.isBackward();
    writer = continues ? new Writer(name, batcher.limits()) : null;
    generator = continues && condition(model) == null ? generator(model) : null;
    given = null;
  }

  /** The model as it writes for something. */
  private Served(Served base, LanguageModel model, String given) {
    name = base.name;
    this.model = model;
    engines = base.engines;
    loaded = base.loaded;
    batcher = base.batcher;
    engine = engines.apply(model);
    hash = base.hash;
    writer = base.writer;
    generator = writer == null ? null : generator(model);
    this.given = given;
  }

  private Generator generator(Model own) {
    return new Generator((LanguageModel) own, engine::continuation);
  }

  private static @Nullable Condition condition(Model model) {
    return model instanceof LanguageModel own ? own.network().condition() : null;
  }

  /**
   * Returns the model as it writes for a label, or for the numbers of a vector.
   *
   * @param wanted what a request names; null for nothing
   * @throws Problem if the model writes for something and nothing is named, or the other way round
   * @throws InputException if the model does not write for that
   */
  public Served given(@Nullable String wanted) {
    Condition condition = condition(model);
    if (condition == null) {
      if (wanted != null) {
        throw Problem.ofField(
            422, GIVEN, "the model " + name + " does not write for a label; leave given out");
      }
      return this;
    }
    if (wanted == null) {
      String which =
          condition.labels().isEmpty()
              ? condition.inputs() + " numbers between commas"
              : "one of " + InputException.quoted(String.join(", ", condition.labels()), 1000);
      throw Problem.ofField(
          422, GIVEN, "say what the model " + name + " is to write for: given is " + which);
    }
    float[] vector = ConditionedTexts.vector(wanted, condition);
    String key = condition.labels().isEmpty() ? text(vector) : wanted;
    synchronized (written) {
      Served known = written.get(key);
      if (known == null) {
        known = new Served(this, ((LanguageModel) model).withCondition(vector), key);
        written.put(key, known);
        if (written.size() > MOST_WRITTEN) {
          written.pollFirstEntry();
        }
      }
      return known;
    }
  }

  /** Numbers may be written in many ways, which all mean the same. */
  private static String text(float[] vector) {
    return IntStream.range(0, vector.length)
        .mapToObj(i -> Float.toString(vector[i]))
        .collect(Collectors.joining(", "));
  }

  /**
   * Returns what it writes for: a label, or numbers in the one form in which the server writes
   * them; null for nothing.
   */
  public @Nullable String given() {
    return given;
  }

  /** Returns the model as it writes for what another one was told to. */
  public Served like(Served other) {
    return other.given == null ? this : given(other.given);
  }

  /** Returns its name in requests. */
  public String name() {
    return name;
  }

  /** Returns the model itself. */
  public Model model() {
    return model;
  }

  /** Returns what computes its answers. */
  public Engine engine() {
    return engine;
  }

  /** Returns the task, as the command line calls it. */
  public String task() {
    return model.task().name();
  }

  /** Returns the hash of its description, its tokens and its parameters. */
  public String hash() {
    return hash.text();
  }

  /** Returns when it was loaded. */
  public Instant loaded() {
    return loaded;
  }

  /** Returns what it was made from. */
  public Provenance provenance() {
    return model.provenance();
  }

  /**
   * Returns the answer to each input, in their order; those of several requests run as one batch.
   *
   * @param way how it is asked: a value; what is equal runs together
   * @param work the same for equal ways
   * @param deadline on the clock of {@link System#nanoTime}
   * @param <I> an input
   * @param <O> its answer
   */
  public <I, O> List<O> run(Object way, List<I> inputs, Work<I, O> work, long deadline) {
    return batcher.run(new BatchKey(name, model, way), inputs, work, deadline);
  }

  /**
   * Returns what work gives that cannot be combined with that of other requests. It runs in a
   * thread that computes: those of requests are virtual, and would hold up all others.
   *
   * @param deadline on the clock of {@link System#nanoTime}
   */
  public <O> O runAlone(Supplier<O> work, long deadline) {
    return batcher.runAlone(name, work, deadline);
  }

  /** Notes that a request waits for texts that are being continued, until {@link #leave}. */
  void enter() {
    batcher.enter();
  }

  /** Notes that it does so no more. */
  void leave() {
    batcher.leave();
  }

  /**
   * Begins to continue texts.
   *
   * @throws InputException if it reads from right to left
   * @throws Problem if too many wait already
   */
  List<Text> begin(List<Text.Order> orders, List<? extends Text.Sink> sinks) {
    if (writer == null || generator == null) {
      throw new InputException(
          "the model " + name + " does not continue texts",
          "Use one that reads from left to right.");
    }
    return writer.begin(generator, orders, sinks);
  }
}
