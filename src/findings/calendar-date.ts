import { refusal } from './refusal';
import { shown } from './shown';

/** `YYYY-MM-DD`, which sorts as a text. */
export type CalendarDate = string;

/** Whether a text is a day that the calendar has: `2027-02-30` is none. */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && calendarDateOf(new Date(time)) === text;
}

/** The day in UTC, so that a pipeline's time zone changes no verdict. */
export function calendarDateOf(date: Date): CalendarDate {
  return date.toISOString().slice(0, 10);
}

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
