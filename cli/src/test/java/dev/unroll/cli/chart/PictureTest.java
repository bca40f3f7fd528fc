package dev.unroll.cli.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures contain their words and units, and no text is cut or covers another. */
class PictureTest {

  private static final double[] X = IntStream.rangeClosed(1, 40).asDoubleStream().toArray();

  @TempDir Path folder;

  private static double[] falling(double from) {
    return Arrays.stream(X).map(x -> from / x).toArray();
  }

  private static LineChart chart(String x, String y) {
    return new LineChart(x, y);
  }

  static Stream<Arguments> pictures() {
    return Stream.of(
        picture(
            "two lines",
            chart("steps", "loss, nats").line("a", X, falling(3)).line("b", X, falling(2))),
        picture(
            "one point",
            chart("steps", "loss")
                .line("only", new double[] {5}, new double[] {1})
                .point("kept", 5, 1)),
        picture("constant", chart("steps", "loss").line("flat", X, new double[40])),
        picture(
            "nothing that can be drawn",
            chart("steps", "loss").logarithmicY().line("none", X, new double[40])),
        picture("lines that end together", together()),
        picture("huge numbers", chart("rows", "visitors").line("all", X, falling(2.5e11))),
        picture("tiny numbers", chart("rows", "meters").line("all", X, falling(3e-9))),
        picture(
            "decades",
            chart("rate", "norm")
                .logarithmicX()
                .logarithmicY()
                .line("all", X, Arrays.stream(X).map(x -> Math.pow(10, -x)).toArray())),
        picture("a day", times(3_600_000.0 / 2)),
        picture("a week", times(24 * 3_600_000.0 / 6)),
        picture("centuries", times(365.25 * 24 * 3_600_000.0 * 10)),
        picture(
            "long names",
            chart("steps", "loss")
                .line("a name that takes more than one line of text", X, falling(1))
                .line("Donaudampfschifffahrtsgesellschaftskapitän", X, falling(1))),
        picture("Chinese", chart("步骤", "损失").line("训练集的平均损失函数值", X, falling(1))),
        picture("dots", dots()),
        picture("table of two", table("neg", "pos")),
        picture(
            "table of many",
            table(
                IntStream.range(0, 20)
                    .mapToObj(i -> "a long label, number " + i)
                    .toArray(String[]::new))));
  }

  private static Arguments picture(String name, Panel panel) {
    return Arguments.of(name, panel);
  }

  private static LineChart together() {
    LineChart chart = chart("steps", "loss");
    for (int i = 0; i < 6; i++) {
      chart.line("line " + i, X, falling(1 + i / 1000.0));
    }
    return chart;
  }

  private static LineChart times(double step) {
    double[] times = Arrays.stream(X).map(x -> 1.7e12 + x * step).toArray();
    return chart("time", "load, kW")
        .times()
        .band(times, falling(1), falling(2))
        .measured("measured", times, falling(1.4))
        .line("forecast", times, falling(1.5));
  }

  private static DotChart dots() {
    return new DotChart(
            new DotChart.Titles("their time ÷ our time", "slower", "faster"),
            List.of("PyTorch", "ONNX Runtime"))
        .group("Training")
        .row("128 units", Map.of("PyTorch", new DotChart.Measured(1.3, 1.2, 1.4)))
        .row("256 units", Map.of("ONNX Runtime", new DotChart.Measured(0.8, 0.7, 13)));
  }

  private static ShadedTable table(String... names) {
    double[][] shares = new double[names.length][names.length];
    Arrays.stream(shares).forEach(row -> Arrays.fill(row, 1.0 / names.length));
    return new ShadedTable("true label", "the model says", List.of(names), shares);
  }

  private SvgTexts drawn(String title, Panel panel) {
    Path file = folder.resolve("picture.svg");
    new Picture(title, panel).write(file);
    return SvgTexts.of(file);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pictures")
  void noTextIsCutOrCoversAnother(String name, Panel panel) {
    SvgTexts texts = drawn(name, panel);
    assertThat(texts.width()).isEqualTo(600);
    assertThat(texts.clipped()).isEmpty();
    assertThat(texts.overlapping()).isEmpty();
    assertThat(texts.all()).contains(name);
  }

  @Test
  void linesAreNamedInWordsAndAxesHaveUnits() {
    LineChart chart = chart("steps of training", "loss, nats per text");
    chart.line("training", X, falling(3)).line("validation", X, falling(2));
    String all = drawn("Losses fall", chart).all();
    assertThat(all)
        .contains("steps of training", "loss, nats per text", "training\n", "validation");
  }

  @Test
  void longTitlesAreBroken() {
    String title = "The validation loss is lowest ".repeat(8).strip();
    SvgTexts texts = drawn(title, chart("x", "y").line("a", X, falling(1)));
    assertThat(texts.clipped()).isEmpty();
    assertThat(texts.all().replace('\n', ' ')).contains(title);
  }

  @Test
  void pngHasTwicePixels() throws IOException {
    Path file = folder.resolve("picture.PNG");
    new Picture("Losses fall", chart("x", "y").line("a", X, falling(1)).point("kept", 5, 0.2))
        .write(file);
    assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(1200);
  }

  @Test
  void svgIsTheSameInEachLocale() throws IOException {
    Path file = folder.resolve("picture.svg");
    var picture = new Picture("Losses fall", times(1e9));
    picture.write(file);
    String before = Files.readString(file);
    Locale locale = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      picture.write(file);
    } finally {
      Locale.setDefault(locale);
    }
    assertThat(Files.readString(file)).isEqualTo(before);
  }

  /** Lines can be told apart without colors, and the ground is white on dark pages, too. */
  @Test
  void linesDifferInTheirDashes() throws IOException {
    assertThat(
            IntStream.range(0, 6)
                .mapToObj(i -> Arrays.toString(Style.pen(i).stroke().getDashArray()))
                .distinct())
        .hasSize(6);
    Path file = folder.resolve("picture.svg");
    new Picture("Losses fall", together()).write(file);
    assertThat(Files.readString(file)).contains("Z\" fill=\"#ffffff\"");
  }
}
