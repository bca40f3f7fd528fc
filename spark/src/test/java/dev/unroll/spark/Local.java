package dev.unroll.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Spark on two threads of this machine, where a task is tried three times; for all tests. */
public final class Local {

  private Local() {}

  /** Returns the session of all tests. */
  public static SparkSession session() {
    return builder("local[2,3]").getOrCreate();
  }

  /** Returns how to begin a session anywhere, with nothing that a test does not need. */
  public static SparkSession.Builder builder(String master) {
    return SparkSession.builder()
        .master(master)
        .appName("unroll")
        .config("spark.ui.enabled", false)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.sql.warehouse.dir", "target/warehouse");
  }

  /** Ends the session that there is, so that one of another kind can begin. */
  public static void stop() {
    // a thread may have no active session where another one has begun the session of all
    for (var each : List.of(SparkSession.getActiveSession(), SparkSession.getDefaultSession())) {
      if (each.isDefined()) {
        each.get().stop();
      }
    }
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
  }

  /** Returns rows with their numbers and a value each, in so many partitions. */
  public static Dataset<Row> rows(String column, DataType type, List<?> values, int partitions) {
    var schema = new StructType().add("number", DataTypes.IntegerType).add(column, type);
    var rows = new ArrayList<Row>();
    for (Object value : values) {
      rows.add(RowFactory.create(rows.size(), Values.ofRow(value)));
    }
    return session()
        .createDataFrame(rows, schema)
        .repartition(partitions)
        .sortWithinPartitions("number");
  }
}
