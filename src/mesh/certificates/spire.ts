import { istiodNamespaces } from './plugged-ca';
import { Mapping, mapping, mappings, text } from '../../manifests/mapping';
import { INJECTOR_CONFIG_MAP, nameForRevision } from '../config/control-plane-facts';
import { mappingIn } from '../config/proxy-config';
import { FieldRef } from '../inventory/field-ref';
import { KIND } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';
import type { Mesh } from '../mesh';
import { PodSource, podSpecOf } from '../workloads/pod-template';
import { Workload } from '../workloads/workload';

/** The volume in which a sidecar's agent looks for the socket of another certificate provider before it asks a CA. */
const SOCKET_VOLUME = 'workload-socket';

/** The driver that shares the socket of the SPIRE agent on a pod's node. */
const DRIVER = 'csi.spiffe.io';

const TEMPLATES = 'inject.istio.io/templates';

const SPIRE = /spire/i;

/** The templates of an injector, by name. */
export interface InjectorTemplates {
  readonly object: MeshObject;
  readonly texts: ReadonlyMap<string, string>;
  /** Aliases of some of them. */
  readonly aliases: ReadonlySet<string>;
}

/** Those of the injectors whose configuration the manifests contain, by the names of their ConfigMaps. */
export function injectorTemplates(mesh: Mesh): ReadonlyMap<string, InjectorTemplates> {
  const namespaces = istiodNamespaces(mesh);
  const configMaps = mesh.objects.of(KIND.ConfigMap)
    .filter(({ name, namespace }) => name.startsWith(INJECTOR_CONFIG_MAP) && namespaces.has(namespace));
  return new Map(configMaps.flatMap((object) => {
    const written = dataText(object, 'config');
    if (written === undefined) return [];
    const { templates, aliases } = mappingIn(written, mesh.options.parseYaml);
    const texts = new Map(Object.entries(mapping(templates)).map(([name, template]) => [name, text(template) ?? '']));
    return [[object.name, { object, texts, aliases: new Set(Object.keys(mapping(aliases))) }] as const];
  }));
}

function dataText({ source }: MeshObject, key: string): string | undefined {
  return text(mapping((source as Mapping).data)[key]);
}

/** A SPIRE template, by its name, that doesn't mount the socket. */
export interface TemplateWithoutSocket {
  readonly name: string;
  readonly at: FieldRef;
}

export function templatesWithoutSocket(injectors: ReadonlyMap<string, InjectorTemplates>): readonly TemplateWithoutSocket[] {
  return [...injectors.values()].flatMap(({ object, texts }) => {
    // Another template of the same injector may mount it in all pods.
    if ([...texts.values()].some((template) => template.includes(DRIVER))) return [];
    return [...texts].filter(([name, template]) => SPIRE.test(name) && !template.includes(SOCKET_VOLUME))
      .map(([name]) => ({ name, at: { object, field: ['data', 'config'] } }));
  });
}

/** A workload whose pods request a SPIRE template that their injector doesn't have. */
export interface MissingTemplate {
  readonly workload: Workload;
  readonly template: string;
  readonly annotation: string;
  readonly injector: MeshObject;
}

export function missingTemplates({ workloads }: Mesh, injectors: ReadonlyMap<string, InjectorTemplates>): readonly MissingTemplate[] {
  if (injectors.size === 0) return [];
  return workloads.flatMap((workload) => {
    const { annotations, proxy: { encrypts, revision, lacks } } = workload;
    const injector = injectors.get(nameForRevision(INJECTOR_CONFIG_MAP, revision));
    // For others, it isn't known whether they are injected.
    const isInjected = encrypts !== false && (lacks === undefined || lacks.fact === 'template');
    if (injector === undefined || annotations[TEMPLATES] === undefined || !isInjected) return [];
    const { texts, aliases, object } = injector;
    const names = annotations[TEMPLATES].split(',').map((name) => name.trim());
    const template = names.find((name) => SPIRE.test(name) && !texts.has(name) && !aliases.has(name));
    return template === undefined ? [] : [{ workload, template, annotation: TEMPLATES, injector: object }];
  });
}

/** The trust domain in a SPIRE configuration. */
export interface SpireTrustDomain {
  readonly at: FieldRef;
  readonly trustDomain: string;
}

/** In HCL and in JSON. */
const TRUST_DOMAIN = /(?:^|[\s{,"])trust_domain"?\s*[=:]\s*"([^"\\]+)"/;

const CONFIGURATIONS = ['server.conf', 'agent.conf'];

/** The trust domains of the SPIREs among the manifests, if sidecars get certificates from one. */
export function spireTrustDomains(mesh: Mesh): readonly SpireTrustDomain[] {
  const found = mesh.objects.of(KIND.ConfigMap).flatMap((object) => CONFIGURATIONS.flatMap((key) => {
    const [, trustDomain] = TRUST_DOMAIN.exec(dataText(object, key) ?? '') ?? [];
    return trustDomain === undefined ? [] : [{ at: { object, field: ['data', key] }, trustDomain }];
  }));
  return found.length > 0 && usesSpire(mesh) ? found : [];
}

function usesSpire(mesh: Mesh): boolean {
  const brings = (template: string): boolean => template.includes(SOCKET_VOLUME) && template.includes(DRIVER);
  const mounts = (source: PodSource): boolean =>
    mappings(podSpecOf(source).volumes).some(({ name, csi }) => name === SOCKET_VOLUME && mapping(csi).driver === DRIVER);
  const templates = [...injectorTemplates(mesh).values()].flatMap(({ texts }) => [...texts.values()]);
  return templates.some(brings) || mesh.workloads.some(({ podSource }) => mounts(podSource));
}
