import { AdoptedMesh, duration, member, numberOf, Proposal, textList, textMap, stringOf, unless } from './proposal';
import { CA_SECRET_NAME } from '../../certificates/ca-secret';
import { PrivateKeyAlgorithm, PrivateKeyRotationPolicy } from '../../constructs/certificates/cert-manager-ca';
import { SealedSecretScope } from '../../constructs/certificates/sealed-secret-ca';
import { isMapping, Mapping, mapping, mappings } from '../../manifests/mapping';
import { isSame } from '../comparison';
import { CallExpression } from '../expression';

const SEALED = 'sealedsecrets.bitnami.com/';

/** What fills the Secret `cacerts` of istiod's namespace, by the group and kind of what is emitted for it. */
const SOURCES: Readonly<Record<string, (object: Mapping) => CallExpression>> = {
  'cert-manager.io Certificate': certManager,
  'external-secrets.io ExternalSecret': externalSecret,
  'bitnami.com SealedSecret': sealedSecret,
};

/** @returns undefined: it has nothing to do with istiod's CA */
export function caProposal(object: Mapping, group: string, { namespace }: AdoptedMesh): Proposal | undefined {
  const { metadata, kind } = object;
  const key = `${group} ${stringOf(kind) ?? ''}`;
  if (!Object.hasOwn(SOURCES, key) || mapping(metadata).name !== CA_SECRET_NAME || mapping(metadata).namespace !== namespace) {
    return undefined;
  }
  return { construct: 'CustomCa', props: { source: SOURCES[key](object) }, member: 'apiObject!', ownAnnotations: SEALED };
}

const USUAL_USAGES = ['digital signature', 'cert sign', 'crl sign'];

function certManager({ spec }: Mapping): CallExpression {
  const { commonName, subject, duration: lifetime, renewBefore, privateKey, usages, issuerRef } = mapping(spec);
  const { kind, name } = mapping(issuerRef);
  const { algorithm, size, rotationPolicy } = mapping(privateKey);
  return CallExpression.of('CaSource.certManager', {
    issuer: CallExpression.of(kind === 'Issuer' ? 'CertManagerIssuer.issuer' : 'CertManagerIssuer.clusterIssuer', stringOf(name)),
    duration: duration(lifetime),
    renewBefore: duration(renewBefore),
    privateKeyAlgorithm: member('PrivateKeyAlgorithm', PrivateKeyAlgorithm, algorithm),
    privateKeySize: numberOf(size),
    rotationPolicy: rotationPolicy === PrivateKeyRotationPolicy.ALWAYS ? undefined : member('PrivateKeyRotationPolicy',
      PrivateKeyRotationPolicy, rotationPolicy),
    commonName: unless('istiod-ca', stringOf(commonName)),
    organizations: textList(mapping(subject).organizations),
    usages: isSame(usages, USUAL_USAGES) ? undefined : textList(usages),
  });
}

function externalSecret({ spec }: Mapping): CallExpression {
  const { secretStoreRef, refreshInterval, dataFrom } = mapping(spec);
  const { kind, name } = mapping(secretStoreRef);
  return CallExpression.of('CaSource.externalSecret', {
    key: stringOf(mapping(mappings(dataFrom)[0]?.extract).key),
    store: CallExpression.of(kind === 'SecretStore' ? 'ExternalSecretStore.secretStore' : 'ExternalSecretStore.clusterSecretStore',
      stringOf(name)),
    refreshInterval: duration(refreshInterval),
  });
}

function sealedSecret({ metadata, spec }: Mapping): CallExpression {
  const { annotations } = mapping(metadata);
  const scope = [SealedSecretScope.NAMESPACE_WIDE, SealedSecretScope.CLUSTER_WIDE].find((one) => (
    isMapping(annotations) && annotations[`${SEALED}${one}`] === 'true'));
  return CallExpression.of('CaSource.sealedSecret', {
    encryptedData: textMap(mapping(spec).encryptedData),
    scope: scope && member('SealedSecretScope', SealedSecretScope, scope),
  });
}
