package dev.unroll.model;

import dev.unroll.base.InputException;
import dev.unroll.layer.LayerState;
import dev.unroll.model.StreamState.OfRows;
import dev.unroll.model.StreamState.OfTokens;
import dev.unroll.network.NetworkState;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Serializes states of streams, with the model that they belong to. Reading takes no more memory
 * than a few times the number of bytes, whatever the bytes are.
 *
 * <pre>{@code
 * 'U' 'S'  version 1  kind 1 to 3  length of the name of the model (2 bytes), the name in UTF-8
 * 1 tokens:   steps (8)  layers (4)  for each layer a and c, then the output: length (4), floats
 *             a length of -1 for the output says that it is the a of the last layer
 * 2 rows:     steps (8)  rows (4)  columns (4)  doubles, row by row
 * 3 n-grams:  as tokens, then those that were read last: length (4), ids
 * CRC-32C of all before (4); numbers are big-endian
 * }</pre>
 */
public final class StateBytes {

  private static final short MARK = (short) ('U' << 8 | 'S');
  private static final byte VERSION = 1;
  private static final byte TOKENS = 1;
  private static final byte ROWS = 2;
  private static final byte NGRAMS = 3;

  private StateBytes() {}

  /**
   * Returns a state as bytes.
   *
   * @param model the hash of the model, the only one that can read them again
   */
  public static byte[] write(StreamState state, String model) {
    byte[] name = model.getBytes(StandardCharsets.UTF_8);
    var out = ByteBuffer.allocate(10 + name.length + size(state));
    out.putShort(MARK).put(VERSION).put(kind(state));
    out.putShort((short) name.length).put(name);
    switch (state) {
      case OfTokens own -> write(out, own);
      case OfRows own -> write(out, own.rows());
    }
    return out.putInt(checksum(out)).array();
  }

  private static byte kind(StreamState state) {
    return switch (state) {
      case OfTokens own -> own.state().history().length == 0 ? TOKENS : NGRAMS;
      case OfRows own -> ROWS;
    };
  }

  /**
   * Returns the state that bytes hold.
   *
   * @param model the hash of the model that is to continue from it
   * @throws InputException if they are damaged, or of another model
   */
  public static StreamState read(byte[] bytes, String model) {
    try {
      ByteBuffer in = body(bytes);
      byte kind = in.get();
      String name = name(in);
      if (!name.equals(model)) {
        throw new InputException(
            "the state is of the model " + name + ", and this one is " + model,
            "Continue with the model that wrote it, or begin the stream anew.");
      }
      StreamState state =
          switch (kind) {
            case TOKENS -> tokens(in);
            case NGRAMS -> withHistory(tokens(in), in);
            case ROWS -> rows(in);
            default -> throw damaged("it is of a kind that is not known");
          };
      if (in.hasRemaining()) {
        throw damaged("there is more than a state");
      }
      return state;
    } catch (BufferUnderflowException e) {
      throw damaged("it ends too early");
    }
  }

  /**
   * Returns the hash of the model that wrote a state.
   *
   * @throws InputException if the bytes are damaged
   */
  public static String model(byte[] bytes) {
    try {
      ByteBuffer in = body(bytes);
      in.get();
      return name(in);
    } catch (BufferUnderflowException e) {
      throw damaged("it ends too early");
    }
  }

  private static int size(StreamState state) {
    return switch (state) {
      case OfTokens own -> {
        long floats = isOfLast(own.state()) ? 0 : own.state().output().length;
        for (LayerState layer : own.state().layers()) {
          floats += 2 + layer.a().length + layer.c().length;
        }
        int[] history = own.state().history();
        long ids = history.length == 0 ? 0 : 1L + history.length;
        yield Math.toIntExact(16 + Float.BYTES * (floats + ids));
      }
      case OfRows own -> {
        long numbers = (long) own.rows().window().length * columns(own.rows());
        yield Math.toIntExact(16 + Double.BYTES * numbers);
      }
    };
  }

  private static int columns(ForecastStream.State rows) {
    return rows.window().length == 0 ? 0 : rows.window()[0].length;
  }

  /** Whether the head reads what the last layer hands on: then one of them says both. */
  private static boolean isOfLast(NetworkState state) {
    return Arrays.equals(state.output(), state.layers().getLast().a());
  }

