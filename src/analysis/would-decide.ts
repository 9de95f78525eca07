import { isDnsLabel } from '../admission/metadata/kubernetes-names';
import { numeral } from '../findings/numeral';
import { printable, redacted } from '../findings/safe-text';
import { shellWord } from '../findings/shell-words';
import { Summary } from '../mesh/calls/connections';
import { MissingFact, Need } from '../mesh/calls/missing-facts';
import { meaningOf } from '../mesh/calls/undecided-meanings';
import { compareTexts } from '../mesh/inventory/object';
import { JudgedMesh } from '../mesh/mesh';
import { UndecidedReason } from '../mesh/model/transport';
import { SummaryBothWays } from '../mesh/worlds/both-ways';

/** Facts to give to the model, and how many fewer connections are undecided with them. */
export interface Telling {
  readonly injectedNamespaces: readonly string[];
  readonly installedRevisions: readonly string[];
  readonly decides: number;
}

/** A missing fact, with the option that supplies it. */
export interface WantedFact extends MissingFact {
  /** The options that state it; undefined if only a manifest can supply it, or nothing. */
  readonly statedBy?: StatedFacts;
  /** The effect of stating it; undefined if only a manifest can supply it, or nothing, or if there are too many facts to try each. */
  readonly telling?: Telling;
}

/** The facts that would decide the undecided connections of a mesh. */
export interface WouldDecide {
  /** The missing facts, those of most connections first. */
  readonly facts: readonly WantedFact[];
  /** All facts that options can supply, together; undefined if there are fewer than two, or if they decide nothing. */
  readonly together?: Telling;
}

export type StatedFacts = Pick<Telling, 'injectedNamespaces' | 'installedRevisions'>;

/** The number of facts tried one by one: each trial takes as long as the mesh itself. */
const TRIED = 3;

/**
 * Tries facts on the model, those of most connections first, so that their stated effect is true. They are tried when their effect is
 * first asked for: those who only count what connections wait for don't.
 *
 * @param worlds the outcomes with all facts about injection, if they are known
 */
export function wouldDecide(mesh: JudgedMesh, worlds?: SummaryBothWays): WouldDecide {
  const undecided = mesh.undecided();
  if (undecided === 0) return { facts: [] };
  const facts = mesh.missingFacts();
  const tellable = facts.filter(isTellable);
  const tellingOf = (some: readonly MissingFact[]): Telling => {
    const added = addedBy(mesh, some);
    const left = worlds && some.length === worlds.facts.length ? worlds.with.outcomes.undecided : undecidedWith(mesh, added);
    return { ...added, decides: Math.max(0, undecided - left) };
  };
  const tried = once(() => new Map(tellable.slice(0, TRIED).map((fact) => [fact, tellingOf([fact])])));
  const together = once(() => {
    const all = tellable.length < 2 ? undefined : tellingOf(tellable);
    return all && all.decides > 0 ? all : undefined;
  });
  return {
    facts: facts.map((fact) => ({
      ...fact,
      subject: redacted(fact.subject),
      statedBy: isTellable(fact) ? addedBy(mesh, [fact]) : undefined,
      get telling() { return tried().get(fact); },
    })),
    get together() { return together(); },
  };
}

/** Makes a value when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function undecidedWith(mesh: JudgedMesh, added: StatedFacts): number {
  const { injectedNamespaces = [], installedRevisions } = mesh.options;
  const revisions = added.installedRevisions.length === 0 ? installedRevisions : [...installedRevisions ?? [], ...added.installedRevisions];
  const namespaces = [...injectedNamespaces, ...added.injectedNamespaces];
  return mesh.given({ injectedNamespaces: namespaces, installedRevisions: revisions }).undecided();
}

/** Stating revisions means that only those are installed, so the others that the mesh names are added. */
export function addedBy(
  { options, revisions: known }: Pick<JudgedMesh, 'options' | 'revisions'>, facts: readonly MissingFact[],
): StatedFacts {
  const of = (wanted: MissingFact['need']) => facts.filter(({ need }) => need === wanted).map(({ subject }) => subject);
  const revisions = of('revision');
  const others = revisions.length > 0 && options.installedRevisions === undefined ? known : [];
  return { injectedNamespaces: of('namespace').sort(), installedRevisions: [...new Set([...others, ...revisions])].sort() };
}

const WANTED: Readonly<Record<Exclude<Need, 'model'>, (subject: string) => string>> = {
  'namespace': (subject) => `Namespace ${subject}, which isn't in the manifests`,
  'revision': (subject) => `revision ${subject}, which isn't known to be installed`,
  'template': (subject) => `the effect of injection template ${subject}, which isn't known`,
  'injector': (subject) => `the sidecars that ${subject} injects, which aren't known`,
  'pod-template': (subject) => `the pod template of ${subject}, which isn't in the manifests`,
  'discovery': (subject) => `the labels of Namespace ${subject}, which decide whether istiod reads it`,
  'proxy': (subject) => `the proxy of a server of ${subject}, which is configured elsewhere`,
  'servers': (subject) => `a workload or address that serves ${subject}`,
  'destination': (subject) => `the Service or ServiceEntry for ${subject}`,
  'subset': (subject) => `the DestinationRule with subset ${subject}`,
  'certificates': (subject) => `ISTIO_MUTUAL in DestinationRule ${subject}: no manifest shows who signed custom certificates`,
  'one-owner': (subject) => `a single object for ${subject}: of several, it is uncertain which applies`,
  'export': (subject) => `an exportTo other than ~ for Service ${subject}`,
  'mesh-config': (subject) => `a mesh config that istiod can read in ${subject}`,
  'routes': (subject) => `routes to ${subject} that the client's sidecar doesn't refuse (MTLS120)`,
};

