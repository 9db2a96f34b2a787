package org.convoyml.aug.format;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Names what is found in the place of an image. */
final class OtherFile {
  /** Formats by what stands at their beginning; {@code ?} is any byte. */
  private static final Map<String, String> KINDS = new LinkedHashMap<>();

  private static final int ENOUGH = 512;

  private static final Pattern HTML = Pattern.compile("<!doctype html|<html|<head|<body");
  private static final Pattern SVG = Pattern.compile("<svg|<!doctype svg");

  static {
    KINDS.put("GIF8", "a GIF image");
    KINDS.put("II*\0", "a TIFF image");
    KINDS.put("MM\0*", "a TIFF image");
    KINDS.put("????ftypavi", "an AVIF image");
    KINDS.put("????ftyphe", "a HEIC image");
    KINDS.put("????ftypmif1", "a HEIC or AVIF image");
    KINDS.put("????ftypmsf1", "a HEIC or AVIF image");
    KINDS.put("????ftyp", "a video");
    KINDS.put("\0\0\0\fjP  ", "a JPEG 2000 image");
    KINDS.put("\u00FFO\u00FFQ", "a JPEG 2000 image");
    KINDS.put("\u00FF\n", "a JPEG XL image");
    KINDS.put("\0\0\0\fJXL ", "a JPEG XL image");
    KINDS.put("8BPS", "a Photoshop image");
    KINDS.put("\0\0\1\0", "an icon");
    KINDS.put("P1", "a PNM image as text");
    KINDS.put("P2", "a PNM image as text");
    KINDS.put("P3", "a PNM image as text");
    KINDS.put("P4", "a bit map (PBM)");
    KINDS.put("P7", "a PAM image");
    KINDS.put("%PDF", "a PDF document");
    KINDS.put("PK\3\4", "a ZIP archive");
    KINDS.put("\u001F\u008B", "a gzip file");
  }

  private OtherFile() {}

  static String describe(byte[] content) {
    if (content.length == 0) {
      return "an empty file";
    }
    for (Map.Entry<String, String> kind : KINDS.entrySet()) {
      if (begins(content, kind.getKey())) {
        return kind.getValue();
      }
    }
    if (isZero(content)) {
      return "nothing but zero bytes";
    }
    String text =
        new String(content, 0, Math.min(ENOUGH, content.length), StandardCharsets.ISO_8859_1)
            .toLowerCase(Locale.ROOT);
    if (HTML.matcher(text).find()) {
      return "HTML";
    }
    if (SVG.matcher(text).find()) {
      return "an SVG image";
    }
    if (text.replaceFirst("^\u00EF\u00BB\u00BF", "").strip().startsWith("<?xml")) {
      return "XML";
    }
    return "a file that begins with " + firstBytes(content);
  }

  private static boolean begins(byte[] content, String start) {
    if (content.length < start.length()) {
      return false;
    }
    for (int i = 0; i < start.length(); i++) {
      if (start.charAt(i) != '?' && start.charAt(i) != Bytes.unsignedByte(content, i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZero(byte[] content) {
    for (byte value : content) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private static String firstBytes(byte[] content) {
    StringBuilder hex = new StringBuilder("0x");
    for (int i = 0; i < Math.min(4, content.length); i++) {
      hex.append("%02x".formatted(content[i]));
    }
    return hex.toString();
  }
}
