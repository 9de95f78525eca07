import { fieldText, FieldPath, valueText } from '../findings/finding';
import { numeral } from '../findings/numeral';
import { objectIdentity, ObjectIdentity, titleOf } from '../findings/object-identity';
import { redactedValue } from '../findings/redacted-value';
import { redacted } from '../findings/safe-text';
import { isMapping } from '../manifests/mapping';
import { Place } from '../manifests/source-text';
import { ComparedObject, objectOf, plain } from '../mesh/compare/object-changes';
import { ISTIO_KINDS } from '../mesh/inventory/kinds';

/** An object that differs, with the position of the difference. */
export interface ObjectDifference {
  readonly change: 'added' | 'changed' | 'removed';
  readonly object: ObjectIdentity;
  /** The file with the object's first field that differs; of a removed object, the one that it was in. Missing if it is in none. */
  readonly file?: string;
  /** @minimum 1 */
  readonly line?: number;
  /** @minimum 1 */
  readonly column?: number;
  /** The first fields that differ. For added and removed objects, only if they are of Istio's kinds. */
  readonly fields: readonly FieldDifference[];
  /** How many more fields differ. */
  readonly moreFields: number;
}

/** A field that differs. */
export interface FieldDifference {
  /** The field, as Kubernetes writes it: `spec.mtls.mode`. */
  readonly field: string;
  /** The value before, at most 60 characters; of what may be a key, only the beginning. Missing if the field was absent. */
  readonly from?: string;
  /** The value after. Missing if the field is absent. */
  readonly to?: string;
}

/** How many fields of an object are listed. */
const SHOWN_FIELDS = 3;

/** Where something is written; without a position if its source is rendered. */
export type SourcePlace = Pick<Place, 'file'> & Partial<Place>;

/** Where a field of a manifest is written; undefined: in no file. */
export type PlaceOf = (manifest: object, field: FieldPath) => SourcePlace | undefined;

/** The fields of reports that locate something in a file; none if it is in no file. */
export function placeFields(place: SourcePlace | undefined): Pick<ObjectDifference, 'file' | 'line' | 'column'> {
  return place ? { file: place.file, line: place.position?.line, column: place.position?.column } : {};
}

/** The objects that differ as reports show them, each computed once. */
export class ReportedObjects {
  private readonly known = new Map<ComparedObject, ObjectDifference>();

  constructor(private readonly placeOf: PlaceOf = () => undefined) {}

  of(change: ComparedObject): ObjectDifference {
    let reported = this.known.get(change);
    if (!reported) this.known.set(change, reported = this.reported(change));
    return reported;
  }

  private reported(change: ComparedObject): ObjectDifference {
    const { before, after } = change;
    const object = objectOf(change);
    const ofOne = ISTIO_KINDS.has(object) ? specOf(change) : [];
    const fields = before && after ? differences(plain(before.source), plain(after.source)) : ofOne;
    const at = before && after && fields[0]?.field;
    return {
      change: before ? (after ? 'changed' : 'removed') : 'added',
      object: objectIdentity(object.source as Readonly<Record<string, unknown>>),
      ...placeFields(this.placeOf(object.source, at || [])),
      fields: fields.slice(0, SHOWN_FIELDS).map(fieldDifference),
      moreFields: Math.max(0, fields.length - SHOWN_FIELDS),
    };
  }
}

function fieldDifference({ field, from, to }: Difference): FieldDifference {
  const [former, latter] = differingLines(from, to);
  return { field: redacted(fieldText(redactedValue(field))), from: textOf(former), to: textOf(latter) };
}

/**
 * Of two texts of several lines, those from the first that differs to the last; a mesh config is one text. Keys are redacted first,
 * since a part of a key may not be recognized.
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

function specOf({ before, after }: ComparedObject): readonly Difference[] {
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

/**
 * The keys of two mappings or of two lists; if one is absent, those of the other. Undefined: both are compared as a whole, as is an
 * absent value with an empty one.
 */
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

/** How many characters of a value are shown. */
const LONGEST = 60;

const SIGNS: Readonly<Record<ObjectDifference['change'], string>> = { added: '+', changed: '~', removed: '-' };

/** `~ DestinationRule shop/ratings`. */
export function changedText({ change, object }: ObjectDifference): string {
  return `${SIGNS[change]} ${titleOf(object)}`;
}

/** The first of many, and how many more. */
export function firstTexts(texts: readonly string[], most: number): string {
  return [...texts.slice(0, most), ...texts.length > most ? [`${numeral(texts.length - most)} more`] : []].join(', ');
}
