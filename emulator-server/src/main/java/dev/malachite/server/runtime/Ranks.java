package dev.malachite.server.runtime;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The part of a job file that runs several processes side by side, by {@code ranks.sh}. */
public final class Ranks {

    /** What marks the lines of one process where several share an output, below the state folder. */
    public static final String MARK = "mark.py";

    private static final char BEGIN = '\1';

    private Ranks() {}

    public static String mark() {
        return JobFile.resource(MARK);
    }

    static String text(JobStart job, JobFile.Layout layout) {
        StringBuilder file = new StringBuilder();
        List<JobStart.Rank> ranks = job.ranks();
        for (int i = 0; i < ranks.size(); i++) {
            JobStart.Rank rank = ranks.get(i);
            String output = layout.shared()
                    ? ">" + JobFile.quote(layout.state() + "/out." + i)
                    : ">>" + JobFile.quote(rank.log().toString());
            JobFile.line(file, "log_" + i + "() { exec " + output + " 2>&1; }");
            JobFile.line(file, "rank_" + i + "() {");
            JobFile.export(file, rank.environment());
            file.append(JobFile.execution(job));
            JobFile.line(file, "}");
        }
        List<Integer> servers = IntStream.range(0, ranks.size())
                .filter(i -> ranks.get(i).serves())
                .boxed()
                .toList();
        JobFile.line(file, "m_state=" + JobFile.quote(layout.state()));
        JobFile.line(
                file,
                "m_ranks=" + words(IntStream.range(0, ranks.size()).boxed().toList()));
        JobFile.line(file, "m_servers=" + words(servers));
        JobFile.line(file, "m_left=" + (ranks.size() - servers.size()));
        JobFile.line(file, "m_group=" + (layout.shared() ? "" : "1") + " m_tag=" + (layout.shared() ? "1" : ""));
        marking(file, JobFile.quote(layout.state() + "/" + MARK));
        return file.append(JobFile.resource("ranks.sh")).toString();
    }

    /** A shell alone reads byte by byte, and whole lines only, but every image has one. */
    private static void marking(StringBuilder file, String mark) {
        JobFile.line(file, "if command -v python >/dev/null 2>&1; then");
        JobFile.line(file, "m_mark() { exec python -S -E " + mark + " \"$1\"; }");
        JobFile.line(file, "else");
        JobFile.line(
                file,
                "m_mark() { while IFS= read -r m_line || [ -n \"$m_line\" ];"
                        + " do printf '\\001%s:%s\\n' \"$1\" \"$m_line\"; done; }");
        JobFile.line(file, "fi");
    }

    private static String words(List<Integer> numbers) {
        return JobFile.quote(numbers.stream().map(String::valueOf).collect(Collectors.joining(" ")));
    }

    /** Takes an output that is shared apart; what bears no mark is the first process's. */
    public static final class Parting {

        private final Sink sink;
        private State state = State.LINE_BEGINS;
        private int number;
        private int process;
        private boolean whole = true;

        private enum State {
            LINE_BEGINS,
            NUMBER,
            TEXT
        }

        /** Takes a piece of what one process printed. */
        public interface Sink {
            void print(int process, byte[] bytes, int from, int to) throws java.io.IOException;
        }

        public Parting(Sink sink) {
            this.sink = sink;
        }

        /** Takes the next piece of the output, cut anywhere. */
        public void take(byte[] bytes, int from, int to) throws java.io.IOException {
            int begin = from;
            for (int i = from; i < to; i++) {
                byte next = bytes[i];
                switch (state) {
                    case LINE_BEGINS -> {
                        if (next == BEGIN) {
                            state = State.NUMBER;
                            number = 0;
                            begin = i + 1;
                        } else {
                            process = 0;
                            whole = true;
                            state = State.TEXT;
                            begin = i;
                            i--;
                        }
                    }
                    case NUMBER -> {
                        if (next >= '0' && next <= '9') {
                            number = Math.min(number * 10 + (next - '0'), 1_000_000);
                        } else {
                            process = number;
                            whole = next != '-';
                            state = State.TEXT;
                        }
                        begin = i + 1;
                    }
                    case TEXT -> {
                        if (next == '\n') {
                            int end = whole ? i + 1 : i;
                            if (end > begin) {
                                sink.print(process, bytes, begin, end);
                            }
                            state = State.LINE_BEGINS;
                            begin = i + 1;
                        }
                    }
                }
            }
            if (state == State.TEXT && begin < to) {
                sink.print(process, bytes, begin, to);
            }
        }
    }
}
