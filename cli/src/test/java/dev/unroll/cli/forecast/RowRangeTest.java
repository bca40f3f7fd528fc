package dev.unroll.cli.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.cli.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which rows {@code --rows} names. */
class RowRangeTest {

  @TempDir Path folder;

  /** 200 hours, each with its number. */
  private Path hours(String pattern) throws IOException {
    var table = new StringBuilder("time,load\n");
    for (int i = 0; i < 200; i++) {
      String time = LocalDateTime.of(2024, 6, 1, 0, 0).plusHours(i).toString();
      table.append(pattern.formatted(time)).append(',').append(i % 24 + i % 5).append('\n');
    }
    return Files.writeString(folder.resolve("hours.csv"), table);
  }

  private Path train(Path data, String... more) {
    Path model = folder.resolve("model.safetensors");
    var words = new ArrayList<>(List.of("forecast", "train", data.toString()));
    words.addAll(List.of("-o", model.toString(), "--context", "4", "--horizon", "2"));
    words.addAll(List.of("--units", "4", "--epochs", "1", "--calendar", "none"));
    words.addAll(List.of(more));
    assertThat(Session.ok(words.toArray(String[]::new)).err()).isNotEmpty();
    return model;
  }

  private static String eval(Path model, Path data, String rows) {
    String[] words = {"forecast", "eval", model.toString(), data.toString(), "--rows", rows};
    return Session.ok(words).out();
  }

  private static String predict(Path model, Path data, String rows) {
    String[] words = {"forecast", "predict", model.toString(), data.toString(), "--rows", rows};
    return Session.ok(words).out();
  }

  @Test
  void sharesAreOfTheWholeFileAtBothEnds() throws IOException {
    Path data = hours("%s");
    Path model = train(data);
    assertThat(eval(model, data, "80%..90%")).isEqualTo(eval(model, data, "161..180"));
    assertThat(eval(model, data, "80%..90%")).isNotEqualTo(eval(model, data, "145..180"));
    assertThat(predict(model, data, "47%..50%"))
        .isEqualTo(predict(model, data, "95..100"))
        .contains("2024-06-05T04:00");
  }

  @Test
  void timesAreThoseThatTheClocksOfTheRowsShow() throws IOException {
    Path offset = hours("%s:00+02:00");
    Path model = train(offset);
    assertThat(eval(model, offset, "2024-06-05..2024-06-06T23:00"))
        .isEqualTo(eval(model, offset, "97..144"));
    Path local = hours("%s");
    Path zoned = train(local, "--time-zone", "Europe/Berlin");
    assertThat(eval(zoned, local, "2024-06-05..2024-06-06T23:00"))
        .isEqualTo(eval(zoned, local, "97..144"));
    assertThat(ofRowsTo("2024-06-05T00:00", local)).isEqualTo(ofRowsTo("97", local));
    assertThat(ofRowsTo("2024-06-05", local)).isEqualTo(ofRowsTo("120", local));
  }

  /** What a model of the first rows says of all. */
  private String ofRowsTo(String end, Path local) {
    return eval(train(local, "--time-zone=Europe/Berlin", "--rows=.." + end), local, "..");
  }
}
