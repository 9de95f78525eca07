import { ExpectationDemand, Exception, Expectation, nounOf, selectionText } from './expectation';
import { Failure, Unmet, ExpectationVerdict, ExpectationWitness } from './verdict';
import { conditionText } from '../findings/condition';
import { meaningOf } from '../mesh/calls/undecided-meanings';
import { compareTexts } from '../mesh/inventory/object';
import { UndecidedReason } from '../mesh/model/transport';
import { workloadText } from '../mesh/queries/connection-text';
import { tracedBecauseText, tracedText } from '../mesh/queries/traced-text';

/** Why an expectation isn't met, in a sentence. */
export function failureText(failure: Failure, verdict: ExpectationVerdict): string {
  const { actual, fix } = failureParts(failure, verdict);
  return fix === undefined ? actual : `${actual}. Fix: ${fix}`;
}

/** What is wrong, and how to fix it if the expectation itself is at fault. */
export function failureParts(failure: Failure, verdict: ExpectationVerdict): { readonly actual: string; readonly fix?: string } {
  const { expectation } = verdict;
  switch (failure.kind) {
    case 'conditional': {
      const { actual, fix } = failureParts(failure.failure, { ...verdict, count: failure.count });
      return { actual: `${actual} ${conditionText(failure.if)}`, fix };
    }
    case 'unmatched': return {
      actual: `${failure.exception ? `${exceptionText(failure.exception, expectation)} ` : ''}${failure.actual}`, fix: failure.fix,
    };
    case 'ended': return {
      actual: `${exceptionText(failure.exception, expectation)} has expired`,
      fix: 'fix what it excludes and delete it, or write a later date',
    };
    case 'unmet': return { actual: unmetText(failure, verdict) };
    default: return {
      actual: `${shareText(failure.count, verdict)} ${failure.count === 1 ? 'is' : 'are'} undecided: ${reasonsText(failure.reasons)}`,
    };
  }
}

/** `except[0] (to shop/metrics:9090: scraped, until 2027-06-30)`. */
function exceptionText(exception: Exception, { except }: Expectation): string {
  const { reason, until } = exception;
  return `except[${except.indexOf(exception)}] (${selectionText(exception)}: ${reason}${until ? `, until ${until}` : ''})`;
}

/** `3 of 12 connections are plaintext`, `3 of 12 ports: 2 PERMISSIVE, 1 NO_PROXY`. */
function unmetText({ count, counts }: Unmet, verdict: ExpectationVerdict): string {
  const words = Object.keys(counts);
  if (words.length > 1) return `${shareText(count, verdict)}: ${countsText(counts)}`;
  return `${shareText(count, verdict)} ${actualText(verdict.expectation.demand, words[0], count)}`;
}

function actualText({ word }: ExpectationDemand, actual: string, count: number): string {
  if (word !== 'accepts') return `${count === 1 ? 'is' : 'are'} ${actual}`;
  return actual === 'NO_PROXY' ? `${count === 1 ? 'has' : 'have'} no proxy` : `${count === 1 ? 'accepts' : 'accept'} ${actual}`;
}

/** `3 of 12 connections`. */
function shareText(count: number, { count: all, expectation: { demand } }: ExpectationVerdict): string {
  return `${count} of ${all} ${nounOf(demand)}${all === 1 ? '' : 's'}`;
}

/** `nothing in the manifests serves the port (no-endpoints)`, or several reasons with their counts. */
function reasonsText(counts: Readonly<Partial<Record<UndecidedReason, number>>>): string {
  const all = mostFirst(counts).map(([reason, count]) => ({ count, text: `${meaningOf(reason)} (${reason})` }));
  return all.length === 1 ? all[0].text : all.map(({ count, text }) => `${count}: ${text}`).join('; ');
}

/** A single word, or several with their counts. */
function countsText(counts: Readonly<Partial<Record<string, number>>>): string {
  const all = mostFirst(counts);
  return all.length === 1 ? all[0][0] : all.map(([word, count]) => `${count} ${word}`).join(', ');
}

function mostFirst<Word extends string>(counts: Readonly<Partial<Record<Word, number>>>): readonly (readonly [Word, number])[] {
  const all = Object.entries(counts) as [Word, number][];
  return all.sort(([one, count], [other, another]) => another - count || compareTexts(one, other));
}

/** `shop/web → shop/ratings:9080, server shop/ratings:9080`; `port 9080 of shop/ratings`. */
export function witnessName(witness: ExpectationWitness): string {
  if ('connection' in witness) return tracedText(witness.connection, witness.calls);
  return `${witness.port === undefined ? 'unnamed ports' : `port ${witness.port}`} of ${workloadText(witness.server)}`;
}

/** The outcome of a connection, or the mode of a port, and why. */
export function witnessOutcome(witness: ExpectationWitness): { readonly is: string; readonly because: string } {
  if (!('connection' in witness)) return { is: witness.undecidedBecause ? 'undecided' : witness.mode, because: tracedBecauseText(witness) };
  const { transport } = witness.connection;
  return { is: transport.outcome, because: tracedBecauseText(transport) };
}
