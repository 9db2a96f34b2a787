package org.convoyml.spark.collective.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.convoyml.nn.ConvoyException;
import org.convoyml.spark.collective.Subtree;
import org.convoyml.spark.collective.Totals;
import org.convoyml.spark.collective.WorkerLostException;

/**
 * What members tell each other besides floats. A message is a letter for its kind, then its fields
 * in order; a text is preceded by its length in bytes. All belong to the connection on which they
 * come, which {@link Hello} has bound to two members of one group.
 */
sealed interface Message {
  /** What all members do together. */
  enum Kind {
    REDUCE,
    GATHER,
    NORMS;

    String at(long step) {
      return switch (this) {
        case REDUCE -> "reduce of step " + step;
        case GATHER -> "gather of step " + step;
        case NORMS -> "norms of step " + step;
      };
    }
  }

  /**
   * Begins a connection.
   *
   * @param group that both ends must name alike
   * @param from the member that has connected
   * @param to the member that is wanted
   * @param length of the flat vector
   * @param chunk floats that one upload carries at most
   */
  record Hello(String group, int from, int to, int members, int length, int chunk)
      implements Message {}

  /** The sender has links to all others, and all others to it. */
  record Ready() implements Message {}

  /** The sender has come to its next operation. */
  sealed interface Entry extends Message {
    /** Counts from 1. */
    long operation();

    Kind kind();

    long step();

    default String what() {
      return kind().at(step());
    }
  }

  /**
   * The sender has room for floats.
   *
   * @param subtrees what it has to add, if this is to reduce; their sums and figures come later
   */
  record Enter(long operation, Kind kind, long step, List<Subtree> subtrees) implements Entry {
    /** How many vectors' floats the sender will send. */
    int parts() {
      return kind == Kind.REDUCE ? subtrees.size() : 1;
    }
  }

  /**
   * The sender has room for more.
   *
   * @param chunks of its slice that may have been sent to it in all
   */
  record Credit(long operation, int chunks) implements Message {}

  /**
   * The sender has computed all that it has to add.
   *
   * @param totals of its subtrees
   */
  record Figures(long operation, List<Totals> totals) implements Message {}

  /** Numbers that the sender owns. */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Numbers(long operation, long step, int first, double[] values) implements Entry {
    @Override
    public Kind kind() {
      return Kind.NORMS;
    }
  }

  /**
   * The sender cannot go on.
   *
   * @param lost whether that is because a member is gone
   */
  record Abort(boolean lost, String reason) implements Message {
    static Abort because(ConvoyException reason) {
      return new Abort(reason instanceof WorkerLostException, reason.getMessage());
    }

    /** What those who are told throw. */
    ConvoyException toException() {
      return lost ? new WorkerLostException(reason) : new ConvoyException(reason);
    }
  }

  /** The sender has done all it had to do. */
  record Bye() implements Message {}

  /**
   * Goes before floats.
   *
   * @param part which of the sender's subtrees, from 0
   * @param first place in the flat vector
   */
  record Floats(long operation, int part, int first, int count) {
    private static final int BYTES = Long.BYTES + 3 * Integer.BYTES;
    private static final byte LETTER = 'V';

    ByteBuffer encode() {
      return ByteBuffer.allocate(BYTES)
          .putLong(operation)
          .putInt(part)
          .putInt(first)
          .putInt(count)
          .flip();
    }

    /** As {@link #encode}, with a letter before it, for floats that are not an upload. */
    ByteBuffer encodeAsMessage() {
      return ByteBuffer.allocate(Integer.BYTES + BYTES).putInt(LETTER << 24).put(encode()).flip();
    }

    /** Whether a message is floats; if it is, skips the letter. */
    static boolean isNext(ByteBuffer message) {
      boolean is =
          message.remaining() >= Integer.BYTES && message.get(message.position()) == LETTER;
      message.position(message.position() + (is ? Integer.BYTES : 0));
      return is;
    }

    static Floats decode(ByteBuffer bytes) {
      return new Floats(bytes.getLong(), bytes.getInt(), bytes.getInt(), bytes.getInt());
    }
  }

