package coffer.seal;

import coffer.core.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

/// The English word list of BIP-39: 2,048 words in alphabetical order, told apart by their first four letters.
final class WordList {

    /// SHA-256 of the published file; another list would make other keys of the same words.
    static final String SHA256 = "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda";

    private static final List<String> WORDS = load();

    private WordList() {}

    static String word(int index) {
        return WORDS.get(index);
    }

    /// The place of `word`, or a negative number.
    static int index(String word) {
        return Collections.binarySearch(WORDS, word);
    }

    private static List<String> load() {
        try (InputStream in = WordList.class.getResourceAsStream("bip39-english.txt")) {
            if (in == null) {
                throw new AssertionError("the word list is missing from the build");
            }
            byte[] file = in.readAllBytes();
            if (!Hash.of(file).hex().equals(SHA256)) {
                throw new AssertionError("the word list is not the published one");
            }
            return new String(file, StandardCharsets.US_ASCII).lines().toList();
        } catch (IOException e) {
            throw new AssertionError("the word list does not load", e);
        }
    }
}
