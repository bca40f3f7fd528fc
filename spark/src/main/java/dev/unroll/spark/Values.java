package dev.unroll.spark;

import dev.unroll.base.InputException;
import java.util.ArrayList;
import java.util.List;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Arrays of Spark as lists of Java, and back. */
final class Values {

  private Values() {}

  /**
   * Returns the elements of an array.
   *
   * @throws InputException if one of them is null
   */
  @SuppressWarnings("unchecked")
  static <T> List<T> list(Object array) {
    var list = new ArrayList<T>(CollectionConverters.asJava((Seq<T>) array));
    int missing = list.indexOf(null);
    if (missing >= 0) {
      throw new InputException(
          "element " + (missing + 1) + " of an array is null", "Leave such elements or rows out.");
    }
    return list;
  }

  /** Returns a value of an answer as rows hold it: lists, and lists in them, as sequences. */
  static Object ofRow(Object value) {
    return value instanceof List<?> list
        ? CollectionConverters.asScala(list.stream().map(Values::ofRow).toList())
        : value;
  }
}
