package dev.unroll.interop.torch;

import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.data.Reading;
import dev.unroll.file.SafeFiles;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.weights.Conversion;
import dev.unroll.interop.weights.Matrices;
import dev.unroll.interop.weights.PortableCell;
import dev.unroll.interop.weights.PortableHead;
import dev.unroll.interop.weights.PortableLayer;
import dev.unroll.interop.weights.PortableNetwork;
import dev.unroll.model.Classifier;
import dev.unroll.model.LabelModel;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Tagger;
import dev.unroll.result.Model;
import dev.unroll.task.label.LabelNetwork;
import dev.unroll.task.label.LabelSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes models for PyTorch, as a folder: {@code weights.safetensors}, {@code model.py}, which
 * builds the same network in {@code torch.nn} and checks itself when it is run, {@code
 * sample.safetensors} with what the model answers, {@code vocabulary.txt} and {@code labels.txt};
 * of a classifier with n-grams also {@code ngrams.json}.
 *
 * <p>Cells that {@code torch.nn} does not have (a GRU with the reset before the product, peepholes)
 * stand in {@code model.py} in basic operations. Parts that only models of ours have are refused.
 */
public final class TorchExport {

  /** The name of the program. */
  public static final String PROGRAM = "model.py";

  private static final String INSTEAD =
      "Export it as ONNX, which writes every part in basic operators.";

  private final Model model;
  private final PortableNetwork network;
  private final TorchSample sample;
  private final @Nullable TorchNgrams ngrams;

  private TorchExport(Model model) {
    this.model = model;
    network = portable(model);
    sample = TorchSample.of(model);
    ngrams = model instanceof LabelModel own ? TorchNgrams.of(own) : null;
  }

  /**
   * Writes the files into a folder, which is created if need be.
   *
   * @return the files
   * @throws InputException if the model has a part that PyTorch does not have, or a file cannot be
   *     written
   */
  public static List<Path> write(Model model, Path folder) {
    var export = new TorchExport(model);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw InputException.in(
          folder,
          "the folder cannot be created: " + SafeFiles.reason(e),
          "Name a folder, which need not be there yet.");
    }
    var files = new LinkedHashMap<Path, byte[]>();
    files.put(folder.resolve(PROGRAM), bytes(export.python()));
    files.put(folder.resolve("vocabulary.txt"), bytes(lines(export.tokens())));
    if (model instanceof LabelModel own) {
      files.put(folder.resolve("labels.txt"), bytes(lines(own.labelNames().names())));
    }
    if (export.ngrams != null) {
      files.put(folder.resolve(TorchNgrams.FILE), bytes(export.ngrams.json(export.sample.texts())));
    }
    Path weights = folder.resolve("weights.safetensors");
    SafetensorsArchive.write(weights, export.weights());
    Path sample = folder.resolve("sample.safetensors");
    SafetensorsArchive.write(sample, export.sample.tensors());
    files.forEach(SafeFiles::replace);
    return Stream.concat(List.of(weights, sample).stream(), files.keySet().stream()).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String lines(List<String> texts) {
    var all = new StringBuilder();
    for (String text : texts) {
      all.append(text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")).append('\n');
    }
    return all.toString();
  }

  private static PortableNetwork portable(Model model) {
    return switch (model) {
      case LanguageModel own -> {
        refuse(own.network().condition() != null, "reads what it writes for");
        refuse(own.isBackward(), "reads from right to left");
        Conversion.checkAlone(own);
        yield Conversion.portable(
            own.network().description(), own.network().layout(), own.parameters(), null, false);
      }
      case Classifier own -> portable(own);
      case Tagger own -> portable(own);
      default ->
          throw new InputException(
              "a model of the task " + model.task() + " is not written for PyTorch", INSTEAD);
    };
  }

  private static PortableNetwork portable(LabelModel model) {
    LabelSpec spec = model.description();
    refuse(spec.spelling() != null, "reads words by their characters");
    refuse(!spec.features().isEmpty(), "reads further columns");
    PoolingKind pooling = null;
    boolean sigmoids = false;
    switch (spec.output()) {
      case LabelSpec.PerSequence whole -> {
        pooling = whole.pooling();
        sigmoids = whole.multiLabel();
      }
      case LabelSpec.PerStep steps -> refuse(steps.crf(), "chooses labels by a CRF");
    }
    var own = new LabelNetwork(TorchNgrams.without(spec), model.lexicon().size(), 0);
    float[] parameters = Arrays.copyOf(model.parameters(), own.size()); // n-grams come last
    return Conversion.portable(spec.network(), own.layout(), parameters, pooling, sigmoids);
  }

  private static void refuse(boolean is, String what) {
    if (is) {
      throw new InputException("a network that " + what + " is not written for PyTorch", INSTEAD);
    }
  }

  private List<String> tokens() {
    var tokenizer =
        model instanceof LanguageModel own ? own.tokenizer() : ((LabelModel) model).lexicon();
    return IntStream.range(0, tokenizer.size()).mapToObj(tokenizer::token).toList();
  }

  /** The tensors by the names of {@code model.py}. */
  private Map<String, Tensor> weights() {
    var all = new LinkedHashMap<String, Tensor>();
    Tensor embedding = Objects.requireNonNull(network.embedding());
    boolean zeros = model instanceof LanguageModel own && own.reading() == Reading.SENTENCES;
    all.put(
        "embedding.weight",
        zeros
            ? Matrices.stack(List.of(embedding, Matrices.zeros(1, embedding.shape().axis(1))))
            : embedding);
    for (int i = 0; i < network.layers().size(); i++) {
      PortableLayer layer = network.layers().get(i);
      put(layer.cell(), "layers." + i + ".", "_l0", all);
      if (layer.readsBothWays()) {
        put(Objects.requireNonNull(layer.backward()), "layers." + i + ".", "_l0_reverse", all);
      }
    }
    PortableHead head = Objects.requireNonNull(network.head());
    all.put("head.weight", head.weight());
    all.put("head.bias", Objects.requireNonNull(head.bias()));
    if (ngrams != null) {
      all.put(TorchNgrams.WEIGHT, ngrams.weight());
    }
    return all;
  }

  private static void put(
      PortableCell cell, String prefix, String suffix, Map<String, Tensor> all) {
    TorchLayers.weights(cell.withUpdateKeeps(true))
        .forEach((name, tensor) -> all.put(prefix + name + suffix, tensor));
  }

  private String python() {
    boolean zeros = model instanceof LanguageModel own && own.reading() == Reading.SENTENCES;
    int counted = ngrams == null ? 0 : ngrams.size();
    return new TorchPython(network, zeros, model instanceof LanguageModel, counted)
        .text(model.task().name());
  }
}
