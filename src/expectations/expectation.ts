import { CallPattern, callPattern, FROM, SERVER, TO, WorkloadPattern, workloadPattern } from './pattern';
import { SettingsFault, Faults, SettingsFields, TextRule } from '../configuration/settings-file';
import { CalendarDate, isCalendarDate } from '../findings/acknowledgement';
import { FieldPath } from '../findings/finding';
import { nearest } from '../findings/nearest';
import { Outcome } from '../mesh/model/transport';
import { ServerMode } from '../mesh/policies/peer-authentication';

/** Which connections, or which servers; an omitted field matches any. */
export interface Selection {
  readonly from?: WorkloadPattern;
  readonly to?: CallPattern;
  readonly server?: WorkloadPattern;
}

/** What must hold for all selected connections, or for all ports of the selected servers. */
export type ExpectationDemand =
  | { readonly word: 'is' | 'never' | 'atLeast'; readonly outcome: Outcome }
  | { readonly word: 'accepts'; readonly mode: ServerMode };

/** A part of the selection that is excluded for a reason. */
export interface Exception extends Selection {
  readonly reason: string;
  /** The last day on which it applies. */
  readonly until?: CalendarDate;
}

/** What somebody expects of a mesh. */
export interface Expectation extends Selection {
  readonly demand: ExpectationDemand;
  readonly except: readonly Exception[];
  /** Its path in the file. */
  readonly path: FieldPath;
}

/** The outcomes that connections may be expected to have. */
const OUTCOMES: readonly Outcome[] = ['mtls', 'tls', 'plaintext', 'broken'];

/** The outcomes that `atLeast` accepts: a broken connection isn't protected. */
const PROTECTIONS: readonly Outcome[] = ['mtls', 'tls', 'plaintext'];

/** The modes that ports may be expected to accept. */
const MODES: readonly ServerMode[] = ['STRICT', 'PERMISSIVE', 'DISABLE'];

const DEMANDS: Readonly<Record<ExpectationDemand['word'], readonly string[]>> = {
  is: OUTCOMES, never: OUTCOMES, atLeast: PROTECTIONS, accepts: MODES,
};
const WORDS = Object.keys(DEMANDS) as readonly ExpectationDemand['word'][];

const SELECTORS = ['from', 'to', 'server'] as const;

/** The fields of an expectation. */
export const EXPECTATION_FIELDS: readonly string[] = [...SELECTORS, ...WORDS, 'except'];

const EXCEPTION_FIELDS: readonly string[] = [...SELECTORS, 'reason', 'until'];

const DATE: TextRule = { expected: 'a date such as 2027-06-30', fix: 'write its last day as YYYY-MM-DD', holds: isCalendarDate };

/** Reads an expectation; undefined if it has no valid demand. */
export function readExpectation(fields: SettingsFields, faults: Faults): Expectation | undefined {
  const selection = readSelection(fields);
  const demand = readDemand(fields, faults);
  const isOfPorts = fields.value('accepts') !== undefined;
  const except = fields.mappings('except', EXCEPTION_FIELDS).map((entry) => readException(entry, isOfPorts, faults));
  expectSelectors(fields, isOfPorts, faults);
  return demand && { ...selection, demand, except, path: fields.path };
}

function readSelection(fields: SettingsFields): Selection {
  const [from, to, server] = [fields.text('from', FROM), fields.text('to', TO), fields.text('server', SERVER)];
  return {
    from: from === undefined ? undefined : workloadPattern(from),
    to: to === undefined ? undefined : callPattern(to),
    server: server === undefined ? undefined : workloadPattern(server),
  };
}

function readException(fields: SettingsFields, isOfPorts: boolean, faults: Faults): Exception {
  expectSelectors(fields, isOfPorts, faults);
  return { ...readSelection(fields), reason: fields.requiredText('reason'), until: fields.text('until', DATE) };
}

/** Connections must be selected, if only with `*`; what ports accept doesn't depend on who calls. */
function expectSelectors(fields: SettingsFields, isOfPorts: boolean, faults: Faults): void {
  const said = SELECTORS.filter((name) => fields.value(name) !== undefined);
  if (!isOfPorts) {
    if (said.length === 0) faults.fault(fields.path, withoutAny(SELECTORS, 'the connections it is about, "*" for all'));
    return;
  }
  for (const name of said) {
    if (name === 'server') continue;
    faults.fault([...fields.path, name], {
      code: 'API092',
      actual: 'set together with accepts',
      expected: 'server only',
      because: 'what a port accepts doesn\'t depend on the client',
      fix: `delete ${name}`,
    });
  }
  if (!said.includes('server')) fields.missing('server', 'the workloads it is about, "*" for all');
}

function readDemand(fields: SettingsFields, faults: Faults): ExpectationDemand | undefined {
  const said = WORDS.filter((word) => fields.value(word) !== undefined);
  if (said.length === 0) faults.fault(fields.path, withoutAny(WORDS, 'a requirement'));
  for (const word of said.slice(1)) {
    faults.fault([...fields.path, word], {
      code: 'API092',
      actual: `set together with ${said[0]}`,
      expected: `one of ${WORDS.join(', ')}`,
      because: 'each test has one requirement',
      fix: 'write a separate test for it',
    });
  }
  const [word] = said;
  const value = word === undefined ? undefined : fields.text(word, ruleOf(word, fields.value(word)));
  if (value === undefined) return undefined;
  return word === 'accepts' ? { word, mode: value as ServerMode } : { word, outcome: value as Outcome };
}

function withoutAny(names: readonly string[], expected: string): SettingsFault {
  return { code: 'API092', actual: `without ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`, expected, fix: 'add one of them' };
}

/** What is expected instead of an invalid value. */
function ruleOf(word: ExpectationDemand['word'], value: unknown): TextRule {
  const words = DEMANDS[word];
  const meant = typeof value === 'string' ? nearest(value, words) : undefined;
  const because = BECAUSE.find(([name]) => name === value)?.[1];
  return { expected: `one of ${words.join(', ')}`, because, fix: `write ${meant ?? 'one of them'}`, holds: (text) => words.includes(text) };
}

const NOT_AUTHORIZATION = 'a test doesn\'t cover which requests AuthorizationPolicies allow';

/** Why words that somebody may expect aren't valid. */
const BECAUSE: readonly (readonly [string, string])[] = [
  ['denied', NOT_AUTHORIZATION],
  ['allowed', NOT_AUTHORIZATION],
  ['undecided', 'an undecided connection fails every test'],
  ['broken', 'a broken connection isn\'t protected'],
  ['UNSET', 'it stands for the mode of another policy'],
  ['NO_PROXY', 'without a proxy, the manifests don\'t say what a port accepts'],
];

/** `atLeast mtls`. */
function demandText(demand: ExpectationDemand): string {
  return `${demand.word} ${demand.word === 'accepts' ? demand.mode : demand.outcome}`;
}

/** What a demand is about. */
export function nounOf({ word }: ExpectationDemand): 'connection' | 'port' {
  return word === 'accepts' ? 'port' : 'connection';
}

/** `from shop/web to shop/ratings:9080`. */
export function selectionText(selection: Selection): string {
  return SELECTORS.flatMap((name) => (selection[name] ? [`${name} ${selection[name].text}`] : [])).join(' ');
}

/** `from shop/web to shop/ratings:9080: is mtls`. */
export function expectationText(expectation: Expectation): string {
  return `${selectionText(expectation)}: ${demandText(expectation.demand)}`;
}
