package dev.unroll.interop.onnx.op;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The operators that are known, by domain, name and version of the operator set. */
public final class Operators {

  /** The oldest version of ONNX's own operators that is understood. */
  public static final int OLDEST = 7;

  /** The newest version of ONNX's own operators that is understood. */
  public static final int NEWEST = 24;

  /** The operators of this package. */
  public static final Operators STANDARD = new Operators(standard());

  private final List<Definition> definitions;
  private final Map<String, TreeMap<Integer, Operator>> byName = new TreeMap<>();

  private Operators(List<Definition> definitions) {
    this.definitions = List.copyOf(definitions);
    for (Definition definition : definitions) {
      Operator other =
          byName
              .computeIfAbsent(key(definition.domain(), definition.name()), name -> new TreeMap<>())
              .put(definition.since(), definition.operator());
      if (other != null) {
        throw new IllegalArgumentException(
            definition.name() + " " + definition.since() + " is there twice");
      }
    }
  }

  /** These operators and more. */
  public Operators and(List<Definition> more) {
    var all = new ArrayList<>(definitions);
    all.addAll(more);
    return new Operators(all);
  }

  /** The meaning of an operator, if it is known in this version of its domain's operators. */
  public Optional<Operator> find(String domain, String name, int opset) {
    if (isOwn(domain) && (opset < OLDEST || opset > NEWEST)) {
      return Optional.empty();
    }
    return Optional.ofNullable(byName.get(key(domain, name)))
        .map(forms -> forms.floorEntry(opset))
        .map(Map.Entry::getValue);
  }

  /**
   * All that is known, by domain and name; several meanings of a name follow one another by
   * version.
   */
  public List<Definition> all() {
    return definitions.stream()
        .sorted(
            (a, b) -> {
              int byKey = key(a.domain(), a.name()).compareTo(key(b.domain(), b.name()));
              return byKey != 0 ? byKey : Integer.compare(a.since(), b.since());
            })
        .toList();
  }

  private static boolean isOwn(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  private static String key(String domain, String name) {
    return isOwn(domain) ? name : domain + ":" + name;
  }

  private static List<Definition> standard() {
    var all = new ArrayList<Definition>();
    all.addAll(Unary.definitions());
    all.addAll(Binary.definitions());
    all.addAll(Casts.definitions());
    all.addAll(Constants.definitions());
    all.addAll(Layouts.definitions());
    all.addAll(Pieces.definitions());
    all.addAll(Sequences.definitions());
    all.addAll(Gathers.definitions());
    all.addAll(Scatters.definitions());
    all.addAll(Bounds.definitions());
    all.addAll(Reduction.definitions());
    all.addAll(Ranking.definitions());
    all.addAll(Softmaxes.definitions());
    all.addAll(MatMul.definitions());
    all.addAll(Gemm.definitions());
    all.addAll(Einsum.definitions());
    all.addAll(CumulativeSum.definitions());
    all.addAll(Normalization.definitions());
    all.addAll(Convolution.definitions());
    all.addAll(Pooling.definitions());
    all.addAll(Quantization.definitions());
    return all;
  }
}
