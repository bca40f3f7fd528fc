import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.recurrent.RNN;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Prints pytorch.json: what libtorch's own rnn, gru and lstm compute on random numbers. See README.md. */
public class PyTorchGolden {

  static final int T = 5, B = 3, I = 4, H = 6;
  static final Random RANDOM = new Random(2026);

  static float[] numbers(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (RANDOM.nextGaussian() * 0.7);
    }
    return values;
  }

  public static void main(String[] args) {
    var parts = new ArrayList<String>();
    for (String cell : List.of("rnn-tanh", "rnn-relu", "gru", "lstm")) {
      parts.add("\"" + cell + "\":{" + run(cell) + "}");
    }
    System.out.println("{\"steps\":5,\"batch\":3,\"inputs\":4,\"units\":6,\n" + String.join(",\n", parts) + "}");
  }

  static String run(String cell) {
    int gates = cell.equals("lstm") ? 4 : cell.equals("gru") ? 3 : 1;
    try (NDManager m = NDManager.newBaseManager("cpu".isEmpty() ? null : ai.djl.Device.cpu(), "PyTorch")) {
      NDArray x = m.create(numbers(T * B * I), new Shape(T, B, I));
      NDArray h = m.create(numbers(B * H), new Shape(1, B, H));
      NDArray c = m.create(numbers(B * H), new Shape(1, B, H));
      NDArray wi = m.create(numbers(gates * H * I), new Shape(gates * H, I));
      NDArray wh = m.create(numbers(gates * H * H), new Shape(gates * H, H));
      NDArray bi = m.create(numbers(gates * H), new Shape(gates * H));
      NDArray bh = m.create(numbers(gates * H), new Shape(gates * H));
      NDArray v = m.create(numbers(T * B * H), new Shape(T, B, H));
      NDArray[] wanted = {x, h, c, wi, wh, bi, bh};
      for (NDArray a : wanted) {
        a.setRequiresGradient(true);
      }
      var out = new StringBuilder();
      try (GradientCollector collector = ai.djl.engine.Engine.getEngine("PyTorch").newGradientCollector()) {
        var p = new NDList(wi, wh, bi, bh);
        NDList y =
            switch (cell) {
              case "lstm" -> x.getNDArrayInternal().lstm(x, new NDList(h, c), p, true, 1, 0, true, false, false);
              case "gru" -> x.getNDArrayInternal().gru(x, h, p, true, 1, 0, true, false, false);
              default -> x.getNDArrayInternal().rnn(x, h, p, true, 1,
                  cell.endsWith("relu") ? RNN.Activation.RELU : RNN.Activation.TANH, 0, true, false, false);
            };
        collector.backward(y.get(0).mul(v).sum());
        out.append(field("x", x)).append(',').append(field("h0", h)).append(',').append(field("c0", c)).append(',');
        out.append(field("weight_ih", wi)).append(',').append(field("weight_hh", wh)).append(',');
        out.append(field("bias_ih", bi)).append(',').append(field("bias_hh", bh)).append(',').append(field("v", v));
        out.append(',').append(field("output", y.get(0)));
        out.append(',').append(field("dx", x.getGradient())).append(',').append(field("dh0", h.getGradient()));
        if (cell.equals("lstm")) {
          out.append(',').append(field("dc0", c.getGradient()));
        }
        out.append(',').append(field("dweight_ih", wi.getGradient())).append(',').append(field("dweight_hh", wh.getGradient()));
        out.append(',').append(field("dbias_ih", bi.getGradient())).append(',').append(field("dbias_hh", bh.getGradient()));
      }
      return out.toString();
    }
  }

  static String field(String name, NDArray a) {
    var text = new ArrayList<String>();
    for (float value : a.toFloatArray()) {
      text.add(Float.toString(value));
    }
    return "\n\"" + name + "\":[" + String.join(",", text) + "]";
  }
}
