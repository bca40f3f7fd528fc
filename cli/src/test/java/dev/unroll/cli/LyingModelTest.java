package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unroll.data.Provenance;
import dev.unroll.file.Json;
import dev.unroll.kernel.Layout;
import dev.unroll.store.ModelCodec;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelFile;
import dev.unroll.tasks.Tasks;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Descriptions that lie, in files with the right hash: each is refused by file and field. */
class LyingModelTest {

  private static final Path MODELS = Path.of("src/test/resources/compat/models");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;

  /** What a file says, which is not what its network is. */
  private record Lying(
      ModelFields fields, Map<String, Object> toJson, Map<String, Object> tokenizerJson)
      implements ModelFields {

    @Override
    public String task() {
      return fields.task();
    }

    @Override
    public Layout layout() {
      return fields.layout();
    }
  }

  /** Returns a description with another value at a place; + adds a value, - removes it. */
  private static Map<String, Object> changed(Map<String, Object> json, String place, String value)
      throws JsonProcessingException {
    JsonNode root = JSON.readTree(Json.write(json));
    int cut = place.lastIndexOf('/');
    JsonNode parent = root.at(place.substring(0, cut));
    String name = place.substring(cut + 1);
    if (parent instanceof ArrayNode list) {
      if (value.equals("-")) {
        list.remove(Integer.parseInt(name));
      } else if (value.startsWith("+")) {
        list.add(JSON.readTree(value.substring(1)));
      } else {
        list.set(Integer.parseInt(name), JSON.readTree(value));
      }
    } else if (value.equals("-")) {
      ((ObjectNode) parent).remove(name);
    } else {
      ((ObjectNode) parent).set(name, JSON.readTree(value));
    }
    return Json.parse(JSON.writeValueAsString(root)).asMap();
  }

