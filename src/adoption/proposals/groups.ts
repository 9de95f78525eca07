import { alertsProposal, istiodMonitorProposal, sidecarMonitorProposal } from './monitoring';
import { AdoptedMesh, Proposal } from './proposal';
import { requiresTokensOf, tokenProposals } from './tokens';
import * as security from '../../../imports/security.istio.io';
import { Mapping, mapping } from '../../manifests/mapping';
import { FieldExpressions, options } from '../expression';

/** Objects that one construct may write together, by their indices; the first has its properties. */
export type Group = ReadonlyMap<number, Proposal>;

/** The groups among objects, each object in one at most. */
export function groupsAmong(objects: readonly Mapping[], indices: readonly number[], mesh: AdoptedMesh): readonly Group[] {
  return [...tokenGroups(objects, indices), ...monitoringGroups(objects, indices, mesh)];
}

function tokenGroups(objects: readonly Mapping[], indices: readonly number[]): readonly Group[] {
  const { AuthorizationPolicy, RequestAuthentication } = security;
  const of = ({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): number[] => (
    indices.filter((index) => objects[index].apiVersion === apiVersion && objects[index].kind === kind && isNamed(objects[index])));
  const policies = new Set(of(AuthorizationPolicy.GVK));
  return of(RequestAuthentication.GVK).flatMap((index) => {
    const policy = [...policies].find((one) => requiresTokensOf(objects[index], objects[one]));
    if (policy === undefined) return [];
    policies.delete(policy);
    const [ofAuthentication, ofPolicy] = tokenProposals(objects[index], objects[policy]);
    return [new Map([[index, ofAuthentication], [policy, ofPolicy]])];
  });
}

function isNamed({ metadata }: Mapping): boolean {
  const { namespace, name } = mapping(metadata);
  return typeof namespace === 'string' && typeof name === 'string';
}

const MONITORS = [
  { kind: 'ServiceMonitor', member: 'istiod', propose: istiodMonitorProposal },
  { kind: 'PodMonitor', member: 'sidecars', propose: sidecarMonitorProposal },
  { kind: 'PrometheusRule', member: 'alerts', propose: alertsProposal },
];

/** What watches the mesh, if all of it is there and has the same properties. */
function monitoringGroups(objects: readonly Mapping[], indices: readonly number[], mesh: AdoptedMesh): readonly Group[] {
  const monitors = MONITORS.map(({ kind, member, propose }) => {
    const index = indices.find((one) => (
      objects[one].apiVersion === 'monitoring.coreos.com/v1' && objects[one].kind === kind && propose(objects[one], mesh) !== undefined));
    return { index, member, props: index === undefined ? undefined : propose(objects[index], mesh)!.props ?? {} };
  });
  const [istiod, sidecars, alerts] = monitors.map(({ props }) => props);
  if (istiod === undefined || sidecars === undefined || alerts === undefined) return [];
  const { namespace, name, labels, ...conditions } = alerts;
  const common = { namespace, name, labels };
  const props = { ...common, interval: istiod.interval, ...conditions };
  const expected = text({ ...common, interval: istiod.interval });
  if (common.name !== undefined || text(istiod) !== expected || text(sidecars) !== expected) return [];
  return [new Map(monitors.map(({ index, member }, number) => (
    [index!, { construct: 'MeshMonitoring', props: number === 0 ? options(props) : undefined, takesLabels: true, member }])))];
}

/** What is said by properties, whatever their order. */
function text(props: FieldExpressions): string {
  return JSON.stringify(Object.entries(props).filter(([, value]) => value !== undefined).sort(([one], [other]) => (one < other ? -1 : 1)));
}
