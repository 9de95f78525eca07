import type { Section } from '../context';
import { element } from '../dom';
import { bar, legend } from '../outcomes';
import { OUTCOMES, share, sum } from '../traffic';
import { counted, numeral } from '../words';

export const overview: Section = {
  id: 'overview',
  title: 'Overview',
  about: 'What comes of every connection that the manifests allow: who may call whom, not who does.',
  reads: [],
  draw: ({ data }) => {
    const { size, findings, notes, unreadable } = data;
    const counts = OUTCOMES.map((outcome) => data.outcomes[outcome]);
    const total = sum(counts);
    const ofSeverity = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
    const tile = (value: string, label: string, link?: string): HTMLElement =>
      element('li', {}, link === undefined ? element('strong', {}, value) : element('a', { href: link }, element('strong', {}, value)), element('span', {}, label));
    return [
      element('ul', { class: 'tiles' },
        tile(total === 0 ? '–' : `${share(counts)} %`, 'of the connections are mutual TLS', '#namespaces'),
        tile(numeral(total), `connections of ${counted(size.workloads, 'workload')} and ${counted(size.services, 'service')}`, '#calls'),
        tile(numeral(counts[2] + counts[3]), 'in plaintext or broken', counts[3] > 0 ? '#calls?outcome=broken' : '#calls?outcome=plaintext'),
        tile(numeral(counts[4]), 'undecided', '#undecided'),
        tile(numeral(ofSeverity('error')), `${ofSeverity('error') === 1 ? 'error' : 'errors'}, and ${counted(ofSeverity('warning'), 'warning')}`, '#findings?severity=error'),
        ...unreadable.length > 0 ? [tile(numeral(unreadable.length), 'could not be read, and counted in none of these numbers')] : [],
        ...size.refused > 0 ? [tile(numeral(size.refused), 'objects that would be refused, and have no part in the mesh', '#findings')] : [],
      ),
      ...total > 0 ? [bar(counts)] : [element('p', {}, 'The manifests hold no workload and service that it could call.')],
      legend(),
      ...unreadable.length > 0 ? [element('h3', {}, 'Could not be read'), list(unreadable)] : [],
      ...notes.length > 0 ? [element('h3', {}, 'To know'), list(notes)] : [],
    ];
  },
};

export function list(texts: readonly string[]): HTMLElement {
  return element('ul', {}, ...texts.map((text) => element('li', {}, text)));
}
