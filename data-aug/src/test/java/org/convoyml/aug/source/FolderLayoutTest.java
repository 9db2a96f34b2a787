package org.convoyml.aug.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.convoyml.nn.ConvoyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderLayoutTest {
  @Test
  void theRootIsWhatAllImagesHaveInCommon() {
    FolderLayout layout = FolderLayout.of("x", List.of("a/train/cat/1.png", "a/train/dog/1.png"));

    assertThat(layout.classes()).containsExactly("cat", "dog");
    assertThat(layout.relative("a/train/cat/1.png")).isEqualTo("cat/1.png");
    assertThat(layout.label("a/train/dog/7.png")).isEqualTo(1);
  }

  @Test
  void theOnlyClassIsNotPartOfTheRoot() {
    FolderLayout layout = FolderLayout.of("x", List.of("train/cat/1.png"));

    assertThat(layout.classes()).containsExactly("cat");
    assertThat(layout.relative("train/cat/1.png")).isEqualTo("cat/1.png");
  }

  @Test
  void nestedFoldersBelongToTheClassAbove() {
    FolderLayout layout =
        FolderLayout.of("x", List.of("cat/black/old/1.png", "cat/2.png", "dog/big/1.png"));

    assertThat(layout.classes()).containsExactly("cat", "dog");
    assertThat(layout.relative("cat/black/old/1.png")).isEqualTo("cat/black/old/1.png");
  }

  @Test
  void aFileBesideItsNestedFolderKeepsTheClass() {
    FolderLayout layout = FolderLayout.of("x", List.of("train/cat/1.png", "train/cat/more/2.png"));

    assertThat(layout.classes()).containsExactly("cat");
    assertThat(layout.relative("train/cat/more/2.png")).isEqualTo("cat/more/2.png");
  }

  @Test
  void dotsAndDoubledSeparatorsMeanNothing() {
    FolderLayout layout = FolderLayout.of("x", List.of("./train//cat/1.png", "./train/dog/1.png"));

    assertThat(layout.relative("./train//cat/1.png")).isEqualTo("cat/1.png");
  }

  @Test
  void classesAreInCodePointOrder() {
    // U+1F600 needs a surrogate pair in UTF-16, whose units sort before U+FF5E.
    List<String> paths = List.of("\uFF5E/1.png", "\uD83D\uDE00/1.png", "b/1.png", "B/1.png");

    assertThat(FolderLayout.of("x", paths).classes())
        .containsExactly("B", "b", "\uFF5E", "\uD83D\uDE00");
  }

  @Test
  void anImageInNoFolderIsAnError() {
    assertThatThrownBy(() -> FolderLayout.of("/data", List.of("cat/1.png", "logo.png")))
        .isInstanceOf(ConvoyException.class)
        .hasMessage("/data: expected every image in a class folder, found logo.png outside");
  }

  @Test
  void noImagesAreAnError() {
    assertThatThrownBy(() -> FolderLayout.of("/data", List.of()))
        .isInstanceOf(ConvoyException.class)
        .hasMessage(
            "/data: expected images (.jpg, .jpeg, .png, .bmp, .webp) in class folders, found none");
  }

  @Test
  void anUnknownClassIsAnError() {
    FolderLayout layout = FolderLayout.of("x", List.of("cat/1.png", "dog/1.png"));

    assertThatThrownBy(() -> layout.label("cow/1.png"))
        .isInstanceOf(ConvoyException.class)
        .hasMessage("cow/1.png: expected a class folder of [cat, dog], found 'cow'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/1.jpg", "a/1.JPG", "a/b/1.Jpeg", "./a/1.png", "a/1.BMP", "a/1.webp"})
  void isAnImage(String path) {
    assertThat(FolderLayout.isImage(path)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/1.txt", "a/jpg", "a/._1.jpg", ".git/1.png", "_temporary/0/1.png"})
  void isNoImage(String path) {
    assertThat(FolderLayout.isImage(path)).isFalse();
  }
}
