import { runsIstiod } from './plugged-ca';
import { CA_SECRET_NAME } from '../../certificates/ca-secret';
import { mapping, mappings, text, texts } from '../../manifests/mapping';
import { isOf, KIND, Kind } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';
import type { Mesh } from '../mesh';

/** A Certificate with which cert-manager creates istiod's CA. */
export interface CaCertificate {
  readonly object: MeshObject;
  readonly isCa: boolean;
  readonly usages: readonly string[];
  /** In milliseconds. */
  readonly duration: number;
  /** How long before its end it is renewed, in milliseconds; undefined: unknown. */
  readonly renewBefore?: number;
  readonly rotationPolicy?: string;
  readonly issuer: { readonly kind: string; readonly name: string };
  /** The issuer, if the manifests contain it. */
  readonly issuerType?: IssuerType;
}

/** The type of a cert-manager issuer; undefined for other types. */
type IssuerType = 'acme' | 'selfSigned';

/** The Certificates whose Secret istiod reads. */
export function caCertificates(mesh: Mesh): readonly CaCertificate[] {
  return ofIstiod(mesh, KIND.Certificate).filter(({ spec }) => spec.secretName === CA_SECRET_NAME).map((object) => readCertificate(object, mesh));
}

const { group: CERT_MANAGER } = KIND.Issuer;

/** cert-manager's own. */
const DEFAULT_DURATION = 90 * 86_400_000;

function readCertificate(object: MeshObject, mesh: Mesh): CaCertificate {
  const { isCA, usages, duration, renewBefore, renewBeforePercentage, issuerRef, privateKey } = object.spec;
  const { kind, name, group } = mapping(issuerRef);
  const issuer = { kind: text(kind) ?? 'Issuer', name: text(name) ?? '' };
  const isCertManagers = text(group) === undefined || group === CERT_MANAGER;
  const lasts = milliseconds(duration) ?? DEFAULT_DURATION;
  return {
    object,
    isCa: isCA === true,
    usages: texts(usages),
    duration: lasts,
    renewBefore: renewBeforePercentage === undefined ? milliseconds(renewBefore) ?? lasts / 3 : undefined,
    rotationPolicy: text(mapping(privateKey).rotationPolicy),
    issuer,
    issuerType: isCertManagers ? issuerType(mesh.objects.caObjects.of({ group: CERT_MANAGER, kind: issuer.kind }).find((one) =>
      one.name === issuer.name && (isOf(one, KIND.ClusterIssuer) || one.namespace === object.namespace))) : undefined,
  };
}

function issuerType(issuer: MeshObject | undefined): IssuerType | undefined {
  return issuer && (['acme', 'selfSigned'] as const).find((type) => issuer.spec[type] !== undefined);
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** A duration as Go writes it, such as `2160h0m0s`; undefined if it isn't one. */
function milliseconds(duration: unknown): number | undefined {
  if (typeof duration !== 'string' || !/^(?:\d+(?:\.\d+)?(?:ms|[hms]))+$/.test(duration)) return undefined;
  return [...duration.matchAll(/([\d.]+)(ms|[hms])/g)].reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit], 0);
}

/** An ExternalSecret that writes Secret `cacerts` key by key. */
export interface KeyedExternalSecret {
  readonly object: MeshObject;
  readonly keys: readonly string[];
}

/** Those for which the manifests list all keys: none is copied as a whole, and no template creates others. */
export function keyedExternalSecrets(mesh: Mesh): readonly KeyedExternalSecret[] {
  return ofIstiod(mesh, KIND.ExternalSecret).flatMap((object) => {
    const { data, dataFrom, target } = object.spec;
    const { name = object.name, template, creationPolicy } = mapping(target);
    const isWhole = mappings(dataFrom).length === 0 && template === undefined && creationPolicy !== 'Merge';
    return name === CA_SECRET_NAME && isWhole ? [{ object, keys: mappings(data).flatMap(({ secretKey }) => text(secretKey) ?? []) }] : [];
  });
}

/** The ConfigMap with which istiod distributes the roots to every namespace. */
export const ROOT_CONFIG_MAP = 'istio-ca-root-cert';

/** trust-manager Bundles that write ConfigMaps of that name, too. */
export function rivalBundles(mesh: Mesh): readonly MeshObject[] {
  return mesh.objects.caObjects.of(KIND.Bundle).filter(({ name, spec }) => name === ROOT_CONFIG_MAP && mapping(spec.target).configMap !== undefined);
}

function ofIstiod(mesh: Mesh, kind: Kind): readonly MeshObject[] {
  return mesh.objects.caObjects.of(kind).filter(({ namespace }) => runsIstiod(mesh, namespace));
}
