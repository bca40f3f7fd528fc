package dev.unroll.bench.dl4j;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Cell;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.ContenderServer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Deeplearning4j with the library {@code nd4j-native}. Built with Maven's profile {@code peers},
 * from {@code bench/peers-dl4j} it starts with Java 17 as
 *
 * <pre>{@code
 * OMP_NUM_THREADS=1 java -Xmx3g -Dorg.bytedeco.javacpp.maxphysicalbytes=0 \
 *     -cp 'target/unroll-bench-peers-dl4j.jar:target/lib/*' \
 *     dev.unroll.bench.dl4j.Deeplearning4jContender 1
 * }</pre>
 *
 * Without the option JavaCPP queries the size of the process at every allocation, of which there
 * are several for each operation. The heap is large because each array, even one in a workspace,
 * has a phantom reference, and those slow down garbage collection.
 */
public final class Deeplearning4jContender implements Contender {

  private static final String ARTIFACT =
      "/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/pom.properties";

  /** Serves the contender; the first argument is the number of threads. */
  public static void main(String[] arguments) throws IOException {
    useThreads(Integer.parseInt(arguments[0]));
    ContenderServer.serve(new Deeplearning4jContender());
  }

  /** Sets the threads of ND4J's operations and of OpenBLAS, which does its matrix products. */
  private static void useThreads(int threads) {
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    Nd4j.factory().blas().setMaxThreads(threads);
  }

  @Override
  public String name() {
    var properties = new Properties();
    try (InputStream file = Deeplearning4jContender.class.getResourceAsStream(ARTIFACT)) {
      if (file != null) {
        properties.load(file);
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + ARTIFACT, e);
    }
    return "Deeplearning4j " + properties.getProperty("version", "of unknown version");
  }

  @Override
  public Prepared prepare(Case work) {
    if (work.cell() == Cell.GRU) {
      throw new UnsupportedOperationException("Deeplearning4j has no GRU layer");
    }
    boolean bare = work.vocabulary() == 0;
    return switch (work.work()) {
      case TRAIN -> bare ? new LayerTraining(work) : new LanguageModelTraining(work);
      case FORWARD -> bare ? new LayerForward(work) : new LanguageModelForward(work);
      case STREAM -> bare ? new LayerStream(work) : new LanguageModelStream(work);
    };
  }
}
