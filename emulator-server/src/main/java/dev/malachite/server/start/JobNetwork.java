package dev.malachite.server.start;

import dev.malachite.server.tls.Names;

/** The range of addresses that job containers' networks are cut from: who calls from there is a job. */
record JobNetwork(int base, int bits) {

    private static final int GATEWAY = 1;

    /** Reads a range like {@code 10.142.0.0/16}. */
    static JobNetwork parse(String range) {
        int slash = range.indexOf('/');
        if (slash > 0
                && isAddress(range.substring(0, slash))
                && range.substring(slash + 1).matches("[0-9]|[12][0-9]|3[0-2]")) {
            int bits = Integer.parseInt(range.substring(slash + 1));
            return new JobNetwork(number(range.substring(0, slash)) & mask(bits), bits);
        }
        throw new IllegalArgumentException("malachite.docker.network is no range like 10.142.0.0/16: " + range);
    }

    /**
     * Whether an address, as sockets write it, is that of a job: it lies in the range, and is not the first of one of the
     * networks of 256 that are cut from it. That one is the gateway, which no job can have; what comes in through a
     * published port of the emulator's own container bears it, whichever of its networks the engine takes for that.
     */
    boolean hasJobAt(String address) {
        return isAddress(address) && (number(address) & mask(bits)) == base && (number(address) & 0xff) != GATEWAY;
    }

    private static boolean isAddress(String text) {
        return text.indexOf(':') < 0 && Names.isAddress(text);
    }

    private static int number(String address) {
        int number = 0;
        for (byte part : Ports.address(address).getAddress()) {
            number = (number << 8) | (part & 0xff);
        }
        return number;
    }

    private static int mask(int bits) {
        return bits == 0 ? 0 : -1 << (32 - bits);
    }
}
