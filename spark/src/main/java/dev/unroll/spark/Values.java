package dev.unroll.spark;

import dev.unroll.base.InputException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Values and names of columns as Java has them, and as Spark does. */
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

  /** Returns a name as it stands in expressions, also with dots in it. */
  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /**
   * Returns a row with some values of its answer, or nulls for them where there is none.
   *
   * @param outputs which values of the answer are wanted
   * @param schema of the row that is returned, so that whoever maps it finds its columns by name
   */
  static Row joined(Row row, Object @Nullable [] answer, int[] outputs, StructType schema) {
    int before = row.length();
    Object[] values = new Object[before + outputs.length];
    for (int i = 0; i < before; i++) {
      values[i] = row.get(i);
    }
    for (int i = 0; answer != null && i < outputs.length; i++) {
      values[before + i] = ofRow(answer[outputs[i]]);
    }
    return new GenericRowWithSchema(values, schema);
  }
}
