package dev.malachite.server.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When triggers are due, as Microsoft's "Schedule machine learning pipeline jobs" tells it. */
class TriggerTest {

    /** A Thursday. */
    private static final Instant MADE = Instant.parse("2026-01-01T10:20:30Z");

    @Test
    void cronIsDueByTheWallClockOfItsZone() {
        assertThat(times("{'triggerType':'Cron','expression':'15 16 * * 1','timeZone':'Pacific Standard Time'}", 2))
                .containsExactly("2026-01-06T00:15:00Z", "2026-01-13T00:15:00Z");
        assertThat(times("{'triggerType':'Cron','expression':'*/30 9-10 * * mon-fri'}", 3))
                .containsExactly("2026-01-01T10:30:00Z", "2026-01-02T09:00:00Z", "2026-01-02T09:30:00Z");
    }

    @Test
    void daysAndMonthsOfCronCountForNothing() {
        assertThat(times("{'triggerType':'Cron','expression':'0 0 15 6 *'}", 1))
                .containsExactly("2026-01-02T00:00:00Z");
    }

    @Test
    void cronStaysWithinItsStartAndEnd() {
        assertThat(times(
                        "{'triggerType':'Cron','expression':'0 * * * *','startTime':'2026-02-01 05:00:00',"
                                + "'endTime':'2026-02-01T06:59:00'}",
                        5))
                .containsExactly("2026-02-01T05:00:00Z", "2026-02-01T06:00:00Z");
    }

    @Test
    void aRecurrenceCountsFromItsStart() {
        assertThat(times("{'triggerType':'Recurrence','frequency':'Minute','interval':15}", 2))
                .containsExactly("2026-01-01T10:35:30Z", "2026-01-01T10:50:30Z");
        assertThat(times(
                        "{'triggerType':'Recurrence','frequency':'Minute','interval':5,'startTime':'2026-01-02 00:00:00'}",
                        2))
                .containsExactly("2026-01-02T00:00:00Z", "2026-01-02T00:05:00Z");
        assertThat(times(
                        "{'triggerType':'Recurrence','frequency':'Hour','interval':6,'startTime':'2025-12-31T01:00:00'}",
                        2))
                .containsExactly("2026-01-01T13:00:00Z", "2026-01-01T19:00:00Z");
        assertThat(times(
                        "{'triggerType':'Recurrence','frequency':'Day','interval':2,'startTime':'2026-01-05T08:00:00',"
                                + "'schedule':{'hours':[],'minutes':[]}}",
                        2))
                .containsExactly("2026-01-05T08:00:00Z", "2026-01-07T08:00:00Z");
    }

    @Test
    void aPatternNamesHoursAndDays() {
        assertThat(times(
                        "{'triggerType':'Recurrence','frequency':'day','interval':1,"
                                + "'schedule':{'hours':[18,6],'minutes':[0,30]}}",
                        3))
                .containsExactly("2026-01-01T18:00:00Z", "2026-01-01T18:30:00Z", "2026-01-02T06:00:00Z");
        assertThat(times(
                        "{'triggerType':'Recurrence','frequency':'Week','interval':2,"
                                + "'schedule':{'hours':[9],'minutes':[0],'weekDays':['Friday','Monday']}}",
                        3))
                .containsExactly("2026-01-02T09:00:00Z", "2026-01-12T09:00:00Z", "2026-01-16T09:00:00Z");
        assertThat(times(
                        "{'triggerType':'Recurrence','frequency':'Month','interval':1,"
                                + "'schedule':{'hours':[0],'minutes':[5],'monthDays':[31]}}",
                        3))
                .containsExactly("2026-01-31T00:05:00Z", "2026-03-31T00:05:00Z", "2026-05-31T00:05:00Z");
    }

    @Test
    void theWallClockCountsOverTheChangeToSummerTime() {
        assertThat(times(
                        "{'triggerType':'Recurrence','frequency':'Day','interval':1,'timeZone':'W. Europe Standard Time',"
                                + "'startTime':'2026-03-28T09:00:00'}",
                        3))
                .containsExactly("2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z", "2026-03-30T07:00:00Z");
        assertThat(times(
                        "{'triggerType':'Cron','expression':'30 2 * * *','timeZone':'Europe/Berlin',"
                                + "'startTime':'2026-03-28T00:00:00'}",
                        2))
                .containsExactly("2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z");
    }

    @Test
    void aStartHasWholeSeconds() {
        assertThat(times(
                        "{'triggerType':'Recurrence','frequency':'Minute','interval':5,'startTime':'2026-01-02T00:00:00.987654'}",
                        1))
                .containsExactly("2026-01-02T00:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'triggerType':'Cron'}",
                "{'triggerType':'Cron','expression':'* * * *'}",
                "{'triggerType':'Cron','expression':'61 * * * *'}",
                "{'triggerType':'Cron','expression':'0 0 99 * *'}",
                "{'triggerType':'Cron','expression':'* * * * *','timeZone':'Middle Earth Time'}",
                "{'triggerType':'Cron','expression':'* * * * *','startTime':'tomorrow'}",
                "{'triggerType':'Recurrence','frequency':'Year','interval':1}",
                "{'triggerType':'Recurrence','frequency':'Day','interval':0}",
                "{'triggerType':'Recurrence','frequency':'Day','interval':1,'schedule':{'hours':[24]}}",
                "{'triggerType':'Recurrence','frequency':'Week','interval':1,'schedule':{'weekDays':['Someday']}}",
                "{'triggerType':'Recurrence','frequency':'Day','interval':99999999999999999999}",
                "{'triggerType':'Recurrence','frequency':'Day','interval':1,'schedule':{'hours':[99999999999]}}",
                "{'triggerType':'Cron','expression':'* * * * *','startTime':'+12026-01-01T00:00:00'}",
                "{'triggerType':'Cron','expression':'* * * * *','startTime':'0000-01-01T00:00:00'}",
                "{'triggerType':'Cron','expression':'* * * * *','endTime':'+999999999-12-31T23:59:59Z'}"
            })
    void whatIsNotUnderstoodIsRefused(String trigger) {
        assertThatThrownBy(() -> read(trigger)).isInstanceOf(AzureException.class);
    }

    private static List<String> times(String trigger, int count) {
        List<String> times = new ArrayList<>();
        Optional<Instant> next = read(trigger).next(MADE);
        while (next.isPresent() && times.size() < count) {
            times.add(next.get().toString());
            next = read(trigger).next(next.get());
        }
        return times;
    }

    private static Trigger read(String trigger) {
        return TriggerReader.read(Json.parse(trigger.replace('\'', '"')), MADE);
    }
}
