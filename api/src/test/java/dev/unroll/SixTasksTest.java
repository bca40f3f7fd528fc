package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each task in a few lines, from memory. */
class SixTasksTest {

  record Ticket(String body, String queue) {}

  record Word(String spelling, String sound) {}

  @Test
  void languageModel() {
    var model =
        Unroll.languageModel()
            .characters()
            .sentences()
            .lines(List.of("abab", "baba", "abab", "baba", "abab", "abab"))
            .lstm(8)
            .epochs(30)
            .threads(2)
            .train();
    assertThat(model.score("abab").perplexity()).isLessThan(model.score("aabb").perplexity());
  }

  @Test
  void classifier() {
    var tickets = new ArrayList<Ticket>();
    for (int i = 0; i < 40; i++) {
      tickets.add(new Ticket("the invoice is wrong " + i, "billing"));
      tickets.add(new Ticket("the screen is black " + i, "support"));
    }
    var queues =
        Unroll.classifier()
            .data(tickets, Ticket::body, Ticket::queue)
            .lstm(8)
            .rate(0.02)
            .epochs(20)
            .train();
    assertThat(queues.classify("the black screen").labels()).containsExactly("support");
  }

  @Test
  void transducer() {
    var words = new ArrayList<Word>();
    for (String each : List.of("ab", "ba", "aab", "bba", "abab", "aa", "bb", "abb", "baa", "bab")) {
      words.add(new Word(each, each.replace("a", "X ").replace("b", "Y ").strip()));
    }
    var sounds =
        Unroll.transducer()
            .pairs(words, Word::spelling, Word::sound)
            .targetTokens()
            .gru(24)
            .rate(0.01)
            .network(usual -> usual.withDropout(0))
            .epochs(60)
            .training(usual -> usual.withValidation(0, 0))
            .train();
    assertThat(sounds.transduce("ab").text()).isEqualTo("X Y");
    assertThat(sounds.transduce("ab").nbest(2)).hasSize(2);
  }
}
