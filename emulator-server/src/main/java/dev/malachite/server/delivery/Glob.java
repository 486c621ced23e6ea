package dev.malachite.server.delivery;

import java.util.regex.Pattern;

/** A pattern of paths as datasets have it: {@code *}, {@code **}, {@code ?} and classes in brackets. */
record Glob(String text) {

    private static final String SPECIAL = "*?[";

    static boolean isOne(String path) {
        return path.chars().anyMatch(character -> SPECIAL.indexOf(character) >= 0);
    }

    /** The folder that all that match lie in; empty for the topmost. */
    String folder() {
        int first = 0;
        while (first < text.length() && SPECIAL.indexOf(text.charAt(first)) < 0) {
            first++;
        }
        return text.substring(0, Math.max(0, text.lastIndexOf('/', first)));
    }

    boolean matches(String path) {
        return regex().matcher(path).matches();
    }

    Pattern regex() {
        StringBuilder regex = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            if (text.startsWith("**/", at)) {
                regex.append("(?:.*/)?");
                at += 2;
            } else if (text.startsWith("**", at)) {
                regex.append(".*");
                at++;
            } else if (character == '*') {
                regex.append("[^/]*");
            } else if (character == '?') {
                regex.append("[^/]");
            } else if (character == '[' && text.indexOf(']', at) > at + 1) {
                int end = text.indexOf(']', at);
                String inside =
                        text.substring(at + 1, end).replace("\\", "\\\\").replace("[", "\\[");
                regex.append('[')
                        .append(inside.startsWith("!") ? "^" + inside.substring(1) : inside)
                        .append(']');
                at = end;
            } else {
                regex.append(Pattern.quote(String.valueOf(character)));
            }
        }
        return Pattern.compile(regex.toString());
    }
}
