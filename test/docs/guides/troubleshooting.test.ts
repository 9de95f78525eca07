// docs/troubleshooting.md quotes recorded symptoms, links existing pages of rules, and has only commands of the runbook.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SymptomFacts } from '../../../conformance/data-plane/symptoms';
import { CATALOGUE } from '../../../src/analysis/analysis';
import { stemOf } from '../../../src/analysis/rule';

const ROOT = join(__dirname, '..', '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const PAGE = read('docs/troubleshooting.md');
const recorded: SymptomFacts = JSON.parse(read('conformance/recorded/symptoms.json'));

/** Rows of the tables of symptoms: symptom, cause, check, fix, scenario. */
const ROWS = PAGE.split('\n').filter((line) => /^\|/.test(line) && !/^\|(---|\ssymptom|\sseen)/.test(line)).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
const MEASURED = ROWS.filter((cells) => cells.length === 5 && cells[4] !== '–');

const KINDS = { HTTP: 'http', TLS: 'https', TCP: 'tcp', waiting: 'greeting' } as const;

/** `HTTP 503 `UC`, server `NR``: how a call ended, and the flags of both logs. */
const SEEN = /^(HTTP|TLS|TCP|waiting)(?: (\d+))?(?: `([A-Z,]+)`)?(?:, server `([A-Z,]+)`)?$/;

const flagsIn = (log: readonly { readonly flags: string }[]): string => [...new Set(log.map(({ flags }) => flags))].filter((flags) => flags !== '-').join(' ');

test.each(MEASURED)('%s %s', (seen, why, _check, _fix, scenario) => {
  const calls = recorded.scenarios.find(({ name }) => name === scenario)!.calls;
  for (const part of seen.split('; ')) {
    const [, spoken, ended, client = '', server = ''] = SEEN.exec(part)!;
    const kind = KINDS[spoken as keyof typeof KINDS];
    const those = calls.filter((call) => call.kind === kind);
    expect(those.length).toBeGreaterThan(0);
    for (const { exit, status, clientLog, serverLog } of those) {
      expect([part, flagsIn(clientLog), flagsIn(serverLog)]).toEqual([part, client, server]);
      expect(exit === 0 ? status : exit).toBe(ended === undefined ? 1 : Number(ended));
    }
  }
  // Code in the cause that looks like a message is in a recorded response or log.
  const told = JSON.stringify(calls);
  const quoted = [...why.matchAll(/`([^`]+)`/g)].map(([, text]) => text);
  expect(quoted.filter((text) => !told.includes(text) && !text.startsWith('maxRequests'))).toEqual([]);
});

test('every scenario that fails has a row', () => {
  const named = new Set(MEASURED.map((cells) => cells[4]));
  expect(recorded.scenarios.map(({ name }) => name).filter((name) => !named.has(name))).toEqual(['mutual TLS at STRICT']);
});

test('every link to a rule refers to its page, and shows its code', () => {
  const pages = new Map(CATALOGUE.map((rule) => [`rules/${stemOf(rule)}.md`, rule.code]));
  const links = [...PAGE.matchAll(/\[(MTLS\d+)\]\(([^)]+)\)/g)];
  expect(links.length).toBeGreaterThan(30);
  expect(links.filter(([, code, path]) => pages.get(path) !== code).map(([link]) => link)).toEqual([]);
});

test('every row has a check: a rule, or a command', () => {
  expect(ROWS.filter(([, , check]) => !/MTLS\d|`ist|^as above/.test(check))).toEqual([]);
});

test('every command is in the runbook', () => {
  const runbook = read('examples/boutique/RUNBOOK.md');
  const wordsOf = (command: string): readonly string[] => command.split(' ').filter((word) => /^(--?)?[a-z][a-z-]*$/.test(word));
  const known = runbook.split('\n').filter((line) => /^(istioctl|kubectl) /.test(line)).map((line) => wordsOf(line.split(' | ')[0]));
  const commands = [...PAGE.matchAll(/`(istioctl [^`]+)`|^((?:istioctl|kubectl) .*)$/gm)].map(([, inline, block]) => (inline ?? block).split(' | ')[0]);
  expect(commands.length).toBeGreaterThan(10);
  const isKnown = (command: string): boolean => {
    const words = wordsOf(command);
    return known.some((other) => words.slice(0, 3).join(' ') === other.slice(0, 3).join(' ') && words.every((word) => other.includes(word)));
  };
  expect(commands.filter((command) => !isKnown(command))).toEqual([]);
});
