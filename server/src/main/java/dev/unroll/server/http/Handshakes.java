package dev.unroll.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * TLS with a time limit for the handshake. The HTTP library waits for it without one, so that a
 * client that sends nothing would hold a connection forever.
 */
final class Handshakes extends SSLContext {

  /** Of the connection of the current thread, until its first request comes. */
  private static final ThreadLocal<Watchdog.Watch> WATCH = new ThreadLocal<>();

  private Handshakes(SSLContext context, Watchdog watchdog, Duration time) {
    super(new Spi(context, watchdog, time), context.getProvider(), context.getProtocol());
  }

  /** Returns the same TLS, with a limit for the time until a connection's first request. */
  static SSLContext within(Duration time, SSLContext context, Watchdog watchdog) {
    return new Handshakes(context, watchdog, time);
  }

  /** Notes that the first request of the current thread's connection has arrived. */
  static void end() {
    Watchdog.Watch watch = WATCH.get();
    if (watch != null) {
      watch.close();
      WATCH.remove();
    }
  }

  /** Takes over connections in the thread that will do the handshake. */
  private static final class Watched extends SSLSocketFactory {

    private final SSLSocketFactory factory;
    private final Watchdog watchdog;
    private final Duration time;

    Watched(SSLSocketFactory factory, Watchdog watchdog, Duration time) {
      this.factory = factory;
      this.watchdog = watchdog;
      this.time = time;
    }

    @Override
    public Socket createSocket(Socket socket, InputStream consumed, boolean autoClose)
        throws IOException {
      WATCH.set(watchdog.watch(time));
      return factory.createSocket(socket, consumed, autoClose);
    }

    @Override
    public String[] getDefaultCipherSuites() {
      return factory.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return factory.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) {
      throw new UnsupportedOperationException("of clients");
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException("of clients");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException("of clients");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException("of clients");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException("of clients");
    }
  }

  private static final class Spi extends SSLContextSpi {

    private final SSLContext context;
    private final Watchdog watchdog;
    private final Duration time;

    Spi(SSLContext context, Watchdog watchdog, Duration time) {
      this.context = context;
      this.watchdog = watchdog;
      this.time = time;
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {
      throw new UnsupportedOperationException("it is initialized");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return new Watched(context.getSocketFactory(), watchdog, time);
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      return context.getServerSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return context.createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return context.createSSLEngine(host, port);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return context.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return context.getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      return context.getDefaultSSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return context.getSupportedSSLParameters();
    }
  }
}
