import { whetherText } from '../../findings/condition';
import { printable } from '../../findings/safe-text';
import { Summary } from '../../mesh/calls/connections';
import { meaningOf } from '../../mesh/calls/undecided-meanings';
import { compareTexts } from '../../mesh/inventory/object';
import { OUTCOMES, UndecidedReason } from '../../mesh/model/transport';
import { SharedConnections } from '../../mesh/worlds/shared-connections';
import { WorldsData, WorldsRowData } from '../../report/data';
import { trafficOf } from '../../report/traffic';
import { trafficBothWays, TrafficBothWays } from '../../report/traffic-both-ways';
import { pageText } from '../../report/traffic-tables';
import type { check } from '../findings/check';
import { LOST } from '../findings/outcome-meanings';
import { ReportedWorlds } from '../findings/report';
import { injectionText, noticeTexts } from '../findings/world-notice';

/** A report on a mesh, or on a change of one. */
type MeshReport = Awaited<ReturnType<typeof check>>;

/** The calls of a report's page, and how many have which outcome. */
export interface ReportedTraffic extends Omit<TrafficBothWays, 'conditional'> {
  readonly worlds?: WorldsData;
}

/** The calls, with branches where the manifests leave open who has a sidecar, and the outcomes both ways. */
export function reportedTraffic({ mesh, judged, connections, worlds }: MeshReport): ReportedTraffic {
  const { outcomes, undecided } = connections;
  if (!worlds) return { traffic: trafficOf(mesh, judged.counting), outcomes, undecided };
  const isWhole = judged === mesh;
  const shared = isWhole ? SharedConnections.of(mesh) : undefined;
  if (!shared) {
    const unlisted = isWhole ? 'there are too many' : 'other objects of the cluster are given';
    return { traffic: trafficOf(mesh, judged.counting), outcomes, undecided, worlds: { ...worldsData(worlds), unlisted } };
  }
  const { conditional, ...decided } = trafficBothWays(mesh, shared);
  return { ...decided, worlds: { ...worldsData(worlds), conditional } };
}

function worldsData(worlds: ReportedWorlds): WorldsData {
  const { facts, with: all, without, expected } = worlds;
  const columns = [['with', all], ['without', without], ...expected ? [['expected', expected] as const] : []] as const;
  return {
    about: pageText(injectionText(facts)),
    whether: pageText(whetherText(facts)),
    columns: columns.map(([name]) => name),
    rows: rowsOf(columns.map(([, summary]) => summary)),
    notice: noticeTexts(worlds, false, 'istio-mtls check --all').map(printable),
  };
}

function rowsOf(summaries: readonly Summary[]): readonly WorldsRowData[] {
  const rowOf = (of: WorldsRowData['of'], text: string, countIn: (summary: Summary) => number): WorldsRowData => (
    { of, text, counts: summaries.map(countIn) });
  const reasons = [...new Set(summaries.flatMap(({ undecided }) => Object.keys(undecided)))].sort(compareTexts) as UndecidedReason[];
  const rows = [
    ...OUTCOMES.map((outcome) => rowOf('outcome', outcome, ({ outcomes }) => outcomes[outcome])),
    ...reasons.map((reason) => rowOf('reason', `${meaningOf(reason)} (${reason})`, ({ undecided }) => undecided[reason] ?? 0)),
    rowOf('lost', `lost: ${LOST}`, ({ lostCopies }) => lostCopies),
  ];
  return rows.filter(({ counts }) => counts.some((count) => count > 0));
}
