import { withAlternativesOnce } from './alternatives';
import { Report, ReportedFinding } from './report';
import { numeral } from '../../findings/numeral';
import { grouped } from '../../mesh/collections';
import { Unreadable } from '../input/read-text';

/**
 * A report that merges repeated findings: folders with the same objects, reminders such as those about
 * EnvoyFilters, and templates. A merged finding worse than an info states how many it stands for.
 */
export function condensed<R extends Report>(report: R): R {
  const { findings, reading } = report;
  const unreadable = templatesOnce(reading.unreadable);
  return { ...report, findings: remindersOnce(withAlternativesOnce(findings)), reading: { ...reading, unreadable } };
}

/**
 * Infos that repeat the same text for every object of a kind: an IstioOperator, a
 * DENY rule with HTTP attributes, an EnvoyFilter, a deprecated annotation.
 */
const REMINDERS: ReadonlySet<string> = new Set(['ADMIT109', 'ADMIT468', 'ADMIT478', 'ADMIT533']);

function remindersOnce(findings: readonly ReportedFinding[]): readonly ReportedFinding[] {
  const reminders = findings.filter(({ code, severity }) => severity === 'info' && REMINDERS.has(code));
  const groups = grouped(reminders, ({ code, actual, fix }) => JSON.stringify([code, actual, fix]));
  const first = new Map([...groups.values()].map((group) => [group[0], group] as const));
  const isReminder = new Set(reminders);
  return findings.flatMap((finding) => {
    const group = first.get(finding);
    if (!group) return isReminder.has(finding) ? [] : [finding];
    return [group.length === 1 ? finding : {
      ...finding, actual: `${finding.actual}, as in ${others(group.length - 1, 'object')}`, alike: group.length,
    }];
  });
}

/** How many template files are listed one by one. */
const TOLD = 3;

/** Merges unreadable templates into one entry with their number: the fix is the same for each. */
function templatesOnce(unreadable: readonly Unreadable[]): readonly Unreadable[] {
  const groups = grouped(unreadable.filter(({ code }) => code === 'ADMIT158'), ({ fix }) => fix);
  const many = [...groups.values()].filter((group) => group.length > TOLD);
  const hidden = new Set(many.flatMap((group) => group.slice(1)));
  const first = new Map(many.map((group) => [group[0], group.length] as const));
  return unreadable.filter((problem) => !hidden.has(problem)).map((problem) => {
    const count = first.get(problem);
    return count === undefined ? problem : {
      ...problem, actual: `${problem.actual}, and the like in ${others(count - 1, 'file')} (--all lists them)`,
    };
  });
}

function others(count: number, noun: string): string {
  return count === 1 ? `another ${noun}` : `${numeral(count)} other ${noun}s`;
}
