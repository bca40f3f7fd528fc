package dev.unroll.spark;

import dev.unroll.base.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.internal.SQLConf$;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Columns by their names.
 *
 * @param schema of the rows
 */
record Columns(StructType schema) {

  private List<String> names() {
    return Arrays.asList(schema.fieldNames());
  }

  /**
   * Returns the place of a column in a row.
   *
   * @param fix how to name another
   * @throws InputException if there is none of that name
   */
  int place(String name, String fix) {
    List<String> names = names();
    int place = names.indexOf(name);
    if (place >= 0) {
      return place;
    }
    int dot = name.indexOf('.');
    boolean nested = dot > 0 && names.contains(name.substring(0, dot));
    throw new InputException(
        String.format(Locale.ROOT, "there is no column %s among %s", name, names),
        nested
            ? String.format(
                Locale.ROOT,
                "Take it out of its column first: withColumn(\"%s\", col(\"%s\")).",
                name.substring(name.lastIndexOf('.') + 1),
                name)
            : fix);
  }

  /** Returns the type of a column, in the same way. */
  DataType type(String name, String fix) {
    return schema.fields()[place(name, fix)].dataType();
  }

  /** Returns whether Spark would take another column for one of this name. */
  boolean isTaken(String name) {
    boolean exact = SQLConf$.MODULE$.get().caseSensitiveAnalysis();
    return names().stream().anyMatch(exact ? name::equals : name::equalsIgnoreCase);
  }
}
