package dev.unroll.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.data.Reading;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.torch.Golden;
import dev.unroll.kernel.Softmax;
import dev.unroll.model.Classifier;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.LanguageStream;
import dev.unroll.model.Tagger;
import dev.unroll.result.Classification;
import dev.unroll.text.Corpus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imported models answer as PyTorch did: files of {@code torch_golden.py}. */
class ModelImportTest {

  private static final double BOUND = 1e-5;

  /** The marks stand anywhere, as in vocabularies of others. */
  private static final List<String> TOKENS =
      List.of("<pad>", "cat", "dog", "<unk>", "sat", "ran", "on", "</s>", "mat", "the", "<s>");

  /** The same without an end of sentences, which no text has in it. */
  private static final List<String> READ =
      TOKENS.stream().map(token -> token.equals("</s>") ? "up" : token).toList();

  /** The ids of each sequence, without padding. */
  private static int[][] ids(String file) {
    Tensor all = Golden.tensor(file, "ids");
    long[] lengths = Golden.tensor(file, "lengths").longs();
    int steps = all.shape().axis(1);
    var ids = new int[lengths.length][];
    for (int s = 0; s < ids.length; s++) {
      int from = s * steps;
      ids[s] =
          Arrays.stream(all.longs(), from, from + (int) lengths[s])
              .mapToInt(i -> (int) i)
              .toArray();
    }
    return ids;
  }

  /** Our id of one of the model's: marks come first. */
  private static int ours(LanguageModel model, int id) {
    return switch (TOKENS.get(id)) {
      case "<unk>" -> model.tokenizer().unknown();
      case "</s>" -> model.tokenizer().endOfSentence();
      default -> {
        int found =
            IntStream.range(2, model.tokenizer().size())
                .filter(i -> model.tokenizer().token(i).equals(TOKENS.get(id)))
                .findFirst()
                .orElseThrow();
        yield found;
      }
    };
  }

  private static ModelImport words(String name) {
    return ModelImport.of(Golden.path(name + ".pt")).vocabulary(TOKENS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"words", "words-tied"})
  void aStreamPredictsWhatPyTorchDoes(String name) {
    LanguageModel model = words(name).reading(Reading.STREAM).languageModel();
    assertThat(model.network().description().tied()).isEqualTo(name.endsWith("tied"));
    assertThat(model.tokenizer().size()).isEqualTo(TOKENS.size());
    int[][] ids = ids(name + ".safetensors");
    double[][][] y = outputs(name);
    var weights = model.network().pack(model.parameters(), Workers.single());
    for (int s = 0; s < ids.length; s++) {
      var stream = new LanguageStream(model.network(), weights);
      for (int t = 0; t < ids[s].length; t++) {
        stream.read(ours(model, ids[s][t]));
        float[] logits = stream.logits();
        double sum = Softmax.logSumExp(logits, 0, TOKENS.size());
        for (int id = 0; id < TOKENS.size(); id++) {
          assertThat(logits[ours(model, id)] - sum).isEqualTo(y[s][t][id], within(BOUND));
        }
      }
    }
  }

  private static ModelImport reader(String name) {
    return ModelImport.of(Golden.path(name + ".pt")).vocabulary(READ);
  }

