package org.convoyml.aug.source;

import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Rows read from a stream in a task, one at a time. The stream is closed at its end, on an error,
 * and when the task ends before (a {@code limit}, a failure elsewhere).
 */
abstract class StreamRows implements Iterator<Row> {
  private final HadoopFile file;
  private final Closeable stream;
  private Row next;
  private boolean done;

  /**
   * To be called in the task's own thread.
   *
   * @param file what is read, for messages
   * @param stream closed by this object
   */
  StreamRows(HadoopFile file, Closeable stream) {
    this.file = file;
    this.stream = stream;
    TaskCompletionListener atEnd = context -> close();
    TaskContext.get().addTaskCompletionListener(atEnd);
  }

  /** The next row, or null at the end. */
  abstract Row read() throws IOException;

  @Override
  public final boolean hasNext() {
    if (next == null && !done) {
      try {
        next = read();
      } catch (IOException e) {
        throw file.unreadable(e);
      }
      if (next == null) {
        close();
      }
    }
    return next != null;
  }

  @Override
  public final Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row row = next;
    next = null;
    return row;
  }

  private void close() {
    if (done) {
      return;
    }
    done = true;
    try {
      stream.close();
    } catch (IOException e) {
      throw file.unreadable(e);
    }
  }
}
