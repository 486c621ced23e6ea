package dev.malachite.server.trigger;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Every so many minutes, hours, days, weeks or months from a time on, at certain hours and minutes of certain days. What
 * the pattern leaves open is that of the start. Minutes and hours count as they pass, everything else by the wall clock.
 * Source: Microsoft's "Schedule machine learning pipeline jobs", recurrence pattern.
 *
 * @param anchor when counting begins
 */
record Recurrence(Frequency frequency, int interval, Pattern pattern, ZonedDateTime anchor, Window window)
        implements Trigger {

    /** A month has no day 31 for at most two months in a row; a 29 February may be eight years away. */
    private static final int MAX_EMPTY = 12 * 9;

    enum Frequency {
        MINUTE,
        HOUR,
        DAY,
        WEEK,
        MONTH
    }

    /** What of a day, a week or a month is meant; empty for what the start says. */
    record Pattern(
            Collection<Integer> hours,
            Collection<Integer> minutes,
            Collection<DayOfWeek> weekDays,
            Collection<Integer> monthDays) {

        boolean isEmpty() {
            return hours.isEmpty() && minutes.isEmpty() && weekDays.isEmpty() && monthDays.isEmpty();
        }
    }

    @Override
    public Optional<Instant> next(Instant instant) {
        Instant after = window.after(instant);
        return window.within(
                switch (frequency) {
                    case MINUTE -> Optional.of(passing(Duration.ofMinutes(interval), after));
                    case HOUR -> Optional.of(passing(Duration.ofHours(interval), after));
                    case DAY, WEEK, MONTH -> ofDays(after);
                });
    }

    private ZonedDateTime passing(Duration step, Instant after) {
        Duration past = Duration.between(anchor.toInstant(), after);
        long steps = past.isNegative() ? 0 : past.dividedBy(step) + 1;
        return anchor.plus(step.multipliedBy(steps));
    }

    private Optional<ZonedDateTime> ofDays(Instant after) {
        LocalDate now = after.atZone(window.zone()).toLocalDate();
        long period = Math.max(0, periods(now) - 1);
        for (int tried = 0; tried < MAX_EMPTY; tried++, period++) {
            Optional<ZonedDateTime> found = days(period)
                    .flatMap(
                            day -> times().stream().map(time -> day.atTime(time).atZone(window.zone())))
                    .filter(time -> time.toInstant().isAfter(after) && !time.isBefore(anchor))
                    .findFirst();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** How many whole intervals lie between the start and that day. */
    private long periods(LocalDate day) {
        LocalDate start = anchor.toLocalDate();
        return switch (frequency) {
                    case MONTH -> ChronoUnit.MONTHS.between(YearMonth.from(start), YearMonth.from(day));
                    case WEEK -> ChronoUnit.WEEKS.between(monday(start), monday(day));
                    case MINUTE, HOUR, DAY -> ChronoUnit.DAYS.between(start, day);
                }
                / interval;
    }

    /** The days of a period, in order. */
    private Stream<LocalDate> days(long period) {
        LocalDate start = anchor.toLocalDate();
        long step = period * interval;
        return switch (frequency) {
            case MONTH -> {
                YearMonth month = YearMonth.from(start).plusMonths(step);
                yield sorted(pattern.monthDays(), start.getDayOfMonth()).stream()
                        .filter(month::isValidDay)
                        .map(month::atDay);
            }
            case WEEK -> {
                LocalDate monday = monday(start).plusWeeks(step);
                yield sorted(pattern.weekDays(), start.getDayOfWeek()).stream()
                        .map(day -> monday.plusDays(day.getValue() - 1L));
            }
            case MINUTE, HOUR, DAY -> Stream.of(start.plusDays(step));
        };
    }

    private List<LocalTime> times() {
        SortedSet<Integer> minutes = sorted(pattern.minutes(), pattern.hours().isEmpty() ? anchor.getMinute() : 0);
        return sorted(pattern.hours(), anchor.getHour()).stream()
                .flatMap(hour -> minutes.stream()
                        .map(minute ->
                                LocalTime.of(hour, minute).plusSeconds(pattern.isEmpty() ? anchor.getSecond() : 0)))
                .toList();
    }

    private static LocalDate monday(LocalDate day) {
        return day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    }

    private static <T extends Comparable<T>> SortedSet<T> sorted(Collection<T> given, T otherwise) {
        return new TreeSet<>(given.isEmpty() ? List.of(otherwise) : given);
    }
}
