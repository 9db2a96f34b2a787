package org.convoyml.aug.source;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.convoyml.nn.ConvoyException;

/**
 * What Hadoop passes over in silence when it lists a folder of the local file system: links that
 * lead nowhere, and names that Java cannot write in the encoding of the platform. Other file
 * systems have neither.
 */
final class PassedOver {
  /** A folder may have a dot in its name, but hardly one that looks like this. */
  private static final Pattern EXTENSION = Pattern.compile(".*\\.[A-Za-z0-9]{1,5}");

  private PassedOver() {}

  /**
   * Paths of links that should be images, which therefore cannot be read.
   *
   * @param folder of any file system
   * @param listed names that Hadoop gave
   * @throws ConvoyException if a class may be missing: for a link that may have led to a folder, or
   *     a name that cannot be opened
   */
  static List<String> images(HadoopFile folder, Set<String> listed) throws IOException {
    List<String> images = new ArrayList<>();
    if (!folder.isLocal()) {
      return images;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.local())) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        // It may have been there for a moment only.
        if (!listed.contains(name)
            && !FolderLayout.isHidden(name)
            && Files.exists(entry, LinkOption.NOFOLLOW_LINKS)) {
          check(folder, entry, name);
          if (FolderLayout.isImage(name)) {
            images.add(folder.child(name).path());
          }
        }
      }
    }
    return images;
  }

  private static void check(HadoopFile folder, Path entry, String name) {
    if (!Files.isSymbolicLink(entry)) {
      throw new ConvoyException(
          ("%s: expected names in the platform's encoding, %s, found '%s': set LC_ALL=C.UTF-8"
                  + " where Java is started")
              .formatted(folder.path(), System.getProperty("sun.jnu.encoding"), name));
    }
    if (!FolderLayout.isImage(name) && !EXTENSION.matcher(name).matches()) {
      throw new ConvoyException(
          "%s: expected a file or folder, found a link that leads nowhere"
              .formatted(folder.child(name).path()));
    }
  }
}