  /** As it goes over the wire. */
  default ByteBuffer encode() {
    if (this instanceof Hello hello) {
      byte[] group = hello.group().getBytes(UTF_8);
      return bytes('H', Integer.BYTES * 6 + group.length)
          .putInt(group.length)
          .put(group)
          .putInt(hello.from())
          .putInt(hello.to())
          .putInt(hello.members())
          .putInt(hello.length())
          .putInt(hello.chunk())
          .flip();
    } else if (this instanceof Enter enter) {
      ByteBuffer bytes =
          bytes('E', 2 * Long.BYTES + 2 * Integer.BYTES * (1 + enter.subtrees().size()))
              .putLong(enter.operation())
              .putInt(enter.kind().ordinal())
              .putLong(enter.step())
              .putInt(enter.subtrees().size());
      for (Subtree subtree : enter.subtrees()) {
        bytes.putInt(subtree.firstLane()).putInt(subtree.lanes());
      }
      return bytes.flip();
    } else if (this instanceof Figures figures) {
      ByteBuffer bytes =
          bytes('F', Long.BYTES * (1 + 3 * figures.totals().size())).putLong(figures.operation());
      for (Totals totals : figures.totals()) {
        bytes.putDouble(totals.lossSum()).putLong(totals.examples()).putLong(totals.correct());
      }
      return bytes.flip();
    } else if (this instanceof Credit credit) {
      return bytes('C', Long.BYTES + Integer.BYTES)
          .putLong(credit.operation())
          .putInt(credit.chunks())
          .flip();
    } else if (this instanceof Numbers numbers) {
      ByteBuffer bytes =
          bytes('N', 2 * Long.BYTES + Integer.BYTES + Double.BYTES * numbers.values().length)
              .putLong(numbers.operation())
              .putLong(numbers.step())
              .putInt(numbers.first());
      for (double value : numbers.values()) {
        bytes.putDouble(value);
      }
      return bytes.flip();
    } else if (this instanceof Abort abort) {
      byte[] reason = abort.reason().getBytes(UTF_8);
      return bytes('A', 1 + reason.length).put((byte) (abort.lost() ? 1 : 0)).put(reason).flip();
    } else {
      return bytes(this instanceof Ready ? 'R' : 'B', 0).flip();
    }
  }

  private static ByteBuffer bytes(char kind, int length) {
    return ByteBuffer.allocate(1 + length).put((byte) kind);
  }

  /**
   * What {@link #encode} was given.
   *
   * @throws IllegalArgumentException if it is no message
   */
  static Message decode(ByteBuffer bytes) {
    try {
      char kind = (char) bytes.get();
      return switch (kind) {
        case 'H' ->
            new Hello(
                text(bytes, bytes.getInt()),
                bytes.getInt(),
                bytes.getInt(),
                bytes.getInt(),
                bytes.getInt(),
                bytes.getInt());
        case 'E' -> decodeEnter(bytes);
        case 'F' -> {
          long operation = bytes.getLong();
          List<Totals> totals = new ArrayList<>();
          while (bytes.hasRemaining()) {
            totals.add(new Totals(bytes.getDouble(), bytes.getLong(), bytes.getLong()));
          }
          yield new Figures(operation, List.copyOf(totals));
        }
        case 'C' -> new Credit(bytes.getLong(), bytes.getInt());
        case 'N' -> {
          long operation = bytes.getLong();
          long step = bytes.getLong();
          int first = bytes.getInt();
          double[] values = new double[bytes.remaining() / Double.BYTES];
          bytes.asDoubleBuffer().get(values);
          yield new Numbers(operation, step, first, values);
        }
        case 'A' -> new Abort(bytes.get() != 0, text(bytes, bytes.remaining()));
        case 'B' -> new Bye();
        case 'R' -> new Ready();
        default -> throw new IllegalArgumentException("no message begins with " + (int) kind);
      };
    } catch (java.nio.BufferUnderflowException e) {
      throw new IllegalArgumentException("a message was cut off", e);
    }
  }

  private static Enter decodeEnter(ByteBuffer bytes) {
    long operation = bytes.getLong();
    int kind = bytes.getInt();
    if (kind < 0 || kind >= Kind.values().length) {
      throw new IllegalArgumentException("no kind " + kind);
    }
    long step = bytes.getLong();
    int count = bytes.getInt();
    // A block of lanes is made up of at most two subtrees of each size.
    if (count < 0 || count > 2 * Integer.SIZE) {
      throw new IllegalArgumentException(
          "a block of lanes is not made up of %d subtrees".formatted(count));
    }
    List<Subtree> subtrees = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int firstLane = bytes.getInt();
      int lanes = bytes.getInt();
      subtrees.add(new Subtree(firstLane, lanes, null, Totals.NONE));
    }
    return new Enter(operation, Kind.values()[kind], step, List.copyOf(subtrees));
  }

  private static String text(ByteBuffer bytes, int length) {
    if (length < 0 || length > bytes.remaining()) {
      throw new IllegalArgumentException("a text of %d bytes was cut off".formatted(length));
    }
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, UTF_8);
  }
}
