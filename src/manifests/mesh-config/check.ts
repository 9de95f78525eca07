import { FieldFacts, fieldOf, isYamlMapping, MESH_CONFIG, MessageFacts, SCALARS } from './fields';
import { IGNORED_BY_ISTIOD, join, MeshConfigProblem, REJECTED_BY_ISTIOD, show } from './problem';
import { checkValues } from './values';
import { nearest, Suggestions } from '../../findings/nearest';

/**
 * The faults in a mesh config, as parsed from YAML: keys that istiod doesn't know, values of the wrong type, unknown enum
 * members, invalid durations, and what istiod's own validation rejects of the values (`values.ts`).
 *
 * istiod parses twice: strictly, then ignoring unknown keys (`protomarshal.ApplyYAML`). So an unknown key is never an
 * error there, while a value of the wrong type costs the whole mesh config.
 */
export function checkMeshConfig(config: unknown): readonly MeshConfigProblem[] {
  return [...meshConfigProblems(config)];
}

/** The same as a generator: a text may have more faults than a caller wants. */
export function* meshConfigProblems(config: unknown): Generator<MeshConfigProblem> {
  const ofValues = checkValues(config);
  const told = new Set<string>();
  for (const problem of checkMessage(config, MESH_CONFIG.root, '', new Suggestions())) {
    const rejected = ofValues.find(({ path }) => path === problem.path);
    if (rejected) told.add(problem.path);
    yield rejected && problem.consequence === 'ignored' ? rejected : problem;
  }
  for (const problem of ofValues) if (!told.has(problem.path)) yield problem;
}

function* checkMessage(value: unknown, name: string, path: string, suggestions: Suggestions): Generator<MeshConfigProblem> {
  const message = MESH_CONFIG.messages[name];
  if (isNothing(value)) return;
  if (!isYamlMapping(value)) return yield wrongType(value, path, 'a mapping', 'write a mapping');
  for (const key of Object.keys(value)) {
    const child = value[key];
    const [yamlName, field] = fieldOf(message, key) ?? [key];
    const overruled = yamlName !== key && value[yamlName] !== undefined; // spellings() reports it
    if (!field) yield unknownKey(message, key, path, suggestions);
    else if (!overruled && !isNothing(child)) yield* checkField(child, field, join(path, key), suggestions);
  }
  yield* spellings(value, message, path);
  yield* rivals(value, message, path);
}

function* checkField(value: unknown, field: FieldFacts, path: string, suggestions: Suggestions): Generator<MeshConfigProblem> {
  if (field.list) {
    if (!Array.isArray(value)) return yield wrongType(value, path, 'a list', 'write a list');
    for (const [index, item] of value.entries()) yield* checkSingle(item, field, `${path}[${index}]`, suggestions);
  } else if (field.map) {
    if (!isYamlMapping(value)) return yield wrongType(value, path, 'a mapping', 'write a mapping');
    for (const key of Object.keys(value)) yield* checkSingle(value[key], field, join(path, key), suggestions);
  } else {
    yield* checkSingle(value, field, path, suggestions);
  }
}

function* checkSingle(value: unknown, { type, of }: FieldFacts, path: string, suggestions: Suggestions): Generator<MeshConfigProblem> {
  if (isNothing(value)) return;
  if (type === 'message') return yield* checkMessage(value, of!, path, suggestions);
  if (type === 'enum') return yield* checkEnum(value, MESH_CONFIG.enums[of!], path);
  const scalar = SCALARS[type];
  if (!scalar.accepts(value)) yield wrongType(value, path, scalar.expected, scalar.fix(value));
}

