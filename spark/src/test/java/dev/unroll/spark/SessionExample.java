package dev.unroll.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;

/** What users do: docs/scale.md quotes it. */
final class SessionExample {

  private SessionExample() {}

  static StreamingQuery start(SparkSession spark, String model, String folder) throws Exception {
    spark
        .conf()
        .set(
            "spark.sql.streaming.stateStore.providerClass",
            "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider");
    Dataset<Row> events =
        spark.readStream().schema("session STRING, time LONG, text STRING").json(folder + "/in");
    var scorer =
        new UnrollScoreSessions()
            .setModelFile(model)
            .setKeyCol("session")
            .setOrderCol("time")
            .setInputCol("text");
    return scorer
        .transform(events)
        .writeStream()
        .format("json")
        .option("checkpointLocation", folder + "/checkpoint")
        .option("path", folder + "/out")
        .trigger(Trigger.AvailableNow())
        .start();
  }
}
