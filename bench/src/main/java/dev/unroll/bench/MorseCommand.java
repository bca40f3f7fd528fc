package dev.unroll.bench;

import dev.unroll.kernel.CounterRandom;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll-bench morse}: text as timed Morse code, with the errors of a bad operator. */
@Command(
    name = "morse",
    mixinStandardHelpOptions = true,
    description =
        "Prints words as timed Morse code: the seconds of each mark and gap, and 1 or 0; a tab; the words."
            + " The speed is 8 to 30 words per minute and drifts; each duration has its own noise; some"
            + " gaps contain a click, and some marks a dropout.")
final class MorseCommand implements Callable<Integer> {

  private static final Map<Character, String> CODE =
      Map.ofEntries(
          Map.entry('a', ".-"),
          Map.entry('b', "-..."),
          Map.entry('c', "-.-."),
          Map.entry('d', "-.."),
          Map.entry('e', "."),
          Map.entry('f', "..-."),
          Map.entry('g', "--."),
          Map.entry('h', "...."),
          Map.entry('i', ".."),
          Map.entry('j', ".---"),
          Map.entry('k', "-.-"),
          Map.entry('l', ".-.."),
          Map.entry('m', "--"),
          Map.entry('n', "-."),
          Map.entry('o', "---"),
          Map.entry('p', ".--."),
          Map.entry('q', "--.-"),
          Map.entry('r', ".-."),
          Map.entry('s', "..."),
          Map.entry('t', "-"),
          Map.entry('u', "..-"),
          Map.entry('v', "...-"),
          Map.entry('w', ".--"),
          Map.entry('x', "-..-"),
          Map.entry('y', "-.--"),
          Map.entry('z', "--.."));

  private static final Pattern WORD = Pattern.compile("[a-z]{1,12}");

  @Parameters(paramLabel = "WORDS", description = "A file with a word at the start of each line.")
  Path file = Path.of("");

  @Option(names = "--count", paramLabel = "N", description = "Lines to print. Default: 10000.")
  int count = 10_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the random choices. Default: 1.")
  long seed = 1;

  @Option(
      names = "--noise",
      paramLabel = "X",
      description = "Standard deviation of the logarithm of each duration. Default: 0.15.")
  double noise = 0.15;

  @Override
  public Integer call() throws IOException {
    List<String> words =
        Files.readAllLines(file).stream()
            .map(line -> line.split("\\s", 2)[0].toLowerCase(Locale.ROOT))
            .filter(WORD.asMatchPredicate())
            .distinct()
            .toList();
    var out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    for (int i = 0; i < count; i++) {
      var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, i);
      var chosen = new ArrayList<String>();
      for (int w = 0; w < 1 + random.below(0, 4); w++) {
        chosen.add(words.get((int) random.below(1 + w, words.size())));
      }
      String text = String.join(" ", chosen);
      out.println(new Operator(random.part(1), noise).send(text) + "\t" + text);
    }
    out.flush();
    return 0;
  }

  /** Sends a text. */
  private static final class Operator {
    private final CounterRandom random;
    private final double noise;
    private final StringBuilder sent = new StringBuilder();
    private long drawn;

    /** Duration of a dot in seconds. */
    private double dot;

    Operator(CounterRandom random, double noise) {
      this.random = random;
      this.noise = noise;
      dot = 1.2 / (8 + 22 * random.uniform(drawn++)); // words per minute; the word PARIS is 50 dots
    }

    String send(String text) {
      for (int i = 0; i < text.length(); i++) {
        if (text.charAt(i) == ' ') {
          continue; // the gap before the next letter is longer
        }
        if (i > 0) {
          last(false, text.charAt(i - 1) == ' ' ? 7 : 3);
        }
        String code = CODE.getOrDefault(text.charAt(i), "");
        for (int k = 0; k < code.length(); k++) {
          if (k > 0) {
            last(false, 1);
          }
          last(true, code.charAt(k) == '.' ? 1 : 3);
        }
      }
      return sent.toString().strip();
    }

    /** Sends a mark or a gap of {@code dots} dots; some are interrupted by a click or a dropout. */
    private void last(boolean mark, int dots) {
      dot *= Math.exp(0.03 * random.gaussian(drawn++));
      double seconds = dots * dot * Math.exp(noise * random.gaussian(drawn++));
      if (random.uniform(drawn++) < 0.02) {
        double place = seconds * (0.2 + 0.6 * random.uniform(drawn++));
        step(mark, place);
        step(!mark, 0.15 * dot);
        step(mark, seconds - place);
      } else {
        step(mark, seconds);
      }
    }

    private void step(boolean mark, double seconds) {
      sent.append(String.format(Locale.ROOT, " %.4f,%d", seconds, mark ? 1 : 0));
    }
  }
}
