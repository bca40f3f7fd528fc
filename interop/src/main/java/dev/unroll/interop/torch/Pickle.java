package dev.unroll.interop.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code pickle} writes of dictionaries, lists, tuples, texts, numbers and tensors.
 *
 * <p>A pickle is a program for a small machine that may import anything and call it. This machine
 * knows no import: a name that stands in {@link PickledTensors} is a mark, every other one, and
 * every instruction that the weights of a module do not need, is refused by its name. It has no
 * recursion, and no instruction takes more memory than a fixed multiple of its bytes.
 */
final class Pickle {

  /** The most bytes of a pickle: tens of thousands of tensors. */
  static final int MOST_BYTES = 1 << 22;

  private static final int LONGEST_TEXT = 1 << 12;

  /** Python's None, which is a value here, too. */
  enum None {
    NONE
  }

  private final ByteBuffer bytes;
  private final List<Object> stack = new ArrayList<>();
  private final ArrayDeque<Integer> marks = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  private Pickle(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The value that a pickle describes.
   *
   * @throws IllegalArgumentException if it is damaged, or would do more than describe weights
   */
  static Object read(byte[] bytes) {
    return new Pickle(bytes).run();
  }

  private Object run() {
    while (bytes.hasRemaining()) {
      int code = bytes.get() & 0xff;
      if (code == '.') {
        return pop();
      }
      if (!number(code) && !text(code) && !container(code) && !memory(code)) {
        call(code);
      }
    }
    throw new IllegalArgumentException("its pickle has no end");
  }

  /** Numbers and other constants. */
  private boolean number(int code) {
    switch (code) {
      case 0x80 -> checkProtocol(take(1).get() & 0xff);
      case 0x95 -> take(8); // the length of a frame, which only helps to read ahead
      case 'N' -> push(None.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> push((long) (take(1).get() & 0xff));
      case 'M' -> push((long) (take(2).getShort() & 0xffff));
      case 'J' -> push((long) take(4).getInt());
      case 0x8a -> push(number(take(take(1).get() & 0xff)));
      case 'G' -> push(take(8).order(ByteOrder.BIG_ENDIAN).getDouble());
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void checkProtocol(int protocol) {
    if (protocol < 2 || protocol > 5) {
      throw new IllegalArgumentException("its pickle is of the protocol " + protocol);
    }
  }

  /** A whole number of up to eight bytes, the least significant first, in two's complement. */
  private static Long number(ByteBuffer digits) {
    int count = digits.remaining();
    if (count > Long.BYTES) {
      throw new IllegalArgumentException("its pickle has a number of " + count + " bytes");
    }
    long value = count > 0 && digits.get(count - 1) < 0 ? -1 : 0;
    for (int i = count - 1; i >= 0; i--) {
      value = (value << 8) | (digits.get(i) & 0xff);
    }
    return value;
  }

  private boolean text(int code) {
    switch (code) {
      case 'X' -> push(string(take(4).getInt()));
      case 0x8c, 'U' -> push(string(take(1).get() & 0xff));
      case 'T' -> push(string(take(4).getInt())); // of Python 2
      case 'c' -> push(PickledTensors.global(line() + "." + line()));
      case 0x93 -> {
        if (!(pop() instanceof String name) || !(pop() instanceof String module)) {
          throw new IllegalArgumentException("its pickle imports something without a name");
        }
        push(PickledTensors.global(module + "." + name));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private String string(int length) {
    if (length < 0 || length > LONGEST_TEXT) {
      throw new IllegalArgumentException("its pickle has a text of " + length + " bytes");
    }
    return StandardCharsets.UTF_8.decode(take(length)).toString();
  }

  /** A text up to the end of a line. */
  private String line() {
    var text = new StringBuilder();
    for (char c = (char) take(1).get(); c != '\n'; c = (char) take(1).get()) {
      if (text.length() == LONGEST_TEXT) {
        throw new IllegalArgumentException("its pickle has a name without an end");
      }
      text.append(c);
    }
    return text.toString();
  }

  private boolean container(int code) {
    switch (code) {
      case '(' -> marks.push(stack.size());
      case ']' -> push(new ArrayList<>());
      case '}' -> push(new LinkedHashMap<>());
      case ')' -> push(List.of());
      case 't' -> push(tuple(popToMark()));
      case 0x85 -> push(tuple(pop(1)));
      case 0x86 -> push(tuple(pop(2)));
      case 0x87 -> push(tuple(pop(3)));
      case 'a' -> append(pop(1));
      case 'e' -> append(popToMark());
      case 's' -> setItems(pop(2));
      case 'u' -> setItems(popToMark());
      default -> {
        return false;
      }
    }
    return true;
  }

  private static List<Object> tuple(List<Object> values) {
    return Collections.unmodifiableList(values);
  }

  @SuppressWarnings("unchecked") // all lists come from this class; tuples refuse to be changed
  private void append(List<Object> values) {
    if (!(top() instanceof ArrayList<?> list)) {
      throw new IllegalArgumentException("its pickle appends to something that is not a list");
    }
    ((List<Object>) list).addAll(values);
  }

  @SuppressWarnings("unchecked") // all maps come from this class
  private void setItems(List<Object> values) {
    if (!(top() instanceof LinkedHashMap<?, ?> map) || values.size() % 2 != 0) {
      throw new IllegalArgumentException(
          "its pickle sets items of something that is not a dictionary");
    }
    for (int i = 0; i < values.size(); i += 2) {
      Object key = values.get(i);
      if (!(key instanceof String
          || key instanceof Long)) { // others may be deep, or their own keys
        throw new IllegalArgumentException(
            "its pickle has a key that is neither text nor a number");
      }
      ((Map<Object, Object>) map).put(key, values.get(i + 1));
    }
  }

  /** What is used again. */
  private boolean memory(int code) {
    switch (code) {
      case 'q' -> memo.put(take(1).get() & 0xff, top());
      case 'r' -> memo.put(take(4).getInt(), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> push(recall(take(1).get() & 0xff));
      case 'j' -> push(recall(take(4).getInt()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private Object recall(int index) {
    Object value = memo.get(index);
    if (value == null) {
      throw new IllegalArgumentException("its pickle uses what it has not kept, " + index);
    }
    return value;
  }

  /** What would call something. */
  private void call(int code) {
    switch (code) {
      case 'Q' -> push(PickledTensors.storage(pop()));
      case 'R' -> {
        Object arguments = pop();
        push(PickledTensors.call(pop(), arguments));
      }
      case 'b' -> {
        pop(); // what PyTorch keeps beside a dictionary: versions of its modules
        if (!(top() instanceof Map)) {
          throw new IllegalArgumentException("its pickle sets the attributes of an object");
        }
      }
      default ->
          throw new IllegalArgumentException(
              "its pickle has the instruction 0x"
                  + Integer.toHexString(code)
                  + " at byte "
                  + (bytes.position() - 1)
                  + ", which weights do not need");
    }
  }

  private ByteBuffer take(int count) {
    if (count > bytes.remaining()) {
      throw new IllegalArgumentException("its pickle ends too early");
    }
    ByteBuffer part = bytes.slice(bytes.position(), count).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + count);
    return part;
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object top() {
    requireDepth(1);
    return stack.getLast();
  }

  private Object pop() {
    requireDepth(1);
    return stack.removeLast();
  }

  private void requireDepth(int count) {
    int bottom = marks.isEmpty() ? 0 : marks.peek();
    if (stack.size() - bottom < count) {
      throw new IllegalArgumentException("its pickle uses more values than it has");
    }
  }

  private List<Object> pop(int count) {
    requireDepth(count);
    var part = stack.subList(stack.size() - count, stack.size());
    var values = new ArrayList<>(part);
    part.clear();
    return values;
  }

  private List<Object> popToMark() {
    @Nullable Integer mark = marks.poll();
    if (mark == null) {
      throw new IllegalArgumentException("its pickle has no mark where it needs one");
    }
    return pop(stack.size() - mark);
  }
}
