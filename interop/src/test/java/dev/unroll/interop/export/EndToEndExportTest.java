package dev.unroll.interop.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Direction;
import dev.unroll.base.Matrix;
import dev.unroll.base.PoolingKind;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.head.LinearChainCrf;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.kernel.Layout;
import dev.unroll.layer.Steps;
import dev.unroll.model.Recognizer;
import dev.unroll.network.Network;
import dev.unroll.result.Decoding;
import dev.unroll.result.Model;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.Spelling;
import dev.unroll.task.transduce.TransducerSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** From a text to an answer: by the model, and by ONNX Runtime with the model's file. */
@ExtendWith(ExportTable.class)
class EndToEndExportTest {

  private static final Form FORM = new Form(17, false);

  private static void same(String task, double found, double wanted) {
    double difference = Math.abs(found - wanted) / Math.max(1, Math.abs(wanted));
    assertThat(difference).as(task).isLessThanOrEqualTo(Comparison.TOLERANCE);
    ExportTable.add(task, ExportTable.END_TO_END, difference, 1);
  }

  private static Map<String, Tensor> run(Exported exported, Map<String, Tensor> inputs) {
    try (var runner = new OrtRunner(exported.graphs().getFirst().model())) {
      return runner.run(inputs);
    }
  }

  private static Map<String, Tensor> tokens(int... ids) {
    long[] all = Arrays.stream(ids).asLongStream().toArray();
    return Map.of(
        "tokens", Tensor.of(all, 1, all.length), "lengths", Tensor.of(new long[] {all.length}, 1));
  }

  @Test
  void aSentenceHasTheSameProbability() {
    var model = RandomModels.language(Network.lstm(6, 6), null);
    float[] found =
        run(LanguageExport.write(model, FORM), tokens(-1, 3, 9, 4))
            .get("log_probabilities")
            .floats();
    int[] targets = {3, 9, 4, model.tokenizer().endOfSentence()};
    double sum = IntStream.range(0, 4).mapToDouble(t -> found[t * 11 + targets[t]]).sum();
    same("lm", sum, model.score("3 9 4").total());
  }

  @Test
  void aTextHasTheSameLabels() {
    var output = new LabelSpec.PerSequence(3, PoolingKind.MEAN, true);
    var model = RandomModels.classifier(new LabelSpec(Network.gru(5), null, output));
    float[] found =
        run(LabelExport.write(model, FORM), tokens(2, 7, 7, 5)).get("probabilities").floats();
    var expected = model.classify("2 7 7 5");
    for (int label = 0; label < 3; label++) {
      double wanted = expected.probability(model.labels().get(label));
      same("classify", found[label], wanted);
    }
  }

  @Test
  void aTextWithNgramsHasTheSameLabels() {
    var output = new LabelSpec.PerSequence(3, PoolingKind.MAX, false, 9);
    var model = RandomModels.classifier(new LabelSpec(Network.gru(5), null, output));
    var inputs = new HashMap<>(tokens(2, 7, 7, 5, 10));
    inputs.put("ngrams", Tensor.of(new long[] {2, 7, 7, 5, -1}, 1, 5)); // 10 is none of nine
    float[] found = run(LabelExport.write(model, FORM), inputs).get("probabilities").floats();
    var expected = model.classify("2 7 7 5 10");
    for (int label = 0; label < 3; label++) {
      same("classify", found[label], expected.probability(model.labels().get(label)));
    }
  }

  /** The graph's own tags, and those that our Viterbi finds in its scores, are the model's. */
  @Test
  void aSentenceHasTheSameTags() {
    var network = Network.lstm(5).withDirection(Direction.BOTH);
    var spelling = new Spelling(3, 4);
    var spec = new LabelSpec(network, spelling, new LabelSpec.PerStep(4, true));
    var model = RandomModels.tagger(spec);
    List<String> words = List.of("10", "3", "4", "10", "7", "2", "9");
    int[] ids = words.stream().mapToInt(model.lexicon()::id).toArray();
    var inputs = new HashMap<>(tokens(ids));
    long[] letters = new long[2 * ids.length];
    long[] lengths = new long[ids.length];
    for (int t = 0; t < ids.length; t++) {
      int[] own = model.lexicon().spelling(words.get(t));
      lengths[t] = own.length;
      for (int i = 0; i < own.length; i++) {
        letters[2 * t + i] = own[i];
      }
    }
    inputs.put("characters", Tensor.of(letters, 1, ids.length, 2));
    inputs.put("character_lengths", Tensor.of(lengths, 1, ids.length));
    Map<String, Tensor> found = run(LabelExport.write(model, FORM), inputs);
    var expected = model.tagWithProbabilities(words);
    var names = model.labelNames().names();
    long[] best = found.get("best").longs();
    assertThat(Arrays.stream(best).mapToObj(tag -> names.get((int) tag)))
        .isEqualTo(expected.tags());
    assertThat(Arrays.stream(viterbi(found)).mapToObj(names::get)).isEqualTo(expected.tags());
    float[] shares = found.get("probabilities").floats();
    for (int t = 0; t < best.length; t++) {
      double share = shares[4 * t + (int) best[t]];
      double wanted = expected.probabilities().get(t);
      same("tag", share, wanted);
    }
  }

