import type { RunbookFacts } from './runbook';

/** The section of docs/conformance.md, from the facts of one run. */
export function section({ runbooks, commands, shapes, absent, queries, selectors, refused, seed }: RunbookFacts): string {
  return [
    '## Runbook', '',
    `Of ${runbooks} runbooks, of the boutique and of random meshes (seed ${seed}), a shell made words of each command. With those of [old-names.md](old-names.md) istioctl and kubectl have all of the ${commands} commands, by their own help: each verb, and each option. These are, apart from names:`, '',
    ...shapes.map((shape) => `- \`${shape}\``), '',
    'They have none of these, which old texts name, or which are wrong on purpose:', '',
    ...absent.map((command) => `- \`${command}\``), '',
    `All of the ${queries} queries for Prometheus in these runbooks are read by Prometheus' own parser. Each metric is one that the sources of Istio define, and each label one that they, Istio's dashboards or its sample of Prometheus name:`, '',
    ...selectors.map((selector) => `- \`${selector}\``), '',
    'It tells that these, which are wrong on purpose, can\'t be read, or name what Istio doesn\'t have:', '',
    ...refused.map((query) => `- \`${query}\``), '',
    'No command is run in a cluster, and no query is asked of a Prometheus that scrapes a mesh. What kubectl is to run in a pod, behind `--`, and the kinds that it is asked for aren\'t judged.',
  ].join('\n');
}
