package dev.unroll.fuzz;

import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.Series;
import dev.unroll.model.Classifier;
import dev.unroll.model.Forecaster;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Recognizer;
import dev.unroll.model.Regressor;
import dev.unroll.model.Tagger;
import dev.unroll.model.Transducer;
import dev.unroll.result.Decoding;
import dev.unroll.result.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A program: many threads call one model of each task at once, and must get what one thread got,
 * bit for bit. {@code CALLS}: at least so many. Prints a row of the attack's table; ends with
 * status 1 if an answer was another.
 */
final class ConcurrentCalls {

  private static final int THREADS = 32;

  private ConcurrentCalls() {}

  /**
   * One call of a model that all threads share.
   *
   * @param expected what one thread got
   */
  private record Call(Function<Workers, String> call, String expected) {}

  public static void main(String[] args) throws Exception {
    Locale.setDefault(Locale.ROOT);
    List<Call> calls = calls();
    int rounds = Math.ceilDiv(Integer.parseInt(args[0]), calls.size() * THREADS);
    var wrong = new AtomicLong();
    var start = new CountDownLatch(1);
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      Thread.Builder kind = number % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
      threads.add(kind.start(() -> call(calls, rounds, number, start, wrong)));
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    long made = (long) calls.size() * THREADS * rounds;
    System.out.printf(
        "| concurrent calls | %,d | %,d | %d threads, half of them virtual, call one model of each of the 7 tasks at once, by themselves or with a team of 2 |%n",
        made, wrong.get(), THREADS);
    System.exit(wrong.get() == 0 ? 0 : 1);
  }

  /** Makes all calls, in an order of the thread's own; every fourth thread with a team. */
  private static void call(
      List<Call> calls, int rounds, int number, CountDownLatch start, AtomicLong wrong) {
    var own = new ArrayList<>(calls);
    Collections.shuffle(own, new Random(number));
    try (var workers = new Workers(number % 4 == 0 ? 2 : 1)) {
      start.await();
      for (int round = 0; round < rounds; round++) {
        for (Call call : own) {
          if (!call.call.apply(workers).equals(call.expected)) {
            wrong.incrementAndGet();
          }
        }
      }
    } catch (InterruptedException | RuntimeException e) {
      e.printStackTrace();
      wrong.incrementAndGet();
    }
  }

  private static List<Call> calls() throws IOException {
    var calls = new ArrayList<Function<Workers, String>>();
    languageModel(calls);
    labels(calls);
    pairs(calls);
    numbers(calls);
    return calls.stream().map(call -> new Call(call, call.apply(Workers.single()))).toList();
  }

  private static Path model(String name) {
    return Places.COMPAT.resolve("models").resolve(name + ".safetensors");
  }

  private static List<String> lines(String name) throws IOException {
    return Files.readAllLines(Places.COMPAT.resolve("data").resolve(name));
  }

  private static void languageModel(List<Function<Workers, String>> calls) throws IOException {
    var model = LanguageModel.open(model("lm-words"));
    List<String> lines = lines("test.txt");
    for (String line : lines.subList(0, 6)) {
      calls.add(
          workers ->
              model
                  .scoreWithRanks(List.of(line), workers)
                  .getFirst()
                  .logProbabilities()
                  .toString());
    }
    calls.add(
        workers -> "" + model.score(lines, workers).stream().mapToDouble(s -> s.total()).sum());
    var sampling = Sampling.defaults().withLength(8);
    for (int number = 0; number < 3; number++) {
      int own = number;
      calls.add(workers -> model.sample("the", sampling, own).ids().toString());
    }
    calls.add(workers -> model.next("the", 5).toString());
    calls.add(workers -> model.beam("the", sampling, 3, 0).getFirst().logProbability() + "");
  }

  private static void labels(List<Function<Workers, String>> calls) throws IOException {
    var classifier = Classifier.open(model("classify-several"));
    for (String line : lines("test.txt").subList(0, 6)) {
      calls.add(workers -> classifier.classify(List.of(line), workers).getFirst().toString());
    }
    var tagger = Tagger.open(model("tag-words"));
    for (String line : lines("test.txt").subList(0, 6)) {
      var words = List.of(line.split(" "));
      var sentence = new LabeledSequence(words, Collections.nCopies(words.size(), ""));
      calls.add(
          workers -> tagger.tagWithProbabilities(List.of(sentence), workers).getFirst().toString());
    }
  }

  private static void pairs(List<Function<Workers, String>> calls) throws IOException {
    var transducer = Transducer.open(model("transduce-additive"));
    for (String source : List.of("12", "407", "9", "35")) {
      var how = new Decoding(3, 0.6, 6, false, false);
      calls.add(workers -> transducer.transduce(List.of(source), how, workers).toString());
    }
    var recognizer = Recognizer.open(model("recognize-numbers"));
    for (String line : lines("signals-test.tsv").subList(0, 4)) {
      String source = line.split("\t")[0];
      var how = new Recognizer.Search(3, null, 0, 0);
      calls.add(workers -> recognizer.recognize(List.of(source), how, workers).toString());
    }
  }

  private static void numbers(List<Function<Workers, String>> calls) {
    var forecaster = Forecaster.open(model("forecast-mean"));
    double[][] rows =
        IntStream.range(0, 60).mapToObj(t -> new double[] {20 + t % 7}).toArray(double[][]::new);
    var series = Series.Timed.of(new Series("series", List.of("sales"), rows));
    for (int origin = 20; origin < 60; origin += 8) {
      List<Integer> origins = List.of(origin);
      calls.add(workers -> forecaster.forecast(series, origins, List.of(), workers).toString());
    }
    var regressor = Regressor.open(Places.CORPUS.resolve("regress/regress-characters.safetensors"));
    for (String source : List.of("123", "9", "40404", "77")) {
      calls.add(workers -> regressor.predict(List.of(source), workers).toString());
    }
  }
}
