// Holds what the library reads in a text against what kubectl, or istiod, reads.
import { documentsOf, expectedOf, hasNoObject, hasRefusedItems } from './expected';
import type { Crash, IstiodReading, KubectlReading, Manifests, MeshConfig, Problem } from './readers';
import { firstDifference, isObject, parsed, type ValueDifference } from './values';

/** `refused`: by us, with documented codes; `unsteady`: kubectl reads the text by chance. */
export const OUTCOMES = ['equal', 'both refuse', 'refused', 'unsteady', 'difference'] as const;

export type Outcome = typeof OUTCOMES[number];

export interface Verdict {
  readonly outcome: Outcome;
  /** Of a difference, which one. */
  readonly what?: string;
  readonly why?: string;
  /** With what we refuse. */
  readonly codes?: readonly string[];
}

/** What holds for a text. */
export interface Terms {
  /** The codes of what kubectl takes and we refuse. */
  readonly exotic: ReadonlySet<string>;
  /** Whether it has anything that may be refused so. */
  readonly mayRefuse: boolean;
  readonly isJson: boolean;
  /** Whether a mapping in it holds a key twice. */
  readonly isTwice: () => Promise<boolean>;
}

/** Codes of what kubectl reads, and then refuses: a document or item that is no object, a List that it can't take apart. */
const NO_OBJECT = 'ADMIT155';
const NO_ITEMS = 'ADMIT168';
const TWICE = 'ADMIT152';
/** kubectl finds a number of JSON to be too large when it looks for the object's kind. */
const TOO_LARGE = /cannot unmarshal number/;

/** Of the text of manifests. */
export async function manifestVerdict(ours: Manifests | Crash, theirs: KubectlReading, judge: Terms): Promise<Verdict> {
  if ('crash' in ours) return difference('we crash', ours.crash);
  const refusal = theirs.error ?? theirs.panic;
  const expected = expectedOf(theirs);
  const objects = expected.filter(isObject);
  if (ours.problems.length > 0 && theirs.documents?.some(({ error = '' }) => TOO_LARGE.test(error))) return { outcome: 'both refuse' };
  if (refusal !== undefined) return refusedByThem(ours, objects, refusal, judge);
  const bothRefuse = new Set([...hasNoObject(theirs) ? [NO_OBJECT] : [], ...hasRefusedItems(theirs) ? [NO_ITEMS] : []]);
  const problems = ours.problems.filter(({ code }) => !bothRefuse.has(code));
  if (problems.length > 0) return refusedByUs(ours, problems, theirs, judge);
  if (bothRefuse.has(NO_ITEMS) && !ours.problems.some(({ code }) => code === NO_ITEMS)) return difference('we read a List that is refused', theirs.documents?.find(({ error }) => error)?.error ?? '');
  const told = ours.problems.length > 0 ? [objects, objects.filter(hasName)] : [expected];
  const found = told.map((list) => firstDifference(ours.objects, list));
  const [first] = found;
  return first === undefined || found.includes(undefined) ? { outcome: 'equal' } : different(first);
}

/** What kubectl makes of an item that is null has nothing but what its List says. */
function hasName(object: object): boolean {
  return Object.keys(object).some((key) => key !== 'kind' && key !== 'apiVersion');
}

function different({ what, path }: ValueDifference): Verdict {
  return difference(what, path.join(' › '));
}

function difference(what: string, why: string, codes: readonly string[] = []): Verdict {
  return { outcome: 'difference', what, why, codes };
}

function refusedByThem({ objects, problems }: Manifests, expected: readonly unknown[], refusal: string, { exotic }: Terms): Verdict {
  if (problems.length === 0) return difference('we read what is refused', refusal);
  // What stands before the mistake is read, unless that is refused by us.
  const mayLack = problems.length > 1 || problems.some(({ code }) => exotic.has(code) || code === NO_OBJECT || code === NO_ITEMS);
  if (mayLack || isSubsequence(expected, objects)) return { outcome: 'both refuse' };
  return difference('other value', 'in a document before the one that both refuse');
}

async function refusedByUs({ objects }: Manifests, problems: readonly Problem[], theirs: KubectlReading, judge: Terms): Promise<Verdict> {
  const undocumented = await refusedWithoutReason(problems, judge);
  if (undocumented) return undocumented;
  // What follows a mistake in a stream of JSON can't be told apart.
  const most = judge.isJson ? Infinity : problems.length;
  const documents = documentsOf(theirs).map((list) => list.filter(isObject)).filter((list) => list.length > 0);
  if (!holdsAllBut(most, objects, documents)) return difference('other value', 'in a document beside the one that we refuse');
  return { outcome: 'refused', codes: problems.map(({ code }) => code) };
}

/** The first refusal without a reason; a text with a key that stands twice always has one, which takes long to find out. */
async function refusedWithoutReason(problems: readonly Problem[], judge: Terms): Promise<Verdict | undefined> {
  const found = unfounded(problems, judge);
  return found && judge.exotic.has(TWICE) && await judge.isTwice() ? undefined : found;
}

/** The first refusal that isn't documented, of a text that has nothing exotic, or for a key that stands twice, if none does. */
function unfounded(problems: readonly Problem[], { exotic, mayRefuse }: Terms): Verdict | undefined {
  for (const { code, actual } of problems) {
    const why = `${code} ${actual}`;
    if (!exotic.has(code)) return difference('we refuse', why, [code]);
    if (code === TWICE) return difference('we refuse a key that stands once', why, [code]);
    if (!mayRefuse) return difference('we refuse what isn\'t exotic', why, [code]);
  }
  return undefined;
}

/** Whether we have the objects of all documents but so many; a document that is left out may begin as the next one does. */
function holdsAllBut(most: number, objects: readonly unknown[], [document, ...rest]: readonly (readonly unknown[])[]): boolean {
  if (document === undefined) return objects.length === 0;
  const isNext = document.every((object, index) => firstDifference(objects[index], object) === undefined);
  return (isNext && holdsAllBut(most, objects.slice(document.length), rest)) || (most > 0 && holdsAllBut(most - 1, objects, rest));
}

function isSubsequence(list: readonly unknown[], within: readonly unknown[]): boolean {
  let next = 0;
  for (const item of within) if (next < list.length && firstDifference(item, list[next]) === undefined) next += 1;
  return next === list.length;
}

/** The same for the text of a mesh config. */
export async function meshConfigVerdict(ours: MeshConfig, theirs: IstiodReading, judge: Terms): Promise<Verdict> {
  const refusal = theirs.error ?? theirs.panic;
  if (refusal !== undefined) return ours.error === undefined ? difference('we read what is refused', refusal) : { outcome: 'both refuse' };
  if (ours.error !== undefined) {
    const problem = { code: ours.code ?? 'without code', actual: ours.error };
    return (await refusedWithoutReason([problem], judge)) ?? { outcome: 'refused', codes: [problem.code] };
  }
  const found = firstDifference(ours.value, parsed(theirs.value ?? ''));
  return found ? different(found) : { outcome: 'equal' };
}
