package example;

import dev.unroll.Unroll;
import dev.unroll.model.Classifier;
import dev.unroll.result.Classification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.Resource;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Sorts the tickets of a help desk: POST a list of texts to /queues. */
@SpringBootApplication
public class TicketService {

  public static void main(String[] args) {
    SpringApplication.run(TicketService.class, args);
  }

  record Ticket(String text, String queue) {

    static Ticket of(String line) {
      int comma = line.lastIndexOf(',');
      return new Ticket(line.substring(0, comma), line.substring(comma + 1));
    }
  }

  /** One model for all requests: it never changes, so that any number of threads share it. */
  @Bean
  Classifier classifier(
      @Value("${model}") Path model, @Value("classpath:tickets.csv") Resource tickets)
      throws IOException {
    if (Files.exists(model)) {
      return Classifier.open(model);
    }
    var lines = tickets.getContentAsString(StandardCharsets.UTF_8).lines().skip(1);
    return Unroll.classifier()
        .data(lines.map(Ticket::of).toList(), Ticket::text, Ticket::queue)
        .lstm(32)
        .keepAt(model)
        .train();
  }

  @RestController
  static class Queues {

    private final Classifier classifier;

    Queues(Classifier classifier) {
      this.classifier = classifier;
    }

    record Answer(String queue, double probability, Map<String, Double> probabilities) {

      static Answer of(Classification found) {
        return new Answer(found.label(), found.probability(), found.probabilities());
      }
    }

    @PostMapping("/queues")
    List<Answer> queues(@RequestBody List<String> texts) {
      return texts.stream().map(classifier::classify).map(Answer::of).toList();
    }
  }
}
