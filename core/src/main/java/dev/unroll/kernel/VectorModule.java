package dev.unroll.kernel;

import java.lang.module.ModuleFinder;

/** The JVM's module of the Vector API, and what to tell those who run without it. */
final class VectorModule {

  private static final String NAME = "jdk.incubator.vector";

  /** For the log, once: where programs are started that use a library. */
  private static final String HOW_TO_ADD =
      """
      Unroll is several times slower than it can be: the JVM runs without the module jdk.incubator.vector.
      Results are the same to the last bit. Add the option --add-modules=jdk.incubator.vector:
        java         before -jar, -cp, or the name of the class
        environment  JDK_JAVA_OPTIONS=--add-modules=jdk.incubator.vector (JAVA_TOOL_OPTIONS, if "java" does not start the JVM)
        Surefire     <argLine>--add-modules=jdk.incubator.vector</argLine>
        exec:exec    <argument>--add-modules=jdk.incubator.vector</argument>; exec:java: a line in .mvn/jvm.config
        Spring Boot  spring-boot-maven-plugin: <jvmArguments>--add-modules=jdk.incubator.vector</jvmArguments>
                     and <optimizedLaunch>false</optimizedLaunch>
        Gradle       jvmArgs("--add-modules=jdk.incubator.vector") of tasks JavaExec and Test
      See https://github.com/unroll-dev/unroll/blob/main/docs/deploying.md#the-vector-module""";

  private static final String HOW_TO_INSTALL =
      """
      Unroll is several times slower than it can be: this Java has no module jdk.incubator.vector.
      Results are the same to the last bit. Run on a full JDK, or add the module to jlink --add-modules.
      See https://github.com/unroll-dev/unroll/blob/main/docs/deploying.md#the-vector-module""";

  private VectorModule() {}

  /** Returns whether the Vector API can be used. */
  static boolean present() {
    return ModuleLayer.boot().findModule(NAME).isPresent();
  }

  /** Returns, in full lines, how to get the module that is not present. */
  static String notice() {
    return ModuleFinder.ofSystem().find(NAME).isPresent() ? HOW_TO_ADD : HOW_TO_INSTALL;
  }
}
