import { existsSync } from 'node:fs';
import { Baseline, BaselineEntry, UndecidedCounts } from './baseline';
import { keyText } from './key';
import { SettingsFields, SettingsDocument, readSettingsText, TextRule, writeTextFile } from '../configuration/settings-file';
import { compareTexts } from '../mesh/inventory/object';

const FIELDS = ['$schema', 'format', 'findings', 'undecided'];
const ENTRY_FIELDS = ['code', 'group', 'kind', 'namespace', 'name', 'field', 'count', 'connections', 'calls', 'reason'];

const CODE: TextRule = {
  expected: 'a code such as MTLS103',
  fix: 'delete the entry, and write the baseline again',
  holds: (text) => /^(?:MTLS|ADMIT)\d{3}$/.test(text),
};

const NOTHING: Baseline = { entries: [] };

/** @throws SettingsError if the file can't be read or isn't a valid baseline */
export function loadBaseline(file: string): Baseline {
  return readBaseline(readSettingsText(file, 'create it with istio-mtls check --write-baseline, or name another file'), file);
}

/** The baseline to rewrite; empty if the file doesn't exist yet. */
export function loadBaselineIfThere(file: string): Baseline {
  return existsSync(file) ? loadBaseline(file) : NOTHING;
}

/** @throws SettingsError if it can't be written */
export function writeBaseline(baseline: Baseline, file: string): void {
  writeTextFile(file, baselineText(baseline));
}

export function readBaseline(text: string, file: string): Baseline {
  const document = new SettingsDocument(text, file);
  const fields = document.fields(FIELDS);
  const format = fields.count('format', 1);
  if (format === undefined) {
    fields.missing('format', `a baseline of format ${BASELINE_FORMAT}`);
  } else if (format !== BASELINE_FORMAT) {
    document.fault(['format'], {
      code: 'API092',
      actual: String(format),
      expected: String(BASELINE_FORMAT),
      fix: 'use the version of istio-mtls that wrote it, or write it again',
    });
  }
  const entries = fields.mappings('findings', ENTRY_FIELDS).map((entry) => ({ entry: readEntry(entry), path: entry.path }));
  const seen = new Set<string>();
  for (const { entry, path } of entries) {
    const key = keyText(entry);
    if (seen.has(key)) {
      document.fault(path, {
        code: 'API092', actual: 'a second entry for the same code, object and field', expected: 'one entry', fix: 'delete one of them',
      });
    }
    seen.add(key);
  }
  const undecided = readUndecided(fields);
  document.finish();
  return { entries: entries.map(({ entry }) => entry), undecided };
}

function readEntry(fields: SettingsFields): BaselineEntry {
  const text = (name: string) => fields.text(name) ?? '';
  return {
    code: fields.requiredText('code', CODE),
    group: text('group'),
    kind: text('kind'),
    namespace: text('namespace'),
    name: text('name'),
    field: text('field'),
    count: fields.count('count', 1) ?? 1,
    connections: fields.count('connections'),
    calls: fields.texts('calls'),
    reason: fields.text('reason'),
  };
}

function readUndecided(fields: SettingsFields): UndecidedCounts | undefined {
  const undecided = fields.mapping('undecided');
  return undecided && Object.fromEntries(undecided.names.map((name) => [name, undecided.count(name) ?? 0]));
}

/** Increases when a field changes its meaning or is removed. */
const BASELINE_FORMAT = 1;

const HEADER = `# Known findings in these manifests: istio-mtls fails only on others. See docs/configuration.md.
# istio-mtls check --write-baseline rewrites this file and keeps reasons, but not comments.
`;

/** The text of a baseline's file, the same for the same findings. */
export function baselineText({ entries, undecided }: Baseline): string {
  const sorted = entries.map((entry) => ({ entry, key: keyText(entry) })).sort((left, right) => compareTexts(left.key, right.key));
  return [
    `${HEADER}format: ${BASELINE_FORMAT}\n`,
    sorted.length === 0 ? 'findings: []\n' : `findings:\n${sorted.map(({ entry }) => entryText(entry)).join('')}`,
    ...undecided ? [undecidedText(undecided)] : [],
  ].join('');
}

function entryText({ code, group, kind, namespace, name, field, count, connections, calls = [], reason }: BaselineEntry): string {
  const lines = [
    `code: ${code}`,
    ...Object.entries({ group, kind, namespace, name, field }).filter(([, text]) => text !== '')
      .map(([key, text]) => `${key}: ${scalar(text)}`),
    ...count > 1 ? [`count: ${count}`] : [],
    ...connections === undefined ? [] : [`connections: ${connections}`],
    ...calls.length === 0 ? [] : ['calls:', ...calls.map((call) => `  - ${scalar(call)}`)],
    ...reason === undefined ? [] : [`reason: ${scalar(reason)}`],
  ];
  return lines.map((line, index) => `${index === 0 ? '  - ' : '    '}${line}\n`).join('');
}

function undecidedText(undecided: NonNullable<Baseline['undecided']>): string {
  const reasons = Object.entries(undecided).sort(([left], [right]) => compareTexts(left, right));
  return reasons.length === 0
    ? 'undecided: {}\n'
    : `undecided:\n${reasons.map(([reason, count]) => `  ${scalar(reason)}: ${count}\n`).join('')}`;
}

/** Text that every version of YAML reads unchanged without quotes. */
const PLAIN = /^(?!(?:y|n|yes|no|on|off|true|false|null|nan|inf)$)[a-z][\w./-]*$/i;

/** Quotes other text as JSON, and escapes what some YAML readers take as a line end. */
function scalar(text: string): string {
  if (PLAIN.test(text)) return text;
  return JSON.stringify(text).replace(/[\u007f-\u00a0\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