/** Whether an option can supply a fact: `isDnsLabel`, since options accept no other name. */
export function isTellable({ need, subject }: MissingFact): boolean {
  return (need === 'namespace' || need === 'revision') && isDnsLabel(subject);
}

/** Whether the facts say more than the reasons in a summary: a fact to supply, or an unmodelled object. */
export function saysMore({ facts }: WouldDecide, { undecided }: Pick<Summary, 'undecided'>): boolean {
  return facts.some(({ need, subject }) => need !== 'model' || !Object.hasOwn(undecided, subject));
}

/** The fact that undecided connections depend on, after their number: `wait for Namespace shop, …`. */
export function waitingText({ need, subject, connections }: MissingFact): string {
  if (need === 'model') {
    const meaning = meaningOf(subject);
    return meaning === undefined
      ? `${connections === 1 ? 'depends' : 'depend'} on ${subject}, whose effect isn't decided yet`
      : `${connections === 1 ? 'is' : 'are'} undecided: ${meaning}`;
  }
  return `${connections === 1 ? 'waits' : 'wait'} for ${WANTED[need](subject)}`;
}

/** How many facts a sentence lists. */
const TOLD = 3;

/**
 * The facts that connections wait for, or why they are undecided, with their numbers: `30 wait for Namespace shop, …`.
 *
 * @param undecided how many connections the words before call undecided, if they do, so that this isn't said twice
 */
export function awaitedTexts(facts: readonly MissingFact[], undecided?: number): readonly string[] {
  const more = facts.length > TOLD ? [`${numeral(facts.length - TOLD)} more to wait for`] : [];
  return [...facts.slice(0, TOLD).map((fact) => awaitedFactText(fact, undecided)), ...more];
}

function awaitedFactText(fact: MissingFact, undecided: number | undefined): string {
  const { need, subject, connections } = fact;
  const reason = need === 'model' ? meaningOf(subject) : undefined;
  if (reason !== undefined && (connections === 0 || connections === undecided)) return reason;
  const text = reason === undefined || undecided === undefined ? waitingText(fact) : `because ${reason}`;
  return connections === 0 ? text : `${numeral(connections)} ${text}`;
}

/** Why undecided connections fail a synth, and the facts that would decide them. */
export function undecidedMessage({ connections, outcomes: { undecided } }: Summary, { facts, together }: WouldDecide): string {
  const told = facts.slice(0, TOLD)
    .map((fact) => `${fact.connections} ${waitingText(fact)}${fact.telling ? ` (${tellingText(fact.telling)})` : ''}`);
  const more = facts.length > TOLD ? [`${facts.length - TOLD} more to wait for`] : [];
  return printable([
    `${undecided} of ${connections} connections ${undecided === 1 ? 'is' : 'are'} undecided; expected none, because failOn says so`,
    [...told, ...more, ...together ? [`together ${tellingText(together)}`] : []].join('; '),
  ].join(': '));
}

/** How many facts a report lists. */
const LISTED = 10;

/** The report on undecided connections in the library's words: the reasons, and the facts that would decide them. */
export function undecidedLines(summary: Summary, wanted: WouldDecide): readonly string[] {
  const { outcomes: { undecided: count }, undecided } = summary;
  if (count === 0) return [];
  const { facts, together } = wanted;
  const reasons = Object.entries(undecided).sort(([one], [other]) => compareTexts(one, other))
    .map(([reason, number]) => `${numeral(number)} undecided: ${meaningOf(reason as UndecidedReason)} (${reason})`);
  const shown = saysMore(wanted, summary) ? facts.slice(0, LISTED) : [];
  const more = facts.length - shown.length;
  return [
    ...reasons,
    ...shown.map((fact) => `${numeral(fact.connections)} ${waitingText(fact)}${statedText(fact)}`),
    ...shown.length > 0 && more > 0 ? [`and ${numeral(more)} more`] : [],
    ...together ? [`together, ${tellingText(together)}`] : [],
  ].map(printable);
}

function statedText({ statedBy, telling }: WantedFact): string {
  if (!statedBy) return '';
  return telling ? `; ${tellingText(telling)}` : `; ${factsText(statedBy)} states it`;
}

function tellingText(telling: Telling): string {
  const { injectedNamespaces, installedRevisions, decides } = telling;
  const isOne = injectedNamespaces.length === 0 || installedRevisions.length === 0;
  return `${factsText(telling)} ${isOne ? 'decides' : 'decide'} ${numeral(decides)}`;
}

/** `injectedNamespaces: ['shop']`, as an option of the library. */
function factsText({ injectedNamespaces, installedRevisions }: StatedFacts): string {
  const options = Object.entries({ injectedNamespaces, installedRevisions }).filter(([, names]) => names.length > 0);
  return options.map(([name, names]) => `${name}: [${names.map((one) => `'${one}'`).join(', ')}]`).join(' and ');
}

/** The options of the command line that state facts. */
export function optionsText({ injectedNamespaces, installedRevisions }: StatedFacts): string {
  return [
    ...injectedNamespaces.map((name) => `--injected-namespace ${shellWord(name)}`),
    ...installedRevisions.map((name) => `--installed-revision ${shellWord(name)}`),
  ].join(' ');
}
