package example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.Progress;
import dev.unroll.Trial;
import dev.unroll.Tuning;
import dev.unroll.Unroll;
import dev.unroll.model.Classifier;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.LanguageStream;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import dev.unroll.result.Classification;
import dev.unroll.result.Model;
import dev.unroll.result.Sampling;
import dev.unroll.text.Calendar;
import dev.unroll.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code in the Javadoc: each part between {@code @start} and {@code @end} is shown there. */
class SnippetsTest {

  private static final int TIMES = 20;

  @TempDir static Path folder;

  private static Path names;
  private static Path sentences;
  private static Path words;
  private static Path sales;
  private static Path morse;
  private static LanguageModel trained;

  record Ticket(String body, String queue) {}

  record Review(String text, double stars) {}

  private static final List<Ticket> TICKETS =
      often(
          List.of(
              new Ticket("the invoice is wrong", "billing"),
              new Ticket("the screen is black", "support")));

  private static <T> List<T> often(List<T> all) {
    return Collections.nCopies(TIMES, all).stream().flatMap(List::stream).toList();
  }

  private static Path file(String name, List<String> lines) throws IOException {
    return Files.write(folder.resolve(name), lines);
  }

  @BeforeAll
  static void write() throws IOException {
    names = file("names.txt", often(List.of("Tyrannosaurus", "Stegosaurus", "Allosaurus")));
    sentences =
        file("names.conll", often(List.of("Anna B-PER", "lives O", "in O", "Rome B-LOC", "")));
    words = file("sounds.tsv", often(List.of("ab\tA B", "ba\tB A", "aab\tA A B", "bab\tB A B")));
    morse = file("morse.tsv", often(List.of("1 0 1\ta b", "1 1 0 0 1\tb a", "0 1 0 1\tb b")));
    var rows = new ArrayList<>(List.of("month,sales"));
    for (int month = 0; month < 60; month++) {
      rows.add(String.format(Locale.ROOT, "%d-%02d,%d", 2010 + month / 12, 1 + month % 12, month));
    }
    sales = file("sales.csv", rows);
    trained =
        Unroll.languageModel().characters().sentences().lines(names).lstm(8).epochs(1).train();
  }

  @Test
  void unroll() {
    Path place = folder.resolve("any.safetensors");
    // @start region="unroll"
    LanguageModel model = Unroll.languageModel().characters().lines(names).epochs(3).train();
    model.save(place);
    Model same = Unroll.open(place); // whatever its task
    // @end
    assertThat(same.parameters()).isEqualTo(model.parameters());
  }

  @Test
  void languageModel() {
    // @start region="language-model-trainer"
    var model =
        Unroll.languageModel().characters().sentences().lines(names).lstm(32).epochs(5).train();
    // @end
    // @start region="language-model"
    double known = model.score("Tyrannosaurus").perplexity();
    List<String> more = model.generate("Ty", Sampling.temperature(0.8)).toList();
    // @end
    assertThat(known).isPositive();
    assertThat(more).isNotNull();
  }

  @Test
  void languageStream() {
    var model = trained;
    // @start region="language-stream"
    LanguageStream stream = model.stream();
    for (int token : model.tokenizer().encode("Tyr")) {
      stream.read(token);
    }
    float[] logits = stream.logits(); // of the next token; the next call overwrites them
    // @end
    assertThat(logits).hasSize(model.tokenizer().size());
  }

  @Test
  void classifier() {
    var tickets = TICKETS;
    // @start region="classifier-trainer"
    Classifier queues =
        Unroll.classifier().data(tickets, Ticket::body, Ticket::queue).lstm(16).epochs(5).train();
    // @end
    // @start region="classifier"
    Classification answer = queues.classify("a black screen");
    System.out.println(answer.label() + " " + answer.probability());
    // @end
    assertThat(answer.label()).isIn("billing", "support");
  }

