package dev.unroll.task.lm;

import dev.unroll.data.IdStream;
import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.InputException;
import dev.unroll.file.Json;
import dev.unroll.kernel.Workers;
import dev.unroll.network.Network;
import dev.unroll.task.BestModelFile;
import dev.unroll.task.KeptRun;
import dev.unroll.task.Run;
import dev.unroll.train.Checkpoints;
import dev.unroll.train.Learner;
import dev.unroll.train.Trainer;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that the training of a language model needs.
 *
 * @param training text to learn from
 * @param validation text that chooses the best parameters, under the same tokenizer
 * @param network description of the network
 * @param options options of the run
 * @param command words by which whoever asks for the run can ask for it again, kept in the model as
 *     they are; empty for none
 * @param keepAt file that always holds the best model so far, or null
 * @param checkpoints folder where the run is kept while it lasts, and goes on from, or null
 */
public record LanguageModelRun(
    IdStream training,
    IdStream validation,
    Network network,
    Training options,
    List<String> command,
    @Nullable Path keepAt,
    @Nullable Checkpoints checkpoints)
    implements Run<LanguageModel> {

  /** Version written into models. */
  public static final String VERSION = "0.2.0";

  /** Checks that there is something to learn from. */
  public LanguageModelRun {
    command = List.copyOf(command);
    if (training.size() < 2 || validation.size() < 1) {
      throw new InputException(
          "the corpus has %,d tokens to train on and %,d to validate on"
              .formatted(training.size(), validation.size()),
          "Give more text: at least two lines, or a validation file of its own.");
    }
    checkSame(training.tokenizer(), validation.tokenizer());
    if (training.condition() != null && options.reading() == Reading.STREAM) {
      throw new InputException(
          "what is written for a label is read sentence by sentence, not as one stream",
          "Read sentences.");
    }
    checkSize(training, network, options);
  }

  /** A run that keeps nothing but its result. */
  public LanguageModelRun(
      IdStream training, IdStream validation, Network network, Training options) {
    this(training, validation, network, options, List.of(), null, null);
  }

  /** Of each layer, the gates of all steps that are held at a time lie in one array. */
  private static void checkSize(IdStream training, Network network, Training options) {
    int most = options.checkpointSteps() == 0 ? options.steps() : options.checkpointSteps();
    long held = Math.min(most, options.steps());
    long rows = Math.min(training.size(), options.batch() * held);
    for (Network.Layer layer : network.layers()) {
      if (rows * 4 * layer.units() > Integer.MAX_VALUE) {
        throw new InputException(
            "batch × steps × units is %,d × %,d × %,d: more than one array can hold"
                .formatted(options.batch(), held, layer.units()),
            "Make the batch, the steps or the layers smaller, or set checkpoint steps.");
      }
    }
  }

  /** Ids mean something only under the tokenizer that made them. */
  static void checkSame(Tokenizer expected, Tokenizer found) {
    if (!found.equals(expected) && !found.describe().equals(expected.describe())) {
      throw new InputException(
          "a text was read with another vocabulary (%,d tokens) than the model's (%,d)"
              .formatted(found.size(), expected.size()),
          "Read it with the model's tokenizer: Corpus.read(files, model.tokenizer(), …).");
    }
  }

  /**
   * Takes the last part of a corpus, about {@code share} of its tokens or sentences, for
   * validation.
   */
  public static LanguageModelRun of(
      IdStream corpus, double share, Network network, Training options) {
    if (!(share > 0 && share < 1)) {
      throw new InputException("the validation share is " + share, "It must be in (0, 1).");
    }
    if (options.reading() == Reading.STREAM && corpus.size() > 1) {
      IdStream[] parts = corpus.cutAt(Math.max(1, Math.round(corpus.size() * (1 - share))));
      return new LanguageModelRun(parts[0], parts[1], network, options);
    }
    long sentences = corpus.sentences();
    if (sentences < 2) {
      throw new InputException(
          "the corpus has %d sentence: too few to keep one for validation".formatted(sentences),
          "Give a text of more lines, or a validation file of its own.");
    }
    long kept = Math.max(1, Math.min(sentences - 1, Math.round(sentences * share)));
    return new LanguageModelRun(
        corpus.part(0, sentences - kept),
        corpus.part(sentences - kept, sentences),
        network,
        options);
  }

  /** The same run, with the words by which it can be asked for again. */
  public LanguageModelRun askedBy(List<String> words) {
    return new LanguageModelRun(training, validation, network, options, words, keepAt, checkpoints);
  }

  /** The same run, with the best model so far always in {@code file}. */
  public LanguageModelRun keepingBestAt(Path file) {
    return new LanguageModelRun(training, validation, network, options, command, file, checkpoints);
  }

  /**
   * The same run, kept in a folder from time to time. If one that was stopped is kept there, this
   * goes on with it, to the same bits. When it has ended, the checkpoints are deleted.
   */
  public LanguageModelRun checkpointing(Checkpoints folder) {
    return new LanguageModelRun(training, validation, network, options, command, keepAt, folder);
  }

  @Override
  public String trainingFingerprint() {
    return training.fingerprint();
  }

  @Override
  public String validationFingerprint() {
    return validation.fingerprint();
  }

  /**
   * Trains and returns the model that did best on the validation part.
   *
   * @throws InputException if the model cannot be written; checkpoints, if any, are kept then
   */
  @Override
  public LanguageModel run(TrainingListener listener) {
    LanguageNetwork built = built();
    Checkpoints folder = checkpoints;
    var keeping = folder == null ? null : new Trainer.Checkpointing(folder, identity());
    try (var workers = new Workers(options.threads())) {
      var learner = new LanguageLearner(built, training, validation, options);
      BestModelFile.Maker maker =
          (parameters, report) ->
              model(
                  built,
                  parameters,
                  new KeptRun.Reached(report.step(), report.validation(), false));
      var heard = BestModelFile.keeping(keepAt, maker, listener);
      var trainer = new Trainer(learner, options, workers, heard);
      Trainer.Outcome outcome = trainer.run(keeping);
      var found = new Learner.Validation(outcome.loss(), null);
      var reached = new KeptRun.Reached(outcome.steps(), found, true);
      LanguageModel best = model(built, outcome.parameters(), reached);
      Path file = keepAt;
      if (file != null) {
        best.save(file);
      }
      if (folder != null) {
        folder.clear();
      }
      return best;
    }
  }

  /** Returns the network that is trained, without its weights. */
  public LanguageNetwork built() {
    return new LanguageNetwork(network, training.tokenizer().size(), training.condition());
  }

  @Override
  public Map<String, String> making() {
    var map = new LinkedHashMap<String, String>();
    map.put("training text", training.fingerprint());
    map.put("validation text", validation.fingerprint());
    map.put("vocabulary", "%,d tokens".formatted(training.tokenizer().size()));
    map.put("tokenizer", Fingerprint.of(Json.write(training.tokenizer().describe())));
    map.put("network", Json.write(network.toJson()));
    var condition = training.condition();
    if (condition != null) {
      map.put("written for", condition.toString());
    }
    return map;
  }

  /** Returns the model with given parameters; equal runs give equal models, byte for byte. */
  public LanguageModel model(LanguageNetwork built, float[] parameters, KeptRun.Reached reached) {
    return new LanguageModel(
        built, parameters, training.tokenizer(), options.reading(), provenance(reached));
  }

  private Map<String, Object> provenance(KeptRun.Reached reached) {
    var map = new LinkedHashMap<String, Object>();
    map.put("version", VERSION);
    map.put("training", training.fingerprint());
    map.put("trainingTokens", training.size());
    map.put("validation", validation.fingerprint());
    map.put("validationTokens", validation.size());
    map.put("seed", options.seed());
    map.put("options", options.describe());
    if (!command.isEmpty()) {
      map.put("command", command);
    }
    KeptRun.describe(map, fingerprint(), reached);
    return map;
  }
}
