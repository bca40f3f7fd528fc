package dev.unroll.kernel;

import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;

/**
 * The choice, made once when the class is loaded, between the vector and the scalar kernels.
 *
 * <p>Vector kernels need HotSpot with its C2 compiler, the module {@code jdk.incubator.vector}, and
 * instructions for fused multiply-add; anywhere else the scalar twins run, slower but with the same
 * bits. Two system properties steer the choice, for tests and for comparing: {@code unroll.kernel}
 * ({@code auto}, {@code vector} or {@code scalar}) and {@code unroll.vector.bits} (128, 256 or 512;
 * by default what the CPU prefers). A third, {@code unroll.kernel.scalar.start}, lets short
 * programs answer sooner.
 */
public final class Kernels {

  /** Whether the vector kernels run; a constant to the just-in-time compiler. */
  static final boolean VECTOR = chooseVector();

  /**
   * Multiply-adds that the scalar twins do before the vector kernels begin: until the compiler has
   * compiled these, after a second or so, the twins are far faster. For short programs.
   */
  private static final long SCALAR_START = Long.getLong("unroll.kernel.scalar.start", 0L);

  private static final String NO_FMA =
      "this JVM uses no FMA instructions (the CPU has none, or it runs with -XX:-UseFMA)";

  private static final String DESCRIPTION = describe();

  private static long multiplyAdds;
  private static boolean begun = SCALAR_START <= 0;

  private Kernels() {}

  static {
    var log = System.getLogger(Kernels.class.getName());
    boolean slowUnasked = !VECTOR && !scalarAsked();
    if (slowUnasked && Fma.HARDWARE && !VectorModule.present()) {
      log.log(Level.WARNING, VectorModule.notice());
    } else {
      log.log(slowUnasked || !Fma.HARDWARE ? Level.WARNING : Level.DEBUG, DESCRIPTION);
    }
    String flaw = runtimeFlaw();
    if (!flaw.isEmpty()) {
      log.log(Level.WARNING, flaw);
    }
  }

  /**
   * Whether the vector kernels run now; both kinds have the same bits, so it may change at any
   * time.
   */
  static boolean vector() {
    return VECTOR && begun;
  }

  /** Counts the work of a product. Threads may miss each other's count: it only has to grow. */
  static void count(long more) {
    if (!begun) {
      multiplyAdds += more;
      begun = multiplyAdds >= SCALAR_START;
    }
  }

  /** Returns {@code "vector"} or {@code "scalar"}, the kind of kernels that runs. */
  static String kind() {
    return VECTOR ? "vector" : "scalar";
  }

  /** Returns one line that says which kernels run and, if they are the slow ones, what to do. */
  public static String description() {
    return DESCRIPTION;
  }

  private static boolean chooseVector() {
    String wanted = System.getProperty("unroll.kernel", "auto");
    return switch (wanted) {
      case "scalar" -> false;
      case "vector", "auto" -> {
        boolean possible = VectorModule.present() && hasOptimizingCompiler() && Fma.HARDWARE;
        if (!possible && wanted.equals("vector")) {
          throw new IllegalStateException(
              "unroll.kernel is vector, but " + whatIsMissing() + "; use auto or scalar");
        }
        yield possible;
      }
      default ->
          throw new IllegalStateException(
              "unroll.kernel is " + wanted + ", must be auto, vector or scalar");
    };
  }

  private static boolean scalarAsked() {
    return System.getProperty("unroll.kernel", "auto").equals("scalar");
  }

  /**
   * Without C2 each vector operation allocates an object, and the scalar kernels are far faster.
   */
  private static boolean hasOptimizingCompiler() {
    return System.getProperty("java.vm.name", "").contains("Server VM")
        && !System.getProperty("java.vm.info", "").contains("interpreted mode")
        && !System.getProperty("java.vm.info", "").contains("emulated-client");
  }

  private static String whatIsMissing() {
    if (!Fma.HARDWARE) {
      return NO_FMA;
    }
    return VectorModule.present()
        ? "this JVM has no C2 compiler (run HotSpot, without -Xint or -XX:TieredStopAtLevel;"
            + " spring-boot:run with <optimizedLaunch>false</optimizedLaunch>)"
        : "the module jdk.incubator.vector is absent (add --add-modules jdk.incubator.vector)";
  }

  private static String describe() {
    if (VECTOR) {
      return "kernels: vector, " + Lanes.bits() + " bits";
    }
    return scalarAsked()
        ? "kernels: scalar, as unroll.kernel asks" + (Fma.HARDWARE ? "" : "; " + NO_FMA)
        : "kernels: scalar, several times slower than vector ones, because " + whatIsMissing();
  }

  /** Known faults of this very JVM that could corrupt results, or an empty string. */
  private static String runtimeFlaw() {
    var version = Runtime.version();
    if (version.feature() == 25 && version.interim() == 0 && version.update() <= 2) {
      return "JDK "
          + version
          + " may corrupt pinned arrays under G1 (JDK-8377811); use 25.0.3 or later";
    }
    boolean compact =
        ManagementFactory.getRuntimeMXBean()
            .getInputArguments()
            .contains("-XX:+UseCompactObjectHeaders");
    if (version.feature() == 25 && compact) {
      return "JDK 25 may take wrong bytes from strings with -XX:+UseCompactObjectHeaders"
          + " (JDK-8380060); run without it";
    }
    return "";
  }
}
