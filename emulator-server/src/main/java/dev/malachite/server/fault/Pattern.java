package dev.malachite.server.fault;

import java.util.Locale;

/**
 * A text with {@code *} for any text, compared without case. Matched by walking, so that no pattern costs more than its
 * length times the text's.
 */
public record Pattern(String text) {

    public boolean matches(String candidate) {
        String pattern = text.toLowerCase(Locale.ROOT);
        String lower = candidate.toLowerCase(Locale.ROOT);
        int at = 0;
        int inPattern = 0;
        int star = -1;
        int retry = 0;
        while (at < lower.length()) {
            if (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
                star = inPattern++;
                retry = at;
            } else if (inPattern < pattern.length() && pattern.charAt(inPattern) == lower.charAt(at)) {
                inPattern++;
                at++;
            } else if (star >= 0) {
                inPattern = star + 1;
                at = ++retry;
            } else {
                return false;
            }
        }
        while (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
            inPattern++;
        }
        return inPattern == pattern.length();
    }
}
