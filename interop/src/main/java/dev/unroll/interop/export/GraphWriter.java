package dev.unroll.interop.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.unroll.base.InputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes the nodes of a graph. Values are known by their names; each method that writes a node
 * returns that of its output. A graph within a graph ({@link #body}) may read the values of the one
 * around it; constants are all kept by the outermost.
 */
final class GraphWriter {

  /** The graph's limit is that of a file: 2 GiB. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - (1 << 20);

  /** What a graph shares with those within it. */
  private static final class Shared {
    private final Opset opset;
    private final Map<String, Integer> names = new HashMap<>();
    private final Map<String, String> constants = new HashMap<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private String part = "the graph";
    private long bytes;

    private Shared(Opset opset) {
      this.opset = opset;
    }
  }

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final GraphWriter root;
  private final Shared shared;
  private final List<String> inputs = new ArrayList<>();

  GraphWriter(String name, Opset opset) {
    root = this;
    shared = new Shared(opset);
    graph.setName(name);
  }

  private GraphWriter(String name, GraphWriter root) {
    this.root = root;
    shared = root.shared;
    graph.setName(name);
  }

  /** Returns a graph to be run by a node of this one. */
  GraphWriter body(String name) {
    return new GraphWriter(unique(name), root);
  }

  /** Says which part of the model is written from now on, for messages and names. */
  void part(String name) {
    shared.part = name;
  }

  /** Keeps a sentence for the user: how a part is written, or what it reads. */
  void note(String text) {
    shared.notes.add(text);
  }

  List<String> notes() {
    return List.copyOf(shared.notes);
  }

  int opset() {
    return shared.opset.version();
  }

  /** Returns the graph. */
  GraphProto build() {
    return graph.build();
  }

  // ---- inputs, outputs, constants

  /** Adds an input. Axes are names of what varies, or numbers; without axes nothing is said. */
  String input(String name, Type type, Object... axes) {
    String own = this == root ? name : unique(name);
    graph.addInput(value(own, type, axes));
    inputs.add(own);
    return own;
  }

  /** Adds an output of the outermost graph, by its own name. */
  void output(String name, String value, Type type, Object... axes) {
    graph.addNode(
        NodeProto.newBuilder().setOpType("Identity").addInput(value).addOutput(name).build());
    graph.addOutput(value(name, type, axes));
  }

  /** Adds an output of a graph within another. */
  void output(String value, Type type) {
    String own = op("Identity", value);
    graph.addOutput(value(own, type));
  }

  private static ValueInfoProto value(String name, Type type, Object... axes) {
    var tensor = TypeProto.Tensor.newBuilder().setElemType(type.number());
    if (axes.length > 0) {
      var shape = TensorShapeProto.newBuilder();
      for (Object axis : axes) {
        var dimension = TensorShapeProto.Dimension.newBuilder();
        if (axis instanceof Number number) {
          dimension.setDimValue(number.longValue());
        } else {
          dimension.setDimParam(axis.toString());
        }
        shape.addDim(dimension);
      }
      tensor.setShape(shape);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** Adds parameters, once for each name. */
  String parameters(String name, float[] values, int... axes) {
    String known = shared.constants.get(name);
    if (known != null) {
      return known;
    }
    ByteBuffer bytes = room(4L * values.length);
    bytes.asFloatBuffer().put(values);
    return keep(name, name, Type.FLOAT, bytes, Arrays.stream(axes).asLongStream().toArray());
  }

  /** Adds a constant of 64-bit integers, [values]. */
  String integers(long... values) {
    return integers(values, new long[] {values.length});
  }

  /** Adds a 64-bit integer without axes. */
  String integer(long value) {
    return integers(new long[] {value}, new long[0]);
  }

  private String integers(long[] values, long[] axes) {
    ByteBuffer bytes = room(8L * values.length);
    bytes.asLongBuffer().put(values);
    String key = "integers " + Arrays.toString(values) + Arrays.toString(axes);
    return constant(key, "integers", Type.INT64, bytes, axes);
  }

  /** Adds a number without axes. */
  String number(Type type, double value) {
    return numbers(type, new double[] {value});
  }

  /** Adds numbers of a type: floats, doubles or 0 and 1 as truth values. */
  String numbers(Type type, double[] values, int... axes) {
    long[] shape = Arrays.stream(axes).asLongStream().toArray();
    int size = type == Type.BOOL ? 1 : type == Type.DOUBLE ? 8 : 4;
    ByteBuffer bytes = room((long) size * values.length);
    for (double value : values) {
      switch (type) {
        case FLOAT -> bytes.putFloat((float) value);
        case DOUBLE -> bytes.putDouble(value);
        case BOOL -> bytes.put((byte) value);
        default -> throw new IllegalArgumentException("numbers of type " + type);
      }
    }
    bytes.rewind();
    String key = type + Arrays.toString(values) + Arrays.toString(shape);
    return constant(key, "numbers", type, bytes, shape);
  }

  private String constant(String key, String name, Type type, ByteBuffer bytes, long[] axes) {
    String known = shared.constants.get(key);
    return known != null ? known : keep(key, unique(name), type, bytes, axes);
  }

  private static ByteBuffer room(long size) {
    if (size > MOST_BYTES) {
      throw tooLarge();
    }
    return ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static InputException tooLarge() {
    return new InputException(
        "the model has more than 2 GiB of parameters, which is more than an ONNX file holds",
        "Export a smaller model.");
  }

  private String keep(String key, String name, Type type, ByteBuffer bytes, long[] axes) {
    shared.bytes += bytes.capacity();
    if (shared.bytes > MOST_BYTES) {
      throw tooLarge();
    }
    var tensor = TensorProto.newBuilder().setName(name).setDataType(type.number());
    for (long axis : axes) {
      tensor.addDims(axis);
    }
    root.graph.addInitializer(tensor.setRawData(ByteString.copyFrom(bytes.rewind())));
    shared.constants.put(key, name);
    return name;
  }

  // ---- nodes

  /** Writes a node with one output. */
  String op(String operator, String... from) {
    return op(operator, Map.of(), from);
  }

  /** Writes a node with attributes and one output. */
  String op(String operator, Map<String, ?> attributes, String... from) {
    return ops(operator, attributes, 1, from).getFirst();
  }

  /** Writes a node with some outputs; an empty name stands for an input that is left out. */
  List<String> ops(String operator, Map<String, ?> attributes, int outputs, String... from) {
    shared.opset.use(operator, shared.part);
    var node = NodeProto.newBuilder().setOpType(operator);
    int last = from.length;
    while (last > 0 && from[last - 1].isEmpty()) {
      last--;
    }
    for (int i = 0; i < last; i++) {
      node.addInput(from[i]);
    }
    var names = new ArrayList<String>();
    for (int i = 0; i < outputs; i++) {
      names.add(unique(operator));
    }
    node.setName(names.getFirst()).addAllOutput(names);
    attributes.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(each -> node.addAttribute(attribute(each.getKey(), each.getValue())));
    graph.addNode(node);
    return names;
  }

  private static AttributeProto attribute(String name, Object value) {
    var attribute = AttributeProto.newBuilder().setName(name);
    switch (value) {
      case Number number ->
          attribute.setType(AttributeProto.AttributeType.INT).setI(number.longValue());
      case String text ->
          attribute
              .setType(AttributeProto.AttributeType.STRING)
              .setS(ByteString.copyFromUtf8(text));
      case GraphWriter body ->
          attribute.setType(AttributeProto.AttributeType.GRAPH).setG(body.build());
      case long[] numbers -> {
        attribute.setType(AttributeProto.AttributeType.INTS);
        Arrays.stream(numbers).forEach(attribute::addInts);
      }
      case List<?> texts -> {
        attribute.setType(AttributeProto.AttributeType.STRINGS);
        texts.forEach(each -> attribute.addStrings(ByteString.copyFromUtf8(each.toString())));
      }
      default -> throw new IllegalArgumentException("an attribute " + value.getClass());
    }
    return attribute.build();
  }

  private String unique(String name) {
    int count = shared.names.merge(name, 1, Integer::sum);
    return name + "_" + count;
  }

  /**
   * Runs a graph over time, axis 0 of what is scanned. Its inputs are the states and a step of each
   * value, its outputs the new states and what it gives out at the step.
   *
   * @param backward whether the steps are run from the last to the first
   * @return the last states, then of each step what was given out
   */
  List<String> scan(GraphWriter body, List<String> states, List<String> scanned, boolean backward) {
    int given = body.graph.getOutputCount() - states.size();
    var attributes = new HashMap<String, Object>();
    attributes.put("body", body);
    attributes.put("num_scan_inputs", scanned.size());
    if (backward) {
      attributes.put("scan_input_directions", ones(scanned.size()));
      attributes.put("scan_output_directions", ones(given));
    }
    var from = new ArrayList<>(states);
    from.addAll(scanned);
    return ops("Scan", attributes, states.size() + given, from.toArray(String[]::new));
  }

  private static long[] ones(int count) {
    long[] ones = new long[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  // ---- operators whose form depends on the opset

  String unsqueeze(String x, int... axes) {
    return withAxes("Unsqueeze", 13, Map.of(), x, axes);
  }

  String squeeze(String x, int... axes) {
    return withAxes("Squeeze", 13, Map.of(), x, axes);
  }

  /** Reduces an axis: {@code ReduceSum}, {@code ReduceMean} or {@code ReduceMax}. */
  String reduce(String operator, String x, int axis, boolean keep) {
    int since = operator.equals("ReduceSum") ? 13 : 18;
    return withAxes(operator, since, Map.of("keepdims", keep ? 1 : 0), x, axis);
  }

  private String withAxes(
      String operator, int asInput, Map<String, Object> others, String x, int... axes) {
    long[] all = Arrays.stream(axes).asLongStream().toArray();
    if (opset() >= asInput) {
      return op(operator, others, x, integers(all));
    }
    var attributes = new HashMap<String, Object>(others);
    attributes.put("axes", all);
    return op(operator, attributes, x);
  }

  /** Returns the elements from {@code from} up to {@code to} of an axis. */
  String slice(String x, int axis, long from, long to) {
    if (opset() >= 10) {
      return op("Slice", x, integers(from), integers(to), integers(axis));
    }
    return op(
        "Slice",
        Map.of("starts", new long[] {from}, "ends", new long[] {to}, "axes", new long[] {axis}),
        x);
  }

  // ---- operators in short

  String add(String x, String y) {
    return op("Add", x, y);
  }

  String subtract(String x, String y) {
    return op("Sub", x, y);
  }

  String multiply(String x, String y) {
    return op("Mul", x, y);
  }

  String divide(String x, String y) {
    return op("Div", x, y);
  }

  String choose(String condition, String yes, String no) {
    return op("Where", condition, yes, no);
  }

  /** Returns whether numbers with a fraction are the same. */
  String same(String x, String y) {
    shared.opset.use("Equal of floats", shared.part);
    return op("Equal", x, y);
  }

  /** Returns whether numbers are such: NaN is not equal to itself. */
  String isKnown(String x) {
    return same(x, x);
  }

  /** Returns the whole numbers from 0 up to {@code count}, a value without axes. */
  String range(String count) {
    if (opset() >= 11) {
      return op("Range", integer(0), count, integer(1));
    }
    String ones = expand(integers(1), unsqueeze(count, 0));
    return squeeze(op("NonZero", ones), 0);
  }

  String cast(String x, Type type) {
    return op("Cast", Map.of("to", type.number()), x);
  }

  String transpose(String x, long... order) {
    return op("Transpose", Map.of("perm", order), x);
  }

  /** Joins values along an axis; of one it is the value itself. */
  String concat(int axis, List<String> values) {
    return values.size() == 1
        ? values.getFirst()
        : op("Concat", Map.of("axis", axis), values.toArray(String[]::new));
  }

  String gather(String x, String indices, int axis) {
    return op("Gather", Map.of("axis", axis), x, indices);
  }

  /** Gives other axes; 0 keeps an axis, -1 is what is left. */
  String reshape(String x, long... axes) {
    return op("Reshape", x, integers(axes));
  }

  /** Gives axes that are known when the graph runs: each a value of one integer, or a number. */
  String reshapeTo(String x, Object... axes) {
    return op("Reshape", x, shape(axes));
  }

  /** Repeats along axes of length 1, to axes that are known when the graph runs. */
  String expand(String x, Object... axes) {
    return op("Expand", x, shape(axes));
  }

  private String shape(Object... axes) {
    var parts = new ArrayList<String>();
    for (Object axis : axes) {
      parts.add(axis instanceof Number number ? integers(number.longValue()) : axis.toString());
    }
    return concat(0, parts);
  }

  /** Returns the length of an axis as a value without axes. */
  String length(String x, int axis) {
    return gather(op("Shape", x), integer(axis), 0);
  }

  /** Returns the product with a matrix from the right. */
  String product(String x, String matrix) {
    return op("MatMul", x, matrix);
  }
}
