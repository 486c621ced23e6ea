package dev.malachite.server.runtime.docker;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cuts a range of addresses into subnets of 256, because Docker's own pools end after about thirty networks. */
final class Subnets {

    private static final int BITS = 24;

    private final Range all;

    Subnets(String range) {
        this.all = Range.parse(range)
                .filter(parsed -> parsed.bits() >= 8 && parsed.bits() <= BITS)
                .orElseThrow(() -> new IllegalArgumentException(
                        "malachite.docker.network is no range like 10.142.0.0/16: " + range));
    }

    /**
     * A range of IPv4 addresses.
     *
     * @param base the first one
     * @param bits how many leading bits are fixed
     */
    record Range(int base, int bits) {

        static Optional<Range> parse(String text) {
            String[] parts = text.split("/", -1);
            if (parts.length != 2 || !parts[0].matches("[0-9.]+") || !parts[1].matches("\\d{1,2}")) {
                return Optional.empty();
            }
            try {
                int bits = Integer.parseInt(parts[1]);
                return InetAddress.getByName(parts[0]) instanceof Inet4Address address && bits <= 32
                        ? Optional.of(of(address, bits))
                        : Optional.empty();
            } catch (UnknownHostException e) {
                return Optional.empty();
            }
        }

        static Range of(Inet4Address address, int bits) {
            int value = 0;
            for (byte part : address.getAddress()) {
                value = (value << 8) | (part & 0xff);
            }
            return new Range(value & mask(bits), bits);
        }

        boolean overlaps(Range other) {
            int mask = mask(Math.min(bits, other.bits));
            return (base & mask) == (other.base & mask);
        }

        /** The address so many after the first. */
        String address(int offset) {
            int value = base + offset;
            return (value >>> 24) + "." + (value >>> 16 & 0xff) + "." + (value >>> 8 & 0xff) + "." + (value & 0xff);
        }

        @Override
        public String toString() {
            return address(0) + "/" + bits;
        }

        private static int mask(int bits) {
            return bits == 0 ? 0 : -1 << (32 - bits);
        }
    }

    /** Those that overlap nothing that is in use, in order. */
    List<Range> free(List<Range> used) {
        List<Range> free = new ArrayList<>();
        int count = 1 << (BITS - all.bits());
        for (int i = 0; i < count; i++) {
            Range candidate = new Range(all.base() + (i << (32 - BITS)), BITS);
            if (used.stream().noneMatch(candidate::overlaps)) {
                free.add(candidate);
            }
        }
        return free;
    }
}
