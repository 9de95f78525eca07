import { calendarDateOf, isCalendarDate } from '../../src/findings/acknowledgement';

test.each(['2027-03-31', '2024-02-29', '0001-01-01'])('accepts %s as a date', (text) => {
  expect(isCalendarDate(text)).toBe(true);
});

test.each(['2027-02-29', '2027-13-01', '2027-00-10', '2027-3-1', '20270301', '2027-03-01T00:00:00Z', ' 2027-03-01', '+12027-03-01', '', 'today'])('refuses \'%s\' as a date', (text) => {
  expect(isCalendarDate(text)).toBe(false);
});

test('today is the date in UTC', () => {
  expect(calendarDateOf(new Date('2026-12-31T23:30:00-01:00'))).toBe('2027-01-01');
});
