import { CallPattern, callPattern, FROM, SERVER, TO, WorkloadPattern, workloadPattern } from './pattern';
import { Fault, Faults, Fields, TextRule } from '../configuration/settings-file';
import { CalendarDate, isCalendarDate } from '../findings/acknowledgement';
import { FieldPath } from '../findings/finding';
import { nearest } from '../findings/nearest';
import { Outcome } from '../mesh/calls/outcome';
import { ServerMode } from '../mesh/policies/peer-authentication';

/** Which connections are meant, or which servers; what isn't said doesn't matter. */
export interface Selection {
  readonly from?: WorkloadPattern;
  readonly to?: CallPattern;
  readonly server?: WorkloadPattern;
}

/** What is demanded of all connections that are meant, or of all ports of the servers. */
export type Demand =
  | { readonly word: 'is' | 'never' | 'atLeast'; readonly outcome: Outcome }
  | { readonly word: 'accepts'; readonly mode: ServerMode };

/** Some of what is meant, and left out for a reason. */
export interface Exception extends Selection {
  readonly reason: string;
  /** The last day on which it counts. */
  readonly until?: CalendarDate;
}

/** What somebody expects of a mesh. */
export interface Expectation extends Selection {
  readonly demand: Demand;
  readonly except: readonly Exception[];
  /** Where it is written. */
  readonly path: FieldPath;
}

/** What connections may be expected to come to. */
const OUTCOMES: readonly Outcome[] = ['mtls', 'tls', 'plaintext', 'broken'];

/** The same, where they are to come to no less: what is broken is no protection. */
const PROTECTIONS: readonly Outcome[] = ['mtls', 'tls', 'plaintext'];

/** What ports may be expected to accept. */
const MODES: readonly ServerMode[] = ['STRICT', 'PERMISSIVE', 'DISABLE'];

const DEMANDS: Readonly<Record<Demand['word'], readonly string[]>> = { is: OUTCOMES, never: OUTCOMES, atLeast: PROTECTIONS, accepts: MODES };
const WORDS = Object.keys(DEMANDS) as readonly Demand['word'][];

const SELECTORS = ['from', 'to', 'server'] as const;

/** The fields of an expectation. */
export const EXPECTATION_FIELDS: readonly string[] = [...SELECTORS, ...WORDS, 'except'];

const EXCEPTION_FIELDS: readonly string[] = [...SELECTORS, 'reason', 'until'];

const DATE: TextRule = { expected: 'a date such as 2027-06-30', fix: 'write its last day as YYYY-MM-DD', holds: isCalendarDate };

/** Reads one; undefined if it demands nothing that can be judged. */
export function readExpectation(fields: Fields, faults: Faults): Expectation | undefined {
  const selection = readSelection(fields);
  const demand = readDemand(fields, faults);
  const isOfPorts = fields.value('accepts') !== undefined;
  const except = fields.mappings('except', EXCEPTION_FIELDS).map((entry) => readException(entry, isOfPorts, faults));
  expectSelectors(fields, isOfPorts, faults);
  return demand && { ...selection, demand, except, path: fields.path };
}

function readSelection(fields: Fields): Selection {
  const [from, to, server] = [fields.text('from', FROM), fields.text('to', TO), fields.text('server', SERVER)];
  return {
    from: from === undefined ? undefined : workloadPattern(from),
    to: to === undefined ? undefined : callPattern(to),
    server: server === undefined ? undefined : workloadPattern(server),
  };
}

function readException(fields: Fields, isOfPorts: boolean, faults: Faults): Exception {
  expectSelectors(fields, isOfPorts, faults);
  return { ...readSelection(fields), reason: fields.requiredText('reason'), until: fields.text('until', DATE) };
}

/** Which connections are meant must be said, if only by `*`; what ports accept, they accept from whoever calls. */
function expectSelectors(fields: Fields, isOfPorts: boolean, faults: Faults): void {
  const said = SELECTORS.filter((name) => fields.value(name) !== undefined);
  if (!isOfPorts) {
    if (said.length === 0) faults.fault(fields.path, withoutAny(SELECTORS, 'the connections it is about, "*" for all'));
    return;
  }
  for (const name of said) {
    if (name === 'server') continue;
    faults.fault([...fields.path, name], {
      code: 'MTLS092', actual: 'set together with accepts', expected: 'server only', because: 'what a port accepts doesn\'t depend on the client', fix: `delete ${name}`,
    });
  }
  if (!said.includes('server')) fields.missing('server', 'the workloads it is about, "*" for all');
}

function readDemand(fields: Fields, faults: Faults): Demand | undefined {
  const said = WORDS.filter((word) => fields.value(word) !== undefined);
  if (said.length === 0) faults.fault(fields.path, withoutAny(WORDS, 'a requirement'));
  for (const word of said.slice(1)) {
    faults.fault([...fields.path, word], { code: 'MTLS092', actual: `set together with ${said[0]}`, expected: `one of ${WORDS.join(', ')}`, because: 'each test has one requirement', fix: 'write a separate test for it' });
  }
  const [word] = said;
  const value = word === undefined ? undefined : fields.text(word, ruleOf(word, fields.value(word)));
  if (value === undefined) return undefined;
  return word === 'accepts' ? { word, mode: value as ServerMode } : { word, outcome: value as Outcome };
}

function withoutAny(names: readonly string[], expected: string): Fault {
  return { code: 'MTLS092', actual: `without ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`, expected, fix: 'add one of them' };
}

/** What is expected in place of a value that is no word of its field. */
function ruleOf(word: Demand['word'], value: unknown): TextRule {
  const words = DEMANDS[word];
  const meant = typeof value === 'string' ? nearest(value, words) : undefined;
  const because = BECAUSE.find(([name]) => name === value)?.[1];
  return { expected: `one of ${words.join(', ')}`, because, fix: `write ${meant ?? 'one of them'}`, holds: (text) => words.includes(text) };
}

const NOT_AUTHORIZATION = 'a test doesn\'t cover which requests AuthorizationPolicies allow';

/** Why words that somebody may expect are none. */
const BECAUSE: readonly (readonly [string, string])[] = [
  ['denied', NOT_AUTHORIZATION],
  ['allowed', NOT_AUTHORIZATION],
  ['undecided', 'an undecided connection fails every test'],
  ['broken', 'a broken connection isn\'t protected'],
  ['UNSET', 'it stands for the mode of another policy'],
  ['NO_PROXY', 'without a proxy, the manifests don\'t say what a port accepts'],
];

/** `atLeast mtls`. */
export function demandText(demand: Demand): string {
  return `${demand.word} ${demand.word === 'accepts' ? demand.mode : demand.outcome}`;
}

/** What a demand is about. */
export function nounOf({ word }: Demand): 'connection' | 'port' {
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
