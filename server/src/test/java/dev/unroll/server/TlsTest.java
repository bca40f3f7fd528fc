package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates and keys as files have them, right ones and wrong ones; keytool makes them. */
class TlsTest {

  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path folder;

  /** Makes NAME.crt and NAME.key. */
  private void pair(String name, String algorithm, String... more) throws Exception {
    Path store = folder.resolve(name + ".p12");
    var command = new java.util.ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(
        java.util.List.of("-genkeypair", "-alias", "own", "-keyalg", algorithm, "-keystore"));
    command.addAll(java.util.List.of(store.toString(), "-storepass", "changeit"));
    command.addAll(java.util.List.of("-dname", "CN=" + name));
    command.addAll(java.util.List.of("-ext", "san=dns:localhost,ip:127.0.0.1"));
    command.addAll(java.util.List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    KeyStore keys = store(store);
    pem(name + ".crt", "CERTIFICATE", keys.getCertificate("own").getEncoded());
    pem(name + ".key", "PRIVATE KEY", keys.getKey("own", PASSWORD).getEncoded());
  }

  private static KeyStore store(Path file) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  private void pem(String name, String kind, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        folder.resolve(name),
        "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }

  private UnrollServer start(String certificate, String key) {
    return UnrollServer.builder()
        .model(TestModels.path("moods"))
        .port(0)
        .tls(folder.resolve(certificate), folder.resolve(key))
        .reloadEvery(Duration.ofMillis(20))
        .accessLog(line -> {})
        .start();
  }

  private HttpClient trusting(String... names) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    for (String name : names) {
      Certificate own = store(folder.resolve(name + ".p12")).getCertificate("own");
      trusted.setCertificateEntry(name, own);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private static HttpResponse<String> get(HttpClient client, URI uri) throws Exception {
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Returns the name in the certificate that a new connection is shown. */
  private static String shown(HttpClient client, URI uri) throws Exception {
    var session = get(client, uri).sslSession().orElseThrow();
    return ((X509Certificate) session.getPeerCertificates()[0]).getSubjectX500Principal().getName();
  }

  @ParameterizedTest
  @CsvSource({"RSA", "EC", "Ed25519"})
  void keysOfAllKindsAreTaken(String algorithm) throws Exception {
    pair("own", algorithm);
    try (var server = start("own.crt", "own.key")) {
      assertThat(server.uri().getScheme()).isEqualTo("https");
      assertThat(get(trusting("own"), server.uri().resolve("/live")).body()).contains("up");
    }
  }

  @Test
  void whatCannotBeUsedNamesItsFile() throws Exception {
    pair("own", "RSA");
    pair("other", "RSA");
    pair("curve", "EC");
    pair("old", "RSA", "-startdate", "-2d", "-validity", "1");
    pem("locked.key", "ENCRYPTED PRIVATE KEY", new byte[100]);
    pem("older.key", "RSA PRIVATE KEY", new byte[100]);
    Files.writeString(folder.resolve("empty"), "");
    Object[][] cases = {
      {"own.crt", "other.key", "other.key: is not the key of the first certificate"},
      {"own.crt", "curve.key", "curve.key: has no RSA key"},
      {"own.crt", "locked.key", "locked.key: is encrypted"},
      {"own.crt", "older.key", "older.key: is a key in an older form"},
      {"own.crt", "own.crt", "own.crt: has no key in PEM"},
      {"own.crt", "none.key", "none.key: cannot be read: there is no such file"},
      {"old.crt", "old.key", "old.crt: has expired"},
      {"own.key", "own.key", "own.key: is not a chain of certificates"},
      {"empty", "own.key", "empty: "},
    };
    for (Object[] each : cases) {
      assertThatThrownBy(() -> start((String) each[0], (String) each[1]))
          .as((String) each[2])
          .isInstanceOf(InputException.class)
          .hasMessageContaining((String) each[2]);
    }
  }

  @Test
  void replacedCertificatesAreShownToNewConnections() throws Exception {
    pair("own", "RSA");
    pair("next", "EC");
    try (var server = start("own.crt", "own.key")) {
      URI uri = server.uri().resolve("/live");
      assertThat(shown(trusting("own", "next"), uri)).isEqualTo("CN=own");
      Files.copy(
          folder.resolve("next.crt"),
          folder.resolve("own.crt"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      assertThat(shown(trusting("own", "next"), uri)).isEqualTo("CN=own"); // half of a pair
      Files.copy(
          folder.resolve("next.key"),
          folder.resolve("own.key"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      while (shown(trusting("own", "next"), uri).equals("CN=own")) {
        Thread.onSpinWait();
      }
    }
  }

  /** A client that never says anything after it has connected takes no place for ever. */
  @Test
  void aHandshakeThatDoesNotComeEndsTheConnection() throws Exception {
    pair("own", "EC");
    try (var server =
            UnrollServer.builder()
                .model(TestModels.path("moods"))
                .port(0)
                .tls(folder.resolve("own.crt"), folder.resolve("own.key"))
                .readTime(Duration.ofMillis(500))
                .accessLog(line -> {})
                .start();
        var socket = new java.net.Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(20_000);
      assertThat(socket.getInputStream().read()).isNegative();
    }
  }
}
