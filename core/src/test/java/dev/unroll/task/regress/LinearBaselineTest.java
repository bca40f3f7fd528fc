package dev.unroll.task.regress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.batch.SourceReader;
import dev.unroll.task.regress.RegressorRun.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinearBaselineTest {

  /** The number is 2 · (the last of the first column) + 1, which is linear in what it sees. */
  @Test
  void aLinearRuleOfNumbersIsFound() {
    var examples = new ArrayList<Example>();
    for (int i = 0; i < 200; i++) {
      int last = i * 37 % 11;
      examples.add(new Example("%d,1 %d,0 %d,3".formatted(i % 5, i % 7, last), 2 * last + 1));
    }
    List<String> sources = examples.stream().map(Example::source).toList();
    var linear = new LinearBaseline(examples, SourceReader.ofNumbers(sources));
    IntStream.range(0, 11)
        .forEach(
            last ->
                assertThat(linear.predict(new Example("1,1 3,0 %d,3".formatted(last), 0)))
                    .isCloseTo(2 * last + 1, within(0.3)));
  }
}
