package dev.malachite.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** What is committed is durable at once and in its table when somebody wants to read it. */
class WriteBehindTest {

    private static final Table THING = new Table("thing", List.of("id"), List.of("name", "big", "flag", "at"));
    private static final Table NAMES = new Table("thing", List.of("id"), List.of("name"), true);
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.000006Z");

    private final JdbcDataSource source = new JdbcDataSource();
    private JdbcTemplate jdbc = new JdbcTemplate();
    private WriteBehind disk = process();

    @BeforeEach
    void begin() {
        source.setURL("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID()));
        jdbc = new JdbcTemplate(source);
        jdbc.execute("create table journal (number bigint not null primary key, entries bytea not null)");
        jdbc.execute("create table thing (id integer not null primary key, name varchar(100), big bigint,"
                + " flag boolean, at timestamp(6) with time zone)");
        disk = process();
    }

    private WriteBehind process() {
        return new WriteBehind(jdbc, new JdbcTransactionManager(source));
    }

    @Test
    void whatIsCommittedIsInTheJournalAndInItsTableWhenItIsToBeRead() {
        put(1, "a");
        put(1, "b");
        assertThat(names()).isEmpty();
        assertThat(journal()).isEqualTo(2);

        disk.catchUp(THING);
        assertThat(names()).containsExactly("b");
        assertThat(journal()).isZero();
    }

    @Test
    void theNextProcessFindsWhatTheOneBeforeHadNotWrittenYet() {
        put(1, "a");
        put(2, "b");
        remove(1);
        put(3, "c");

        process().replay();
        assertThat(names()).containsExactly("b", "c");
        assertThat(journal()).isZero();
    }

    @Test
    void everyValueComesBackFromTheJournalAsItWas() {
        String odd = "a\tb\nc\\t\\ é 漢 😀";
        Writes often = new Writes();
        often.put(thing(1, odd, 1L << 60, true));
        often.put(thing(2, odd, null, false)); // some as in the line before
        often.put(thing(3, null, null, null));
        often.put(thing(4, "", -1L, null));
        disk.commit(often, new Writes(), () -> {});

        process().replay();
        assertThat(jdbc.query(
                        "select * from thing order by id",
                        (row, n) -> Arrays.asList(
                                row.getString("name"),
                                row.getObject("big"),
                                row.getObject("flag"),
                                row.getObject("at", OffsetDateTime.class).toInstant())))
                .containsExactly(
                        Arrays.asList(odd, 1L << 60, true, TIME),
                        Arrays.asList(odd, null, false, TIME),
                        Arrays.asList(null, null, null, TIME),
                        Arrays.asList("", -1L, null, TIME));
    }

    @Test
    void aRowThatComesAgainAndAgainWithMuchInItDoesNotFillTheJournal() {
        jdbc.execute("create table document (id integer not null primary key, body varchar(1000000))");
        Table documents = new Table("document", List.of("id"), List.of("body"));
        for (int i = 0; i < 150; i++) {
            Writes often = new Writes();
            often.put(new Row(documents).addValue("id", 1).addValue("body", i + "x".repeat(500_000)));
            disk.commit(often, new Writes(), () -> {});
        }
        assertThat(journal()).isLessThan(130);
    }

    @Test
    void rowsThatAreMadeElsewhereAreOnlyUpdated() {
        jdbc.update("insert into thing (id, name, big) values (1, 'a', 7)");
        Writes often = new Writes();
        often.put(new Row(NAMES).addValue("id", 1).addValue("name", "b"));
        often.put(new Row(NAMES).addValue("id", 2).addValue("name", "c"));
        disk.commit(often, new Writes(), () -> {});
        disk.catchUp(NAMES);

        assertThat(names()).containsExactly("b");
        assertThat(jdbc.queryForObject("select big from thing", Long.class)).isEqualTo(7);
    }

    @Test
    void aCommitThatFailsLeavesNothing() {
        Writes often = new Writes();
        often.put(thing(1, "a", 1L, true));
        assertThatThrownBy(() -> disk.commit(often, new Writes(), () -> {
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class);
        disk.catchUp(THING);
        assertThat(names()).isEmpty();
        assertThat(journal()).isZero();

        put(2, "b");
        disk.catchUp(THING);
        assertThat(names()).containsExactly("b");
    }

    @Test
    void whatCannotBeWrittenIntoItsTableIsTriedAgain() {
        put(1, "a");
        jdbc.execute("alter table thing rename to elsewhere");
        assertThatThrownBy(() -> disk.catchUp(THING))
                .as("a reader is not shown an old row as if it were the last")
                .isInstanceOf(ConcurrencyFailureException.class);
        assertThat(journal()).isEqualTo(1);
        put(1, "b");

        jdbc.execute("alter table elsewhere rename to thing");
        disk.catchUp(THING);
        assertThat(names()).containsExactly("b");
        assertThat(journal()).isZero();
    }

    @Test
    void aRowThatItsTableRefusesKeepsNoOtherFromIt() {
        put(1, "a");
        put(2, "x".repeat(101));
        put(3, "c");
        disk.catchUp(THING);
        assertThat(names()).containsExactly("a", "c");
        assertThat(journal()).isZero();

        put(4, "y".repeat(101));
        put(5, "e");
        process().replay();
        assertThat(names()).containsExactly("a", "c", "e");
        assertThat(journal()).isZero();
    }

    @Test
    void aRowThatIsLateIsReadWithoutWritingAnyIntoItsTable() {
        put(1, "a");
        put(1, "b");
        put(2, "c");
        remove(2);

        assertThat(disk.late(key(1)).map(row -> row.value("name"))).contains("b");
        assertThat(disk.late(key(2))).isEmpty();
        assertThat(names()).isEmpty();

        disk.catchUp(THING);
        assertThat(disk.late(key(1))).isEmpty();
    }

    @Test
    void theStatusOfARunThatAnEarlierVersionLeftGoesToItsTableOfToday() {
        jdbc.execute("create table run_status (workspace_id varchar(36), run_id varchar(36), status varchar(32))");
        jdbc.execute("insert into run_status values ('w', 'r', 'Queued')");
        jdbc.update("insert into journal values (1, ?)", (Object)
                "=run\t2\tu\tworkspace_id\trun_id\tstatus\n+run\tsw\tsr\tsCompleted\n"
                        .getBytes(StandardCharsets.UTF_8));

        process().replay();

        assertThat(jdbc.queryForObject("select status from run_status", String.class))
                .isEqualTo("Completed");
    }

    @Test
    void muchThatIsLateIsWrittenWithoutAReader() {
        for (int batch = 0; batch < 40; batch++) {
            Writes often = new Writes();
            for (int i = 0; i < 1000; i++) {
                often.put(thing(batch * 1000 + i, "x", 1L, true));
            }
            disk.commit(often, new Writes(), () -> {});
        }
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (Integer.valueOf(0).equals(jdbc.queryForObject("select count(*) from thing", Integer.class))) {
            assertThat(System.nanoTime()).as("written by a thread of its own").isLessThan(end);
            Thread.onSpinWait();
        }
        disk.catchUp(THING);
        assertThat(jdbc.queryForObject("select count(*) from thing", Integer.class))
                .isEqualTo(40_000);
    }

    private void put(int id, String name) {
        Writes often = new Writes();
        often.put(thing(id, name, 1L, true));
        disk.commit(often, new Writes(), () -> {});
    }

    private void remove(int id) {
        Writes often = new Writes();
        often.remove(new Row(THING).addValue("id", id));
        disk.commit(often, new Writes(), () -> {});
    }

    private static Row key(int id) {
        return new Row(THING).addValue("id", id);
    }

    private static Row thing(int id, @Nullable String name, @Nullable Long big, @Nullable Boolean flag) {
        return new Row(THING)
                .addValue("id", id)
                .addValue("name", name)
                .addValue("big", big)
                .addValue("flag", flag)
                .addValue("at", TIME);
    }

    private List<String> names() {
        return jdbc.queryForList("select name from thing order by id", String.class);
    }

    private int journal() {
        Integer count = jdbc.queryForObject("select count(*) from journal", Integer.class);
        return count == null ? 0 : count;
    }
}
