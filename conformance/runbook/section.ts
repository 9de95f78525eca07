import type { RunbookFacts } from './runbook';

/** The section of docs/conformance.md, from the facts of one run. */
export function section({ runbooks, commands, shapes, sabotages, seed }: RunbookFacts): string {
  return [
    '## Runbook', '',
    `Of ${runbooks} runbooks, of the boutique and of random meshes (seed ${seed}), a shell made words of each command. istioctl has all of the ${commands} commands, by its own help: each verb, and each option. These are, apart from names:`, '',
    ...shapes.map((shape) => `- \`${shape}\``), '',
    `It has none of ${sabotages} that are wrong on purpose, such as \`istioctl authn tls-check\`. kubectl's commands aren't shown to kubectl, and no command is run in a cluster.`,
  ].join('\n');
}
