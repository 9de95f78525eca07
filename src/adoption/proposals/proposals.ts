import { caProposal } from './custom-ca';
import { destinationProposal } from './destination';
import { meshConfigProposal, revisionOf } from './mesh-config';
import { alertsProposal, istiodMonitorProposal, sidecarMonitorProposal } from './monitoring';
import { policyProposal } from './policies';
import { AdoptedMesh, Proposal } from './proposal';
import { KnownDestination, routeProposal } from './subset-route';
import * as networking from '../../../imports/networking.istio.io';
import * as security from '../../../imports/security.istio.io';
import { Mapping, mapping, text } from '../../manifests/mapping';
import { Name } from '../expression';

/** What the proposal for an object depends on besides the object. */
export interface ProposalContext {
  readonly mesh: AdoptedMesh;
  /** Those that routes may lead to. */
  readonly destinations: readonly KnownDestination[];
  /** The IstioMesh of a revision, where there are several. */
  meshNamed(revision: string): Name | undefined;
}

/** The API versions that constructs write, by group and kind. */
const WRITTEN: Readonly<Record<string, string>> = {
  'security.istio.io PeerAuthentication': security.PeerAuthentication.GVK.apiVersion,
  'networking.istio.io DestinationRule': networking.DestinationRule.GVK.apiVersion,
  'networking.istio.io VirtualService': networking.VirtualService.GVK.apiVersion,
};

/** @returns a text: why no construct can write it; undefined: none is meant for it */
export function proposalFor(object: Mapping, context: ProposalContext): Proposal | string | undefined {
  const apiVersion = object.apiVersion as string;
  const kind = `${groupOf(apiVersion)} ${String(object.kind)}`;
  const written = Object.hasOwn(WRITTEN, kind) ? WRITTEN[kind] : undefined;
  if (written !== undefined && written !== apiVersion) return `its apiVersion is ${apiVersion}, and constructs write ${written}`;
  if (written !== undefined) {
    const { namespace, name } = mapping(object.metadata);
    if (text(namespace) === undefined) return 'it names no namespace, and constructs write one';
    if (text(name) === undefined) return 'it has no name, and constructs write one';
  }
  return ofKind(object, kind, context);
}

function ofKind(object: Mapping, kind: string, { mesh, destinations, meshNamed }: ProposalContext): Proposal | string | undefined {
  switch (kind) {
    case 'security.istio.io PeerAuthentication': return policyProposal(object, mesh);
    case 'networking.istio.io DestinationRule': return destinationProposal(object);
    case 'networking.istio.io VirtualService': return routeProposal(object, destinations);
    case 'monitoring.coreos.com ServiceMonitor': return istiodMonitorProposal(object, mesh);
    case 'monitoring.coreos.com PodMonitor': return sidecarMonitorProposal(object, mesh);
    case 'monitoring.coreos.com PrometheusRule': return alertsProposal(object, mesh);
    case ' ConfigMap': {
      const revision = revisionOf(object, mesh);
      return revision === undefined ? undefined : meshConfigProposal(object, mesh, revision, meshNamed(revision));
    }
    default: return caProposal(object, groupOf(object.apiVersion as string), mesh);
  }
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}
