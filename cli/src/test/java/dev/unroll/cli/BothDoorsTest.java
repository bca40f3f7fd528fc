package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.unroll.ClassifierTrainer;
import dev.unroll.ForecasterTrainer;
import dev.unroll.LanguageModelTrainer;
import dev.unroll.RegressorTrainer;
import dev.unroll.TaggerTrainer;
import dev.unroll.TransducerTrainer;
import dev.unroll.Unroll;
import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.model.LanguageModel;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import dev.unroll.network.Regression;
import dev.unroll.network.Relative;
import dev.unroll.result.LabelMeasure;
import dev.unroll.result.Sampling;
import dev.unroll.text.Calendar;
import dev.unroll.text.Segmentation.Unit;
import dev.unroll.text.TokenOptions;
import dev.unroll.train.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same wrong setting, from the command line and from Java: the message names the option in one,
 * the method in the other.
 */
class BothDoorsTest {

  private static final Pattern JAVA = Pattern.compile("\\bwith[A-Z]|\\w\\(|\\.[A-Z]{2}");
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z]");

  @TempDir private static Path folder;

  /**
   * A wrong setting.
   *
   * @param command what follows the files
   * @param java the same from Java
   * @param options how the command line says the fix
   * @param methods how Java says it
   */
  private record Wrong(String command, Runnable java, String options, String methods) {
    @Override
    public String toString() {
      return command;
    }
  }

  @BeforeAll
  static void write() throws IOException {
    Files.write(folder.resolve("lines.txt"), Session.sentences(40));
    Files.writeString(folder.resolve("long.txt"), "one two three four five\n".repeat(2000));
    Files.writeString(
        folder.resolve("texts.csv"),
        "text,label,value\n"
            + IntStream.range(0, 30)
                .mapToObj(i -> "the word " + i + "," + (i % 2 == 0 ? "even" : "odd") + "," + i)
                .collect(Collectors.joining("\n")));
    Files.writeString(folder.resolve("tags.conll"), "Anna N\nsleeps V\n\n".repeat(20));
    Files.writeString(
        folder.resolve("pairs.tsv"),
        IntStream.range(0, 40)
            .mapToObj(i -> "a" + i + "\tb" + i)
            .collect(Collectors.joining("\n")));
    Files.writeString(
        folder.resolve("rows.csv"),
        "time,load,rain\n"
            + IntStream.range(0, 60)
                .mapToObj(i -> (1950 + i) + "," + i % 7 + "," + i % 3)
                .collect(Collectors.joining("\n")));
    Files.writeString(
        folder.resolve("gap.csv"), "time,load\n1950,1\n1951,2\n1953,3\n1954,4\n1955,5\n");
  }

  private static LanguageModelTrainer lm() {
    return Unroll.languageModel().words().sentences().lines(folder.resolve("lines.txt")).lstm(4);
  }

  private static ClassifierTrainer classifier() {
    return Unroll.classifier().csv(folder.resolve("texts.csv")).lstm(4);
  }

  private static TaggerTrainer tagger() {
    return Unroll.tagger().conll(folder.resolve("tags.conll")).lstm(4);
  }

  private static RegressorTrainer regressor() {
    return Unroll.regressor().csv(folder.resolve("texts.csv")).lstm(4);
  }

  private static TransducerTrainer transducer() {
    return Unroll.transducer().files(folder.resolve("pairs.tsv")).lstm(4);
  }

  private static ForecasterTrainer forecaster() {
    return Unroll.forecaster().csv(folder.resolve("rows.csv")).target("load").lstm(4);
  }

  static Stream<Wrong> settings() {
    var all = new ArrayList<Wrong>();
    networks(all);
    training(all);
    labels(all);
    pairs(all);
    series(all);
    return all.stream();
  }

  private static void networks(List<Wrong> all) {
    all.add(
        new Wrong(
            "lm train lines.txt --cell gru --projection 2",
            () -> lm().network(usual -> Network.gru(4).withProjection(2)).train(),
            "take --cell lstm, or leave --projection out",
            "take lstm(…), or leave Network.withProjection out"));
    all.add(
        new Wrong(
            "lm train lines.txt --projection 4",
            () -> lm().network(usual -> usual.withProjection(4)).train(),
            "Make --projection less than --units",
            "Make Network.withProjection less than Network.withUnits"));
    all.add(
        new Wrong(
            "lm train lines.txt --units 0", () -> lm().lstm(0), "--units", "Network.withUnits"));
    all.add(
        new Wrong(
            "lm train lines.txt --units 70000",
            () -> lm().lstm(70_000),
            "change --units",
            "change Network.withUnits"));
    all.add(
        new Wrong(
            "lm train lines.txt --embedding 70000",
            () -> lm().network(usual -> usual.withEmbedding(70_000)),
            "--embedding takes",
            "Network.withEmbedding takes"));
    all.add(
        new Wrong(
            "lm train lines.txt --tied --embedding 3",
            () -> lm().network(usual -> usual.withTied(true).withEmbedding(3)).train(),
            "leave --embedding or --tied out",
            "leave Network.withEmbedding or Network.withTied out"));
    all.add(
        new Wrong(
            "lm train lines.txt --tied --adaptive-softmax 2",
            () -> lm().network(usual -> usual.withTied(true).withAdaptiveSoftmax(2)).train(),
            "Leave --tied or --adaptive-softmax out",
            "Leave Network.withTied or Network.withAdaptiveSoftmax out"));
    all.add(
        new Wrong(
            "lm train lines.txt --adaptive-softmax 9,3",
            () -> lm().network(usual -> usual.withAdaptiveSoftmax(9, 3)),
            "as --adaptive-softmax 2000,10000",
            "as withAdaptiveSoftmax(2000,10000)"));
    all.add(
        new Wrong(
            "lm train lines.txt --adaptive-softmax 90000",
            () -> lm().network(usual -> usual.withAdaptiveSoftmax(90_000)).train(),
            "Choose --adaptive-softmax below",
            "Choose Network.withAdaptiveSoftmax below"));
    all.add(
        new Wrong(
            "lm train lines.txt --units 4,6 --residual",
            () -> lm().lstm(4, 6).network(usual -> usual.withResidual(true)).train(),
            "as --units 200,200, or leave --residual out",
            "as lstm(200,200), or leave Network.withResidual out"));
    all.add(
        new Wrong(
            "lm train lines.txt --cell nonsense",
            () -> lm().layers(Cells.of("nonsense"), 4),
            "Use one of lstm",
            "Use one of lstm"));
  }

  private static void training(List<Wrong> all) {
    all.add(
        new Wrong(
            "lm train long.txt --batch 60000 --steps 60000 --units 60000 --reading stream",
            () ->
                Unroll.languageModel().words().stream()
                    .lines(folder.resolve("long.txt"))
                    .lstm(60_000)
                    .training(usual -> usual.withBatch(60_000, 60_000))
                    .train(),
            "Make --batch, --steps or --units smaller, or set --checkpoint-steps",
            "Make batch, Training.withBatch or Network.withUnits smaller, or set Training.withCheck"));
    all.add(
        new Wrong(
            "lm train lines.txt --epochs 0", () -> lm().epochs(0).train(), "epochs", "epochs"));
    all.add(new Wrong("lm train lines.txt --rate -1", () -> lm().rate(-1).train(), "rate", "rate"));
    all.add(
        new Wrong(
            "lm train lines.txt --valid-share 2", () -> lm().validation(2), "(0, 1)", "(0, 1)"));
    all.add(
        new Wrong(
            "lm train lines.txt --min-count 900",
            () -> lm().tokens(TokenOptions.of(Unit.WORDS).withMinCount(900)).train(),
            "a smaller --min-count",
            "a smaller TokenOptions.withMinCount"));
    all.add(
        new Wrong(
            "lm train lines.txt --backward --reading stream",
            () -> lm().backward().stream().train(),
            "Take --reading sentences",
            "Take sentences()"));
    all.add(
        new Wrong(
            "lm train texts.csv --given-column label --reading stream",
            () ->
                Unroll.languageModel().words().stream()
                    .data(
                        java.util.Collections.nCopies(30, "a b"),
                        text -> text,
                        text -> "x" + text.length())
                    .lstm(4)
                    .train(),
            "Take --reading sentences",
            "Take sentences()"));
  }

  private static void labels(List<Wrong> all) {
    all.add(
        new Wrong(
            "classify train texts.csv --unit byte-pairs",
            () -> classifier().tokens(TokenOptions.of(Unit.BYTE_PAIRS).withVocabulary(300)).train(),
            "--unit byte-pairs is for language models",
            "Use TokenOptions.of(Unit.CHARACTERS)"));
    all.add(
        new Wrong(
            "classify train texts.csv --measure span-f1",
            () -> classifier().measure(LabelMeasure.SPAN_F1).train(),
            "Use loss, accuracy or macro-f1",
            "Use loss, accuracy or macro-f1"));
    all.add(
        new Wrong(
            "classify train texts.csv --direction sum --pooling last",
            () ->
                classifier()
                    .pooling(dev.unroll.base.PoolingKind.LAST)
                    .network(usual -> usual.withDirection(Direction.SUM))
                    .train(),
            "Choose another pooling",
            "Choose another pooling"));
    all.add(
        new Wrong(
            "tag train tags.conll --crf --label-smoothing 0.1",
            () ->
                tagger()
                    .crf()
                    .training(usual -> usual.withObjective(new Objective(0.1, 0, 0)))
                    .train(),
            "Leave --label-smoothing out, or --crf",
            "Leave Training.withObjective out, or crf"));
    all.add(
        new Wrong(
            "tag train tags.conll --crf --class-weights balanced",
            () -> tagger().crf().balanced().train(),
            "Leave --class-weights out, or --crf",
            "Leave labelWeights out, or crf"));
    all.add(
        new Wrong(
            "tag train tags.conll --scheme iobes",
            () -> tagger().scheme(dev.unroll.result.TagScheme.IOBES).train(),
            "name another column with --tags",
            "Leave scheme out, or name another column with tags"));
    all.add(
        new Wrong(
            "regress train texts.csv --label-smoothing 0.1 --value value",
            () ->
                regressor()
                    .value("value")
                    .training(usual -> usual.withObjective(new Objective(0.1, 0, 0)))
                    .train(),
            "Leave --label-smoothing out",
            "Leave Training.withObjective out"));
  }

  private static void pairs(List<Wrong> all) {
    all.add(
        new Wrong(
            "transduce train pairs.tsv --learned-start",
            () -> transducer().network(usual -> usual.withLearnedStart(true)).train(),
            "Leave --learned-start out",
            "Leave Network.withLearnedStart out"));
    all.add(
        new Wrong(
            "transduce train pairs.tsv --scheduled-sampling 3",
            () -> transducer().scheduledSampling(3),
            "[0, 1]",
            "[0, 1]"));
  }

  private static void series(List<Wrong> all) {
    String train = "forecast train rows.csv --target load ";
    all.add(
        new Wrong(
            train + "--context 500 --horizon 3",
            () -> forecaster().context(500).horizon(3).train(),
            "Make --context or --horizon smaller, change --valid-share",
            "Make context or horizon smaller, change validation"));
    all.add(
        new Wrong(
            train + "--context 4 --horizon 300",
            () -> forecaster().context(4).horizon(300).train(),
            "Make --context or --horizon smaller",
            "Make context or horizon smaller"));
    all.add(
        new Wrong(
            train + "--context 12 --horizon 3 --season 500",
            () -> forecaster().context(12).horizon(3).season(500).train(),
            "Make --season smaller",
            "Make season smaller"));
    all.add(
        new Wrong(
            train + "--context 12 --segment 5 --horizon 5",
            () -> forecaster().context(12).segment(5).horizon(5).train(),
            "Make --context a multiple of --segment",
            "Make context a multiple of segment"));
    all.add(
        new Wrong(
            train + "--context 4 --segment 2 --horizon 3 --recursive",
            () -> forecaster().context(4).segment(2).horizon(3).recursive(true).train(),
            "Make --horizon a multiple of --segment",
            "Make horizon a multiple of segment"));
    all.add(
        new Wrong(
            train + "--context 4 --horizon 2 --recursive --observed rain",
            () -> forecaster().context(4).horizon(2).recursive(true).observed("rain").train(),
            "--known columns, or leave --recursive out",
            "known columns, or leave recursive out"));
    all.add(
        new Wrong(
            train + "--context 4 --horizon 2 --recursive --head quantiles",
            () ->
                forecaster()
                    .context(4)
                    .horizon(2)
                    .recursive(true)
                    .head(new Regression.Quantiles(List.of(0.1, 0.5, 0.9)))
                    .train(),
            "Use --head gaussian, or leave --recursive out",
            "Use head(new Regression.Gaussian(…)), or leave recursive out"));
    all.add(
        new Wrong(
            train + "--context 0 --horizon 2 --relative last",
            () -> forecaster().context(0).horizon(2).relative(Relative.LAST).train(),
            "Give --context, or --known columns",
            "Give context, or known columns"));
    all.add(
        new Wrong(
            "forecast train gap.csv --target load --context 2 --horizon 1",
            () -> Unroll.forecaster().csv(folder.resolve("gap.csv")).context(2).horizon(1).train(),
            "take rows as they come (--gaps skip)",
            "take rows as they come (gaps(Gaps.SKIP))"));
    all.add(
        new Wrong(
            train + "--time none --calendar month --context 4 --horizon 2",
            () -> forecaster().time("none").calendar(Calendar.MONTH).context(4).horizon(2).train(),
            "Leave --calendar out",
            "Leave calendar out"));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void eachIsToldTheFixInItsOwnWords(Wrong wrong) {
    var line = wrong.command + (wrong.command.contains("--units") ? "" : " --units 4");
    String[] words = (line + " -o model").split(" ");
    words[2] = folder.resolve(words[2]).toString();
    words[words.length - 1] = folder.resolve("model.safetensors").toString();
    var refused = Session.run(words);
    assertThat(refused.status()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains(wrong.options);
    assertThat(fix(refused.err())).doesNotContainPattern(JAVA);
    Throwable thrown = catchThrowable(wrong.java::run);
    assertThat(thrown).isInstanceOf(InputException.class).hasMessageContaining(wrong.methods);
    assertThat(thrown.getMessage()).doesNotContainPattern(OPTION);
  }

  /** What follows the problem, which names files. */
  private static String fix(String message) {
    return message.substring(message.lastIndexOf("\n  ") + 1);
  }

  @Test
  void aModelSaysItToo() {
    LanguageModel model = lm().epochs(1).train();
    assertThat(catchThrowable(() -> model.withCondition("news")))
        .hasMessageContaining("Leave withCondition out, or use a model that was trained with data");
    Path file = folder.resolve("lm.safetensors");
    model.save(file);
    assertThat(Session.run("lm", "sample", file.toString(), "--given", "news").err())
        .contains("Leave --given out, or use a model that was trained with --given-column");
    assertThat(catchThrowable(() -> Sampling.temperature(-1))).hasMessageContaining("temperature");
    assertThat(Session.run("lm", "sample", file.toString(), "--temperature", "-1").status())
        .isEqualTo(2);
  }
}
