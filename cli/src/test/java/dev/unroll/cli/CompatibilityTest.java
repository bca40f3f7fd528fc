package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.result.Model;
import dev.unroll.tasks.Tasks;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files that versions 0.1.0 and 0.2.0 wrote: models open and answer as they did, runs are trained
 * again or resumed to the same bits. {@code resources/compat/README.md} tells how they were made.
 */
class CompatibilityTest {

  /**
   * What a refusal says has changed since 0.2.0 in how parameters are trained; nothing as long as
   * training gives the same bits. Setting it makes these tests demand that {@code verify} and
   * {@code --resume} refuse what 0.2.0 trained, and name that version and this change.
   */
  private static final String CHANGED = "Adam and RMSProp no longer round";

  private static final Path FOLDER = Path.of("src/test/resources/compat");

  /** What {@code info} says in words of its own, which may be put better. */
  private static final Set<String> WORDED = Set.of("task", "layers", "dropout");

  @TempDir Path scratch;

  /** A training: its name, which is the model's, and the words of its command. */
  record Training(String name, List<String> words) {

    Path model() {
      return FOLDER.resolve("models", name + ".safetensors");
    }

    /** The words of {@code verify} for a model of this training. */
    String[] verify(Path model) {
      var verify = new ArrayList<>(List.of("verify", model.toString()));
      int task = words.indexOf("train");
      words.stream().skip(task + 1L).takeWhile(word -> !word.startsWith("-")).forEach(verify::add);
      for (String option : List.of("--valid", "--vectors")) {
        int at = words.indexOf(option);
        if (at >= 0) {
          verify.addAll(words.subList(at, at + 2));
        }
      }
      return verify.toArray(String[]::new);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Training> trainings(String list) throws IOException {
    try (Stream<String> lines = Files.lines(FOLDER.resolve(list))) {
      return lines
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(": ", 2))
          .map(parts -> new Training(parts[0], words(parts[1])))
          .toList();
    }
  }

  static List<Training> trainings() throws IOException {
    return trainings("trainings.txt");
  }

  static List<Training> oldTrainings() throws IOException {
    return trainings("trainings-0.1.0.txt");
  }

  static List<Training> killed() throws IOException {
    return trainings().stream().filter(each -> Files.exists(killed(each))).toList();
  }

