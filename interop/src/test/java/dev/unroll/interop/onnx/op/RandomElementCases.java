package dev.unroll.interop.onnx.op;

import static dev.unroll.interop.onnx.op.OperatorCase.of;
import static dev.unroll.interop.onnx.op.Samples.scalar;

import dev.unroll.interop.onnx.graph.TensorProtos;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Random calls of functions of one, two and three elements. */
final class RandomElementCases {

  private static final double HALF = 2e-2;

  private RandomElementCases() {}

  static Map<String, Function<RandomShapes, OperatorCase>> all() {
    var all = new TreeMap<String, Function<RandomShapes, OperatorCase>>();
    for (String name : List.of("Add", "Sub", "Mul", "Max", "Min", "PRelu")) {
      all.put(name, r -> pair(r, name, r.once(2) ? r.realType() : r.wholeType()));
    }
    for (String name : List.of("Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual")) {
      all.put(name, r -> pair(r, name, r.type()));
    }
    for (String name : List.of("And", "Or", "Xor")) {
      all.put(name, r -> pair(r, name, ElementType.BOOL));
    }
    all.put("Div", r -> divided(r, "Div"));
    all.put(
        "Mod",
        r -> {
          OperatorCase each = divided(r, "Mod");
          boolean real = each.inputs().getFirst().type().isFloating();
          return real || r.once(2) ? each.with("fmod", 1L) : each;
        });
    all.put("Pow", RandomElementCases::power);
    all.put("Where", RandomElementCases::choice);
    all.put("Clip", RandomElementCases::clipped);
    all.put("Cast", RandomElementCases::cast);
    for (String name :
        List.of("Abs", "Neg", "Sign", "Relu", "Floor", "Ceil", "Round", "Sqrt", "Reciprocal")) {
      all.put(name, r -> one(r, name));
    }
    all.put("Erf", r -> of("Erf", floats(r)).opset(r.any(9, 13)).within(1e-5));
    for (String name :
        List.of("Exp", "Log", "Tanh", "Sigmoid", "Softplus", "Softsign", "HardSwish")) {
      all.put(name, r -> one(r, name));
    }
    for (String name : List.of("LeakyRelu", "Elu", "Celu", "HardSigmoid")) {
      all.put(name, r -> r.once(2) ? one(r, name) : one(r, name).with("alpha", r.any(0.5f, 2f)));
    }
    for (String name : List.of("Selu", "IsNaN", "IsInf", "Asinh", "Sin", "Atan")) {
      all.put(name, r -> one(r, name));
    }
    all.put(
        "Gelu",
        r ->
            of("Gelu", floats(r))
                .opset(20)
                .within(1e-5)
                .with("approximate", r.any("none", "tanh")));
    all.put("Not", r -> of("Not", r.tensor(ElementType.BOOL, r.shape(0, 3))));
    return all;
  }

  private static Tensor floats(RandomShapes r) {
    return r.tensor(ElementType.FLOAT, r.shape(0, 3));
  }

  private static OperatorCase at(RandomShapes r, OperatorCase each) {
    ElementType type = each.inputs().getFirst().type();
    boolean half = type == ElementType.FLOAT16;
    return each.opset(r.any(7, 9, 12, 13, 14, 17, 21)).within(half ? HALF : 1e-5);
  }

  private static OperatorCase one(RandomShapes r, String name) {
    ElementType type = r.once(4) ? r.wholeType() : r.realType();
    int[] shape = r.shape(0, 3);
    boolean odd = type.isFloating() && r.once(2) && !name.equals("Sign");
    return at(r, of(name, odd ? r.odd(type, shape) : r.tensor(type, shape)));
  }

  private static OperatorCase pair(RandomShapes r, String name, ElementType type) {
    int[] shape = r.shape(0, 4);
    boolean odd = type.isFloating() && r.once(3) && !name.equals("PRelu");
    Tensor wide = odd ? r.odd(type, shape) : r.tensor(type, shape);
    Tensor other = r.tensor(type, r.narrower(shape));
    boolean turned = !name.equals("PRelu") && r.once(2);
    return at(r, turned ? of(name, other, wide) : of(name, wide, other));
  }

  private static OperatorCase divided(RandomShapes r, String name) {
    OperatorCase each = pair(r, name, r.once(2) ? r.wholeType() : r.realType());
    Tensor divisor = each.inputs().get(1);
    if (divisor.elements() instanceof long[] longs) {
      for (int i = 0; i < longs.length; i++) {
        longs[i] = longs[i] == 0 ? 3 : longs[i];
      }
    }
    return each;
  }

  private static OperatorCase power(RandomShapes r) {
    int[] shape = r.shape(0, 3);
    ElementType base = r.any(ElementType.FLOAT, ElementType.DOUBLE, ElementType.INT32);
    ElementType exponent = r.any(ElementType.FLOAT, ElementType.DOUBLE, ElementType.INT64);
    Tensor powers = Casts.cast(r.samples().longs(0, 3, r.narrower(shape)), exponent);
    return of("Pow", r.tensor(base, shape), powers).opset(r.any(12, 13, 15)).within(1e-5);
  }

  private static OperatorCase choice(RandomShapes r) {
    int[] shape = r.shape(0, 4);
    ElementType type = r.type();
    Tensor condition = r.tensor(ElementType.BOOL, r.narrower(shape));
    return of("Where", condition, r.tensor(type, r.narrower(shape)), r.tensor(type, shape))
        .opset(r.any(9, 16));
  }

  private static OperatorCase clipped(RandomShapes r) {
    ElementType type = r.once(2) ? r.wholeType() : r.realType();
    int[] shape = r.shape(0, 3);
    Tensor x = type.isFloating() && r.once(2) ? r.odd(type, shape) : r.tensor(type, shape);
    if (type == ElementType.FLOAT && r.once(3)) {
      OperatorCase each = of("Clip", x).opset(r.any(7, 10));
      each = r.once(3) ? each : each.with("min", r.any(-1f, 0f, 2f));
      return r.once(3) ? each : each.with("max", r.any(-1f, 0f, 2f));
    }
    Tensor least = r.once(3) ? null : Casts.cast(scalar(r.any(0f, 1f, 2f)), type);
    Tensor most = r.once(3) ? null : Casts.cast(scalar(r.any(0f, 1f, 2f)), type);
    return of("Clip", x, least, most).opset(r.any(11, 12, 13));
  }

  /** Out of range only where all agree what comes out: integers keep their lowest bits. */
  private static OperatorCase cast(RandomShapes r) {
    ElementType from = r.type();
    ElementType to = r.type();
    int[] shape = r.shape(0, 3);
    boolean signs = from.isInteger() || !to.name().startsWith("U");
    Tensor x = r.tensor(signs ? from : ElementType.BOOL, shape);
    if (x.type() == ElementType.INT64 && r.once(2)) {
      x = r.samples().longs(Long.MIN_VALUE / 3, Long.MAX_VALUE / 3, shape);
    } else if (x.type().isFloating() && (to.isFloating() || to == ElementType.BOOL)) {
      x = r.odd(from, shape);
    }
    Tensor like = Tensor.adopt(to, x.shape(), Elements.create(to, x.shape()));
    long code = TensorProtos.write(like, "y").getDataType();
    return of("Cast", x).with("to", code).opset(r.any(7, 9, 13, 19));
  }
}
