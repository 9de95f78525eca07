import { meshConfigProblems } from './check';
import { FieldFacts, fieldOf, isYamlMapping, MESH_CONFIG, MessageFacts } from './fields';

type Mapping = Readonly<Record<string, unknown>>;

/**
 * The fields of a parsed mesh config that istiod applies, under their YAML names: without unknown keys, and with
 * only the effective field of each `oneof`. Undefined if istiod rejects the whole mesh config: a running istiod then
 * keeps the last readable one, and a new istiod starts with the defaults (`meshwatcher.NewCollection`).
 */
export function fieldsInForce(config: unknown): Mapping | undefined {
  for (const { consequence } of meshConfigProblems(config)) if (consequence === 'rejected') return undefined;
  return fieldsOf(config, MESH_CONFIG.messages[MESH_CONFIG.root]);
}

/** Fields that istiod reads from the text by their YAML names, after the rest (`ApplyMeshConfig`). */
const BY_YAML_NAME_ONLY: readonly string[] = ['defaultConfig', 'defaultProviders'];

function fieldsOf(value: unknown, message: MessageFacts): Mapping {
  if (!isYamlMapping(value)) return {};
  const known: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    const [name, field] = fieldOf(message, key) ?? [key];
    const isMerged = message === MESH_CONFIG.messages[MESH_CONFIG.root] && BY_YAML_NAME_ONLY.includes(name);
    const isDropped = name !== key && (value[name] !== undefined || isMerged);
    if (field && !isDropped && child !== null && child !== undefined) known[name] = valueOf(child, field);
  }
  const last = new Map(Object.keys(message.fields).flatMap((name) => {
    const { oneof } = message.fields[name];
    return oneof !== undefined && Object.hasOwn(known, name) ? [[oneof, name] as const] : [];
  }));
  return Object.fromEntries(Object.entries(known).filter(([name]) => {
    const { oneof } = message.fields[name];
    return oneof === undefined || last.get(oneof) === name;
  }));
}

function valueOf(value: unknown, { type, of, list, map }: FieldFacts): unknown {
  if (type !== 'message') return value;
  const read = (child: unknown): Mapping => fieldsOf(child, MESH_CONFIG.messages[of!]);
  if (list) return (value as readonly unknown[]).map(read);
  return map ? Object.fromEntries(Object.entries(value as Mapping).map(([key, child]) => [key, read(child)])) : read(value);
}
