package dev.unroll;

import dev.unroll.result.Sampling;
import java.nio.file.Path;

/** The six tasks, trained and used: a program of 25 lines without its imports. */
final class TwentyFiveLines {
  public static void main(String[] args) {
    var lm = Unroll.languageModel().characters().sentences().lines(Path.of("names.txt")).train();
    System.out.println(lm.score("Tyrannosaurus") + "; after Tyranno: " + lm.next("Tyranno", 3));
    lm.generate("Ty", Sampling.temperature(0.8)).forEach(System.out::print);

    var tickets = Unroll.classifier().csv(Path.of("tickets.csv")).text("body").label("queue");
    System.out.println("\n" + tickets.train().classify("a black screen"));

    var sentences = Unroll.tagger().conll(Path.of("names.conll")).spelling(20).crf();
    var tagger = sentences.train();
    System.out.println(tagger.tag("Anna", "lives", "in", "Rome"));

    var sounds = Unroll.transducer().files(Path.of("sounds.tsv")).targetTokens().train();
    System.out.println(sounds.transduce("ab") + " or " + sounds.transduce("ab").nbest(3));

    var stars = Unroll.regressor().csv(Path.of("reviews.csv")).value("stars").train();
    System.out.println(stars.predict("very very good"));
    stars.save(Path.of("stars.safetensors"));

    var months = Unroll.forecaster().csv(Path.of("sales.csv")).context(24).horizon(12);
    for (var month : months.interval(0.9).train().forecast(Path.of("sales.csv"))) {
      System.out.println(month.time() + ": " + month.low() + " to " + month.high());
    }
  }

  private TwentyFiveLines() {}
}
