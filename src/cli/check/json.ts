import { Assumption } from '../../analysis/assumptions';
import { Unjudged } from '../../analysis/unjudged';
import { optionsText, Telling, WouldDecide } from '../../analysis/would-decide';
import { MissingFact } from '../../mesh/calls/missing-facts';
import { ISTIO_MINOR } from '../../mesh/config/istiods';
import { ObjectName } from '../../mesh/inventory/object';
import { Outcome } from '../../mesh/model/transport';
import { SummaryBothWays } from '../../mesh/worlds/both-ways';
import type { CheckReport } from '../findings/check';
import { FindingCounts, findingJson, PrintedFinding, PrintedOpenFinding, PrintedSettled, settledJson } from '../findings/finding-json';
import { json, placeJson, PrintedPlace, PrintedReading, readingJson } from '../findings/json';
import { AcknowledgedFinding, countsOf, ReportedWorlds } from '../findings/report';

/** What istio-mtls check -o json prints */
export interface PrintedCheck extends PrintedSettled, PrintedReading {
  /** Increases when a field changes its meaning or is removed. New fields may be added at any time. */
  readonly format: 1;
  /**
   * The Istio minor version that is modelled.
   *
   * @pattern ^\d+\.\d+$
   */
  readonly istio: string;
  readonly summary: CheckCounts;
  readonly connections: CheckedConnections;
  /** Missing if the manifests show of all workloads whether they have sidecars. */
  readonly worlds?: PrintedWorlds;
  /**
   * How many more connections break if the mesh is STRICT: the manifests hold no PeerAuthentication for all of it, and PERMISSIVE is taken
   * for granted. Missing if none does, or if they hold one.
   */
  readonly brokenIfStrict?: number;
  /** What the manifests contain that decides about requests, packets and gateways, and isn't judged. */
  readonly unjudged: Unjudged;
  /** What the decided connections take for granted; docs/assumptions.md says how to state or check each. */
  readonly assumptions: readonly Assumption[];
  /** In the order of the paths and of the objects in them. */
  readonly findings: readonly PrintedOpenFinding[];
  /** Acknowledged findings, with the reason. */
  readonly acknowledged: readonly PrintedAcknowledgedFinding[];
}

/** What depends on who gets a sidecar where the manifests don't show it. */
interface PrintedWorlds extends SummaryBothWays {
  /** Findings that hold with values of these facts that nothing expects; the summary doesn't count them. */
  readonly unexpected: readonly PrintedFinding[];
}

/** How much was read, and found in it. */
interface CheckCounts extends FindingCounts {
  readonly acknowledged: number;
}

/** The number of connections by outcome, and what would decide the undecided ones. */
interface CheckedConnections {
  /**
   * One for each client workload, service port and server that its calls can reach. With facts, only those that a judged object takes
   * part in or changes.
   */
  readonly connections: number;
  /**
   * Connections on which only copies of requests are lost, since a route mirrors to a host or subset that isn't there: no call fails.
   * They are in `connections`, but in no outcome.
   */
  readonly lostCopies: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** The number by reason; see docs/analysis.md. */
  readonly undecided: Readonly<Partial<Record<string, number>>>;
  /** All connections except the undecided ones. */
  readonly decided: number;
  readonly wouldDecide: PrintedWouldDecide;
  /**
   * The possible connections that aren't counted, because their clients declare with annotation calls.istio-mtls/to which calls they make;
   * with facts, those of the whole mesh. Missing if no workload declares its calls, or with --all-calls.
   */
  readonly leftOut?: PrintedLeftOut;
}

/** Connections that aren't judged, because workloads declare other calls. */
interface PrintedLeftOut {
  readonly connections: number;
  readonly lostCopies: number;
  /** What --all-calls would count in addition. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** The number by reason; see docs/analysis.md. */
  readonly undecided: Readonly<Partial<Record<string, number>>>;
  /** How many of the broken ones are to hosts that their clients' Sidecars don't import. */
  readonly notImported: number;
  /** The workloads that declare their calls. */
  readonly clients: readonly ObjectName[];
  /** What they declare to call and the manifests don't show, as it is written. */
  readonly notShown: readonly { readonly client: ObjectName; readonly call: string }[];
  /** What they declare to call on ports that aren't for TCP, of which nothing is judged, such as `shop/dns:53/UDP`. */
  readonly withoutTcp: readonly { readonly client: ObjectName; readonly call: string }[];
}

