import type { FindingData } from '../../src/report/data';
import type { Section } from '../context';
import { Child, element, stepwise } from '../dom';
import { matches } from '../state';
import { namespaceOptions } from './calls';
import { counted, numeral } from '../words';

export const findings: Section = {
  id: 'findings',
  title: 'Findings',
  about: 'What is refused, broken, exposed or a surprise, with a fix. istio-mtls rules CODE tells more of a code.',
  reads: ['search', 'severity', 'code', 'namespace'],
  controls: (context) => [
    context.choice('severity', 'Severity', [['', 'all'], ['error', 'errors'], ['warning', 'warnings'], ['info', 'to know']]),
    context.choice('code', 'Code', [['', 'all'], ...codes(context.data.findings).map(([code, count, title]) => [code, `${code} (${numeral(count)}) ${title}`] as const)]),
    context.choice('namespace', 'Namespace', namespaceOptions(context)),
  ],
  draw: (context) => {
    const { state: { search, severity, code, namespace }, data } = context;
    const wanted = data.findings.filter((finding) => (severity === '' || finding.severity === severity) && (code === '' || finding.code === code)
      && (namespace === '' || (finding.namespace || '(no namespace)') === namespace)
      && (search === '' || matches(search, finding.code, finding.title, finding.object, finding.place, finding.field, finding.actual, finding.fix)));
    const sorted = [...wanted].sort((left, right) => rank(left) - rank(right));
    const accepted = data.acknowledged;
    return [
      element('p', { role: 'status' }, wanted.length === data.findings.length ? `${counted(wanted.length, 'finding')}.` : `${numeral(wanted.length)} of ${counted(data.findings.length, 'finding')}.`),
      ...wanted.length > 0 ? [stepwise(sorted, 'finding', (shown) => element('ol', { class: 'findings' }, ...shown.map((finding) => element('li', { class: finding.severity }, ...drawn(finding)))))] : [],
      ...accepted.length > 0 ? [
        element('h3', {}, 'Acknowledged'),
        stepwise(accepted, 'acknowledged finding', (shown) => element('ol', { class: 'findings' },
          ...shown.map((finding) => element('li', { class: 'accepted' }, ...drawn(finding), element('p', {}, `Stays: ${finding.acknowledgement}`))))),
      ] : [],
    ];
  },
};

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

function drawn(finding: FindingData): readonly Child[] {
  const { code, title, severity, isRefusal, object, place, field, actual, expected, because, fix, connections } = finding;
  const term = (name: string, text: string, className = ''): Child[] => (text === '' ? [] : [element('dt', {}, name), element('dd', { class: className }, text)]);
  return [
    element('h3', {},
      element('span', { class: `severity ${severity}` }, isRefusal ? 'refused' : severity), ' ', element('code', {}, code), ' ', object,
      connections === undefined ? undefined : element('span', { class: 'aside' }, ` ${counted(connections, 'connection')}`)),
    element('p', { class: 'aside' }, [title, place].filter(Boolean).join(' · ')),
    element('dl', {}, ...term('Found', `${field || 'the document'} is ${actual}`), ...term('Expected', expected), ...term('Because', because), ...term('Fix', fix, 'fix')),
  ];
}
