package coffer.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The syntax is that of `.gitignore`; the cases are those of its manual.
class IgnoreRulesTest {

    private static boolean ignores(String rules, String path) {
        boolean folder = path.endsWith("/");
        String plain = folder ? path.substring(0, path.length() - 1) : path;
        return Boolean.TRUE.equals(IgnoreRules.parse(rules).decide(List.of(plain.split("/", -1)), folder));
    }

    @Test
    void aNameWithoutSlash_fitsAtAnyDepth() {
        assertThat(ignores("*.o", "a.o")).isTrue();
        assertThat(ignores("*.o", "x/y/a.o")).isTrue();
        assertThat(ignores("*.o", "a.odt")).isFalse();
        assertThat(ignores("build", "x/build/")).isTrue();
    }

    @Test
    void aSlashInFrontOrWithin_bindsToTheFolder() {
        assertThat(ignores("/build", "build")).isTrue();
        assertThat(ignores("/build", "x/build")).isFalse();
        assertThat(ignores("doc/frotz", "doc/frotz")).isTrue();
        assertThat(ignores("doc/frotz", "a/doc/frotz")).isFalse();
    }

    @Test
    void aSlashAtTheEnd_meansFoldersAlone() {
        assertThat(ignores("build/", "build/")).isTrue();
        assertThat(ignores("build/", "x/build/")).isTrue();
        assertThat(ignores("build/", "build")).isFalse();
    }

    @Test
    void twoStars_areAnyNumberOfFolders() {
        assertThat(ignores("**/foo", "foo")).isTrue();
        assertThat(ignores("**/foo", "a/b/foo")).isTrue();
        assertThat(ignores("a/**/b", "a/b")).isTrue();
        assertThat(ignores("a/**/b", "a/x/y/b")).isTrue();
        assertThat(ignores("a/**/b", "a/x/y/c")).isFalse();
        assertThat(ignores("abc/**", "abc/x/y")).isTrue();
        assertThat(ignores("abc/**", "abc/")).isFalse();
    }

    @Test
    void oneStarAndAQuestionMark_stayWithinAName() {
        assertThat(ignores("foo/*", "foo/a")).isTrue();
        assertThat(ignores("foo/*", "foo/a/b")).isFalse();
        assertThat(ignores("f?o", "fxo")).isTrue();
        assertThat(ignores("f?o", "fo")).isFalse();
        assertThat(ignores("?", "\ud83d\ude00")).isTrue();
        assertThat(ignores("a*b*c", "a1b2b3c")).isTrue();
        assertThat(ignores("a*b*c", "a1b2b3")).isFalse();
    }

    @Test
    void brackets_areOneOfTheirMembers() {
        assertThat(ignores("[a-c]x", "bx")).isTrue();
        assertThat(ignores("[a-c]x", "dx")).isFalse();
        assertThat(ignores("[!a-c]x", "dx")).isTrue();
        assertThat(ignores("[^a-c]x", "ax")).isFalse();
        assertThat(ignores("[]]", "]")).isTrue();
        assertThat(ignores("[\\]-]", "-")).isTrue();
        assertThat(ignores("[a", "[a")).isFalse();
    }

    @Test
    void theLastLineThatFits_decides() {
        assertThat(ignores("*.log\n!keep.log", "keep.log")).isFalse();
        assertThat(ignores("*.log\n!keep.log", "other.log")).isTrue();
        assertThat(ignores("!keep.log\n*.log", "keep.log")).isTrue();
        assertThat(IgnoreRules.parse("*.log").decide(List.of("a.txt"), false)).isNull();
    }

    @Test
    void commentsEscapesAndSpaces_areRead() {
        assertThat(ignores("# a\n\n", "# a")).isFalse();
        assertThat(ignores("\\#a", "#a")).isTrue();
        assertThat(ignores("\\!a", "!a")).isTrue();
        assertThat(ignores("a   ", "a")).isTrue();
        assertThat(ignores("a\\ ", "a ")).isTrue();
        assertThat(ignores("a\r\nb\r\n", "a")).isTrue();
        assertThat(ignores("a\\*", "a*")).isTrue();
        assertThat(ignores("a\\*", "ab")).isFalse();
        assertThat(ignores("a\\", "a\\")).isFalse();
        assertThat(ignores("/", "a")).isFalse();
    }

    @Test
    @Timeout(60)
    void aHostilePattern_takesNoTime() {
        String name = "a".repeat(250);
        assertThat(ignores("*a".repeat(100) + "b", name)).isFalse();
        assertThat(ignores("**/a/".repeat(50) + "b", "a/".repeat(200) + "c")).isFalse();
    }
}