  private static double[][][] outputs(String name) {
    String file = name + ".safetensors";
    return Golden.sequences(Golden.tensor(file, "y"), Golden.tensor(file, "lengths"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"words", "words-tied"})
  void sentencesBeginWithTheirToken(String name) {
    int[][] ids = ids(name + ".safetensors");
    double[][][] y = outputs(name);
    for (int s = 0; s < ids.length; s++) {
      LanguageModel model = words(name).start(TOKENS.get(ids[s][0])).languageModel();
      assertThat(model.reading()).isEqualTo(Reading.SENTENCES);
      assertThat(model.network().description().tied()).isEqualTo(name.endsWith("tied"));
      int[] rest = Arrays.stream(ids[s], 1, ids[s].length).map(id -> ours(model, id)).toArray();
      double[] scores = model.logProbabilities(List.of(rest), Workers.single()).getFirst();
      for (int t = 0; t < rest.length; t++) {
        assertThat(scores[t]).isEqualTo(y[s][t][ids[s][t + 1]], within(BOUND));
      }
    }
  }

  @Test
  void marksThatTheModelDoesNotHaveAreNeverLikely() {
    List<String> plain = IntStream.range(0, 11).mapToObj(i -> "w" + i).toList();
    LanguageModel model =
        ModelImport.of(Golden.path("words-tied.pt")).vocabulary(plain).languageModel();
    assertThat(model.tokenizer().size()).isEqualTo(13);
    assertThat(model.network().description().tied()).isTrue();
    double[] scores =
        model.logProbabilities(List.of(new int[] {2, 0, 1}), Workers.single()).getFirst();
    assertThat(scores[0]).isGreaterThan(-20);
    assertThat(scores[1]).isBetween(-150.0, -50.0);
    assertThat(scores[2]).isBetween(-150.0, -50.0);
  }

  private static List<String> texts(String file) {
    return Arrays.stream(ids(file))
        .map(ids -> String.join(" ", Arrays.stream(ids).mapToObj(READ::get).toList()))
        .toList();
  }

  @Test
  void aClassifierTakesTheLastStepOfEachWay() {
    Classifier model = reader("reader").labels(List.of("good", "bad", "so")).classifier();
    double[] logits = Golden.tensor("reader.safetensors", "y").doubles();
    List<Classification> answers = model.classify(texts("reader.safetensors"));
    for (int s = 0; s < answers.size(); s++) {
      double sum = 0;
      for (int i = 0; i < 3; i++) {
        sum += Math.exp(logits[3 * s + i]);
      }
      assertThat(answers.get(s).probability("good"))
          .isEqualTo(Math.exp(logits[3 * s]) / sum, within(BOUND));
      assertThat(answers.get(s).probability("so"))
          .isEqualTo(Math.exp(logits[3 * s + 2]) / sum, within(BOUND));
    }
  }

  @Test
  void oneOutputIsTheProbabilityOfTheSecondOfTwoLabels() {
    Classifier model = reader("reader-one-output").labels(List.of("no", "yes")).classifier();
    double[] logits = Golden.tensor("reader-one-output.safetensors", "y").doubles();
    List<Classification> answers = model.classify(texts("reader-one-output.safetensors"));
    for (int s = 0; s < answers.size(); s++) {
      assertThat(answers.get(s).probability("yes"))
          .isEqualTo(1 / (1 + Math.exp(-logits[s])), within(BOUND));
    }
  }

  @Test
  void severalLabelsEachByItself() {
    Classifier model = reader("reader").labels(List.of("good", "bad", "so")).several().classifier();
    assertThat(model.multiLabel()).isTrue();
    double[] logits = Golden.tensor("reader.safetensors", "y").doubles();
    Classification first = model.classify(texts("reader.safetensors").getFirst());
    assertThat(first.probability("bad")).isEqualTo(1 / (1 + Math.exp(-logits[1])), within(BOUND));
  }

  @Test
  void aTaggerLabelsEachStep() {
    Tagger model = reader("tagger").labels(List.of("A", "B", "C")).tagger();
    double[][][] y = outputs("tagger");
    List<String> texts = texts("tagger.safetensors");
    for (int s = 0; s < y.length; s++) {
      Tagger.Tagging tagging = model.tagWithProbabilities(List.of(texts.get(s).split(" ", -1)));
      for (int t = 0; t < y[s].length; t++) {
        double most = Arrays.stream(y[s][t]).max().orElseThrow();
        assertThat(tagging.probabilities().get(t)).isEqualTo(most, within(BOUND));
        int place = Arrays.stream(y[s][t]).boxed().toList().indexOf(most);
        assertThat(tagging.tags().get(t)).isEqualTo(List.of("A", "B", "C").get(place));
      }
    }
  }

  @Test
  void modelsAreSavedTrainedFurtherAndSayWhereTheyComeFrom(@TempDir Path folder) {
    LanguageModel model = words("words").languageModel();
    Path file = folder.resolve("model.safetensors");
    model.save(file);
    LanguageModel same = LanguageModel.open(file);
    assertThat(same.parameters()).isEqualTo(model.parameters());
    assertThat(same.provenance().imported()).isEqualTo("words.pt");
    assertThat(same.provenance().text("framework")).isEqualTo("PyTorch");
    assertThat(same.provenance().text("fileFingerprint")).startsWith("sha256:");
    var lines = new ArrayList<String>();
    for (int i = 0; i < 60; i++) {
      lines.add(i % 2 == 0 ? "the cat sat on the mat" : "a dog ran");
    }
    LanguageModel further =
        dev.unroll.Unroll.languageModel().from(same).lines(lines).epochs(3).train();
    assertThat(further.tokenizer().token(2)).isEqualTo("<pad>");
    var corpus = Corpus.of(lines, further.tokenizer(), false);
    assertThat(further.evaluate(corpus).perplexity()).isLessThan(60);
  }

  @Test
  void aFreshHeadHasOtherLabels() {
    Classifier model = reader("reader").labels(List.of("x", "y")).freshHead().classifier();
    assertThat(model.labels()).containsExactly("x", "y");
    assertThat(model.classify("the cat").probability("x")).isBetween(0.05, 0.95);
  }

  @Test
  void findingsSayWhatWasTakenForWhat() {
    var found = new ArrayList<String>();
    words("words").findings(found::add).languageModel();
    assertThat(found)
        .contains(
            "embedding encoder.weight, 11×5",
            "11 tokens, of which <UNK> is <unk>, and <EOS> </s>",
            "reads sentences, each from the token <s>",
            "a token is one of the tokens");
  }

  @Test
  void whatDoesNotFitIsRefused(@TempDir Path folder) throws Exception {
    refused(() -> ModelImport.of(Golden.path("words.pt")).languageModel(), "are not known");
    refused(
        () ->
            ModelImport.of(Golden.path("words.pt"))
                .vocabulary(TOKENS.subList(0, 9))
                .languageModel(),
        "it predicts 11 tokens, but the vocabulary has 9 tokens");
    refused(() -> reader("reader").classifier(), "the labels are not known, of which it has 3");
    refused(
        () -> reader("reader").labels(List.of("a", "b")).classifier(),
        "it has 3 outputs, but there are 2 labels");
    refused(() -> reader("reader").languageModel(), "it predicts 3 tokens");
    refused(() -> words("words").end("<stop>").languageModel(), "no token «<stop>»");
    Path twice = Files.writeString(folder.resolve("twice.txt"), "a\nb\na\n");
    refused(() -> words("words").vocabulary(twice), "twice.txt:3: the token «a» again");
    Path empty = Files.writeString(folder.resolve("empty.txt"), "a\n\nb\n");
    refused(() -> words("words").vocabulary(empty), "empty.txt:2: an empty line");
  }

  private static void refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(InputException.class).hasMessageContaining(message);
  }
}
