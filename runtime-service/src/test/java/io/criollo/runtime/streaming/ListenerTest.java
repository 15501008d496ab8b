// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListenerTest {
  private static final int MOST = 3;
  private static final byte[] QUESTION = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII);

  /// Answers every request.
  private static final class Answering extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      var answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
      answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
      var _ = context.writeAndFlush(answer);
    }
  }

  @Test
  void oneClientTooManyIsHungUpOnAndOthersAreServed() throws Exception {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var settings =
        new StreamingSettings(
            address, Duration.ofMinutes(1), Duration.ofMinutes(1), Optional.empty());
    var served = new ArrayList<Socket>();
    try (var listener = Listener.open(settings, new Listener.Clients(MOST, Answering::new))) {
      for (int i = 0; i < MOST; i++) {
        served.add(connect(listener));
        assertThat(isAnswered(served.getLast())).isTrue();
      }
      try (var tooMany = connect(listener)) {
        assertThat(isAnswered(tooMany)).isFalse();
      }
      assertThat(isAnswered(served.getFirst())).as("who was there before").isTrue();

      served.removeLast().close();
      Socket next = connect(listener);
      while (!isAnswered(next)) { // until the one that left is missed
        next.close();
        next = connect(listener);
      }
      served.add(next);
      for (var socket : served) {
        socket.close();
      }
      listener.disconnect();
    }
  }

  private static Socket connect(Listener listener) throws IOException {
    return new Socket(listener.address().getAddress(), listener.address().getPort());
  }

  private static boolean isAnswered(Socket client) throws IOException {
    try {
      client.getOutputStream().write(QUESTION);
      var answer = new StringBuilder();
      while (!answer.toString().endsWith("\r\n\r\n")) {
        int next = client.getInputStream().read();
        if (next < 0) {
          return false;
        }
        answer.append((char) next);
      }
      assertThat(answer).startsWith("HTTP/1.1 200 OK");
      return true;
    } catch (SocketException reset) {
      return false;
    }
  }
}
