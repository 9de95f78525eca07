import { Baseline, BaselineEntry } from './baseline';
import { keyText } from './key';
import { compareTexts } from '../mesh/inventory/object';

/** Counts up when a field changes its meaning or goes. */
export const BASELINE_FORMAT = 1;

const HEADER = `# What istio-mtls knew of these manifests when this file was written; new findings still count. See docs/configuration.md.
# istio-mtls check --write-baseline writes it again: reasons stay, comments don't.
`;

/** The file of a baseline: the same findings give the same text. */
export function baselineText({ entries, undecided }: Baseline): string {
  const sorted = entries.map((entry) => ({ entry, key: keyText(entry) })).sort((left, right) => compareTexts(left.key, right.key));
  return [
    `${HEADER}format: ${BASELINE_FORMAT}\n`,
    sorted.length === 0 ? 'findings: []\n' : `findings:\n${sorted.map(({ entry }) => entryText(entry)).join('')}`,
    ...undecided ? [undecidedText(undecided)] : [],
  ].join('');
}

function entryText({ code, group, kind, namespace, name, field, count, connections, reason }: BaselineEntry): string {
  const lines = [
    `code: ${code}`,
    ...Object.entries({ group, kind, namespace, name, field }).filter(([, text]) => text !== '').map(([key, text]) => `${key}: ${scalar(text)}`),
    ...count > 1 ? [`count: ${count}`] : [],
    ...connections === undefined ? [] : [`connections: ${connections}`],
    ...reason === undefined ? [] : [`reason: ${scalar(reason)}`],
  ];
  return lines.map((line, index) => `${index === 0 ? '  - ' : '    '}${line}\n`).join('');
}

function undecidedText(undecided: NonNullable<Baseline['undecided']>): string {
  const reasons = Object.entries(undecided).sort(([left], [right]) => compareTexts(left, right));
  return reasons.length === 0 ? 'undecided: {}\n' : `undecided:\n${reasons.map(([reason, count]) => `  ${scalar(reason)}: ${count}\n`).join('')}`;
}

/** What every version of YAML reads as this very text without quotes, whatever follows. */
const PLAIN = /^(?!(?:y|n|yes|no|on|off|true|false|null|nan|inf)$)[a-z][\w./-]*$/i;

/** Else in double quotes, as JSON; what some readers of YAML take for the end of a line is written out. */
function scalar(text: string): string {
  if (PLAIN.test(text)) return text;
  return JSON.stringify(text).replace(/[\u007f-\u00a0\u2028\u2029\ufeff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
