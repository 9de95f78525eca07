import type { RunbookFacts } from './runbook';

/** The section of docs/conformance.md, from the facts of one run. */
export function section({ runbooks, commands, shapes, absent, seed }: RunbookFacts): string {
  return [
    '## Runbook', '',
    `Of ${runbooks} runbooks, of the boutique and of random meshes (seed ${seed}), a shell made words of each command. With those of [old-names.md](old-names.md) istioctl has all of the ${commands} commands, by its own help: each verb, and each option. These are, apart from names:`, '',
    ...shapes.map((shape) => `- \`${shape}\``), '',
    'It has none of these, which old texts name, or which are wrong on purpose:', '',
    ...absent.map((command) => `- \`${command}\``), '',
    'kubectl\'s commands aren\'t shown to kubectl, and no command is run in a cluster.',
  ].join('\n');
}
