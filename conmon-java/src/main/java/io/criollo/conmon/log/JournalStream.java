// SPDX-License-Identifier: Apache-2.0
package io.criollo.conmon.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.criollo.conmon.protocol.Stream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Turns the log entries of one stream of a container into messages of journald's native protocol,
/// with the fields that conmon gives them. Immutable.
final class JournalStream {
  /// Bytes of one message at most.
  static final int LONGEST = CriLines.LONGEST + 4096;

  private static final int SHORT_ID = 12;
  private static final int INFO = 6;
  private static final int ERROR = 3;
  private static final byte[] MESSAGE = "MESSAGE\n".getBytes(US_ASCII);
  private static final byte[] PARTIAL = "CONTAINER_PARTIAL_MESSAGE=true\n".getBytes(US_ASCII);
  private static final int TAG = CriLines.HEADER - 2;

  private final byte[] fields;
  private final int priority;

  /// @param name the container's, without control characters
  JournalStream(String id, String name, Stream stream) {
    String shortId = id.substring(0, Math.min(id.length(), SHORT_ID));
    this.fields =
        "CONTAINER_ID_FULL=%s\nCONTAINER_ID=%s\nCONTAINER_NAME=%s\nSYSLOG_IDENTIFIER=%s\n"
            .formatted(id, shortId, name, name)
            .getBytes(UTF_8);
    this.priority = stream == Stream.STDERR ? ERROR : INFO;
  }

  /// Somebody who sends one message at a time.
  interface Sender {
    void send(ByteBuffer message) throws InterruptedException;
  }

  /// {@return the number of entries}
  static long count(ByteBuffer entries) {
    long count = 0;
    for (int i = entries.position(); i < entries.limit(); i++) {
      count += entries.get(i) == '\n' ? 1 : 0;
    }
    return count;
  }

  /// Sends one message for each entry, built in `room`.
  void messages(ByteBuffer entries, ByteBuffer room, Sender sender) throws InterruptedException {
    int begin = 0;
    for (int i = 0; i < entries.limit(); i++) {
      if (entries.get(i) == '\n') {
        sender.send(message(entries, begin, i, room));
        begin = i + 1;
      }
    }
  }

  private ByteBuffer message(ByteBuffer entries, int begin, int end, ByteBuffer room) {
    int from = begin + CriLines.HEADER;
    int given = prefix(entries, from, end);
    int text = given < 0 ? from : from + 3;
    room.clear().order(ByteOrder.LITTLE_ENDIAN);
    room.put(MESSAGE).putLong(end - text);
    room.put(room.position(), entries, text, end - text);
    room.position(room.position() + end - text).put((byte) '\n');
    room.put(("PRIORITY=" + (given < 0 ? priority : given) + "\n").getBytes(US_ASCII)).put(fields);
    if (entries.get(begin + TAG) == 'P') {
      room.put(PARTIAL);
    }
    return room.flip();
  }

  /// The priority that a line says of itself, `<3>text` (sd-daemon(3)); -1 for none.
  private static int prefix(ByteBuffer entries, int from, int end) {
    boolean said =
        end - from >= 3
            && entries.get(from) == '<'
            && entries.get(from + 1) >= '0'
            && entries.get(from + 1) <= '7'
            && entries.get(from + 2) == '>';
    return said ? entries.get(from + 1) - '0' : -1;
  }
}
