package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroll.Unroll;
import dev.unroll.model.Forecaster;
import dev.unroll.text.Calendar;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times that clocks show are those of the model's zone, however a request brings them. */
class SummerTimeTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

  @TempDir private Path folder;

  private static List<ZonedDateTime> hours(String day, int from, int count) {
    ZonedDateTime start = LocalDate.parse(day).atStartOfDay(BERLIN).plusHours(from);
    return IntStream.range(0, count).mapToObj(start::plusHours).toList();
  }

  private static double value(int row) {
    return 5 + Math.sin(row * 0.3) + row % 3;
  }

  private static String table(List<ZonedDateTime> hours) {
    return IntStream.range(0, hours.size())
        .mapToObj(i -> CLOCK.format(hours.get(i)) + "," + value(i) + "\n")
        .collect(Collectors.joining("", "time,value\n", ""));
  }

  private static String json(List<ZonedDateTime> hours, DateTimeFormatter form) {
    String times = hours.stream().map(form::format).collect(Collectors.joining("\",\""));
    String values =
        IntStream.range(0, hours.size())
            .mapToObj(i -> String.valueOf(value(i)))
            .collect(Collectors.joining(","));
    return "{\"time\":[\"" + times + "\"],\"columns\":{\"value\":[" + values + "]}}";
  }

  private static List<Double> forecasts(Client.Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.results().valueStream().map(SummerTimeTest::forecast).toList();
  }

  private static double forecast(JsonNode row) {
    return row.get("value").get("forecast").doubleValue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2024-03-31", "2024-10-27"})
  void everyFormOfARequestHasTheSameRows(String day) throws IOException {
    Path data = Files.writeString(folder.resolve("hours.csv"), table(hours(day, -48, 100)));
    Forecaster model =
        Unroll.forecaster()
            .csv(data)
            .target("value")
            .timeZone(BERLIN)
            .calendar(Calendar.HOUR)
            .context(8)
            .horizon(3)
            .lstm(4)
            .epochs(1)
            .train();
    Path file = folder.resolve("hours.safetensors");
    model.save(file);
    List<ZonedDateTime> asked = hours(day, -6, 14);
    Path rows = Files.writeString(folder.resolve("rows.csv"), table(asked));
    List<Double> wanted = model.forecast(rows).points();
    try (var server = UnrollServer.builder().model(file).port(0).accessLog(line -> {}).start()) {
      var client = new Client(server);
      var csv =
          client
              .request("/v1/forecast")
              .header("Content-Type", "text/csv")
              .POST(HttpRequest.BodyPublishers.ofString(table(asked)));
      assertThat(forecasts(client.send(csv))).isEqualTo(wanted);
      for (DateTimeFormatter form :
          List.of(
              CLOCK,
              DateTimeFormatter.ISO_LOCAL_DATE_TIME,
              DateTimeFormatter.ISO_ZONED_DATE_TIME)) {
        assertThat(forecasts(client.post("/v1/forecast", json(asked, form)))).isEqualTo(wanted);
      }
    }
  }
}
