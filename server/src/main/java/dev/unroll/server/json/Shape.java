package dev.unroll.server.json;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a record is made of. It is looked up once, as reflection takes longer than the rest of a
 * request.
 *
 * @param parts its components, in their order
 * @param lenient whether other fields are ignored
 * @param constructor of all components
 */
record Shape(List<Part> parts, boolean lenient, Constructor<?> constructor) {

  private static final ClassValue<Shape> KNOWN =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return create(type);
        }
      };

  /**
   * A component.
   *
   * @param optional whether it may be null
   */
  record Part(String name, Type type, @Nullable Field field, boolean optional) {
    private static Part of(RecordComponent component) {
      return new Part(
          component.getName(),
          component.getGenericType(),
          component.getAnnotation(Field.class),
          component.getAnnotatedType().isAnnotationPresent(Nullable.class));
    }
  }

  static Shape of(Class<?> type) {
    return KNOWN.get(type);
  }

  private static Shape create(Class<?> type) {
    Constructor<?> constructor = type.getDeclaredConstructors()[0];
    constructor.setAccessible(true);
    return new Shape(
        Stream.of(type.getRecordComponents()).map(Part::of).toList(),
        type.isAnnotationPresent(Lenient.class),
        constructor);
  }

  /** Returns the components that may stand in a query. */
  List<Part> query() {
    return parts.stream().filter(part -> part.field != null && part.field.query()).toList();
  }

  /** Returns a record with these components. */
  Object create(@Nullable Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException own) {
        throw own; // the record has checked itself
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
