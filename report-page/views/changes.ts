import type { ChangesData } from '../../src/report/data';
import type { Section } from '../context';
import { Child, element, foldable, stepwise } from '../dom';
import { list } from './overview';
import { counted, numeral } from '../words';

export const changes: Section = {
  id: 'changes',
  title: 'Changes',
  about: 'Connections whose outcome differs from an earlier state of the manifests, and the changed objects that cause it, as reported by istio-mtls diff.',
  reads: [],
  draw: ({ data: { changes: found } }) => {
    if (!found) return [];
    const { base, objects, rest, groups, acceptances, identities, unknownEffects, withoutEffect, unjudged, notes } = found;
    return [
      element('p', {}, `Compared with ${base}: ${objects}.`),
      list(rest),
      ...groups.length > 0 ? [stepwise(groups, 'group', (shown) => element('ol', { class: 'findings' }, ...shown.map(drawnGroup)))] : [],
      ...acceptances.length > 0 ? [element('h3', {}, 'What servers accept'), stepwise(acceptances, 'change', (shown) => element('ol', { class: 'findings' }, ...shown.map(drawnAcceptance)))] : [],
      ...titled('Identities', identities),
      ...titled('Effect not known', unknownEffects),
      ...titled('No effect on the TLS of connections, on what ports accept or on identities', withoutEffect),
      ...titled('Not checked', unjudged),
      ...titled('Notes', notes),
    ];
  },
};

function titled(title: string, texts: readonly string[]): Node[] {
  return texts.length === 0 ? [] : [element('h3', {}, title), stepwise(texts, 'line', list)];
}

function drawnGroup({ outcomes, connections, gate, causes, witness, was, is }: ChangesData['groups'][number]): HTMLElement {
  const term = (name: string, text: string | undefined): Child[] => (text === undefined ? [] : [element('dt', {}, name), element('dd', {}, text)]);
  return element('li', { class: gate === undefined ? 'info' : 'error' },
    element('h3', {}, gate === undefined ? undefined : element('span', { class: 'severity error' }, gate), ` ${numeral(connections)} ${outcomes}`),
    ...causes.length > 0 ? [list(causes)] : [],
    element('dl', {}, ...term('For example', witness), ...term('Was', was), ...term('Is', is)));
}

function drawnAcceptance({ text, gate, workloads, causes }: ChangesData['acceptances'][number]): HTMLElement {
  return element('li', { class: gate === undefined ? 'info' : 'error' },
    element('h3', {}, gate === undefined ? undefined : element('span', { class: 'severity error' }, gate), ` ${text}`),
    foldable(counted(workloads.length, 'workload'), () => [workloads.join(', ')]),
    ...causes.length > 0 ? [list(causes)] : []);
}