  private static int[] viterbi(Map<String, Tensor> found) {
    float[] scores = found.get("scores").floats();
    int tags = found.get("start_scores").size();
    var layout = new Layout();
    var crf = new LinearChainCrf(tags, layout);
    var parameters = new ArrayList<Float>();
    for (String name : List.of("transitions", "start_scores", "end_scores")) {
      for (float value : found.get(name).floats()) {
        parameters.add(value);
      }
    }
    float[] values = new float[layout.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = parameters.get(i);
    }
    var steps = Steps.of(scores.length / tags);
    Matrix rows = Matrix.of(scores, steps.rows(), tags);
    return crf.decode(values, new LinearChainCrf.Buffers(), steps, rows, Workers.single());
  }

  @Test
  void aSourceHasTheSameTargets() {
    for (boolean feeds : new boolean[] {false, true}) {
      var spec =
          TransducerSpec.of(
              Network.lstm(5).withDirection(Direction.BOTH), Network.lstm(6), "additive", feeds);
      var model = RandomModels.transducer(spec);
      Exported exported = TransducerExport.write(model, FORM);
      try (var encode = new OrtRunner(exported.graphs().get(0).model());
          var step = new OrtRunner(exported.graphs().get(1).model())) {
        for (int beam : new int[] {1, 3}) {
          int end = model.target().endOfSentence();
          var search = new RuntimeSearch(encode, step, beam, end, model.target().unknown());
          for (String text : List.of("2 3 4", "6 5", "4 4 4 4 2")) {
            int[] read = model.source().encode(text);
            int[] source = Arrays.copyOf(read, read.length + 1);
            source[read.length] = model.source().endOfSentence();
            var expected =
                model.transduce(List.of(text), Decoding.beam(beam), Workers.single()).getFirst();
            var found = search.search(source);
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < found.size(); i++) {
              String own =
                  found.get(i).ids().stream().map(String::valueOf).collect(Collectors.joining(" "));
              assertThat(own).isEqualTo(expected.get(i).text());
              double wanted = expected.get(i).logProbability();
              same("transduce", found.get(i).logProbability(), wanted);
            }
          }
        }
      }
    }
  }

  /** The likeliest label of each step, repetitions merged and blanks left out. */
  @Test
  void aRecordingHasTheSameLabels() {
    var model =
        RandomModels.recognizer(
            Network.gru(6).withDirection(Direction.BOTH), RandomModels.source(false));
    int[] read = {2, 9, 9, 4, 7, 3, 8, 1, 5, 10};
    float[] found =
        run(SignalExport.write(model, FORM), tokens(read)).get("log_probabilities").floats();
    int labels = model.target().size();
    var said = new ArrayList<String>();
    int before = -1;
    for (int t = 0; t < read.length; t++) {
      int best = 0;
      for (int label = 1; label < labels; label++) {
        best = found[t * labels + label] > found[t * labels + best] ? label : best;
      }
      if (best != before && best != model.target().endOfSentence()) {
        said.add(model.target().token(best));
      }
      before = best;
    }
    String text = Arrays.stream(read).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    var expected =
        model.recognize(List.of(text), Recognizer.Search.GREEDY, Workers.single()).getFirst();
    assertThat(String.join(" ", said)).isEqualTo(expected.getFirst().text()).isNotEmpty();
  }

  @Test
  void aTextHasTheSameNumber() {
    var model = RandomModels.regressor(Network.lstm(5), RandomModels.source(false));
    double found = run(SignalExport.write(model, FORM), tokens(2, 3, 4)).get("value").doubles()[0];
    same("regress", found, model.predict("2 3 4"));
  }

  @Test
  void aRoundedModelIsExportedAsItAnswers() {
    Model model = RandomModels.language(Network.lstm(6), null);
    Exported whole = Exports.of(model, FORM);
    Exported rounded = Exports.of(model.withPrecision(Precision.INT8), FORM);
    Judged.check(rounded, List.of("rounded to 8 bits"));
    assertThat(rounded.graphs()).isNotEqualTo(whole.graphs());
  }
}
