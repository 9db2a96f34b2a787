package org.convoyml.nn;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Structure;

/** What the C library's allocator has given out in this process. */
public final class Malloc {
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
}
