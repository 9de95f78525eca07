import { refusal } from './refusal';
import { shown } from './safe-text';

/** Somebody knows of a finding, and says why it stays. */
export interface Acknowledgement {
  /** Of findings with this code. */
  readonly code: string;
  /** Of this object only; what isn't said may be anything. */
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly reason: string;
  /** Who answers for it: a team, a person. */
  readonly owner?: string;
  /** The last day on which it counts. */
  readonly expires?: CalendarDate;
}

/** The annotation by which an object acknowledges its findings, before the code: its value is the reason. */
export const ACKNOWLEDGE_PREFIX = 'acknowledge.istio-mtls/';

/** What an annotation `acknowledge.istio-mtls/MTLS103.owner` adds to the one of the same code. */
export const ACKNOWLEDGE_DETAILS = ['owner', 'expires'] as const;

/** Whether an acknowledgement speaks of findings with a code of an object. */
export function speaksOf(acknowledgement: Acknowledgement, code: string, object: Pick<Required<Acknowledgement>, 'kind' | 'namespace' | 'name'>): boolean {
  const { kind = object.kind, namespace = object.namespace, name = object.name } = acknowledgement;
  return acknowledgement.code === code && kind === object.kind && namespace === object.namespace && name === object.name;
}

/** Whether it says all that it must: a reason, and no other than a real day on which it ends. */
export function isComplete({ reason, expires }: Acknowledgement): boolean {
  return reason.trim() !== '' && (expires === undefined || isCalendarDate(expires));
}

/** Whether its last day is over. */
export function isExpired({ expires }: Acknowledgement, today: CalendarDate): boolean {
  return expires !== undefined && expires < today;
}

/** `MTLS101 DestinationRule shop/ratings`, with `*` for any, as `--acknowledge` has it. */
export function acknowledgementText({ code, kind, namespace, name }: Acknowledgement): string {
  if (kind === undefined && namespace === undefined && name === undefined) return code;
  return `${code} ${kind ?? '*'} ${namespace ? `${namespace}/` : ''}${name ?? '*'}`;
}

/** `goes in March (owner: shop-team, until 2027-03-31)`: the reason, with who answers for it and how long. */
export function reasonText({ reason, owner, expires }: Pick<Acknowledgement, 'reason' | 'owner' | 'expires'>): string {
  const details = [owner && `owner: ${owner}`, expires && `until ${expires}`].filter(Boolean).join(', ');
  return details === '' ? reason : `${reason} (${details})`;
}

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
