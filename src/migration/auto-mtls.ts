import { LostCall, lostHop } from './callers';
import { Conditional } from './mesh-cases';
import { FieldChange } from '../findings/finding';
import { mapping, text } from '../manifests/mapping';
import { withFields } from '../manifests/text-edit';
import { byYamlNames, mappingIn } from '../mesh/config/proxy-config';
import { InventoryChange } from '../mesh/inventory/inventory';
import { KIND } from '../mesh/inventory/kinds';
import { MeshObject } from '../mesh/inventory/object';
import { Mesh } from '../mesh/mesh';
import { Workload } from '../mesh/workloads/workload';

/** The change of auto mTLS if it is off and calls need it; otherwise why it stays off. */
export type AutoMtlsOutcome = { readonly isTurnedOn: true } | AutoMtlsLeftOff;

export interface AutoMtlsLeftOff {
  readonly isTurnedOn: false;
  /**
   * A call that works and would be broken or undecided if it were on. `scope`: it would change calls outside the scope.
   * `elsewhere`: the mesh config isn't among the manifests. `no-order`: no proven stages were found with it.
   */
  readonly because: Conditional<LostCall> | 'scope' | 'elsewhere' | 'no-order';
}

/** Whether a client has a sidecar that sends mutual TLS only because of DestinationRules. */
export function sendsByRulesAlone({ proxy }: Workload, { planes }: Mesh): boolean {
  return proxy.encrypts === true && !planes.of(proxy.revision).config.enableAutoMtls;
}

/** The same for the sender of a call on its lost hop; for a gateway, only if what it sends is known. */
export function isSentByRulesAlone(call: LostCall, mesh: Mesh): boolean {
  const { sender } = lostHop(call);
  return sender === call.client ? sendsByRulesAlone(sender, mesh) : !mesh.planes.of(sender.proxy.revision).config.enableAutoMtls;
}

/** Turns auto mTLS on for all sidecars; undefined if a mesh config that turns it off isn't among the manifests. */
export function turningOn(mesh: Mesh): readonly InventoryChange[] | undefined {
  const clients = mesh.callers.filter((one) => sendsByRulesAlone(one, mesh));
  const configs = new Set(clients.map(({ proxy }) => mesh.planes.of(proxy.revision).config.object));
  const written = mesh.objects.of(KIND.ConfigMap).filter((object) => configs.has(object));
  if (written.length < configs.size) return undefined;
  return written.map((object) => ({ apply: turnedOn(object, mesh), replaces: object, created: object.created }));
}

/** The ConfigMap with only this change; if its text isn't simple YAML, it is rewritten as JSON. */
function turnedOn({ source }: MeshObject, { options: { parseYaml } }: Mesh): object {
  const { data } = source as { data?: unknown };
  const written = text(mapping(data).mesh)!;
  const config = mappingIn(written, parseYaml);
  const names = Object.keys(config).filter((name) => 'enableAutoMtls' in byYamlNames({ [name]: true }));
  const fields = names.map((name): FieldChange => ({ op: 'set', path: [name], value: true }));
  const others = Object.fromEntries(names.map((name) => [name, true]));
  const changed = withFields(written, config, fields) ?? JSON.stringify({ ...config, ...others }, null, 2);
  return { ...source, data: { ...mapping(data), mesh: changed } };
}
