package dev.unroll.fuzz;

import dev.unroll.cli.Main;
import dev.unroll.tasks.Tasks;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes the seeds in {@code fuzz/src/test/resources/corpus}: models of every task that {@code
 * cli/src/test/resources/compat} lacks, in every precision, and files of other kinds. To be run
 * again when the format of a file changes.
 */
final class SeedCorpus {

  private static final List<String> TRAININGS =
      List.of(
          "lm/lm-ind-rnn: lm train DATA/text.txt --min-count 1 --cell ind-rnn --units 6,5 --learned-start",
          "lm/lm-mgu: lm train DATA/text.txt --unit characters --cell mgu --units 6,6 --residual --reading stream",
          "lm/lm-given: lm train DATA/names.tsv --given-column kind --unit characters --cell gru --units 5",
          "lm/lm-ngrams: lm train DATA/letters.txt --unit characters --reading sentences --units 4",
          "lm/lm-shards: lm train DATA/text.txt --min-count 1 --units 5 --shards 2 --gradient-precision bfloat16"
              + " --sampled-softmax 8",
          "lm/lm-local: lm train DATA/letters.txt --unit characters --units 5 --shards 2 --local-steps 3",
          "classify/classify-bayes: classify train DATA/topics.tsv --units 3 --embedding 3 --lower-case",
          "classify/classify-both: classify train DATA/topics.tsv --no-ngrams --units 4 --embedding 5 --spelling 3 --pooling attention",
          "classify/classify-many: classify train DATA/several.csv --several | --units 4 --embedding 4 --min-count 1",
          "tag/tag-spans: tag train DATA/spans.txt --words 1 --columns 2 --crf --scheme iobes --units 4 --embedding 4",
          "tag/tag-upos: tag train DATA/words.conllu --cell mgu --units 4 --embedding 4 --spelling 3",
          "transduce/transduce-fed: transduce train DATA/numbers.tsv --target-unit tokens --no-counts --units 5 --embedding 4",
          "transduce/transduce-pieces: transduce train DATA/numbers.tsv --target-unit tokens --units 4",
          "transduce/transduce-dictionary: transduce train TABLE/phrases.tsv --source-unit characters --target-unit characters --units 4",
          "recognize/recognize-signals: recognize train DATA/signals.tsv --source-unit numbers --units 5",
          "recognize/recognize-heard: recognize train DATA/heard.tsv --source sound --target letters --units 5",
          "forecast/forecast-known: forecast train DATA/days.csv --target sales --known offer --calendar weekday"
              + " --context 7 --horizon 3 --units 4 --head quantiles --quantiles 0.1,0.5,0.9",
          "forecast/forecast-each: forecast train DATA/days.csv --target sales,visitors --each --relative last"
              + " --context 7 --horizon 3 --units 4 --recursive --head median",
          "regress/regress-characters: regress train TABLE/sums.tsv --source-unit characters --units 5",
          "regress/regress-numbers: regress train TABLE/slopes.tsv --source-unit numbers --cell gru --units 5");

  /** Names of what may stand beside a network. */
  private static final List<String> COUNTED = List.of("bayes", "pieces", "dictionary");

  private SeedCorpus() {}

  public static void main(String[] args) throws IOException {
    Locale.setDefault(Locale.ROOT);
    tables();
    vectors();
    for (String training : TRAININGS) {
      String[] parts = training.split(": ");
      Path model = place(parts[0] + ".safetensors");
      run(parts[1] + " --epochs 3 --batch 8 --rate 0.02 --threads 1 -o " + model);
      String name = parts[0].substring(parts[0].lastIndexOf('-') + 1);
      if (!countedBy(model).equals(COUNTED.contains(name) ? name : "")) {
        throw new IllegalStateException(parts[0] + " has another part than its name says");
      }
      for (String precision : List.of("int8", "bfloat16")) {
        Path rounded = place(parts[0] + "-" + precision + ".safetensors");
        run("compress " + model + " --weights " + precision + " -o " + rounded);
      }
    }
    run("lm ngram DATA/text.txt --order 3 --min-count 1 -o " + place("arpa/words.arpa"));
    run("lm ngram DATA/letters.txt --unit characters --order 4 -o " + place("arpa/letters.arpa"));
    Path mixture = Places.COMPAT.resolve("models/mixture.json");
    write("mixture/mixture.json", Files.readString(mixture));
    String unchecked =
        Files.readString(mixture).replaceAll("\"sha256\":\"[^\"]*\"", "\"sha256\":\"\"");
    write("mixture/unchecked.json", unchecked);
    write("mixture/itself.json", unchecked.replace("ngram.arpa", "lm-words.safetensors"));
    for (String name : List.of("lm/lm-mgu", "tag/tag-spans", "forecast/forecast-known")) {
      TensorFile file = TensorFile.of(Files.readAllBytes(place(name + ".safetensors")));
      write("json/" + name.substring(name.indexOf('/') + 1) + ".json", file.header());
    }
    byte[] text = Files.readAllBytes(Places.COMPAT.resolve("data/text.txt"));
    Files.write(place("gzip/text.gz"), PackedMutations.pack(text));
    Files.write(
        place("gzip/test.gz"),
        PackedMutations.pack("the cat sat .\nthe dog ran\n".getBytes(StandardCharsets.UTF_8)));
  }

