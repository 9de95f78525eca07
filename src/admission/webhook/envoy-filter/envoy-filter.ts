import { judgePatch } from './patch';
import { Objection } from '../../objection';
import { Objections } from '../objections';
import { judgeSelectorLabels } from '../values/selector';

/** What istiod has against an EnvoyFilter, but for the patches' values: those only Envoy's own schemas can judge. */
export function envoyFilterObjections({ spec = {} }: any): Objection[] {
  const at = new Objections(['spec']);
  tellOfInternals(at);
  const { workloadSelector, configPatches = [] } = spec;
  if (workloadSelector) judgeSelectorLabels(at.at('workloadSelector', 'labels'), workloadSelector.labels, 'all workloads of its namespace');
  configPatches.forEach((patch: any, index: number) => judgePatch(at.at('configPatches', index), patch));
  return [...at.all];
}

function tellOfInternals(at: Objections): void {
  at.info({
    code: 'ADMIT478',
    actual: 'a patch of the proxy\'s configuration',
    expected: 'Istio\'s other kinds, as far as they can do the same',
    because: 'the patched configuration may change with every version of Istio',
    fix: 'use another kind if one will do, and check the patch at each upgrade',
  });
}
