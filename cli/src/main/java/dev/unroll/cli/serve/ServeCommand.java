package dev.unroll.cli.serve;

import dev.unroll.base.InputException;
import dev.unroll.cli.command.UnrollCommand;
import dev.unroll.server.UnrollServer;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code unroll serve}: models behind HTTP. */
@Command(
    name = "serve",
    description = "Serves models over HTTP: every task, OpenAI's completions, sessions, metrics.",
    footer = {
      "",
      "Standard output gets a line of JSON per request. /openapi.json describes all endpoints.",
      "Examples:",
      "  unroll serve news.safetensors queues.safetensors",
      "  unroll serve lm=news.safetensors --host 0.0.0.0 --token-file tokens.txt",
    })
public final class ServeCommand extends UnrollCommand {

  private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9._-]+)=(.+)");

  @Parameters(
      arity = "1..*",
      paramLabel = "MODEL",
      description = "Model files; NAME=FILE serves one under another name.")
  List<String> models = List.of();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Address to listen on. Default: 127.0.0.1, which only this machine can reach.")
  @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Port to listen on; 0 for any free one. Default: ${DEFAULT-VALUE}.")
  int port = 8080;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "Answer only requests with a token in FILE, which has one per line (header"
              + " Authorization: Bearer TOKEN).")
  @Nullable Path tokenFile;

  @Option(
      names = "--no-token",
      description = "Do not require a token, even if --host is another address.")
  boolean noToken;

  @ArgGroup(exclusive = false)
  @Nullable Tls tls;

  /** A certificate and its key. */
  static final class Tls {
    @Option(
        names = "--tls-cert",
        required = true,
        paramLabel = "FILE",
        description = "Serve HTTPS with this certificate chain, in PEM.")
    Path certificate = Path.of("");

    @Option(
        names = "--tls-key",
        required = true,
        paramLabel = "FILE",
        description = "Private key of the certificate, in PEM (PKCS #8), not encrypted.")
    Path key = Path.of("");
  }

  @Mixin BatchOptions batches = new BatchOptions();
  @Mixin LimitOptions limits = new LimitOptions();
  @Mixin SessionOptions sessions = new SessionOptions();

  @Option(
      names = "--reload-every",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "Check every S seconds for replaced models, certificates and tokens; 0 for never."
              + " Default: ${DEFAULT-VALUE}.")
  double reload = 1;

  @Option(
      names = "--grace",
      paramLabel = "S",
      defaultValue = "10",
      description =
          "On SIGTERM, give running requests S seconds to finish. Default: ${DEFAULT-VALUE}.")
  double grace = 10;

  @Option(
      names = "--log-texts",
      description = "Log request bodies, too: the first 2,000 characters of each.")
  boolean logTexts;

  /** The HTTP library logs its start, its end and every malformed request; none is of use here. */
  private static final Logger LIBRARY = Logger.getLogger("io.helidon");

  @Override
  public Integer call() {
    if (noToken && tokenFile != null) {
      throw new InputException(
          "--no-token cannot be combined with --token-file", "Leave one or the other out.");
    }
    LIBRARY.setLevel(Level.SEVERE);
    PrintWriter out = out();
    UnrollServer server = builder(out).start();
    err().println("listening at " + server.uri());
    err().flush();
    var end = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  out.flush();
                  end.countDown();
                },
                "unroll-shutdown"));
    try {
      end.await();
    } catch (InterruptedException e) {
      server.close();
    }
    return 0;
  }

  private UnrollServer.Builder builder(PrintWriter out) {
    UnrollServer.Builder builder = UnrollServer.builder().port(port).accessLog(out::println);
    for (String model : models) {
      var named = NAMED.matcher(model);
      if (named.matches() && !Files.exists(Path.of(model))) {
        builder.model(named.group(1), Path.of(named.group(2)));
      } else {
        builder.model(Path.of(model));
      }
    }
    if (host != null) {
      builder.host(host);
    }
    if (tokenFile != null) {
      builder.tokenFile(tokenFile);
    }
    if (noToken) {
      builder.noToken();
    }
    if (tls != null) {
      builder.tls(tls.certificate, tls.key);
    }
    if (logTexts) {
      builder.logTexts();
    }
    batches.apply(builder);
    limits.apply(builder);
    sessions.apply(builder);
    return builder.reloadEvery(LimitOptions.seconds(reload)).grace(LimitOptions.seconds(grace));
  }
}