  static List<Path> models() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER.resolve("models"))) {
      return files.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
    }
  }

  /** Models that say all that a model says today. */
  static List<Path> modelsOfTheSecondVersion() throws IOException {
    return models().stream()
        .filter(file -> !file.getFileName().toString().startsWith("old-"))
        .toList();
  }

  static List<Path> transcripts() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER.resolve("transcripts"))) {
      return files.sorted().toList();
    }
  }

  /** Splits a command, whose paths are relative to the folder. */
  private static List<String> words(String command) {
    return Stream.of(command.split(" ", -1))
        .map(word -> word.matches("(data|models)/.*") ? FOLDER + "/" + word : word)
        .toList();
  }

  private static Path killed(Training training) {
    return FOLDER.resolve("killed", training.name() + ".safetensors");
  }

  @ParameterizedTest
  @MethodSource("transcripts")
  void everyCommandPrintsWhatItDid(Path transcript) throws IOException {
    for (String part : Files.readString(transcript).split("(?m)^\\$ ")) {
      if (!part.isEmpty()) {
        int end = part.indexOf('\n');
        assertPrints(part.substring(0, end), part.substring(end + 1));
      }
    }
  }

  /** Numbers have no more decimals than were printed, and are rounded to these. */
  private static void assertRounded(String out, String expected) {
    String[] now = out.split("[,\n]", -1);
    String[] then = expected.split("[,\n]", -1);
    assertThat(now).hasSameSizeAs(then);
    for (int i = 0; i < now.length; i++) {
      if (then[i].matches("-?[0-9.]+")) {
        var exact = new BigDecimal(then[i]);
        int decimals = new BigDecimal(now[i]).scale();
        assertThat(decimals).isBetween(0, exact.scale());
        assertThat(new BigDecimal(now[i]))
            .isCloseTo(exact, within(BigDecimal.valueOf(6, Math.max(2, decimals + 1))));
      } else {
        assertThat(now[i]).isEqualTo(then[i]);
      }
    }
  }

  private static void assertPrints(String command, String expected) throws IOException {
    assertThat(expected).as("recorded: " + command).isNotEmpty();
    var result = Session.run(words(command).toArray(String[]::new));
    assertThat(result.status()).as(command + "\n" + result.err()).isZero();
    String out =
        result
            .out()
            .replace(FOLDER + "/", "")
            .replaceAll("\"tokensPerSecond\":[0-9.E-]+", "\"tokensPerSecond\":0");
    if (command.startsWith("info ")) { // 0.2.0 wrote British English
      String american = expected.replace("layer-normalised", "layer-normalized");
      assertThat(fields(out)).as(command).containsAllEntriesOf(fields(american));
    } else if (command.startsWith("forecast eval ")) { // 0.2.0 had its keys in any order
      assertThat(fields(out)).as(command).isEqualTo(fields(expected));
    } else if (command.startsWith("forecast predict ") && !command.contains("--json")) {
      assertRounded(out, expected); // 0.2.0 printed six digits
    } else {
      assertThat(out).as(command).isEqualTo(expected);
    }
  }

  private static Map<String, Object> fields(String json) throws JsonProcessingException {
    @SuppressWarnings("unchecked")
    Map<String, Object> fields = new ObjectMapper().readValue(json, Map.class);
    fields.keySet().removeAll(WORDED);
    return fields;
  }

  @Test
  void everyModelHasATranscript() throws IOException {
    var names = new TreeSet<String>();
    models()
        .forEach(model -> names.add(model.getFileName().toString().replace(".safetensors", "")));
    var recorded = new TreeSet<String>();
    for (Path transcript : transcripts()) {
      recorded.add(transcript.getFileName().toString().replace(".txt", ""));
    }
    assertThat(recorded).containsAll(names);
  }

  @ParameterizedTest
  @MethodSource("modelsOfTheSecondVersion")
  void aModelThatIsSavedAgainIsTheSame(Path model) throws IOException {
    Path again = scratch.resolve("again.safetensors");
    Tasks.open(model).save(again);
    assertThat(again).hasSameBinaryContentAs(model);
  }

  @ParameterizedTest
  @MethodSource("oldTrainings")
  void aModelOfTheFirstVersionKeepsItsParameters(Training training) {
    Path again = scratch.resolve("again.safetensors");
    Model old = Tasks.open(training.model());
    old.save(again);
    assertThat(Tasks.open(again).parameters()).isEqualTo(old.parameters());
    assertThat(Tasks.open(again).provenance()).isEqualTo(old.provenance());
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void aModelTrainedAgainIsTheSameOrRefusedByName(Training training) {
    var result = Session.run(training.verify(training.model()));
    if (CHANGED.isEmpty()) {
      assertThat(result.status()).as(result.out() + result.err()).isZero();
    } else {
      assertRefused(result, "0.2.0", CHANGED);
    }
  }

  @ParameterizedTest
  @MethodSource("oldTrainings")
  void aModelOfTheFirstVersionHasNoCommandToVerify(Training training) {
    assertRefused(Session.run(training.verify(training.model())), training.name());
  }

  @ParameterizedTest
  @MethodSource("killed")
  void theBestModelSoFarOfAKilledRunIsNotVerified(Training training) {
    assertRefused(Session.run(training.verify(killed(training))), "--resume");
  }

  @ParameterizedTest
  @MethodSource("killed")
  void aKilledRunIsResumedToTheSameBitsOrRefusedByName(Training training) throws IOException {
    Path model = scratch.resolve("model.safetensors");
    Path run = scratch.resolve("model.safetensors.run");
    Files.copy(killed(training), model);
    copyFolder(killed(training).resolveSibling(training.name() + ".safetensors.run"), run);
    var before = content(run);
    var words = new ArrayList<>(training.words());
    words.addAll(List.of("-o", model.toString(), "--resume"));
    var result = Session.run(words.toArray(String[]::new));
    if (CHANGED.isEmpty()) {
      assertThat(result.status()).as(result.err()).isZero();
      assertThat(result.err()).contains("resumed after step 12");
      assertThat(Tasks.open(model).parameters())
          .isEqualTo(Tasks.open(training.model()).parameters());
      assertThat(run).doesNotExist();
    } else {
      assertRefused(result, "0.2.0");
      assertThat(content(run)).isEqualTo(before);
      assertThat(model).hasSameBinaryContentAs(killed(training));
    }
  }

  private static void assertRefused(Session.Result result, String... parts) {
    assertThat(result.status()).as(result.out() + result.err()).isEqualTo(2);
    assertThat(result.err()).contains(parts);
  }

  private static void copyFolder(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  /** The files of a folder by name, each with what it holds. */
  private static Map<String, String> content(Path folder) throws IOException {
    var content = new TreeMap<String, String>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        content.put(
            file.getFileName().toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return content;
  }
}
