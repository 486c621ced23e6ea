package dev.malachite.server.delivery;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A pattern of paths as datasets have it: {@code *}, {@code **}, {@code ?} and classes in brackets. Matched in time that
 * grows with pattern times path, whatever a user writes.
 */
record Glob(String text) {

    private static final String SPECIAL = "*?[";

    /** What one place of a pattern takes: a character of some kind, or any number of them. */
    private sealed interface Part {

        /** One character. */
        record One(String any, boolean not) implements Part {

            boolean takes(char character) {
                return character != '/' && any.indexOf(character) >= 0 != not;
            }
        }

        /** This very character. */
        record Exactly(char character) implements Part {}

        /** Any number; within a folder, or over folders. */
        record Many(boolean folders) implements Part {}

        /** No folder, or some, each with its slash. */
        record Folders() implements Part {}
    }

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
        BitSet reached = new BitSet(path.length() + 1);
        reached.set(0);
        for (Part part : parts()) {
            reached = after(part, reached, path);
        }
        return reached.get(path.length());
    }

    /** Where in the path what comes next may begin, given where this part may. */
    private static BitSet after(Part part, BitSet from, String path) {
        BitSet to = new BitSet(path.length() + 1);
        boolean open = false;
        for (int at = 0; at <= path.length(); at++) {
            boolean begins = from.get(at);
            boolean more = at < path.length();
            char next = more ? path.charAt(at) : '/';
            switch (part) {
                case Part.Exactly exactly -> {
                    if (begins && more && exactly.character() == next) {
                        to.set(at + 1);
                    }
                }
                case Part.One one -> {
                    if (begins && more && one.takes(next)) {
                        to.set(at + 1);
                    }
                }
                case Part.Many many -> {
                    open = open || begins;
                    to.set(at, open);
                    open = open && (many.folders() || next != '/');
                }
                case Part.Folders _ -> {
                    to.set(at, begins || (open && path.charAt(at - 1) == '/'));
                    open = open || begins;
                }
            }
        }
        return to;
    }

    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            int end = character == '[' ? text.indexOf(']', at + 2) : -1;
            if (text.startsWith("**/", at)) {
                parts.add(new Part.Folders());
                at += 2;
            } else if (text.startsWith("**", at)) {
                parts.add(new Part.Many(true));
                at++;
            } else if (character == '*') {
                parts.add(new Part.Many(false));
            } else if (character == '?') {
                parts.add(new Part.One("", true));
            } else if (end > 0) {
                boolean not = text.charAt(at + 1) == '!';
                parts.add(new Part.One(spelled(text.substring(at + (not ? 2 : 1), end)), not));
                at = end;
            } else {
                parts.add(new Part.Exactly(character));
            }
        }
        return parts;
    }

    /** The characters of a class, {@code a-d} written out. */
    private static String spelled(String characters) {
        StringBuilder all = new StringBuilder();
        for (int at = 0; at < characters.length(); at++) {
            boolean span = at + 2 < characters.length() && characters.charAt(at + 1) == '-';
            char last = span ? characters.charAt(at + 2) : characters.charAt(at);
            for (char each = characters.charAt(at); each < last; each++) {
                all.append(each);
            }
            all.append(last);
            at += span ? 2 : 0;
        }
        return all.toString();
    }
}
