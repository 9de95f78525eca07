import { FieldFacts, MESH_CONFIG, MessageFacts, fieldOf } from './facts';

/**
 * The same mesh config with every key by its name in YAML (`trustDomain`, where `trust_domain` was written).
 *
 * Unknown keys and values of the wrong type stay as they are. Of two spellings of one field, the YAML name's
 * value is kept, as istiod does.
 */
export function withYamlNames(config: unknown): unknown {
  return renameMessage(config, MESH_CONFIG.messages[MESH_CONFIG.root]);
}

function renameMessage(value: unknown, message: MessageFacts): unknown {
  if (!isMapping(value)) return value;
  const renamed: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    const [name, field] = fieldOf(message, key) ?? [key, undefined];
    if (name !== key && Object.hasOwn(value, name)) continue;
    renamed[name] = field ? renameField(child, field) : child;
  }
  return renamed;
}

function renameField(value: unknown, { type, of, list, map }: FieldFacts): unknown {
  if (type !== 'message') return value;
  const rename = (child: unknown) => renameMessage(child, MESH_CONFIG.messages[of!]);
  if (list) return Array.isArray(value) ? value.map(rename) : value;
  if (map && isMapping(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, rename(child)]));
  return rename(value);
}

/** Whether a value is what YAML calls a mapping. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
