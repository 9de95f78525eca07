import { element } from './dom';
import { Counts, Outcome, OUTCOMES, sum } from './traffic';
import { numeral } from './words';
import type { BranchesData } from '../src/report/data';

/** What each outcome means, as `check` has it. */
const MEANINGS: Readonly<Record<Outcome, string>> = {
  mtls: 'mutual TLS between the proxies',
  tls: 'TLS that ends at the server\'s application, if it uses TLS',
  plaintext: 'readable and modifiable in transit',
  broken: 'the call fails',
  undecided: 'unknown from these manifests',
};

/** Told apart by more than their colours. */
const SIGNS: Readonly<Record<Outcome, string>> = { mtls: '✓', tls: '◐', plaintext: '!', broken: '✕', undecided: '?' };

export function sign(outcome: number): string {
  return SIGNS[OUTCOMES[outcome]];
}

/** An outcome by its sign and its word. */
export function badge(outcome: number): HTMLElement {
  return element('span', { class: `badge ${OUTCOMES[outcome]}` }, element('span', { 'aria-hidden': 'true' }, sign(outcome)), ` ${OUTCOMES[outcome]}`);
}

/** `✓ mtls if shop has sidecars, else ! plaintext`: an outcome in each case. */
export function branchesBadges(branches: BranchesData): HTMLElement {
  const last = branches.length - 1;
  return element('span', { class: 'branches' }, ...branches.flatMap(([outcome, condition], index) => {
    const named = outcome < 0 ? 'not called' : badge(outcome);
    return index === last ? [condition === '' ? '' : `${condition} `, named] : [named, ` ${condition}, `];
  }));
}

/** `12 mtls, 3 plaintext`. */
export function countsText(counts: Counts): string {
  return OUTCOMES.flatMap((outcome, index) => (counts[index] > 0 ? [`${numeral(counts[index])} ${outcome}`] : [])).join(', ') || 'none';
}

/** The parts of the outcomes as a bar. */
export function bar(counts: Counts): HTMLElement {
  const total = sum(counts);
  const parts = OUTCOMES.flatMap((outcome, index) => {
    if (counts[index] === 0) return [];
    const part = element('span', { class: outcome, title: `${numeral(counts[index])} ${outcome}` });
    part.style.flexGrow = String(counts[index] / total);
    return [part];
  });
  return element('span', { 'class': 'bar', 'role': 'img', 'aria-label': countsText(counts) }, ...parts);
}

/** Which colours and signs stand for what. */
export function legend(): HTMLElement {
  return element('ul', { class: 'legend' }, ...OUTCOMES.map((outcome, index) => element('li', {}, badge(index), ` ${MEANINGS[outcome]}`)));
}

/** The outcomes as options of a choice. */
export function outcomeOptions(): readonly (readonly [string, string])[] {
  return [['', 'all'], ...OUTCOMES.map((outcome) => [outcome, outcome] as const)];
}
