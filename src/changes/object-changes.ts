import { fieldText, FieldPath, valueText } from '../findings/finding';
import { numeral } from '../findings/numeral';
import { identityOf, ObjectIdentity, titleOf } from '../findings/object-identity';
import { redactedValue } from '../findings/redacted-value';
import { redacted } from '../findings/safe-text';
import { isMapping } from '../manifests/mapping';
import { Place } from '../manifests/source-text';
import { ObjectChange, objectOf, plain } from '../mesh/compare/object-changes';
import { ISTIO_KINDS } from '../mesh/inventory/kinds';

/** An object that differs, as a report tells of it. */
export interface ReportedObject {
  readonly change: 'added' | 'changed' | 'removed';
  readonly object: ObjectIdentity;
  /** Of a changed one, where its first field that differs is; of a removed one, where it was. */
  readonly place?: Place;
  /** The first fields that differ; of objects that are added or removed, those of Istio's kinds only. */
  readonly fields: readonly ReportedField[];
  /** How many more differ. */
  readonly more: number;
}

export interface ReportedField {
  readonly field: string;
  /** Undefined: it wasn't there. */
  readonly from?: string;
  /** Undefined: it isn't there any more. */
  readonly to?: string;
}

/** How many fields are told. */
const TOLD = 3;

/** Where a field of a manifest is written; undefined: in no file. */
export type PlaceOf = (manifest: object, field: FieldPath) => Place | undefined;

/** Tells of objects that differ, each once. */
export class ReportedObjects {
  private readonly known = new Map<ObjectChange, ReportedObject>();

  constructor(private readonly placeOf: PlaceOf = () => undefined) {}

  of(change: ObjectChange): ReportedObject {
    let reported = this.known.get(change);
    if (!reported) this.known.set(change, reported = this.reported(change));
    return reported;
  }

  private reported(change: ObjectChange): ReportedObject {
    const { before, after } = change;
    const object = objectOf(change);
    const ofOne = ISTIO_KINDS.has(object) ? specOf(change) : [];
    const fields = before && after ? differences(plain(before.source), plain(after.source)) : ofOne;
    const at = before && after && fields[0]?.field;
    return {
      change: before ? (after ? 'changed' : 'removed') : 'added',
      object: identityOf(object.source as Readonly<Record<string, unknown>>),
      place: this.placeOf(object.source, at || []),
      fields: fields.slice(0, TOLD).map(reportedField),
      more: Math.max(0, fields.length - TOLD),
    };
  }
}

function reportedField({ field, from, to }: Difference): ReportedField {
  const [former, latter] = differingLines(from, to);
  return { field: redacted(fieldText(redactedValue(field))), from: textOf(former), to: textOf(latter) };
}

/**
 * Of two texts of several lines, those from the first that differs to the last; a mesh config is one text. A key is cut out before: a part of
 * it might not be known for one.
 */
function differingLines(from: unknown, to: unknown): readonly [unknown, unknown] {
  if (typeof from !== 'string' || typeof to !== 'string' || !`${from}${to}`.includes('\n')) return [from, to];
  const [former, latter] = [redacted(from).split('\n'), redacted(to).split('\n')];
  const shorter = Math.min(former.length, latter.length);
  let first = 0;
  while (first < shorter && former[first] === latter[first]) first++;
  let alike = 0;
  while (alike < shorter - first && former[former.length - 1 - alike] === latter[latter.length - 1 - alike]) alike++;
  const differing = [former, latter].map((lines) => lines.slice(first, lines.length - alike).join('\n'));
  return differing[0] === differing[1] ? [from, to] : [differing[0], differing[1]];
}

interface Difference {
  readonly field: FieldPath;
  readonly from?: unknown;
  readonly to?: unknown;
}

function specOf({ before, after }: ObjectChange): readonly Difference[] {
  return differences(before ? { spec: before.spec } : {}, after ? { spec: after.spec } : {});
}

/** The fields that differ, those first which most often matter. */
function differences(from: unknown, to: unknown): readonly Difference[] {
  const found: Difference[] = [];
  collect(from, to, [], found);
  return found.sort((one, other) => rankOf(one) - rankOf(other));
}

/** Modes of TLS, then labels and annotations, by which proxies and policies come and go. */
const FIRST: readonly (readonly string[])[] = [['mtls', 'tls', 'portLevelMtls'], ['labels', 'annotations']];

function rankOf({ field }: Difference): number {
  const rank = FIRST.findIndex((names) => names.some((name) => field.includes(name) && !field.includes('subsets')));
  return rank < 0 ? FIRST.length : rank;
}

function collect(from: unknown, to: unknown, field: FieldPath, found: Difference[]): void {
  if (from === to) return;
  const keys = keysOf(from, to);
  if (!keys) {
    found.push({ field, from, to });
    return;
  }
  for (const key of keys) collect(valueIn(from, key), valueIn(to, key), [...field, key], found);
}

/** The keys of two mappings, or of two lists; of one beside nothing its own. Undefined: they are compared as a whole, as is nothing beside what is empty. */
function keysOf(from: unknown, to: unknown): readonly string[] | readonly number[] | undefined {
  const given = [from, to].filter((value) => value !== undefined);
  if (!given.every(Array.isArray) && !given.every(isMapping)) return undefined;
  const keys = new Set(given.flatMap((value) => Object.keys(value as object)));
  if (keys.size === 0 && given.length === 1) return undefined;
  return given.every(Array.isArray) ? [...keys].map(Number) : [...keys];
}

function valueIn(value: unknown, key: string | number): unknown {
  return value !== undefined && Object.hasOwn(value as object, key) ? (value as Record<string | number, unknown>)[key] : undefined;
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = redacted(valueText(value, LONGEST));
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** How much of a value is told. */
const LONGEST = 60;

const SIGNS: Readonly<Record<ReportedObject['change'], string>> = { added: '+', changed: '~', removed: '-' };

/** `~ DestinationRule shop/ratings`. */
export function changedText({ change, object }: ReportedObject): string {
  return `${SIGNS[change]} ${titleOf(object)}`;
}

/** The first of many, and how many more. */
export function firstTexts(texts: readonly string[], most: number): string {
  return [...texts.slice(0, most), ...texts.length > most ? [`${numeral(texts.length - most)} more`] : []].join(', ');
}
