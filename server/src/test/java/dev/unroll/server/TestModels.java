package dev.unroll.server;

import dev.unroll.Unroll;
import dev.unroll.model.Classifier;
import dev.unroll.model.Forecaster;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Recognizer;
import dev.unroll.model.Regressor;
import dev.unroll.model.Tagger;
import dev.unroll.model.Transducer;
import dev.unroll.result.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** A small model of each task, trained once for all tests. */
final class TestModels {

  private static final List<String> NAMES =
      List.of(
          "anna", "bert", "clara", "dora", "emil", "frieda", "georg", "hanna", "ida", "jakob",
          "karla", "ludwig", "marta", "nora", "otto", "paula");

  private TestModels() {}

  /** A folder with the files of all models. */
  static final Path FOLDER = folder();

  static final LanguageModel LM =
      saved(
          "names",
          Unroll.languageModel().characters().sentences().lines(NAMES).lstm(24).epochs(3).train());

  static final Classifier CLASSIFIER =
      saved(
          "moods",
          Unroll.classifier()
              .data(examples(), each -> each[0], each -> each[1])
              .lstm(16)
              .epochs(2)
              .train());

  static final Regressor REGRESSOR =
      saved(
          "stars",
          Unroll.regressor()
              .data(examples(), each -> each[0], each -> each[0].length())
              .lstm(16)
              .epochs(2)
              .train());

  static final Tagger TAGGER =
      saved(
          "tags",
          Unroll.tagger()
              .conll(file("tags.conll", "the\tDET\ncat\tNOUN\nran\tVERB\n\n".repeat(30)))
              .lstm(16)
              .epochs(2)
              .train());

  static final Transducer TRANSDUCER =
      saved(
          "sounds",
          Unroll.transducer()
              .files(file("sounds.tsv", pairs(false)))
              .targetTokens()
              .lstm(16)
              .epochs(2)
              .train());

  static final Recognizer RECOGNIZER =
      saved(
          "heard",
          Unroll.recognizer().files(file("heard.tsv", pairs(true))).gru(16).epochs(2).train());

  static final Forecaster FORECASTER =
      saved(
          "sales",
          Unroll.forecaster()
              .values(
                  DoubleStream.iterate(1, i -> i + 1).limit(80).map(i -> 5 + Math.sin(i)).toArray())
              .context(8)
              .horizon(3)
              .lstm(8)
              .interval(0.8)
              .epochs(2)
              .train());

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("unroll-server");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <M extends Model> M saved(String name, M model) {
    model.save(path(name));
    return model;
  }

  /** Returns the file of a model. */
  static Path path(String name) {
    return FOLDER.resolve(name + ".safetensors");
  }

  private static Path file(String name, String text) {
    try {
      return Files.writeString(FOLDER.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pairs(boolean longer) {
    var text = new StringBuilder();
    for (String name : NAMES.subList(0, 8)) {
      String source = longer ? name.replaceAll(".", "$0$0$0") : String.join(" ", name.split(""));
      String target = String.join(" ", name.toUpperCase(java.util.Locale.ROOT).split(""));
      text.append((source + "\t" + target + "\n").repeat(4));
    }
    return text.toString();
  }

  private static List<String[]> examples() {
    var all = new ArrayList<String[]>();
    for (int i = 0; i < 40; i++) {
      boolean good = i % 2 == 0;
      String word = NAMES.get(i % NAMES.size());
      all.add(new String[] {(good ? "good food " : "bad room ") + word, good ? "good" : "bad"});
    }
    return all;
  }

  /** Begins to serve all of them. */
  static UnrollServer.Builder server() {
    return UnrollServer.builder()
        .model(path("names"))
        .model(path("moods"))
        .model(path("stars"))
        .model(path("tags"))
        .model(path("sounds"))
        .model(path("heard"))
        .model(path("sales"))
        .port(0)
        .accessLog(line -> {});
  }
}
