import type { WorldsData, WorldsRowData } from '../../src/report/data';
import type { Section } from '../context';
import { element, table } from '../dom';
import { badge, bar, legend } from '../outcomes';
import { OUTCOMES, share, sum } from '../traffic';
import { counted, numeral } from '../words';

export const overview: Section = {
  id: 'overview',
  title: 'Overview',
  about: 'The outcome of each connection that is possible with these manifests: which workloads may call which services, not which do.',
  reads: [],
  draw: ({ data }) => {
    const { size, broken, worlds, findings, known, acknowledged, baseline, notes, unreadable } = data;
    const counts = OUTCOMES.map((outcome) => data.outcomes[outcome]);
    const total = sum(counts);
    const inEach = worlds?.conditional ? ' in every case' : '';
    const ofSeverity = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
    const tile = (value: string, label: string, link?: string): HTMLElement =>
      element('li', {}, link === undefined ? element('strong', {}, value) : element('a', { href: link }, element('strong', {}, value)), element('span', {}, label));
    return [
      element('ul', { class: 'tiles' },
        tile(total === 0 ? '–' : `${share(counts)} %`, `of ${numeral(total)} possible connections use mutual TLS${inEach}`, '#namespaces'),
        tile(numeral(total), `possible ${total === 1 ? 'connection' : 'connections'}, ${counted(size.workloads, 'workload')}, ${counted(size.services, 'service')}`, '#calls'),
        tile(numeral(counts[2]), `possible in plaintext${inEach}`, '#calls?outcome=plaintext'),
        tile(numeral(broken.error + broken.warning), `broken by an error or a warning${inEach}`, '#findings'),
        ...broken.info > 0 ? [tile(numeral(broken.info), 'more would fail if anybody called, as from clients without a sidecar: only infos', '#calls?outcome=broken')] : [],
        tile(numeral(counts[4]), worlds?.conditional ? `undecided, or different depending on ${worlds.whether}` : 'undecided', '#undecided'),
        tile(numeral(ofSeverity('error')), `${ofSeverity('error') === 1 ? 'error' : 'errors'} and ${counted(ofSeverity('warning'), 'warning')}${baseline ? ' not in the baseline' : ''}`, ofSeverity('error') > 0 ? '#findings?severity=error&status=open' : '#findings?status=open'),
        ...baseline ? [tile(numeral(known.length), `${known.length === 1 ? 'known finding' : 'known findings'}, in the baseline`, '#findings?status=known')] : [],
        ...acknowledged.length > 0 ? [tile(numeral(acknowledged.length), acknowledged.length === 1 ? 'acknowledged finding' : 'acknowledged findings', '#findings?status=acknowledged')] : [],
        ...unreadable.length > 0 ? [tile(numeral(unreadable.length), 'could not be read and not included in these numbers')] : [],
        ...size.refused > 0 ? [tile(numeral(size.refused), `${size.refused === 1 ? 'object' : 'objects'} would be rejected and not part of the mesh`, '#findings')] : [],
      ),
      ...total > 0 ? [bar(counts)] : [element('p', {}, 'The manifests contain no workload with a service to call.')],
      legend(),
      ...worlds ? bothWays(worlds) : [],
      ...unreadable.length > 0 ? [element('h3', {}, 'Could not be read'), list(unreadable)] : [],
      ...notes.length > 0 ? [element('h3', {}, 'Notes'), list(notes)] : [],
    ];
  },
};

/** The outcomes in each case, where the manifests don't show who has a sidecar. */
function bothWays({ about, columns, rows, notice, conditional }: WorldsData): readonly Node[] {
  const label = ({ of, text }: WorldsRowData): HTMLElement => {
    const outcome = OUTCOMES.indexOf(text as typeof OUTCOMES[number]);
    return of === 'outcome' ? badge(outcome) : element('span', { class: of }, text);
  };
  return [
    element('h3', {}, `With and without ${about}`),
    ...rows.length > 0 ? [table('Outcomes with sidecars and without', ['Outcome', ...columns], rows.map((row) => [label(row), ...row.counts.map(numeral)]))] : [],
    ...conditional ? [element('p', { class: 'aside' }, 'Elsewhere on this page, connections whose outcome depends on these sidecars count as undecided; ',
      element('a', { href: '#calls?outcome=undecided' }, 'the calls'), ' show their outcome in each case.')] : [],
    list(notice),
  ];
}

export function list(texts: readonly string[]): HTMLElement {
  return element('ul', {}, ...texts.map((text) => element('li', {}, text)));
}
