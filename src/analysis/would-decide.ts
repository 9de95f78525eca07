import { isDnsLabel } from '../admission/metadata/kubernetes-names';
import { redacted } from '../findings/redaction';
import { MissingFact } from '../mesh/connections/missing-facts';
import { JudgedMesh } from '../mesh/mesh';

/** What to tell the model besides what it was told, and how many connections fewer are undecided then. */
export interface Telling {
  readonly injectedNamespaces: readonly string[];
  readonly installedRevisions: readonly string[];
  readonly decides: number;
}

/** A fact that the manifests don't hold, with what to tell in its place. */
export interface WantedFact extends MissingFact {
  /** Undefined: only a manifest can tell, or nothing, or there are too many to try each. */
  readonly telling?: Telling;
}

/** What would decide the undecided connections of a mesh. */
export interface WouldDecide {
  /** What most connections wait for first. */
  readonly facts: readonly WantedFact[];
  /** All facts that can be told, told together; undefined where there are fewer than two, or that decides nothing. */
  readonly together?: Telling;
}

type Facts = Pick<Telling, 'injectedNamespaces' | 'installedRevisions'>;

/** How many facts are tried one by one: each takes as long as the mesh itself. */
const TRIED = 3;

/** Tries each telling on the model, so that what it decides is true; those that most connections wait for. */
export function wouldDecide(mesh: JudgedMesh): WouldDecide {
  const undecided = mesh.undecided();
  if (undecided === 0) return { facts: [] };
  const facts = mesh.missingFacts();
  const tellable = facts.filter(({ need, subject }) => (need === 'namespace' || need === 'revision') && isDnsLabel(subject));
  const tried = new Map(tellable.slice(0, TRIED).map((fact) => [fact, told(mesh, [fact], undecided)]));
  const together = tellable.length < 2 ? undefined : told(mesh, tellable, undecided);
  return {
    facts: facts.map((fact) => ({ ...fact, subject: redacted(fact.subject), telling: tried.get(fact) })),
    ...together && together.decides > 0 && { together },
  };
}

function told(mesh: JudgedMesh, facts: readonly MissingFact[], undecided: number): Telling {
  const { injectedNamespaces = [], installedRevisions } = mesh.options;
  const added = addedBy(mesh, facts);
  const revisions = added.installedRevisions.length === 0 ? installedRevisions : [...installedRevisions ?? [], ...added.installedRevisions];
  const given = mesh.given({ injectedNamespaces: [...injectedNamespaces, ...added.injectedNamespaces], installedRevisions: revisions });
  return { ...added, decides: Math.max(0, undecided - given.undecided()) };
}

/** Once revisions are told, only those are installed: so the others that the mesh names are told, too. */
function addedBy({ options, revisions: known }: JudgedMesh, facts: readonly MissingFact[]): Facts {
  const of = (wanted: MissingFact['need']) => facts.filter(({ need }) => need === wanted).map(({ subject }) => subject);
  const revisions = of('revision');
  const others = revisions.length > 0 && options.installedRevisions === undefined ? known : [];
  return { injectedNamespaces: of('namespace').sort(), installedRevisions: [...new Set([...others, ...revisions])].sort() };
}
