package example;

import dev.unroll.Progress;
import dev.unroll.Unroll;
import dev.unroll.model.Classifier;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Sorts the tickets of a help desk. The first run trains a model and keeps it in a file; later ones
 * open the file.
 */
public final class Tickets {

  private static final Path MODEL = Path.of("target/tickets.safetensors");

  public static void main(String[] texts) {
    Classifier queues = Files.exists(MODEL) ? Classifier.open(MODEL) : train(MODEL);
    for (var text : texts) {
      var answer = queues.classify(text);
      System.out.println(text + " -> " + answer.label() + " " + answer.probabilities());
    }
  }

  static Classifier train(Path model) {
    var queues =
        Unroll.classifier()
            .csv(Path.of("tickets.csv"))
            .text("text")
            .label("queue")
            .lstm(32)
            .listen(Progress.to(System.out::println))
            .train();
    queues.save(model);
    return queues;
  }
}
