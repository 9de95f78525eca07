import { isSentByRulesAlone } from './auto-mtls';
import { LostCall, lostHop, OutsideCaller } from './callers';
import { newObject, freeName, policyOf, selectorOf, TargetMode } from './target';
import { isMapping, Mapping, mapping } from '../manifests/mapping';
import { InventoryChange } from '../mesh/inventory/inventory';
import { KIND } from '../mesh/inventory/kinds';
import { idKey } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { isWildcard } from '../mesh/names/hosts';
import { saysTls, withoutTls } from '../mesh/plan/bridges';
import { INJECT } from '../mesh/workloads/injection';
import { Workload } from '../mesh/workloads/workload';

/** The kinds of changes that may keep a call working which a target would break. */
export type RemedyKind = 'auto-mtls' | 'rule-with-mutual-tls' | 'rule-with-plaintext' | 'rule-without-tls' | 'inject' | 'port-exception';

/** A change that may keep calls working. */
export interface MigrationRemedy {
  readonly kind: RemedyKind;
  /** A key that is equal for calls with the same change. */
  readonly key: string;
  change(mesh: Mesh): InventoryChange;
}

/**
 * Changes that may keep a client's call working. Those that leave the server in the required mode come first.
 *
 * @param state the mesh whose mesh config applies
 */
export function remediesFor(call: LostCall, mode: TargetMode, state: Mesh): readonly MigrationRemedy[] {
  const { hop, sender } = lostHop(call);
  const server = hop.received.endpoint?.workload;
  // Without auto mTLS, a client without a rule sends plaintext. And a rule for many hosts isn't changed because of one of them.
  const keepsRules = isSentByRulesAlone(call, state) && (mode === 'STRICT' || (hop.rule !== undefined && isWildcard(hop.rule.host)));
  return [
    ...(keepsRules ? [] : hop.rule?.from ?? []).filter(({ spec }) => saysTls(spec)).map((rule): MigrationRemedy => ({
      kind: 'rule-without-tls',
      key: `rule ${idKey(rule)}`,
      change: (mesh) => {
        const current = [...mesh.objects.of(KIND.DestinationRule)].find((one) => idKey(one) === idKey(rule)) ?? rule;
        const spec = withoutTls(current.spec);
        return isEmptyRule(spec)
          ? { delete: current }
          : { apply: { ...current.source, spec }, replaces: current, created: current.created };
      },
    })),
    ...sender.proxy.encrypts === false && !sender.hostNetwork ? [injection(sender)] : [],
    ...server ? [portException(server, hop.received.endpoint!.port, mode)] : [],
  ];
}

/** The change that keeps a caller from outside working. */
export function remedyForOutside({ server, port }: OutsideCaller, mode: TargetMode): MigrationRemedy {
  return portException(server, port, mode);
}

function isEmptyRule({ host: _, ...others }: Mapping): boolean {
  return Object.values(others).every((value) => value === undefined || (isMapping(value) && Object.keys(value).length === 0));
}

/** In a namespace without injection, only these pods get a sidecar. */
function injection(client: Workload): MigrationRemedy {
  return {
    kind: 'inject',
    key: `inject ${idKey(client)}`,
    change: (mesh) => {
      const { object, podSource } = mesh.workloads.find((one) => idKey(one) === idKey(client)) ?? client;
      return { apply: withLabel(object.source, podSource.field), replaces: object, created: object.created };
    },
  };
}

function withLabel(source: object, field: readonly (string | number)[]): object {
  const [step, ...others] = field;
  const fields = source as Mapping;
  if (step !== undefined) return { ...fields, [step]: withLabel(mapping(fields[step]), others) };
  const { labels, annotations, ...metadata } = mapping(fields.metadata);
  const { [INJECT]: _, ...kept } = mapping(annotations);
  return {
    ...fields,
    metadata: { ...metadata, labels: { ...mapping(labels), [INJECT]: 'true' }, ...Object.keys(kept).length > 0 && { annotations: kept } },
  };
}

/** A port's mode, in the policy that applies to the workload, since istiod ignores a second one. */
function portException(server: Workload, port: number, mode: TargetMode): MigrationRemedy {
  return {
    kind: 'port-exception',
    key: `port ${idKey(server)}:${port}`,
    change: (mesh) => {
      const current = mesh.workloads.find((one) => idKey(one) === idKey(server)) ?? server;
      const own = mesh.planes.of(current.proxy.revision).policies.ofWorkload(current).winner;
      const exception = { [String(port)]: { mode: 'PERMISSIVE' } };
      if (own) {
        const spec = { ...own.object.spec, portLevelMtls: { ...mapping(own.object.spec.portLevelMtls), ...exception } };
        return { apply: { ...own.object.source, spec }, replaces: own.object, created: own.object.created };
      }
      const name = freeName(current, mesh.objects.of(KIND.PeerAuthentication));
      return newObject(policyOf(current.namespace,
        name, { selector: { matchLabels: selectorOf(current) }, mtls: { mode }, portLevelMtls: exception }));
    },
  };
}
