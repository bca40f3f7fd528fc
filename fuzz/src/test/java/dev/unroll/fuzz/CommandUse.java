package dev.unroll.fuzz;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;

/**
 * A command of the program in this JVM, whose exceptions are not turned into messages. Where it
 * prints JSON, every line must be JSON, and no number in it a text.
 *
 * @param line its words; {@code FILE} is the file, {@code OUT/…} is in the try's folder, and {@code
 *     DATA/…} and {@code MODELS/…} are files that are as they should be
 */
record CommandUse(String line) implements Use {

  /** Reads names of any length: a label may be one. */
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxNameLength(Integer.MAX_VALUE).build())
              .build());

  /** Members of answers that are texts of the input, such as a word «NaN». */
  private static final Set<String> TEXTS =
      Set.of(
          "text",
          "token",
          "tokens",
          "words",
          "source",
          "target",
          "label",
          "labels",
          "tags",
          "list",
          "sourceTokens",
          "unknownLabels",
          "unknownTags");

  /** Commands without the option {@code --threads}. */
  private static final Set<String> ONE_THREAD =
      Set.of("info", "compress", "export", "next", "sample", "baseline", "ngram");

  private static final Set<String> NO_NUMBERS = Set.of("NaN", "Infinity", "-Infinity");

  @Override
  public String answer(Path file, Path scratch) throws Exception {
    String[] words = words(file, scratch);
    var out = new StringWriter();
    var thrown = new AtomicReference<Exception>();
    CommandLine command =
        Main.commandLine(new PrintWriter(out), new PrintWriter(new StringWriter()), words);
    command.setExecutionExceptionHandler(
        (exception, own, parsed) -> {
          thrown.set(exception);
          return 1;
        });
    command.setParameterExceptionHandler(
        (exception, own) -> {
          thrown.set(exception);
          return 1;
        });
    int status = command.execute(words);
    if (thrown.get() != null) {
      throw thrown.get();
    }
    if (status != 0) {
      throw new WrongAnswerException("status " + status);
    }
    String answer = out.toString();
    if (line.contains(" --json") && !line.startsWith("info")) { // which repeats what a file says
      answer.lines().forEach(CommandUse::checkJson);
    }
    return answer.replaceAll("\"tokensPerSecond\":[0-9.E-]+", "");
  }

  private String[] words(Path file, Path scratch) {
    var words = new ArrayList<String>();
    for (String word : line.split(" ")) {
      if (word.equals("FILE")) {
        words.add(file.toString());
      } else if (word.startsWith("OUT/")) {
        words.add(scratch.resolve(word.substring(4)).toString());
      } else if (word.startsWith("DATA/")) {
        words.add(Places.COMPAT.resolve("data").resolve(word.substring(5)).toString());
      } else if (word.startsWith("MODELS/")) {
        words.add(Places.COMPAT.resolve("models").resolve(word.substring(7)).toString());
      } else if (word.startsWith("CORPUS/")) {
        words.add(Places.CORPUS.resolve(word.substring(7)).toString());
      } else {
        words.add(word);
      }
    }
    if (words.stream().limit(2).noneMatch(ONE_THREAD::contains)) {
      words.addAll(List.of("--threads", "1"));
    }
    return words.toArray(String[]::new);
  }

  private static void checkJson(String line) {
    try {
      checkNumbers("", JSON.readTree(line));
    } catch (JsonProcessingException e) {
      throw new WrongAnswerException("it is not JSON: " + line);
    }
  }

  private static void checkNumbers(String name, JsonNode value) {
    if (value.isTextual() && NO_NUMBERS.contains(value.asText()) && !TEXTS.contains(name)) {
      throw new WrongAnswerException("a number that is the text " + value);
    }
    if (value.isObject()) {
      value.properties().forEach(member -> checkNumbers(member.getKey(), member.getValue()));
    }
    if (value.isArray()) {
      value.forEach(element -> checkNumbers(name, element));
    }
  }

  @Override
  public String toString() {
    return line;
  }
}
