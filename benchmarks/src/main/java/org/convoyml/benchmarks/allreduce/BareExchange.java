package org.convoyml.benchmarks.allreduce;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * As many bytes as the all-reduce sends, over a pair of blocking socket channels, one for each
 * direction, both at once. Nothing is read from the bytes or added.
 */
final class BareExchange implements Exchange {
  private static final int BUFFER = 1 << 20;

  private final SocketChannel outgoing;
  private final SocketChannel incoming;
  private final long bytes;
  private final ByteBuffer sent = ByteBuffer.allocateDirect(BUFFER);
  private final ByteBuffer received = ByteBuffer.allocateDirect(BUFFER);
  private final ExecutorService sender = Executors.newSingleThreadExecutor();

  /**
   * Connects.
   *
   * @param meet is told a port and returns those of both
   * @param bytes in each direction
   */
  BareExchange(int member, IntFunction<int[]> meet, long bytes) throws IOException {
    this.bytes = bytes;
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress("127.0.0.1", 0));
      int own = ((InetSocketAddress) server.getLocalAddress()).getPort();
      int other = meet.apply(own)[1 - member];
      outgoing = SocketChannel.open(new InetSocketAddress("127.0.0.1", other));
      outgoing.setOption(StandardSocketOptions.TCP_NODELAY, true);
      incoming = server.accept();
    }
  }

  @Override
  public void run() throws IOException {
    Future<?> sending = sender.submit(this::send);
    long left = bytes;
    while (left > 0) {
      received.clear().limit((int) Math.min(BUFFER, left));
      int count = incoming.read(received);
      if (count < 0) {
        throw new IOException("the other process has gone");
      }
      left -= count;
    }
    try {
      sending.get();
    } catch (ExecutionException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private void send() {
    try {
      long left = bytes;
      while (left > 0) {
        sent.clear().limit((int) Math.min(BUFFER, left));
        left -= outgoing.write(sent);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    sender.shutdown();
    outgoing.close();
    incoming.close();
  }
}
