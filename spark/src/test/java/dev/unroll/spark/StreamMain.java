package dev.unroll.spark;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Reads the stream of a folder with a model, as a process that can be killed. */
final class StreamMain {

  private StreamMain() {}

  /** Takes the folder of the stream, and the file of the model. */
  public static void main(String[] arguments) throws Exception {
    var builder = Local.builder("local[2]");
    Streams.store().forEach(builder::config);
    SparkSession session = builder.getOrCreate();
    var streams = new Streams(Path.of(arguments[0]));
    var scorer = new UnrollScoreSessions().setModelFile(arguments[1]);
    streams.run(scorer.transform(streams.stream(session)));
    session.stop();
  }
}
