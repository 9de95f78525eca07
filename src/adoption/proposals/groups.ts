import { machineGroups } from './machines';
import { alertsProposal, istiodScraping, sidecarsScraping } from './monitoring';
import { AdoptedMesh, Proposal } from './proposal';
import { requiresTokensOf, tokenProposals } from './tokens';
import * as security from '../../../imports/security.istio.io';
import { Mapping, mapping } from '../../manifests/mapping';
import { FieldExpressions, options } from '../expression';

/** Objects that one construct may write together, by their indices; the first has its properties. */
export type Group = ReadonlyMap<number, Proposal>;

/** The groups among objects, each object in one at most. */
export function groupsAmong(objects: readonly Mapping[], indices: readonly number[], mesh: AdoptedMesh): readonly Group[] {
  return [...tokenGroups(objects, indices), ...machineGroups(objects, indices), ...monitoringGroups(objects, indices, mesh)];
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
  { kind: 'ServiceMonitor', member: 'istiod!', propsOf: istiodScraping },
  { kind: 'PodMonitor', member: 'sidecars!', propsOf: sidecarsScraping },
  { kind: 'PrometheusRule', member: 'alerts!', propsOf: (rule: Mapping, mesh: AdoptedMesh) => propsOf(alertsProposal(rule, mesh)) },
];

function propsOf(proposal: Proposal | undefined): FieldExpressions | undefined {
  return proposal && (proposal.props ?? {});
}

/** What watches the mesh, if all of it is there and lies in one namespace with the same labels. */
function monitoringGroups(objects: readonly Mapping[], indices: readonly number[], mesh: AdoptedMesh): readonly Group[] {
  const monitors = MONITORS.map(({ kind, member, propsOf: read }) => {
    const index = indices.find((one) => (
      objects[one].apiVersion === 'monitoring.coreos.com/v1' && objects[one].kind === kind && read(objects[one], mesh) !== undefined));
    return { index, member, props: index === undefined ? undefined : read(objects[index], mesh) };
  });
  const [istiod, sidecars, alerts] = monitors.map(({ props }) => props);
  if (istiod === undefined || sidecars === undefined || alerts === undefined) return [];
  const { namespace, name, labels, ...conditions } = alerts;
  const expected = text({ namespace, labels });
  if ([istiod, sidecars].some((one) => text({ namespace: one.namespace, labels: one.labels }) !== expected)) return [];
  const isEven = text({ interval: istiod.interval }) === text({ interval: sidecars.interval });
  const own = (scraped: FieldExpressions): FieldExpressions | undefined => (
    options({ ...scraped, namespace: undefined, labels: undefined, interval: isEven ? undefined : scraped.interval }));
  const interval = isEven ? istiod.interval : undefined;
  const props = { namespace, name, labels, interval, istiod: own(istiod), sidecars: own(sidecars), ...conditions };
  return [new Map(monitors.map(({ index, member }, number) => (
    [index!, { construct: 'MeshMonitoring', props: number === 0 ? options(props) : undefined, takesLabels: true, member }])))];
}

/** What is said by properties, whatever their order. */
function text(props: FieldExpressions): string {
  return JSON.stringify(Object.entries(props).filter(([, value]) => value !== undefined).sort(([one], [other]) => (one < other ? -1 : 1)));
}
