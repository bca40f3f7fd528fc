package dev.unroll.fuzz;

import dev.unroll.base.InputException;
import dev.unroll.data.Reading;
import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import dev.unroll.learn.Checkpoints;
import dev.unroll.network.Network;
import dev.unroll.result.Model;
import dev.unroll.task.RunOutput;
import dev.unroll.task.lm.LanguageModelRun;
import dev.unroll.tasks.Tasks;
import dev.unroll.text.Corpus;
import dev.unroll.text.MappedCorpus;
import dev.unroll.text.Segmentation;
import dev.unroll.text.WordVectors;
import dev.unroll.text.ngram.KneserNey;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What is done with files from Java. */
final class JavaUses {

  private static final Path TEXT = Places.COMPAT.resolve("data/text.txt");
  private static final Segmentation WORDS = Segmentation.of(Segmentation.Unit.WORDS);
  private static final Corpus.Options OPTIONS =
      new Corpus.Options(WORDS, Integer.MAX_VALUE, 1, false);
  private static final Corpus CORPUS = Corpus.read(List.of(TEXT), OPTIONS);

  /** The step after which a checkpoint is a seed. */
  private static final int KEPT_STEP = 30;

  private JavaUses() {}

  /** Opens a model of any task. */
  static String open(Path file, Path scratch) {
    Model model = Tasks.open(file);
    return model.task() + " " + model.size();
  }

  /** Saves a model again, which must give the same model. */
  static String save(Path file, Path scratch) {
    Model model = Tasks.open(file);
    Path again = scratch.resolve("again.safetensors");
    model.save(again);
    Model same = Tasks.open(again);
    if (!Arrays.equals(same.parameters(), model.parameters())
        || !same.provenance().equals(model.provenance())) {
      throw new WrongAnswerException("a model that is saved again is another");
    }
    return model.summary().toString();
  }

  /** Parses JSON, and writes it again, which must be read as the same. */
  static String json(Path file, Path scratch) throws IOException {
    String text = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
    Object value;
    try {
      value = Json.parse(text).value();
    } catch (JsonException e) {
      throw new InputException(e.getMessage(), "");
    }
    String written = Json.write(value);
    if (!Json.write(Json.parse(written).value()).equals(written)) {
      throw new WrongAnswerException("JSON that is written again is another");
    }
    return written;
  }

  /** Puts beside a mixture what it may name: its members, a pipe that nobody writes to. */
  static String placeMembers(Path file, Path scratch) throws Exception {
    for (String name : List.of("ngram.arpa", "lm-words.safetensors")) {
      Files.copy(Places.COMPAT.resolve("models").resolve(name), scratch.resolve(name));
    }
    return "";
  }

  /** Reads vectors of all words. */
  static String vectors(Path file, Path scratch) {
    WordVectors vectors = WordVectors.read(file, word -> false, 100);
    vectors
        .rows()
        .values()
        .forEach(
            row -> {
              for (float value : row) {
                if (!Float.isFinite(value)) {
                  throw new WrongAnswerException("a vector has a number " + value);
                }
              }
            });
    return vectors.width() + " " + vectors.rows().keySet();
  }

  /** Reads ids, and counts what follows what among them. */
  static String ids(Path file, Path scratch) throws IOException {
    Path own = scratch.resolve("own.ids");
    Files.copy(file, own);
    var corpus = MappedCorpus.open(List.of(TEXT), OPTIONS, own);
    return corpus.size() + " " + KneserNey.estimate(corpus, 2).size();
  }

  /** Trains on ids. */
  static String trainOnIds(Path file, Path scratch) throws IOException {
    Path own = scratch.resolve("own.ids");
    Files.copy(file, own);
    var corpus = MappedCorpus.open(List.of(TEXT), OPTIONS, own);
    var options = training().withEpochs(1);
    var run = LanguageModelRun.of(corpus, 0.1, Network.gru(3), options);
    return Arrays.hashCode(run.run(TrainingListener.NONE).parameters()) + "";
  }

  static Seed idsSeed() {
    try {
      Path file = Files.createTempDirectory("fuzz").resolve("text.ids");
      MappedCorpus.open(List.of(TEXT), OPTIONS, file);
      return new Seed("text.ids", Files.readAllBytes(file));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Training training() {
    return Training.defaults()
        .withEpochs(3)
        .withBatch(4, 8)
        .withReading(Reading.STREAM)
        .withThreads(1);
  }

  /** A run that keeps its state in a folder. */
  private static LanguageModelRun run(Checkpoints checkpoints) {
    long cut = CORPUS.sentences() * 9 / 10;
    var training = CORPUS.part(0, cut);
    var validation = CORPUS.part(cut, CORPUS.sentences());
    var output = new RunOutput(List.of(), false, null, checkpoints);
    return new LanguageModelRun(training, validation, Network.lstm(3), training(), output);
  }

  private static Checkpoints checkpoints(Path folder) {
    return Checkpoints.open(
        folder, new Checkpoints.Interval(KEPT_STEP, Duration.ZERO), System::nanoTime);
  }

  /** Continues a run from a checkpoint. */
  static String resume(Path file, Path scratch) throws IOException {
    Path folder = Files.createDirectory(scratch.resolve("run"));
    Files.copy(file, folder.resolve("step-0000000030.safetensors"));
    try (var checkpoints = checkpoints(folder)) {
      return Arrays.hashCode(run(checkpoints).run(TrainingListener.NONE).parameters()) + "";
    }
  }

  /** Stops a run once it was kept. */
  private static final class Stop extends Error implements TrainingListener {
    private static final long serialVersionUID = 1L;

    @Override
    public void onCheckpoint(long step) {
      throw this;
    }
  }

  /** The checkpoint of a run that was stopped. */
  static Seed checkpointSeed() {
    try {
      Path folder = Files.createTempDirectory("fuzz").resolve("run");
      try (var checkpoints = checkpoints(folder)) {
        run(checkpoints).run(new Stop());
        throw new IllegalStateException("the run ended");
      } catch (Stop e) {
        try (Stream<Path> files = Files.list(folder)) {
          Path file =
              files
                  .filter(each -> each.toString().endsWith(".safetensors"))
                  .findFirst()
                  .orElseThrow();
          return new Seed("checkpoint.safetensors", Files.readAllBytes(file));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
