import { MESH_CONFIG, MessageFacts, fieldOf } from './facts';
import { IGNORED, MeshConfigProblem, join } from './problem';
import { Suggestions } from '../../findings/nearest';

/** The messages whose fields people look for in the other, and how to get there from the top. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  [MESH_CONFIG.root]: '',
  'istio.mesh.v1alpha1.ProxyConfig': 'defaultConfig',
};

export function unknownKey(message: MessageFacts, key: string, path: string, suggestions: Suggestions): MeshConfigProblem {
  const base = { path: join(path, key), actual: 'no field that istiod knows', consequence: 'ignored' } as const;
  const yamlName = key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  if (message.removed?.includes(yamlName)) {
    return { ...base, expected: 'a field of the Istio of today', because: `Istio has removed it, and ${IGNORED}`, fix: 'remove it' };
  }
  const suggestion = elsewhere(message, key) ?? sibling(message, key, path, suggestions);
  return {
    ...base,
    expected: suggestion ? `'${suggestion}'` : `a field of ${path || 'the mesh config'}`,
    because: IGNORED,
    fix: suggestion ? `did you mean '${suggestion}'? Write that` : 'remove it, or see which fields there are in the reference of Istio\'s mesh config',
    suggestion,
  };
}

function sibling({ fields }: MessageFacts, key: string, path: string, suggestions: Suggestions): string | undefined {
  const near = suggestions.for(key, Object.keys(fields));
  return near && join(path, near);
}

/** A proxy's field among the mesh's, or the other way round. */
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
