package org.convoyml.aug.source;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Packs a folder as {@code tar} does. */
final class Tars {
  private Tars() {}

  /** Entries are named from the folder's own name, directories included. */
  static void pack(Path folder, OutputStream into) throws IOException {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(into, "UTF-8");
        Stream<Path> files = Files.walk(folder)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setAddPaxHeadersForNonAsciiNames(true);
      for (Path file : files.sorted().toList()) {
        TarArchiveEntry entry =
            new TarArchiveEntry(file, folder.getParent().relativize(file).toString());
        tar.putArchiveEntry(entry);
        if (Files.isRegularFile(file)) {
          Files.copy(file, tar);
        }
        tar.closeArchiveEntry();
      }
    }
  }

  static Path pack(Path folder, Path tar) throws IOException {
    try (OutputStream out = Files.newOutputStream(tar)) {
      pack(folder, out);
    }
    return tar;
  }
}