  /** Returns what stands beside the network of a model, as names of seeds call it; or nothing. */
  private static String countedBy(Path model) {
    var summary = Tasks.open(model).summary();
    String counted = String.valueOf(summary.get("counted"));
    if (counted.startsWith("joint n-grams")) {
      return "pieces";
    }
    if (counted.startsWith("dictionary")) {
      return "dictionary";
    }
    return summary.containsKey("naive Bayes") ? "bayes" : "";
  }

  private static Path place(String name) throws IOException {
    Path place = Places.CORPUS.resolve(name);
    Files.createDirectories(place.getParent());
    return place;
  }

  private static void write(String name, String text) throws IOException {
    Files.writeString(place(name), text);
  }

  private static void run(String line) {
    String[] words =
        line.replace("DATA/", Places.COMPAT.resolve("data") + "/")
            .replace("TABLE/", Places.CORPUS.resolve("table") + "/")
            .split(" ");
    var err = new StringWriter();
    var out = new PrintWriter(new StringWriter());
    int status = Main.commandLine(out, new PrintWriter(err), words).execute(words);
    if (status != 0) {
      throw new IllegalStateException(line + "\n" + err);
    }
  }

  /** Texts and sequences with a number each, and n-best lists. */
  private static void tables() throws IOException {
    var random = new Random(1);
    var sums = new ArrayList<String>(List.of("text\tvalue"));
    var slopes = new ArrayList<String>(List.of("text\tvalue"));
    for (int i = 0; i < 40; i++) {
      int[] digits = random.ints(1 + random.nextInt(5), 0, 10).toArray();
      String text = IntStream.of(digits).mapToObj(Integer::toString).reduce("", String::concat);
      sums.add(text + "\t" + IntStream.of(digits).sum());
      String steps =
          IntStream.of(digits)
              .mapToObj(d -> d + ".5,-" + d)
              .reduce((a, b) -> a + " " + b)
              .orElseThrow();
      slopes.add(steps + "\t" + (digits[0] - 4.5));
    }
    var phrases = new ArrayList<String>(List.of("source\ttarget"));
    for (int i = 0; i < 60; i++) {
      int[] words = random.ints(1 + random.nextInt(4), 0, 4).toArray();
      phrases.add(
          words(words, "a", "be", "to", "so")
              + "\t"
              + words(words, "einerlei", "dasein", "zuwege", "sonach"));
    }
    write("table/phrases.tsv", String.join("\n", phrases) + "\n");
    write("table/sums.tsv", String.join("\n", sums) + "\n");
    write("table/slopes.tsv", String.join("\n", slopes) + "\n");
    write("series/business.csv", "day,sales\n" + rows(30, SeedCorpus::weekday));
    write("series/hours.tsv", "time\tx\ty\n" + rows(60, SeedCorpus::hour));
    write("series/months.csv", "month;x\n" + rows(30, SeedCorpus::month));
    write(
        "nbest/lists.tsv",
        "a\t-1.5\tthe cat sat\t1\na\t-2\tthe cat\t0\nb\t-3.25\ta dog ran away\t2\nb\t-3\tthe dog ran away\t0\n");
    write(
        "nbest/pairs.tsv",
        "the cat sat on the mat\tmat the on sat cat the\nshe slept\tslept she\n");
  }

  private static String words(int[] numbers, String... names) {
    return IntStream.of(numbers).mapToObj(i -> names[i]).collect(Collectors.joining(" "));
  }

  private static String rows(int count, IntFunction<String> row) {
    return IntStream.range(0, count).mapToObj(row).collect(Collectors.joining());
  }

  private static String weekday(int i) {
    var day = LocalDate.of(2023, 1, 2).plusDays(i / 5 * 7 + i % 5);
    return day + "," + 10.5 * (i % 5) + "\n";
  }

  /** Around midnight of a leap day; some numbers are missing. */
  private static String hour(int i) {
    String missing = i % 9 == 5 ? "" : "" + i % 4;
    return LocalDateTime.of(2024, 2, 28, 12, 0).plusHours(i) + "\t" + i % 6 + "\t" + missing + "\n";
  }

  private static String month(int i) {
    return LocalDate.of(2019, 1, 28).plusMonths(i) + ";" + (i % 12 - 3) + "\n";
  }

  /** Vectors in the three forms. */
  private static void vectors() throws IOException {
    String glove = Files.readString(Places.COMPAT.resolve("data/vectors.txt"));
    write("glove/vectors.txt", glove);
    List<String> lines = glove.lines().toList();
    write("fasttext/vectors.vec", lines.size() + " 4\n" + glove);
    var bytes = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((lines.size() + " 4\n").getBytes(StandardCharsets.UTF_8));
    for (String line : lines) {
      String[] fields = line.split(" ");
      bytes.put((fields[0] + " ").getBytes(StandardCharsets.UTF_8));
      for (int i = 1; i < fields.length; i++) {
        bytes.putFloat(Float.parseFloat(fields[i]));
      }
      bytes.put((byte) '\n');
    }
    byte[] binary = java.util.Arrays.copyOf(bytes.array(), bytes.position());
    Files.write(place("word2vec/vectors.bin"), binary);
    Files.write(place("word2vec/vectors.bin.gz"), PackedMutations.pack(binary));
  }
}
