package dev.malachite.engine.sweep;

import java.math.BigDecimal;

/** Numbers as Python prints them, because scripts of users read them from their command line. */
final class Numbers {

    private static final double SMALLEST_PLAIN = 1e-4;
    private static final double LARGEST_PLAIN = 1e16;

    private Numbers() {}

    static String text(double number) {
        double size = Math.abs(number);
        if (size == 0) {
            return "0.0";
        }
        if (size >= SMALLEST_PLAIN && size < LARGEST_PLAIN) {
            String plain = new BigDecimal(Double.toString(number)).toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        return Double.toString(number).replace(".0E", "e").replace('E', 'e');
    }

    /** A multiple of a whole number is whole, and is written so: {@code int("64.0")} fails in Python. */
    static String multiple(double number, double of) {
        return of == Math.rint(of) ? BigDecimal.valueOf(number).toBigInteger().toString() : text(number);
    }
}
