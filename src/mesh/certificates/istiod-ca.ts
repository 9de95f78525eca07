import { ROOT_CONFIG_MAP } from './ca-sources';
import { caInSecret } from './plugged-ca';
import { readCertificates } from '../../certificates/ca-files';
import { CA_SECRET_NAME, FOUR_KEY_FORM } from '../../certificates/ca-secret';
import { SigningCa } from '../../certificates/ca-step';
import { Certificate } from '../../certificates/certificate';
import { LONGEST_PEM } from '../../certificates/pem';
import { mapping, Mapping, text } from '../../manifests/mapping';
import { CaObjects } from '../inventory/ca-objects';
import { KIND } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';
import type { Mesh } from '../mesh';

/**
 * The CA that an istiod signs with, according to the manifests. `own`: one that it generated itself; `secret`: that of a Secret
 * `cacerts`; `source`: one that another object provides; `none`: the manifests contain neither, so it may be its own.
 */
export interface IstiodCa extends SigningCa {
  readonly kind: 'own' | 'secret' | 'source' | 'none';
  /** What fills Secret `cacerts`, or is it. */
  readonly object?: MeshObject;
  /** Where an object takes the CA from; another text means another source. */
  readonly takenFrom?: string;
}

/** The Secret in which istiod stores a CA that it generated itself. */
const OWN_SECRET = 'istio-ca-secret';
const [CA_CERT, , ROOT_CERT] = FOUR_KEY_FORM;

/** The CA of the istiod in a namespace; undefined: there is a Secret for it that lacks a key. */
export function istiodCa(objects: CaObjects, namespace: string): IstiodCa | undefined {
  const secrets = objects.of(KIND.Secret).filter((secret) => secret.namespace === namespace);
  const source = sourceOf(objects, namespace);
  const secret = secrets.find(({ name }) => name === CA_SECRET_NAME);
  if (secret) {
    const { isLeft, texts, files } = caInSecret(secret);
    if (isLeft) return { ...madeByIstiod(certificatesIn(texts.get(ROOT_CERT))), object: secret };
    if (!files && !source) return undefined;
    if (files) {
      const [own] = certificatesIn(files.texts.signing);
      return { kind: 'secret', object: source?.object ?? secret, takenFrom: source?.takenFrom, own, chain: certificatesIn(files.texts.chain), roots: certificatesIn(files.texts.root) };
    }
  }
  if (source) return { kind: 'source', ...source };
  const ownSecret = secrets.find(({ name }) => name === OWN_SECRET);
  return ownSecret ? madeByIstiod(certificatesIn(caInSecret(ownSecret).texts.get(CA_CERT))) : { kind: 'none' };
}

/** A CA that istiod generated itself, which comes first among the roots that it distributes. */
export function madeByIstiod(roots: readonly Certificate[]): IstiodCa {
  return { kind: 'own', own: roots[0], roots };
}

function certificatesIn(pem = ''): readonly Certificate[] {
  return pem.length > LONGEST_PEM ? [] : readCertificates(pem).certificates;
}

interface Source {
  readonly object: MeshObject;
  readonly takenFrom: string;
  readonly roots?: readonly Certificate[];
}

/** What fills Secret `cacerts` of a namespace. */
function sourceOf(objects: CaObjects, namespace: string): Source | undefined {
  const [certificate] = objects.of(KIND.Certificate).filter((one) => one.namespace === namespace && one.spec.secretName === CA_SECRET_NAME);
  if (certificate) return { object: certificate, takenFrom: placeText(certificate.spec.issuerRef) };
  const [external] = objects.of(KIND.ExternalSecret)
    .filter((one) => one.namespace === namespace && (text(mapping(one.spec.target).name) ?? one.name) === CA_SECRET_NAME);
  if (external) {
    const { secretStoreRef, data, dataFrom, target } = external.spec;
    return { object: external, takenFrom: placeText([secretStoreRef, data, dataFrom]), roots: rootsIn(mapping(mapping(target).template).data) };
  }
  const [sealed] = objects.of(KIND.SealedSecret).filter((one) => one.namespace === namespace && one.name === CA_SECRET_NAME);
  return sealed && { object: sealed, takenFrom: placeText(sealed.spec.encryptedData), roots: rootsIn(mapping(sealed.spec.template).data) };
}

/** A source as a text, for comparison. Objects from a program may contain themselves, which no source does. */
function placeText(place: unknown): string {
  try {
    return JSON.stringify(place) ?? '';
  } catch {
    return '';
  }
}

/** The roots that a template writes besides what is copied. */
function rootsIn(template: unknown): readonly Certificate[] | undefined {
  const roots = certificatesIn(text(mapping(template)[ROOT_CERT]));
  return roots.length > 0 ? roots : undefined;
}

/** What proxies trust now: the bundles in the ConfigMaps into which istiod writes its roots, each once. */
export function trustedBundles({ objects }: Mesh): readonly (readonly Certificate[])[] {
  const texts = rootConfigMaps(objects.of(KIND.ConfigMap)).map(({ source }) => text(mapping((source as Mapping).data)[ROOT_CERT]));
  return [...new Set(texts)].map(certificatesIn).filter((certificates) => certificates.length > 0);
}

/** Whether the manifests are from a cluster in which istiod has distributed roots, whatever they show of them. */
export function showsRoots({ objects }: Mesh): boolean {
  return rootConfigMaps(objects.of(KIND.ConfigMap)).length > 0;
}

function rootConfigMaps(configMaps: readonly MeshObject[]): readonly MeshObject[] {
  return configMaps.filter(({ name }) => name === ROOT_CONFIG_MAP);
}

/** Whether a bundle is the root of a CA that istiod generated itself: its only name is the trust domain, as organization. */
export function isMadeByIstiod([root, ...others]: readonly Certificate[], trustDomain: string): boolean {
  return others.length === 0 && root.isSelfSigned && root.subject === `O=${trustDomain}`;
}