  private static void write(ByteBuffer out, OfTokens own) {
    out.putLong(own.steps()).putInt(own.state().layers().size());
    for (LayerState layer : own.state().layers()) {
      write(out, layer.a());
      write(out, layer.c());
    }
    if (isOfLast(own.state())) {
      out.putInt(-1);
    } else {
      write(out, own.state().output());
    }
    int[] history = own.state().history();
    if (history.length > 0) {
      out.putInt(history.length);
      out.asIntBuffer().put(history);
      out.position(out.position() + 4 * history.length);
    }
  }

  private static void write(ByteBuffer out, float[] values) {
    out.putInt(values.length);
    out.asFloatBuffer().put(values);
    out.position(out.position() + 4 * values.length);
  }

  private static void write(ByteBuffer out, ForecastStream.State rows) {
    out.putLong(rows.size()).putInt(rows.window().length).putInt(columns(rows));
    for (double[] row : rows.window()) {
      out.asDoubleBuffer().put(row);
      out.position(out.position() + 8 * row.length);
    }
  }

  private static int checksum(ByteBuffer before) {
    var sum = new CRC32C();
    sum.update(before.duplicate().flip());
    return (int) sum.getValue();
  }

  /** Returns what stands between version and checksum, which are as they must be. */
  private static ByteBuffer body(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    if (in.getShort() != MARK) {
      throw damaged("it does not begin as one");
    }
    byte version = in.get();
    if (version != VERSION) {
      throw new InputException(
          "the state is of version " + version + ", and 1 is known",
          "Continue with the release that wrote it, or begin anew.");
    }
    int end = bytes.length - Integer.BYTES;
    if (in.position(Math.max(3, end)).getInt() != checksum(ByteBuffer.wrap(bytes).position(end))) {
      throw damaged("its checksum does not match");
    }
    return in.position(3).limit(end);
  }

  private static String name(ByteBuffer in) {
    byte[] name = new byte[checked(in.getShort(), 1, in)];
    in.get(name);
    return new String(name, StandardCharsets.UTF_8);
  }

  /** Returns a number of values that follow, if there are as many. */
  private static int checked(int count, long bytes, ByteBuffer in) {
    if (count < 0 || (long) count * bytes > in.remaining()) {
      throw damaged("it says that " + count + " numbers follow");
    }
    return count;
  }

  private static OfTokens tokens(ByteBuffer in) {
    long steps = in.getLong();
    int count = checked(in.getInt(), 8, in);
    if (steps < 0 || count == 0) {
      throw damaged("it has no layers, or a negative number of steps");
    }
    var layers = new ArrayList<LayerState>();
    for (int i = 0; i < count; i++) {
      layers.add(new LayerState(floats(in, in.getInt()), floats(in, in.getInt())));
    }
    int output = in.getInt();
    float[] last = output == -1 ? layers.getLast().a() : floats(in, output);
    return new OfTokens(steps, new NetworkState(List.copyOf(layers), last));
  }

  private static OfTokens withHistory(OfTokens read, ByteBuffer in) {
    int[] history = new int[checked(in.getInt(), 4, in)];
    in.asIntBuffer().get(history);
    in.position(in.position() + 4 * history.length);
    return new OfTokens(read.steps(), read.state().withHistory(history));
  }

  private static float[] floats(ByteBuffer in, int count) {
    float[] values = new float[checked(count, 4, in)];
    in.asFloatBuffer().get(values);
    in.position(in.position() + 4 * values.length);
    return values;
  }

  private static OfRows rows(ByteBuffer in) {
    long size = in.getLong();
    int count = in.getInt();
    int columns = in.getInt();
    if (size < 0 || columns < 0) {
      throw damaged("it has a negative number of rows or columns");
    }
    double[][] window = new double[checked(count, Math.max(1, 8L * columns), in)][columns];
    for (double[] row : window) {
      in.asDoubleBuffer().get(row);
      in.position(in.position() + 8 * columns);
    }
    return new OfRows(new ForecastStream.State(size, window));
  }

  private static InputException damaged(String what) {
    return new InputException(
        "the state of a stream is damaged: " + what, "Begin the stream anew.");
  }
}
