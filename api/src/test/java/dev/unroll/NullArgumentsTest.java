package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.cell.Cell;
import dev.unroll.network.Cells;
import dev.unroll.text.table.TextTable;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A setting that is null is refused where it is given, and the message names the parameter. */
class NullArgumentsTest {

  /** Methods for our own modules: their parameters are no settings. */
  private static final Set<String> INTERNAL =
      Set.of("prepare", "verdict", "overview", "allLabels", "form", "asInFiles");

  private static final Set<String> OF_OBJECTS =
      Set.of("equals", "wait", "notify", "notifyAll", "hashCode", "toString", "getClass");

  private static final List<Supplier<Object>> TRAINERS =
      List.of(
          Unroll::languageModel,
          Unroll::classifier,
          Unroll::tagger,
          Unroll::transducer,
          Unroll::recognizer,
          Unroll::forecaster,
          Unroll::regressor);

  @TestFactory
  Stream<DynamicTest> isRefusedByName() {
    return TRAINERS.stream()
        .map(
            trainer ->
                DynamicTest.dynamicTest(
                    trainer.get().getClass().getSimpleName(),
                    () -> assertThat(accepted(trainer)).isEmpty()));
  }

  private static List<String> accepted(Supplier<Object> trainer) {
    var accepted = new ArrayList<String>();
    for (Method method : trainer.get().getClass().getMethods()) {
      boolean setting =
          !method.isBridge()
              && !Modifier.isStatic(method.getModifiers())
              && !INTERNAL.contains(method.getName())
              && !OF_OBJECTS.contains(method.getName());
      for (int i = 0; setting && i < method.getParameterCount(); i++) {
        Parameter parameter = method.getParameters()[i];
        if (!parameter.getType().isPrimitive()) {
          String message = refusal(trainer.get(), method, i);
          if (!message.contains(parameter.getName())) {
            accepted.add(method + ", " + parameter.getName() + ": " + message);
          }
        }
      }
    }
    return accepted;
  }

  /** What a call says whose arguments are all there but one. */
  private static String refusal(Object trainer, Method method, int missing) {
    var arguments = new Object[method.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = i == missing ? null : usual(method.getParameterTypes()[i]);
    }
    try {
      method.invoke(trainer, arguments);
      return "nothing";
    } catch (InvocationTargetException e) {
      return String.valueOf(e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object usual(Class<?> type) {
    if (type == Iterable.class || type == List.class) {
      return List.of();
    } else if (type == Stream.class) {
      return Stream.of();
    } else if (type == String.class) {
      return "x";
    } else if (type == Path.class) {
      return Path.of("x");
    } else if (type == Cell.class) {
      return Cells.of("lstm");
    } else if (type == TextTable.class) {
      return TextTable.USUAL;
    } else if (type == int.class) {
      return 1;
    } else if (type.isArray()) {
      return Array.newInstance(type.getComponentType(), 0);
    } else if (type.isEnum()) {
      return type.getEnumConstants()[0];
    } else if (type.isInterface()) {
      return Proxy.newProxyInstance(
          type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> null);
    }
    throw new IllegalArgumentException("no usual value of " + type);
  }
}