/** istiod accepts a member's name, or any 32-bit number: an unknown number is no error to it, and has no meaning. */
function checkEnum(value: unknown, members: Readonly<Record<string, number>>, path: string): MeshConfigProblem[] {
  const names = Object.keys(members);
  if (typeof value === 'string' && Object.hasOwn(members, value)) return [];
  if (typeof value === 'number' && Object.values(members).includes(value)) return [];
  const suggestion = typeof value === 'string' ? nearest(value, names) : undefined;
  const problem = wrongType(value, path, `one of ${names.join(', ')}`,
    suggestion ? `did you mean ${suggestion}? Write that` : 'write one of these', suggestion);
  return [SCALARS.int32.accepts(value) && typeof value === 'number' ? {
    ...problem, because: IGNORED_BY_ISTIOD, consequence: 'ignored',
  } : problem];
}

/** A field with both of its names, or with only the name that istiod doesn't look up. */
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
      because: IGNORED_BY_ISTIOD,
      fix: twice ? `keep only ${name}` : `write '${join(path, name)}'`,
      suggestion: join(path, name),
      consequence: 'ignored' as const,
    }];
  });
}

/** Several fields of one `oneof`: the one that comes last in the API's source takes effect. */
function rivals(value: Record<string, unknown>, { fields }: MessageFacts, path: string): MeshConfigProblem[] {
  const groups = new Map<string, string[]>();
  for (const [name, { oneof, proto }] of Object.entries(fields)) {
    if (oneof && !(isNothing(value[name]) && isNothing(value[proto ?? name]))) groups.set(oneof, [...groups.get(oneof) ?? [], name]);
  }
  return [...groups.values()].filter((given) => given.length > 1).flatMap((given) => given.slice(0, -1).map((name) => ({
    path: join(path, name),
    actual: `given together with ${given.at(-1)}`,
    expected: `one of ${given.join(', ')}`,
    because: `only one of them can be set, and ${IGNORED_BY_ISTIOD}`,
    fix: 'keep one of them',
    consequence: 'ignored' as const,
  })));
}

function wrongType(value: unknown, path: string, expected: string, fix: string, suggestion?: string): MeshConfigProblem {
  return { path: path || 'mesh', actual: show(value), expected, because: REJECTED_BY_ISTIOD, fix, suggestion, consequence: 'rejected' };
}

/** istiod treats null as an absent field. */
function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Messages whose fields users confuse, with their paths in the mesh config. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  [MESH_CONFIG.root]: '',
  'istio.mesh.v1alpha1.ProxyConfig': 'defaultConfig',
};

function unknownKey(message: MessageFacts, key: string, path: string, suggestions: Suggestions): MeshConfigProblem {
  const base = { path: join(path, key), actual: 'not a field that istiod knows', consequence: 'ignored' } as const;
  const yamlName = key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  if (message.removed?.includes(yamlName)) {
    return {
      ...base, expected: 'a field that Istio still has', because: `Istio has removed it, and ${IGNORED_BY_ISTIOD}`, fix: 'remove it',
    };
  }
  const suggestion = elsewhere(message, key) ?? sibling(message, key, path, suggestions);
  return {
    ...base,
    expected: suggestion ? `'${suggestion}'` : `a field of ${path || 'the mesh config'}`,
    because: IGNORED_BY_ISTIOD,
    fix: suggestion ? `did you mean '${suggestion}'? Write that` : 'remove it, or look it up in Istio\'s mesh config reference',
    suggestion,
  };
}

function sibling({ fields }: MessageFacts, key: string, path: string, suggestions: Suggestions): string | undefined {
  const near = suggestions.for(key, Object.keys(fields));
  return near && join(path, near);
}

/** The right path of a proxy's field that is among the mesh's, or of a mesh's field among the proxy's. */
function elsewhere(message: MessageFacts, key: string): string | undefined {
  for (const [name, path] of Object.entries(ELSEWHERE)) {
    const other = MESH_CONFIG.messages[name];
    const found = other !== message && fieldOf(other, key);
    if (found && isTopOrProxy(message)) return join(path, found[0]);
  }
  return undefined;
}

function isTopOrProxy(message: MessageFacts): boolean {
  return Object.keys(ELSEWHERE).some((name) => MESH_CONFIG.messages[name] === message);
}
