import { readsRevocationLists } from './istiod-variables';
import { CaFiles, caFilesOf, CaRole } from '../../certificates/ca-files';
import { CA_SECRET_NAME, isLeftToIstiod } from '../../certificates/ca-secret';
import { FieldPath } from '../../findings/finding';
import { isMapping, mapping, Mapping } from '../../manifests/mapping';
import { DEFAULT_REVISION } from '../config/control-plane-facts';
import { KIND } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';
import type { Mesh } from '../mesh';

/** A complete Secret `cacerts` in an istiod's namespace: what istiod signs with. */
export interface PluggedCa {
  readonly object: MeshObject;
  readonly files: CaFiles;
  /** Whether cert-manager created the Secret, and renews it. */
  readonly isRenewed: boolean;
}

/** Where a file of a CA is written. */
export function caField({ object: { source }, files }: PluggedCa, role: CaRole): FieldPath {
  const name = files.names[role];
  // stringData wins.
  return [name in mapping((source as Mapping).stringData) ? 'stringData' : 'data', name];
}

const MADE_BY_CERT_MANAGER = 'cert-manager.io/certificate-name';

/** The CAs that the manifests contain for istiods: those Secrets that have all keys. A Secret without a key is reported by its keys, and one that leaves signing to istiod's own CA doesn't count. */
export function pluggedCas(mesh: Mesh): readonly PluggedCa[] {
  const secrets = mesh.objects.caObjects.of(KIND.Secret).filter(({ name, namespace }) => name === CA_SECRET_NAME && runsIstiod(mesh, namespace));
  return secrets.flatMap((object) => {
    const { isLeft, files } = caInSecret(object);
    const read = files && (readsRevocationLists(mesh, object.namespace) ? files : { ...files, crl: undefined });
    return read && !isLeft ? [{ object, files: read, isRenewed: object.annotations[MADE_BY_CERT_MANAGER] !== undefined }] : [];
  });
}

/** What a Secret contains of a CA. */
export interface CaInSecret {
  /** By key, one character a byte. */
  readonly texts: ReadonlyMap<string, string>;
  /** Whether it leaves signing to istiod's own CA. */
  readonly isLeft: boolean;
  /** Undefined: a key is missing. */
  readonly files?: CaFiles;
}

/** Reads a Secret that may hold a CA. */
export function caInSecret({ source }: MeshObject): CaInSecret {
  const texts = secretTexts(source as Mapping);
  return { texts, isLeft: isLeftToIstiod((key) => texts.get(key)), files: caFilesOf(texts) };
}

/** istiod's namespace by default. */
const USUAL_NAMESPACE = 'istio-system';

/** Whether an istiod runs in a namespace, as far as is known. */
export function runsIstiod(mesh: Mesh, namespace: string): boolean {
  return istiodNamespaces(mesh).has(namespace);
}

/** Where istiods run, as far as is known. */
export function istiodNamespaces({ configs, options: { istiodNamespace } }: Mesh): ReadonlySet<string> {
  if (istiodNamespace !== undefined) return new Set([istiodNamespace]);
  const known = [...configs.revisions].flatMap((revision) => configs.of(revision).object?.namespace ?? []);
  return new Set(known.length === 0 ? [USUAL_NAMESPACE] : known);
}

/** The trust domain of the identities that the istiod of a namespace signs; undefined if nothing sets it. */
export function knownTrustDomain({ configs, options }: Mesh, namespace: string): string | undefined {
  const all = [...configs.revisions].map((revision) => configs.of(revision));
  const { trustDomain, object } = all.find((config) => config.object?.namespace === namespace) ?? configs.of(DEFAULT_REVISION);
  return object ? trustDomain : options.trustDomain;
}

/** A Secret's values, one character a byte. */
function secretTexts({ data, stringData }: Mapping): ReadonlyMap<string, string> {
  return new Map([...textsIn(data, (value) => Buffer.from(value, 'base64').toString('latin1')), ...textsIn(stringData, (value) => value)]);
}

function textsIn(values: unknown, decode: (value: string) => string): readonly (readonly [string, string])[] {
  if (!isMapping(values)) return [];
  return Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? decode(value) : '']);
}