  private static <F extends ModelFields> Path lying(
      Path model, ModelCodec<F> codec, String place, String value) throws JsonProcessingException {
    ModelFile<F> read = ModelFile.read(model, codec);
    int cut = place.indexOf('/');
    String part = place.substring(0, cut);
    String at = place.substring(cut);
    Map<String, Object> json = read.fields().toJson();
    Map<String, Object> tokenizer = read.fields().tokenizerJson();
    Map<String, Object> provenance = read.provenance().json();
    var fields =
        new Lying(
            read.fields(),
            part.equals("model") ? changed(json, at, value) : json,
            part.equals("tokenizer") ? changed(tokenizer, at, value) : tokenizer);
    Path file = folder.resolve("lying.safetensors");
    new ModelFile<>(
            fields,
            read.parameters(),
            read.precision(),
            new Provenance(part.equals("provenance") ? changed(provenance, at, value) : provenance))
        .write(file);
    return file;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "classify-several | model/labels/thresholds/0        | \"x\"     | labels.thresholds[0] is «x», not a number",
        "classify-several | model/labels/thresholds/0        | -         | labels.thresholds has 2 numbers, not 3",
        "classify-several | model/labels/thresholds          | []        | labels.thresholds has 0 numbers",
        "classify-several | model/labels/thresholds/0        | 2         | labels.thresholds[0] is 2.0, not in",
        "classify-one     | model/labels/thresholds          | [0.5]     | labels.thresholds has 1 numbers, not 0",
        "classify-one     | model/labels/names/0             | -         | labels: 2 names, but the network has 3",
        "classify-one     | model/labels/names               | [\"a\",\"a\"] | labels.names[1] is there twice",
        "classify-one     | model/labels/source/text         | 3         | labels.source.text is 3, not a text",
        "classify-one     | model/labelling/labels           | 0         | labelling.labels is 0",
        "classify-one     | model/labelling/pooling          | \"x\"     | labelling.pooling: no pooling is called x",
        "classify-one     | model/characters                 | 7         | characters is 7",
        "classify-one     | model/vocabulary                 | 1e308     | vocabulary is 1.0E308, not a whole number",
        "classify-one     | model/vocabulary                 | 3         | tokenizer has",
        "classify-one     | tokenizer/seen                   | -1        | tokenizer.seen is -1",
        "classify-one     | tokenizer/seen                   | 1000000   | tokenizer.seen is 1000000",
        "classify-one     | tokenizer/unit                   | \"x\"     | tokenizer.unit: no unit",
        "classify-one     | tokenizer/kind                   | \"x\"     | nothing on the class path knows",
        "classify-one     | tokenizer/tokens/0               | \"a\"     | twice",
        "tag-crf          | model/labels/columns/0/values/0  | +\"NN\"   | labels",
        "tag-crf          | model/labels/columns/0           | -         | labels: 0 columns, but the network has 1",
        "tag-crf          | model/labels/source/scheme       | []        | labels.source.scheme is a list",
        "tag-crf          | model/labels/source/file-scheme  | \"x\"     | no scheme of tags is called x",
        "tag-crf          | model/labels/source/words        | \"x y\"   | labels.source: no column is called x y",
        "forecast-mean    | model/scaling/deviations/0       | 0         | scaling.deviations[0] is 0.0",
        "forecast-mean    | model/scaling/deviations/0       | 1e-300    | a mean of",
        "forecast-mean    | model/scaling/deviations/0       | -1        | scaling.deviations[0] is -1.0",
        "forecast-mean    | model/scaling/means/0            | 1e308     | scaling.means[0] is 1.0E308",
        "forecast-mean    | model/scaling/means/0            | -         | scaling.means has 0 numbers, not 1",
        "forecast-mean    | model/naiveErrors/0              | -1        | naiveErrors[0] is -1.0",
        "forecast-mean    | model/naiveErrors/0              | 1e-320    | naiveErrors are too small",
        "forecast-mean    | model/season                     | 0         | season is 0",
        "forecast-mean    | model/forecasting/relative       | \"x\"     | forecasting.relative: targets",
        "forecast-mean    | model/forecasting/horizon        | 2147483647 | forecasting: a context",
        "forecast-mean    | model/network/layers/0/cell      | \"x\"     | network.layers[0].cell: no cell",
        "forecast-mean    | model/network/layers/0/units     | 0         | network.layers[0]: a layer of 0 units",
        "forecast-mean    | model/network/dropouts/input     | 1         | network.dropouts: input dropout is 1.0",
        "forecast-mean    | provenance/gaps                  | \"x\"     | provenance.gaps: gaps cannot",
        "recognize-numbers| model/scaling/means              | []        | vocabulary is 0",
        "recognize-tokens | model/vocabulary                 | 0         | vocabulary is 0",
        "recognize-tokens | model/labels                     | 99        | tokenizer has",
        "transduce-plain  | model/sourceVocabulary           | 99        | sourceTokenizer has",
        "transduce-plain  | model/transduction/attention     | \"x\"     | transduction.attention: no attention",
        "lm-label         | model/condition/labels/0         | \"soft\"  | condition.labels[1] is there twice",
        "lm-label         | model/condition/inputs           | 0         | condition: 2 labels",
        "lm-label         | model/reading                    | \"x\"     | reading: ",
        "lm-adaptive      | model/network/cutoffs            | [9999]    | the cutoffs",
        "lm-adaptive      | model/network/cutoffs/0          | 0         | network: cutoffs",
        "lm-byte-pairs    | tokenizer/merges/0               | -         | merge of one token",
        "lm-byte-pairs    | tokenizer/lowerCase              | 1         | tokenizer.lowerCase is 1, not true or false",
        "lm-words         | provenance/command               | \"x\"     | provenance.command is «x», not a list",
        "lm-words         | provenance/version               | 2         | provenance.version is 2, not a text",
      })
  void aFieldThatLiesIsNamed(String model, String place, String value, String what)
      throws JsonProcessingException {
    Path original = MODELS.resolve(model + ".safetensors");
    var task =
        Tasks.ALL.stream()
            .filter(each -> each.codec().task().equals(ModelFile.task(original)))
            .findFirst()
            .orElseThrow();
    String file = lying(original, task.codec(), place, value).toString();
    boolean ofData = place.matches("provenance/gaps|.*/(words|file-scheme)"); // info reads none
    String text = model.startsWith("forecast") ? "days-test.csv" : "spans-test.txt";
    var result =
        ofData
            ? Session.run(
                model.replaceAll("-.*", ""), "eval", file, "src/test/resources/compat/data/" + text)
            : Session.run("info", file);
    assertThat(result.status()).as(result.out() + result.err()).isEqualTo(2);
    assertThat(result.err()).contains(what).doesNotContain("fault");
    if (!ofData) {
      assertThat(result.err()).contains("lying.safetensors: ");
    }
  }
}
