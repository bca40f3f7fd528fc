package dev.unroll.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.batch.TokenizerFormat;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What everyone sees prints as words: never as {@code Corpus@1f2a}, nor with {@code [D@1f2a}. */
class PrintableTypesTest {

  @Test
  void everyTypeSaysWhatItIs() throws Exception {
    assertThat(ModulesTest.face())
        .hasSizeGreaterThan(100)
        .filteredOn(PrintableTypesTest::hasObjects)
        .hasSizeGreaterThan(70)
        .allSatisfy(type -> assertThat(isPrintable(type)).as(type.getName()).isTrue());
  }

  /** Interfaces leave it to who implements them, and formats are for the service loader. */
  private static boolean hasObjects(Class<?> type) {
    return !type.isInterface()
        && !TokenizerFormat.class.isAssignableFrom(type)
        && Stream.of(type.getMethods())
            .filter(each -> !each.getDeclaringClass().equals(Object.class))
            .map(Method::getModifiers)
            .anyMatch(each -> !Modifier.isStatic(each));
  }

  private static boolean isPrintable(Class<?> type) throws Exception {
    Class<?> owner = type.getMethod("toString").getDeclaringClass();
    return !owner.equals(Object.class) && !(hasArrays(type) && isOfEachComponent(type));
  }

  /** Also within a list or a map. */
  private static boolean hasArrays(Class<?> type) {
    return type.isRecord()
        && Arrays.stream(type.getRecordComponents())
            .anyMatch(each -> each.getGenericType().getTypeName().contains("[]"));
  }

  /** Returns whether a record prints as the compiler has it: one component after another. */
  private static boolean isOfEachComponent(Class<?> type) throws IOException {
    String file = type.getName().substring(type.getPackageName().length() + 1) + ".class";
    try (InputStream bytes = Objects.requireNonNull(type.getResourceAsStream(file))) {
      return ClassFile.of().parse(bytes.readAllBytes()).methods().stream()
          .filter(each -> each.methodName().equalsString("toString"))
          .flatMap(PrintableTypesTest::dynamicCalls)
          .anyMatch(each -> each.bootstrapMethod().owner().displayName().equals("ObjectMethods"));
    }
  }

  private static Stream<InvokeDynamicInstruction> dynamicCalls(MethodModel method) {
    return method.code().stream()
        .flatMap(code -> code.elementStream())
        .filter(InvokeDynamicInstruction.class::isInstance)
        .map(InvokeDynamicInstruction.class::cast);
  }
}
