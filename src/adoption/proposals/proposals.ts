import { authorizationProposal } from './callers';
import { caProposal } from './custom-ca';
import { destinationProposal } from './destination';
import { KnownDestination, ROUTE_FIELDS, routeProposal } from './http-route';
import { meshConfigProposal, revisionOf } from './mesh-config';
import { alertsProposal, istiodScraping, scrapeProposal, sidecarsScraping } from './monitoring';
import { POLICY_FIELDS, policyProposal } from './policies';
import { AdoptedMesh, Proposal } from './proposal';
import { ENTRY_FIELDS, externalProposal, scopeProposal, SIDECAR_FIELDS } from './reach';
import * as networking from '../../../imports/networking.istio.io';
import * as security from '../../../imports/security.istio.io';
import { Mapping, mapping, text } from '../../manifests/mapping';
import { KnownFields, firstUnknownField } from '../comparison';
import { Name } from '../expression';

/** What the proposal for an object depends on besides the object. */
export interface ProposalContext {
  readonly mesh: AdoptedMesh;
  /** Those that routes may lead to. */
  readonly destinations: readonly KnownDestination[];
  /** The IstioMesh of a revision, where there are several. */
  meshNamed(revision: string): Name | undefined;
}

/** What constructs write of an Istio kind, by group and kind. */
interface IstioKind {
  readonly apiVersion: string;
  readonly construct: string;
  readonly spec: KnownFields;
}

const ISTIO_KINDS: Readonly<Record<string, IstioKind>> = {
  'security.istio.io PeerAuthentication': {
    apiVersion: security.PeerAuthentication.GVK.apiVersion, construct: 'a policy', spec: POLICY_FIELDS,
  },
  'security.istio.io AuthorizationPolicy': {
    apiVersion: security.AuthorizationPolicy.GVK.apiVersion, construct: 'AllowedCallers', spec: true,
  },
  'security.istio.io RequestAuthentication': {
    apiVersion: security.RequestAuthentication.GVK.apiVersion, construct: 'RequiredToken', spec: true,
  },
  'networking.istio.io DestinationRule': { apiVersion: networking.DestinationRule.GVK.apiVersion, construct: 'Destination', spec: true },
  'networking.istio.io ServiceEntry': {
    apiVersion: networking.ServiceEntry.GVK.apiVersion, construct: 'ExternalService', spec: ENTRY_FIELDS,
  },
  'networking.istio.io WorkloadEntry': {
    apiVersion: networking.WorkloadEntry.GVK.apiVersion, construct: 'MachineService', spec: true,
  },
  'networking.istio.io WorkloadGroup': {
    apiVersion: networking.WorkloadGroup.GVK.apiVersion, construct: 'MachineService', spec: true,
  },
  'networking.istio.io Sidecar': { apiVersion: networking.Sidecar.GVK.apiVersion, construct: 'SidecarScope', spec: SIDECAR_FIELDS },
  'networking.istio.io VirtualService': {
    apiVersion: networking.VirtualService.GVK.apiVersion, construct: 'HttpRoute', spec: ROUTE_FIELDS,
  },
};

/** Why no construct writes an object that is put into a namespace when it is applied. */
export const WITHOUT_NAMESPACE = 'it has no namespace';

/** The older versions of Istio's APIs, which have the same fields, by group. */
const OLDER: Readonly<Record<string, readonly string[]>> = {
  'security.istio.io': ['v1beta1'], 'networking.istio.io': ['v1beta1', 'v1alpha3'],
};

/** The version that constructs write of an object's kind; undefined: none writes it, or its version isn't known. */
export function currentVersion({ apiVersion, kind }: Mapping): string | undefined {
  const [group, version] = (text(apiVersion) ?? '').split('/');
  const known = `${group} ${text(kind) ?? ''}`;
  return Object.hasOwn(ISTIO_KINDS, known) && OLDER[group].includes(version) ? ISTIO_KINDS[known].apiVersion : undefined;
}

/** @returns a text: why no construct can write it; undefined: none is meant for it */
export function proposalFor(object: Mapping, context: ProposalContext): Proposal | string | undefined {
  const apiVersion = object.apiVersion as string;
  const kind = `${groupOf(apiVersion)} ${String(object.kind)}`;
  const why = Object.hasOwn(ISTIO_KINDS, kind) ? whyNone(object, ISTIO_KINDS[kind]) : undefined;
  return why ?? ofKind(object, kind, context);
}

function whyNone({ apiVersion, metadata, spec }: Mapping, written: IstioKind): string | undefined {
  const { namespace, name } = mapping(metadata);
  if (apiVersion !== written.apiVersion) {
    return `its apiVersion is ${String(apiVersion)}, and ${written.construct} would write ${written.apiVersion}`;
  }
  if (text(namespace) === undefined) return WITHOUT_NAMESPACE;
  if (text(name) === undefined) return 'it has no name';
  const field = firstUnknownField(spec, written.spec);
  return field === undefined ? undefined : `adopt knows no property of ${written.construct} for spec.${field}`;
}

function ofKind(object: Mapping, kind: string, { mesh, destinations, meshNamed }: ProposalContext): Proposal | string | undefined {
  switch (kind) {
    case 'security.istio.io PeerAuthentication': return policyProposal(object, mesh);
    case 'security.istio.io AuthorizationPolicy': return authorizationProposal(object, mesh);
    case 'security.istio.io RequestAuthentication': return 'no AuthorizationPolicy requires its tokens the way RequiredToken does';
    case 'networking.istio.io DestinationRule': return destinationProposal(object);
    case 'networking.istio.io ServiceEntry': return externalProposal(object);
    case 'networking.istio.io Sidecar': return scopeProposal(object, mesh);
    case 'networking.istio.io VirtualService': return routeProposal(object, destinations, mesh);
    case 'monitoring.coreos.com ServiceMonitor': return scrapeProposal('istiod', istiodScraping(object, mesh));
    case 'monitoring.coreos.com PodMonitor': return scrapeProposal('sidecars', sidecarsScraping(object, mesh));
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
