package org.convoyml.nn;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Structure;
import java.time.Duration;

/** What the C library's allocator has given out in this process. */
public final class Malloc {
  private static final Duration MOST_PATIENCE = Duration.ofSeconds(20);

  static {
    Native.register(Malloc.class, NativeLibrary.getInstance("c"));
  }

  private Malloc() {}

  /** As {@code malloc.h} declares it. */
  @Structure.FieldOrder({
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost"
  })
  public static class Info extends Structure implements Structure.ByValue {
    public long arena;
    public long ordblks;
    public long smblks;
    public long hblks;
    public long hblkhd;
    public long usmblks;
    public long fsmblks;
    public long uordblks;
    public long fordblks;
    public long keepcost;
  }

  static native Info mallinfo2();

  /** Bytes that were allocated and not freed, in small blocks and in large. */
  public static long bytesInUse() {
    Info info = mallinfo2();
    return info.uordblks + info.hblkhd;
  }

  /**
   * How many more are in use than before, as soon as they are fewer than {@code allowed}, or else
   * after some seconds: a just-in-time compiler at work has some tens of megabytes, which it gives
   * back when it rests, while what has leaked stays.
   */
  public static long growthSince(long before, long allowed) throws InterruptedException {
    long end = System.nanoTime() + MOST_PATIENCE.toNanos();
    long growth = bytesInUse() - before;
    while (growth >= allowed && System.nanoTime() - end < 0) {
      Thread.sleep(50);
      growth = bytesInUse() - before;
    }
    return growth;
  }
}
