package org.convoyml.aug.source;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.convoyml.nn.ConvoyException;

/**
 * Which part of an image's path is the data set's root and which its class. The root is what all
 * images have in common, but never the class directory: {@code train/cat/1.png} and {@code
 * train/dog/1.png} have the root {@code train}, and so have the same relative paths and the same
 * ids whether {@code train} or the folder around it was opened or packed.
 *
 * @param rootDepth how many leading directories are the root
 * @param classes names of the class directories in code-point order
 */
record FolderLayout(int rootDepth, List<String> classes) implements Serializable {
  private static final Pattern SEPARATOR = Pattern.compile("/");
  private static final List<String> EXTENSIONS = List.of(".jpg", ".jpeg", ".png", ".bmp", ".webp");

  /**
   * @param origin the folder or file that was opened, for messages
   * @param paths of images in it; at least one from every directory that has any
   * @throws ConvoyException if there is no image, or one that is in no directory
   */
  static FolderLayout of(String origin, Collection<String> paths) {
    if (paths.isEmpty()) {
      throw new ConvoyException(
          "%s: expected images (%s) in class folders, found none"
              .formatted(origin, String.join(", ", EXTENSIONS)));
    }
    int depth = Integer.MAX_VALUE;
    List<String> first = null;
    for (String path : paths) {
      List<String> names = names(path);
      if (names.size() < 2) {
        throw new ConvoyException(
            "%s: expected every image in a class folder, found %s outside".formatted(origin, path));
      }
      first = first == null ? names : first;
      // Its last name is the file, the one before may be the class: neither is part of the root.
      depth = Math.min(depth, Math.min(names.size() - 2, commonLength(first, names)));
    }
    List<String> classes = new ArrayList<>();
    for (String path : paths) {
      classes.add(names(path).get(depth));
    }
    return new FolderLayout(depth, ClassNames.sorted(classes));
  }

  /**
   * For images whose labels are written elsewhere: the root is what all folders have in common, and
   * there are no classes.
   */
  static FolderLayout unlabelled(String origin, Collection<String> paths) {
    List<String> first = null;
    int depth = Integer.MAX_VALUE;
    for (String path : paths) {
      List<String> names = names(path);
      first = first == null ? names : first;
      depth = Math.min(depth, Math.min(names.size() - 1, commonLength(first, names)));
    }
    if (first == null) {
      throw new ConvoyException(origin + ": expected images, found none");
    }
    return new FolderLayout(depth, List.of());
  }

  /** Whether this is an image to read: hidden files and those in hidden folders are not. */
  static boolean isImage(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    return EXTENSIONS.stream().anyMatch(lower::endsWith)
        && names(path).stream().noneMatch(FolderLayout::isHidden);
  }

  /** Whether a file or folder of this name is left out, as everywhere in Hadoop. */
  static boolean isHidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  /** The path from the data set's root: what ids are made of. */
  String relative(String path) {
    List<String> names = names(path);
    return String.join("/", names.subList(rootDepth, names.size()));
  }

  /**
   * The index of an image's class.
   *
   * @throws ConvoyException if its class folder was not there when the layout was found
   */
  int label(String path) {
    String name = names(path).get(rootDepth);
    int label = ClassNames.indexOf(classes, name);
    if (label < 0) {
      throw new ConvoyException(
          "%s: expected a class folder of %s, found '%s'".formatted(path, classes, name));
    }
    return label;
  }

  /** A path without what means nothing in it: {@code .} and doubled or leading separators. */
  static String plain(String path) {
    return String.join("/", names(path));
  }

  private static int commonLength(List<String> a, List<String> b) {
    int length = 0;
    while (length < Math.min(a.size(), b.size()) && a.get(length).equals(b.get(length))) {
      length++;
    }
    return length;
  }

  private static List<String> names(String path) {
    List<String> names = new ArrayList<>();
    for (String name : SEPARATOR.split(path)) {
      if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return names;
  }
}
