import type { FindingData, ReportData } from '../../src/report/data';
import type { Context, Section } from '../context';
import { Child, element, stepwise } from '../dom';
import { matches, State } from '../state';
import { namespaceOptions } from './calls';
import { list } from './overview';
import { counted, foundText, numeral } from '../words';

/** Findings of one status, as they are listed. */
interface Group {
  readonly status: string;
  readonly title?: string;
  readonly noun: string;
  readonly findings: readonly FindingData[];
  /** What is told below each. */
  readonly notes: ReadonlyMap<FindingData, string>;
}

export const findings: Section = {
  id: 'findings',
  title: 'Findings',
  about: 'Rejected objects, broken or unencrypted connections and configuration with unexpected effects, each with a fix. To learn more about a code, run istio-mtls rules CODE.',
  noun: 'finding',
  reads: ['search', 'severity', 'status', 'code', 'namespace'],
  controls: (context) => [
    ...statusChoice(context),
    context.choice('severity', 'Severity', [['', 'all'], ['error', 'error'], ['warning', 'warning'], ['info', 'info']]),
    context.choice('code', 'Code', [['', 'all'], ...codes(groupsOf(context.data).flatMap((group) => group.findings)).map(([code, count, title]) => [code, `${code} (${numeral(count)}) ${title}`] as const)]),
    context.choice('namespace', 'Namespace', namespaceOptions(context)),
  ],
  draw: ({ data, state }, tell) => {
    const groups = groupsOf(data).map((group) => ({ group, wanted: group.findings.filter((finding) => isWanted(finding, group.status, state)) }));
    const told = groups.filter(({ group }) => group.status === 'open' || group.findings.length > 0);
    tell(told.map(({ group, wanted }) => foundText(wanted.length, group.findings.length, group.noun)).join(' '), groups.reduce((sum, { wanted }) => sum + wanted.length, 0));
    return [
      ...groups.flatMap(({ group, wanted }) => drawnGroup(group, wanted)),
      ...staleEntries(data),
    ];
  },
};

/** A choice between findings that count and those that somebody knows of, where there are such. */
function statusChoice(context: Context): readonly HTMLElement[] {
  const { baseline, acknowledged } = context.data;
  if (!baseline && acknowledged.length === 0) return [];
  const known: readonly (readonly [string, string])[] = baseline ? [['known', 'known, in the baseline']] : [];
  return [context.choice('status', 'Status', [['', 'all'], ['open', 'open'], ...known, ['acknowledged', 'acknowledged']])];
}

function groupsOf({ findings: open, known, acknowledged, baseline }: ReportData): readonly Group[] {
  return [
    { status: 'open', noun: 'finding', findings: open, notes: new Map(open.flatMap((finding) => (finding.grown === undefined ? [] : [[finding, `Reported again: ${finding.grown}.`]]))) },
    { status: 'known', title: 'Known', noun: 'known finding', findings: known, notes: new Map(known.map((finding) => [finding, `Known: in ${baseline?.path}${finding.reason === '' ? '' : `: ${finding.reason}`}`])) },
    { status: 'acknowledged', title: 'Acknowledged', noun: 'acknowledged finding', findings: acknowledged, notes: new Map(acknowledged.map((finding) => [finding, `Acknowledged: ${finding.acknowledgement}`])) },
  ];
}

function isWanted(finding: FindingData, is: string, { search, severity, status, code, namespace }: State): boolean {
  return (status === '' || status === is) && (severity === '' || finding.severity === severity) && (code === '' || finding.code === code)
    && (namespace === '' || (finding.namespace || '(no namespace)') === namespace)
    && (search === '' || matches(search, finding.code, finding.title, finding.object, finding.place, finding.field, finding.actual, finding.fix, finding.condition ?? ''));
}

function drawnGroup({ title, noun, status, notes }: Group, wanted: readonly FindingData[]): readonly Node[] {
  if (wanted.length === 0) return [];
  const sorted = [...wanted].sort((left, right) => rank(left) - rank(right));
  return [
    ...title === undefined ? [] : [element('h3', { class: 'group' }, title)],
    stepwise(sorted, noun, (shown) => element('ol', { class: 'findings' }, ...shown.map((finding) => {
      const note = notes.get(finding);
      return element('li', { class: status === 'open' ? finding.severity : status }, ...drawn(finding, status), ...note === undefined ? [] : [element('p', { class: 'note' }, note)]);
    }))),
  ];
}

/** What the baseline has too much of. */
function staleEntries({ baseline }: ReportData): readonly Node[] {
  if (!baseline || baseline.stale.length === 0) return [];
  const { path, stale } = baseline;
  const [entries, match, them] = stale.length === 1 ? ['1 entry', 'matches', 'it'] : [`${numeral(stale.length)} entries`, 'match', 'them'];
  return [
    element('h3', { class: 'group' }, 'Baseline entries without a finding'),
    element('p', { class: 'aside' }, `${entries} of ${path} ${match} no finding anymore. istio-mtls check --write-baseline drops ${them}.`),
    stepwise(stale, 'line', list),
  ];
}

/** Each code with its number, and its title; the most frequent first. */
function codes(found: readonly FindingData[]): readonly (readonly [code: string, count: number, title: string])[] {
  const counts = new Map<string, number>();
  for (const { code } of found) counts.set(code, (counts.get(code) ?? 0) + 1);
  const titles = new Map(found.map(({ code, title }) => [code, title]));
  return [...counts].sort(([left, some], [right, others]) => others - some || (left < right ? -1 : 1))
    .map(([code, count]) => [code, count, titles.get(code)!]);
}

function rank({ severity, isRefusal }: FindingData): number {
  return isRefusal ? 0 : ['', 'error', 'warning', 'info'].indexOf(severity);
}

function drawn(finding: FindingData, status: string): readonly Child[] {
  const { code, title, severity, condition, isRefusal, object, place, field, actual, expected, because, fix, connections } = finding;
  const term = (name: string, text: string, className = ''): Child[] => (text === '' ? [] : [element('dt', {}, name), element('dd', { class: className }, text)]);
  return [
    element('h3', {},
      ...status === 'open' ? [] : [element('span', { class: 'severity' }, status), ' '],
      element('span', { class: `severity ${severity}` }, isRefusal ? 'rejected' : severity), ' ', element('code', {}, code), ' ', object,
      connections === undefined ? undefined : element('span', { class: 'aside' }, ` ${counted(connections, 'connection')}`),
      condition === undefined ? undefined : element('span', { class: 'condition' }, ` ${condition}`)),
    element('p', { class: 'aside' }, [title, place].filter(Boolean).join(' · ')),
    element('dl', {}, ...term('Found', `${field || 'the document'} is ${actual}`), ...term('Expected', expected), ...term('Because', because), ...term('Fix', fix, 'fix')),
  ];
}
