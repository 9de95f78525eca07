// Holds what the library reads in a text against what kubectl, or istiod, reads.
import { expectedOf } from './expected.mjs';
import { firstDifference, parsed } from './values.mjs';

/** A code that says that a document or item is no object: kubectl reads it, and then refuses it. */
const NO_OBJECT = 'ADMIT155';
const TWICE = 'ADMIT152';

/**
 * `{ outcome, what?, why?, codes }`. The outcome is 'equal', 'both refuse', 'refused' (by us, with documented codes) or
 * 'difference'; then `what` says which.
 * @param judge `{ exotic: Set of codes, mayRefuse, isTwice: async () => boolean }` for this text
 */
export async function manifestVerdict(ours, theirs, judge) {
  if (ours.crash) return difference('we crash', ours.crash);
  const refusal = theirs.error ?? theirs.panic;
  const { lists, hasOther } = expectedOf(theirs);
  const problems = ours.problems.filter(({ code }) => !(hasOther && code === NO_OBJECT));
  if (refusal !== undefined) return refusedByThem(ours, lists, refusal);
  if (hasOther && problems.length === ours.problems.length) return difference('content unseen', 'a document or item that is no object');
  if (problems.length > 0) return refusedByUs(ours, problems, lists, judge);
  const found = lists.map((list) => firstDifference(ours.objects, list));
  return found.includes(undefined) ? { outcome: 'equal' } : difference(found[0].what, found[0].path.join(' › '));
}

function difference(what, why, codes = []) {
  return { outcome: 'difference', what, why, codes };
}

function refusedByThem({ objects, problems }, lists, refusal) {
  if (problems.length === 0) return difference('we read what is refused', refusal);
  // What stands before the mistake is read; if more is refused by us, some of it may be missing.
  if (problems.length > 1 || lists.some((list) => isSubsequence(list, objects))) return { outcome: 'both refuse' };
  return difference('other value', 'in a document before the one that both refuse');
}

async function refusedByUs({ objects }, problems, lists, judge) {
  const undocumented = await refusedWithoutReason(problems, judge);
  if (undocumented) return undocumented;
  if (!lists.some((list) => isSubsequence(objects, list))) return difference('other value', 'in a document beside the one that we refuse');
  return { outcome: 'refused', codes: problems.map(({ code }) => code) };
}

/** The first refusal that isn't documented, or of a text that has nothing exotic; a key that stands twice always may be. */
async function refusedWithoutReason(problems, { exotic, mayRefuse, isTwice }) {
  for (const { code, actual } of problems) {
    const why = `${code} ${actual}`;
    if (!exotic.has(code)) return difference('we refuse', why, [code]);
    if (code === TWICE && !(await isTwice())) return difference('we refuse a key that stands once', why, [code]);
    if (code !== TWICE && !mayRefuse) return difference('we refuse what isn\'t exotic', why, [code]);
  }
  return undefined;
}

function isSubsequence(list, within) {
  let next = 0;
  for (const item of within) if (next < list.length && firstDifference(list[next], item) === undefined) next += 1;
  return next === list.length;
}

/** The same for the text of a mesh config. */
export async function meshConfigVerdict(ours, theirs, judge) {
  const refusal = theirs.error ?? theirs.panic;
  if (refusal !== undefined) return ours.error === undefined ? difference('we read what is refused', refusal) : { outcome: 'both refuse' };
  if (ours.error !== undefined) {
    const problem = { code: ours.code ?? 'without code', actual: ours.error };
    return (await refusedWithoutReason([problem], judge)) ?? { outcome: 'refused', codes: [ours.code] };
  }
  const found = firstDifference(ours.value, parsed(theirs.value));
  return found ? difference(found.what, found.path.join(' › ')) : { outcome: 'equal' };
}
