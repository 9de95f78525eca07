import { CalendarDate, calendarDateOf, isCalendarDate } from '../findings/calendar-date';
import { refusal } from '../findings/refusal';
import { shown } from '../findings/shown';

/**
 * The day on which acknowledgements are held to their last one: today unless told.
 *
 * @param kind who is told
 * @throws if what is told is no day
 */
export function judgementDay(date: unknown, kind: string): CalendarDate {
  if (date === undefined) return calendarDateOf(new Date());
  if (typeof date === 'string' && isCalendarDate(date)) return date;
  throw refusal({
    code: 'MTLS096', kind, field: 'date', actual: shown(date), expected: 'a day such as 2027-03-31', fix: 'write it as YYYY-MM-DD, in quotes, or leave it out',
  });
}
