package dev.unroll.spark;

import dev.unroll.spark.train.Recipe;
import dev.unroll.spark.train.SparkTraining;
import dev.unroll.train.TrainingListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.SparkSession;

/** Trains one of the {@link Runs} on a cluster, with checkpoints, as a process to be killed. */
final class TrainMain {

  /** Steps between two checkpoints. */
  static final int EVERY = 2;

  private static final String BEGINS = "a task begins";
  private static final String ENDS = "a step ends";
  private static final String KEPT = "a checkpoint is kept";

  private TrainMain() {}

  /** Takes the address of the cluster, the number of executors, a run, and a folder. */
  public static void main(String[] arguments) {
    SparkSession session =
        Cluster.session(arguments[0], Integer.parseInt(arguments[1]))
            .config(Cluster.brief())
            .getOrCreate();
    session
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onTaskStart(SparkListenerTaskStart start) {
                System.out.println(BEGINS);
              }

              @Override
              public void onJobEnd(SparkListenerJobEnd end) {
                System.out.println(ENDS);
              }
            });
    var listener =
        new TrainingListener() {
          @Override
          public void onCheckpoint(long step) {
            System.out.println(KEPT);
          }
        };
    Recipe<?> run = Runs.all().get(arguments[2]);
    try (var checkpoints = SparkTraining.checkpoints(session, arguments[3], EVERY)) {
      System.out.println(Runs.trained(session, run, Runs.keeping(checkpoints), listener));
    }
    session.stop();
  }

  /** Starts a driver; {@code arguments} are those of {@link #main}. */
  static Process start(Path log, String... arguments) throws IOException {
    return Driver.start(TrainMain.class, log, arguments);
  }

  /**
   * How a driver ended.
   *
   * @param killed whether it was killed
   * @param inAStep whether executors computed a step then
   * @param last what it printed last: the hash of its model, if it was not killed
   */
  record End(boolean killed, boolean inAStep, String last) {}

  /** Waits until some tasks have begun after a number of checkpoints, and kills the driver. */
  static End kill(Process driver, int checkpoints, int tasks)
      throws IOException, InterruptedException {
    int kept = 0;
    int begun = 0;
    boolean killed = false;
    boolean inAStep = false;
    String last = "";
    try (BufferedReader said = driver.inputReader()) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        last = line;
        inAStep = inAStep && !line.equals(ENDS); // it was said, and not read yet
        kept += line.equals(KEPT) ? 1 : 0;
        begun += kept >= checkpoints && line.equals(BEGINS) ? 1 : 0;
        if (begun == tasks && !killed) {
          driver.toHandle().destroyForcibly(); // what it said can still be read
          killed = true;
          inAStep = true;
        }
      }
    }
    driver.waitFor();
    return new End(killed, inAStep, last);
  }

  /** Waits for the end of a driver. */
  static End end(Process driver) throws IOException, InterruptedException {
    return kill(driver, 0, Integer.MAX_VALUE);
  }
}
