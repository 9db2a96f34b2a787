package org.convoyml.aug.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers out of an array, with its bounds checked. */
final class Bytes {
  private static final VarHandle INT_BIG =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT_LITTLE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Bytes() {}

  static int unsignedByte(byte[] content, int at) {
    return content[at] & 0xFF;
  }

  static int unsignedShort(byte[] content, int at) {
    return unsignedByte(content, at) << 8 | unsignedByte(content, at + 1);
  }

  static int unsignedShortLittle(byte[] content, int at) {
    return unsignedByte(content, at) | unsignedByte(content, at + 1) << 8;
  }

  static int unsigned24Little(byte[] content, int at) {
    return unsignedShortLittle(content, at) | unsignedByte(content, at + 2) << 16;
  }

  static int integer(byte[] content, int at) {
    return (int) INT_BIG.get(content, at);
  }

  static int integerLittle(byte[] content, int at) {
    return (int) INT_LITTLE.get(content, at);
  }

  /** Four letters as {@link #integer} reads them. */
  static int tag(String letters) {
    return letters.charAt(0) << 24
        | letters.charAt(1) << 16
        | letters.charAt(2) << 8
        | letters.charAt(3);
  }

  /** Whether these characters, all below 256, stand there. */
  static boolean matches(byte[] content, int at, String characters) {
    if (at + characters.length() > content.length) {
      return false;
    }
    for (int i = 0; i < characters.length(); i++) {
      if (unsignedByte(content, at + i) != characters.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
