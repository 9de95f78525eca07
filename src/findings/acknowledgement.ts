import { refusal } from './refusal';
import { shown } from './safe-text';

/** Somebody knows about a finding, and says why it stays. */
export interface StatedAcknowledgement {
  /** The code of the findings. */
  readonly code: string;
  /** The object; an omitted field matches any. */
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly reason: string;
  /** Who is responsible: a team or a person. */
  readonly owner?: string;
  /** The last day on which it applies. */
  readonly expires?: CalendarDate;
}

/** The prefix, before the code, of the annotation with which an object acknowledges its findings; its value is the reason. */
export const ACKNOWLEDGE_PREFIX = 'acknowledge.istio-mtls/';

/** What an annotation `acknowledge.istio-mtls/MTLS103.owner` adds to the one for the same code. */
export const ACKNOWLEDGE_DETAILS = ['owner', 'expires'] as const;

/** The codes of warnings that a synth gives of an app's declared calls: manifests alone don't show them. */
export const CALL_WARNINGS: readonly string[] = ['API857', 'API858', 'API859', 'API860'];

/** Whether an acknowledgement is about findings of an object with a code. */
export function speaksOf(
  acknowledgement: StatedAcknowledgement, code: string, object: Pick<Required<StatedAcknowledgement>, 'kind' | 'namespace' | 'name'>,
): boolean {
  const { kind = object.kind, namespace = object.namespace, name = object.name } = acknowledgement;
  return acknowledgement.code === code && kind === object.kind && namespace === object.namespace && name === object.name;
}

/** Whether it is complete: it has a reason and, if it expires, a valid date. */
export function isComplete({ reason, expires }: StatedAcknowledgement): boolean {
  return reason.trim() !== '' && (expires === undefined || isCalendarDate(expires));
}

/** Whether it has expired. */
export function isExpired({ expires }: StatedAcknowledgement, today: CalendarDate): boolean {
  return expires !== undefined && expires < today;
}

/** `MTLS101 DestinationRule shop/ratings`, with `*` for any, as in `--acknowledge`. */
export function acknowledgementText({ code, kind, namespace, name }: StatedAcknowledgement): string {
  if (kind === undefined && namespace === undefined && name === undefined) return code;
  return `${code} ${kind ?? '*'} ${namespace ? `${namespace}/` : ''}${name ?? '*'}`;
}

/** `goes in March (owner: shop-team, until 2027-03-31)`: the reason, the owner and the last day. */
export function reasonText({ reason, owner, expires }: Pick<StatedAcknowledgement, 'reason' | 'owner' | 'expires'>): string {
  const details = [owner && `owner: ${owner}`, expires && `until ${expires}`].filter(Boolean).join(', ');
  return details === '' ? reason : `${reason} (${details})`;
}

/** `YYYY-MM-DD`, which sorts as text. */
export type CalendarDate = string;

/** Whether a text is a valid calendar date: `2027-02-30` isn't. */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && calendarDateOf(new Date(time)) === text;
}

/** The day in UTC, so that a pipeline's time zone changes no result. */
export function calendarDateOf(date: Date): CalendarDate {
  return date.toISOString().slice(0, 10);
}

/**
 * The day by which acknowledgements expire: today by default.
 *
 * @param kind whose `date` is given
 * @throws if the given date isn't valid
 */
export function judgementDay(date: unknown, kind: string): CalendarDate {
  if (date === undefined) return calendarDateOf(new Date());
  if (typeof date === 'string' && isCalendarDate(date)) return date;
  throw refusal({
    code: 'API096',
    kind,
    field: 'date',
    actual: shown(date),
    expected: 'a day such as 2027-03-31',
    fix: 'write it as YYYY-MM-DD, in quotes, or leave it out',
  });
}