  @Test
  void tuning() {
    List<Ticket> tickets = TICKETS;
    // @start region="tuning"
    Tuning.Result<Classifier> found =
        Tuning.of(
                trial ->
                    Unroll.classifier()
                        .data(tickets, Ticket::body, Ticket::queue)
                        .lstm(trial.oneOf("units", 16, 32))
                        .rate(trial.number("rate", 0.001, 0.02, Trial.Scale.LOGARITHMIC))
                        .epochs(3))
            .trials(4)
            .run();
    System.out.println(found.best().settings() + " " + found.best().mean());
    // @end
    assertThat(found.model().labels()).contains("billing");
  }

  @Test
  void tagger() {
    // @start region="tagger-trainer"
    var tagger = Unroll.tagger().conll(sentences).spelling(10).crf().lstm(16).epochs(5).train();
    // @end
    // @start region="tagger"
    List<String> tags = tagger.tag("Anna", "lives", "in", "Rome").tags();
    // @end
    assertThat(tags).hasSize(4);
  }

  @Test
  void transducer() {
    // @start region="transducer-trainer"
    var sounds = Unroll.transducer().files(words).targetTokens().lstm(16).epochs(5).train();
    // @end
    // @start region="transducer"
    System.out.println(sounds.transduce("ab").text());
    System.out.println(sounds.transduce("ab").nbest(3));
    // @end
    assertThat(sounds.transduce("ab").nbest(3)).isNotEmpty();
  }

  @Test
  void recognizer() {
    // @start region="recognizer-trainer"
    var keys = Unroll.recognizer().files(morse).numbers().gru(8).epochs(2).train();
    keys.save(folder.resolve("keys.safetensors"));
    // @end
    assertThat(folder.resolve("keys.safetensors")).isRegularFile();
  }

  @Test
  void forecaster() {
    // @start region="forecaster-trainer"
    var next =
        Unroll.forecaster()
            .csv(sales)
            .target("sales")
            .calendar(Calendar.MONTH)
            .context(12)
            .horizon(3)
            .lstm(8)
            .epochs(5)
            .train();
    // @end
    assertThat(next.size()).isPositive();
  }

  @Test
  void regressor() {
    var reviews =
        often(List.of(new Review("good", 4), new Review("very good", 5), new Review("bad", 1)));
    // @start region="regressor"
    var stars = Unroll.regressor().data(reviews, Review::text, Review::stars).epochs(5).train();
    System.out.println(stars.predict("very very good"));
    // @end
    assertThat(stars.size()).isPositive();
  }

  @Test
  void job() throws InterruptedException {
    // @start region="job"
    var job =
        Unroll.languageModel().characters().stream()
            .lines(names)
            .lstm(16)
            .epochs(200)
            .batch(32)
            .start();
    job.stop(); // after the current step
    LanguageModel bestSoFar = job.get();
    // @end
    assertThat(bestSoFar.size()).isPositive();
  }

  @Test
  void progress() {
    // @start region="progress"
    var model =
        Unroll.languageModel()
            .characters()
            .lines(names)
            .lstm(8)
            .epochs(2)
            .listen(Progress.to(System.out::println))
            .train();
    // @end
    assertThat(model.size()).isPositive();
  }

  @Test
  void network() {
    // @start region="network"
    Network two = Network.lstm(200, 200).withDropout(0.3).withTied(true);
    Network own = Network.of(Cells.IND_RNN, 64);
    // @end
    assertThat(two.layers()).hasSize(2);
    assertThat(own.layers()).hasSize(1);
  }

  @Test
  void training() {
    // @start region="training"
    var model =
        Unroll.languageModel()
            .characters()
            .lines(names)
            .lstm(8)
            .training(usual -> usual.withEpochs(2).withBatch(16, 50).withSeed(7))
            .train();
    // @end
    assertThat(model.provenance()).isNotNull();
  }

  @Test
  void listener() {
    // @start region="listener"
    var patience =
        new TrainingListener() {
          private int worse;

          @Override
          public void onValidation(ValidationReport report) {
            worse = report.improved() ? 0 : worse + 1;
          }

          @Override
          public boolean stops() {
            return worse == 3;
          }
        };
    Unroll.languageModel().characters().lines(names).lstm(8).epochs(2).listen(patience).train();
    // @end
    assertThat(patience.stops()).isFalse();
  }
}
