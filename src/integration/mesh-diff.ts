import { analysisModules } from './app-mesh';
import type { Condition } from './finding';
import { ConnectionOutcome } from './hop';
import { LeftOutConnections, leftOutStruct } from './left-out-connections';
import type { ComparisonBothWays } from '../changes/both-ways';
import type { ReportedGroup } from '../changes/diff-report';
import { titleOf } from '../findings/object-identity';
import { printable, printableJson } from '../findings/safe-text';

/** The effect of a change of manifests on a mesh. */
export interface MeshDiff {
  /** Connections that changed, the worst first: broken, then plaintext, then undecided. */
  readonly groups: ConnectionChange[];
  /** How many connections have the same outcome as before. */
  readonly unchanged: number;
  /**
   * Notes, one sentence each: whether an istiod will sign with another CA, and in which stages to get there, as far as the
   * certificates of both are known.
   */
  readonly notes: string[];
  /**
   * The possible connections after the change that aren't compared, and would be with `allCalls`: their clients declare with
   * annotation `calls.istio-mtls/to`, before and after, that they make other calls.
   *
   * @default - all are compared
   */
  readonly leftOut?: LeftOutConnections;
  /**
   * How many connections that aren't compared get worse, as `gates` of a group would say.
   *
   * @default - all are compared
   */
  readonly worseLeftOut?: number;
  /** Workloads that declare fewer calls than before, one sentence each. The calls that they no longer declare are compared. */
  readonly narrowed: string[];
  /**
   * The whole comparison as one JSON object, with the fields of docs/schemas/diff.schema.json that aren't about files: among
   * others, server ports that accept something else, workloads with another identity, and changed objects without effect.
   */
  readonly json: string;
}

/** Connections that changed in the same way, caused by the same objects. */
export interface ConnectionChange {
  /**
   * How they changed: `changed` (another outcome), `gained`, `lost` or `rerouted` (their client and server exist before and
   * after), `added` or `removed` with their client, call or server.
   */
  readonly kind: string;
  /** The words for it in `--fail-on` of `istio-mtls diff`, such as `new-broken`; empty if it is no worse. */
  readonly gates: string[];
  /**
   * The outcome before.
   *
   * @default - they didn't exist
   */
  readonly from?: ConnectionOutcome;
  /**
   * The outcome after.
   *
   * @default - they no longer exist
   */
  readonly to?: ConnectionOutcome;
  /** How many connections, each of one client to one server. */
  readonly connections: number;
  /**
   * The changed objects that cause it, such as `DestinationRule shop/ratings`: reverting any one of them changes the outcome of
   * the example. If no single object does, all that may be involved.
   */
  readonly causes: string[];
  /** One of the connections: `shop/web → shop/ratings:9080, server shop/ratings:9080`. */
  readonly example: string;
  /**
   * What holds where the connections change so, of namespaces that neither state shows and revisions that aren't known to be installed.
   *
   * @default - they change so in every case
   */
  readonly conditions?: Condition[];
  /** The same as one JSON object, with the example before and after: an item of `groups` in docs/schemas/diff.schema.json. */
  readonly json: string;
}

export function meshDiffOf(found: ComparisonBothWays): MeshDiff {
  const { caChangeText, narrowingText, ReportedObjects, reportedChanges } = analysisModules();
  const changes = reportedChanges(found, new ReportedObjects());
  return {
    groups: changes.groups.map(connectionChangeOf),
    unchanged: changes.connections.unchanged,
    notes: found.caChanges.map(caChangeText),
    leftOut: changes.leftOut && leftOutStruct(changes.leftOut),
    worseLeftOut: changes.leftOut?.worse,
    narrowed: changes.narrowed?.map((one) => printable(narrowingText(one))) ?? [],
    json: printableJson(JSON.stringify(changes)),
  };
}

function connectionChangeOf(group: ReportedGroup): ConnectionChange {
  const { kind, gates, from, to, connections, causes, if: conditions } = group;
  return {
    kind,
    gates: [...gates],
    from: from as ConnectionOutcome | undefined,
    to: to as ConnectionOutcome | undefined,
    connections,
    causes: causes.map(({ object }) => titleOf(object)),
    example: analysisModules().exampleText(group),
    conditions: conditions && [...conditions],
    json: printableJson(JSON.stringify(group)),
  };
}