/** The facts that undecided connections depend on. */
interface PrintedWouldDecide {
  /** The facts that most connections depend on come first. */
  readonly facts: readonly PrintedWantedFact[];
  /** The effect of all facts that options can supply together. Missing if there are fewer than two. */
  readonly together?: PrintedTelling;
}

/** A fact that undecided connections depend on. */
interface PrintedWantedFact extends MissingFact {
  /** Options that supply it. Missing if no option does, or if there are too many facts to try each. */
  readonly told?: PrintedTelling;
}

/** Options that supply facts. */
interface PrintedTelling extends Telling {
  /** The options to add to the command line. */
  readonly options: string;
}

/** A finding that stays, and why. */
interface PrintedAcknowledgedFinding extends PrintedFinding {
  readonly acknowledgement: PrintedAcknowledgement;
}

/** Why a finding stays. */
interface PrintedAcknowledgement extends PrintedPlace {
  readonly reason: string;
  /** Whether it comes from the object itself, the command line or the configuration file. */
  readonly by: AcknowledgedFinding['by'];
  /** The team or person responsible. */
  readonly owner?: string;
  /**
   * The last day on which it holds.
   *
   * @pattern ^\d{4}-\d{2}-\d{2}$
   */
  readonly expires?: string;
  /** The configuration file that it comes from. Missing if it comes from the object or the command line. */
  readonly file?: string;
}

/** What istio-mtls check -o json prints if it judges each mesh of the configuration file */
export interface PrintedMeshes {
  /** Increases when a field changes its meaning or is removed. New fields may be added at any time. */
  readonly format: 1;
  /** In the order of the configuration file; configuration.mesh is the name of each. */
  readonly meshes: readonly PrintedCheck[];
}

/** The report as JSON. See docs/schemas/check.schema.json. */
export function checkJson(report: CheckReport): string {
  return json(printedReport(report));
}

/** The reports of several meshes as JSON. See docs/schemas/check-meshes.schema.json. */
export function checksJson(reports: readonly CheckReport[]): string {
  const printed: PrintedMeshes = { format: 1, meshes: reports.map(printedReport) };
  return json(printed);
}

function printedReport(report: CheckReport): PrintedCheck {
  const { findings, acknowledged, connections, leftOut, wouldDecide, worlds, unjudged, assumptions, configured, reading } = report;
  return {
    format: 1,
    istio: ISTIO_MINOR,
    ...settledJson(configured),
    summary: { ...countsOf(report), acknowledged: acknowledged.length },
    connections: {
      ...connections,
      decided: connections.connections - connections.outcomes.undecided,
      wouldDecide: wouldDecideJson(wouldDecide),
      leftOut,
    },
    worlds: worlds && worldsJson(worlds),
    brokenIfStrict: report.brokenIfStrict,
    unjudged,
    assumptions,
    findings: findings.map((finding) => findingJson(finding, configured?.baseline?.grown.get(finding))),
    acknowledged: acknowledged.map(acknowledgedJson),
    ...readingJson(reading),
  };
}

function worldsJson({ depending: _, unexpected, ...worlds }: ReportedWorlds): PrintedWorlds {
  return { ...worlds, unexpected: unexpected.map((finding) => findingJson(finding)) };
}

function wouldDecideJson({ facts, together }: WouldDecide): PrintedWouldDecide {
  return {
    facts: facts.map(({ telling, statedBy: _, ...fact }) => ({ ...fact, told: telling && tellingJson(telling) })),
    together: together && tellingJson(together),
  };
}

function tellingJson(telling: Telling): PrintedTelling {
  return { options: optionsText(telling), ...telling };
}

function acknowledgedJson({ reason, owner, expires, by, saidIn, ...finding }: AcknowledgedFinding): PrintedAcknowledgedFinding {
  const place = saidIn && { file: saidIn.file, ...placeJson(saidIn.position) };
  return { ...findingJson(finding), acknowledgement: { reason, by, owner, expires, ...place } };
}
