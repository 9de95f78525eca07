import { FieldFacts, MESH_CONFIG, MessageFacts, fieldOf } from './facts';
import { isMapping } from './names';
import { IGNORED, MeshConfigProblem, REJECTED, join, show } from './problem';
import { SCALARS } from './scalars';
import { unknownKey } from './unknown-key';
import { checkValues } from './values';
import { nearest } from '../../findings/nearest';

/**
 * What is wrong with a mesh config, as parsed from YAML: keys that istiod doesn't know, values of the wrong type,
 * unknown enum members, durations, and what istiod's own validation refuses of the values in values.ts.
 *
 * istiod parses twice: strictly, then without minding unknown keys (`protomarshal.ApplyYAML`). So an unknown key
 * is never an error there, while a value of the wrong type costs the whole mesh config.
 */
export function checkMeshConfig(config: unknown): MeshConfigProblem[] {
  const problems = checkMessage(config, MESH_CONFIG.root, '');
  return [...problems, ...checkValues(config).filter(({ path }) => !problems.some((known) => known.path === path))];
}

function checkMessage(value: unknown, name: string, path: string): MeshConfigProblem[] {
  const message = MESH_CONFIG.messages[name];
  if (isNothing(value)) return [];
  if (!isMapping(value)) return [wrongType(value, path, 'a mapping', 'write a mapping')];
  const problems = Object.entries(value).flatMap(([key, child]) => {
    const [yamlName, field] = fieldOf(message, key) ?? [key];
    if (!field) return [unknownKey(message, key, path)];
    const overruled = yamlName !== key && value[yamlName] !== undefined; // told by spellings()
    return overruled || isNothing(child) ? [] : checkField(child, field, join(path, key));
  });
  return [...problems, ...spellings(value, message, path), ...rivals(value, message, path)];
}

function checkField(value: unknown, field: FieldFacts, path: string): MeshConfigProblem[] {
  if (field.list) {
    if (!Array.isArray(value)) return [wrongType(value, path, 'a list', 'write a list')];
    return value.flatMap((item, index) => checkSingle(item, field, `${path}[${index}]`));
  }
  if (field.map) {
    if (!isMapping(value)) return [wrongType(value, path, 'a mapping', 'write a mapping')];
    return Object.entries(value).flatMap(([key, item]) => checkSingle(item, field, join(path, key)));
  }
  return checkSingle(value, field, path);
}

function checkSingle(value: unknown, { type, of }: FieldFacts, path: string): MeshConfigProblem[] {
  if (isNothing(value)) return [];
  if (type === 'message') return checkMessage(value, of!, path);
  if (type === 'enum') return checkEnum(value, MESH_CONFIG.enums[of!], path);
  const scalar = SCALARS[type];
  return scalar.accepts(value) ? [] : [wrongType(value, path, scalar.expected, scalar.fix(value))];
}

/** istiod takes a member's name, or any number of 32 bits: an unknown one is no error to it, and means nothing. */
function checkEnum(value: unknown, members: Readonly<Record<string, number>>, path: string): MeshConfigProblem[] {
  const names = Object.keys(members);
  if (typeof value === 'string' && Object.hasOwn(members, value)) return [];
  if (typeof value === 'number' && Object.values(members).includes(value)) return [];
  const suggestion = typeof value === 'string' ? nearest(value, names) : undefined;
  const problem = wrongType(value, path, `one of ${names.join(', ')}`, suggestion ? `did you mean ${suggestion}? Write that` : 'write one of these', suggestion);
  return [SCALARS.int32.accepts(value) && typeof value === 'number' ? { ...problem, because: IGNORED, consequence: 'ignored' } : problem];
}

/** A field under both of its names, or under the one that istiod doesn't look up. */
function spellings(value: Record<string, unknown>, message: MessageFacts, path: string): MeshConfigProblem[] {
  const merged = message === MESH_CONFIG.messages[MESH_CONFIG.root] ? ['defaultConfig', 'defaultProviders'] : [];
  return Object.entries(message.fields).flatMap(([name, { proto }]) => {
    if (!proto || isNothing(value[proto])) return [];
    const twice = value[name] !== undefined;
    if (!twice && !merged.includes(name)) return [];
    return [{
      path: join(path, proto),
      actual: twice ? `written beside ${name}, the same field` : 'written by its name in the API\'s source',
      expected: `'${join(path, name)}'`,
      because: IGNORED,
      fix: twice ? `keep only ${name}` : `write '${join(path, name)}'`,
      suggestion: join(path, name),
      consequence: 'ignored' as const,
    }];
  });
}

/** Several fields of one `oneof`: the one that comes last in the API's source wins. */
function rivals(value: Record<string, unknown>, { fields }: MessageFacts, path: string): MeshConfigProblem[] {
  const groups = new Map<string, string[]>();
  for (const [name, { oneof, proto }] of Object.entries(fields)) {
    if (oneof && !(isNothing(value[name]) && isNothing(value[proto ?? name]))) groups.set(oneof, [...groups.get(oneof) ?? [], name]);
  }
  return [...groups.values()].filter((given) => given.length > 1).flatMap((given) => given.slice(0, -1).map((name) => ({
    path: join(path, name),
    actual: `given together with ${given.at(-1)}`,
    expected: `one of ${given.join(', ')}`,
    because: `only one of them can be set, and ${IGNORED}`,
    fix: 'keep one of them',
    consequence: 'ignored' as const,
  })));
}

function wrongType(value: unknown, path: string, expected: string, fix: string, suggestion?: string): MeshConfigProblem {
  return { path: path || 'mesh', actual: show(value), expected, because: REJECTED, fix, suggestion, consequence: 'rejected' };
}

/** istiod takes null for a field that isn't there. */
function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
