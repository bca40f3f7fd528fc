package dev.unroll.server.http;

import dev.unroll.base.InputException;
import dev.unroll.file.SafeFiles;
import io.helidon.common.tls.Tls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The server's certificate chain and its private key. When the files are replaced, new connections
 * use the new certificate, and open connections continue.
 */
final class Certificates extends X509ExtendedKeyManager {

  private static final System.Logger LOG = System.getLogger(Certificates.class.getName());

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private final Path chain;
  private final Path key;

  /** What was read last, whatever came of it. */
  private byte[] seen = {};

  private volatile X509ExtendedKeyManager current;

  /**
   * Reads a chain of certificates and the key of the first of them, both in PEM.
   *
   * @throws InputException if one cannot be used, or they do not belong together
   */
  Certificates(Path chain, Path key) {
    this.chain = chain;
    this.key = key;
    current = load();
  }

  /**
   * Returns TLS with these certificates.
   *
   * @param time in which the first request of a connection has to come
   */
  Tls tls(Duration time, Watchdog watchdog) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {this}, null, null);
      return Tls.builder().sslContext(Handshakes.within(time, context, watchdog)).build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /** Loads the files again if they have changed; if they are unusable, the old pair stays. */
  synchronized void reloadReplaced() {
    try {
      if (Files.isReadable(chain) && Files.isReadable(key) && !Arrays.equals(seen, bytes())) {
        current = load();
        LOG.log(System.Logger.Level.INFO, "the certificate was replaced");
      }
    } catch (InputException e) {
      LOG.log(System.Logger.Level.WARNING, "the old certificate stays: " + e.getMessage());
    }
  }

  private byte[] bytes() {
    byte[] one = read(chain);
    byte[] two = read(key);
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    return both;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw InputException.in(
          file, "cannot be read: " + SafeFiles.reason(e), "Check its name and its rights.");
    }
  }

  private synchronized X509ExtendedKeyManager load() {
    seen = bytes();
    List<X509Certificate> certificates = certificates();
    X509Certificate own = certificates.getFirst();
    PrivateKey privateKey = privateKey(own.getPublicKey().getAlgorithm());
    if (!belongs(privateKey, own.getPublicKey())) {
      throw InputException.in(
          key,
          "is not the key of the first certificate in " + chain,
          "The server's own certificate comes first, then those that signed it.");
    }
    return manager(privateKey, certificates);
  }

  private List<X509Certificate> certificates() {
    try {
      var all = new ArrayList<X509Certificate>();
      var factory = CertificateFactory.getInstance("X.509");
      for (var each : factory.generateCertificates(new ByteArrayInputStream(read(chain)))) {
        all.add((X509Certificate) each);
      }
      if (all.isEmpty()) {
        throw InputException.in(chain, "has no certificate", "Give a chain in PEM.");
      }
      all.getFirst().checkValidity();
      return all;
    } catch (CertificateExpiredException e) {
      throw InputException.in(chain, "has expired: " + e.getMessage(), "Renew the certificate.");
    } catch (CertificateNotYetValidException e) {
      throw InputException.in(
          chain, "is not yet valid: " + e.getMessage(), "Check the clock of this machine.");
    } catch (CertificateException e) {
      throw InputException.in(
          chain,
          "is not a chain of certificates: " + e.getMessage(),
          "Give certificates in PEM: -----BEGIN CERTIFICATE-----.");
    }
  }

  private PrivateKey privateKey(String algorithm) {
    String text = new String(read(key), StandardCharsets.ISO_8859_1);
    var found = KEY.matcher(text);
    if (!found.find()) {
      boolean encrypted = text.contains("ENCRYPTED");
      boolean older = text.contains("-----BEGIN RSA PRIVATE KEY") || text.contains("BEGIN EC PRIV");
      throw InputException.in(
          key,
          encrypted
              ? "is encrypted, and a server has nobody to ask for the password"
              : older ? "is a key in an older form (PKCS #1 or SEC 1)" : "has no key in PEM",
          "Convert it: openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW.");
    }
    try {
      byte[] encoded = Base64.getMimeDecoder().decode(found.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw InputException.in(
          key,
          "has no " + algorithm + " key, which the certificate is for",
          "Give the key with which " + chain + " was made.");
    }
  }

  /** Returns whether what one signs the other verifies. */
  private static boolean belongs(PrivateKey privateKey, PublicKey publicKey) {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm();
        };
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initSign(privateKey);
      signature.update((byte) 1);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update((byte) 1);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static X509ExtendedKeyManager manager(PrivateKey key, List<X509Certificate> chain) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", key, new char[0], chain.toArray(X509Certificate[]::new));
      var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, new char[0]);
      return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e); // a store in memory
    }
  }

  @Override
  public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
    return current.chooseEngineServerAlias(type, issuers, engine);
  }

  @Override
  public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    return current.chooseServerAlias(type, issuers, socket);
  }

  @Override
  public String[] getServerAliases(String type, Principal[] issuers) {
    return current.getServerAliases(type, issuers);
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return current.getCertificateChain(alias);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return current.getPrivateKey(alias);
  }

  @Override
  public String[] getClientAliases(String type, Principal[] issuers) {
    return current.getClientAliases(type, issuers);
  }

  @Override
  public String chooseClientAlias(String[] type, Principal[] issuers, Socket socket) {
    return current.chooseClientAlias(type, issuers, socket);
  }
}
