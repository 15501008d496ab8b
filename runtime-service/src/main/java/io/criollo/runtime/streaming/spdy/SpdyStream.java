// SPDX-License-Identifier: Apache-2.0
package io.criollo.runtime.streaming.spdy;

import io.criollo.runtime.streaming.wire.Inbox;
import io.criollo.runtime.streaming.wire.Outlet;
import java.util.Locale;
import java.util.Map;

/// One stream that a client opened. Whoever takes it closes it; until then it counts against the
/// connection's limit, also when the client has reset it.
public final class SpdyStream implements AutoCloseable {
  private final SpdyConnection connection;
  private final int id;
  private final Map<String, String> headers;
  private final Inbox input;
  private final Outlet output;

  SpdyStream(SpdyConnection connection, int id, Map<String, String> headers) {
    this.connection = connection;
    this.id = id;
    this.headers = Map.copyOf(headers);
    this.input = new Inbox(connection.wire().gate());
    this.output = new Outlet(connection.wire(), new DataFraming(id));
  }

  public int id() {
    return id;
  }

  /// {@return the header's value, empty when it is missing}
  public String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  public Inbox input() {
    return input;
  }

  public Outlet output() {
    return output;
  }

  /// Tells the client that the stream broke.
  public void reset() {
    connection.reset(this);
  }

  /// Nothing more is taken or sent.
  @Override
  public void close() {
    input.close();
    output.cut();
    connection.forget(this);
  }

  /// The client or the connection ended the stream for both sides.
  void broken(String reason) {
    output.cut();
    input.fail(reason);
  }
}
