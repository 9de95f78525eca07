// The parts of the suite. Each module exports a function of the part's name,
//   async NAME({ seed, count, print }) → { passed, failed, facts }
// and, from section.mjs beside it, `section(facts)`: what docs/conformance.md says of the facts, in Markdown.

export const PARTS = {
  connections: {
    load: () => import('./connections/connections.mjs'),
    section: () => import('./connections/section.mjs'),
    // The option that says how many, and how many there are without it.
    counted: 'meshes',
    count: 1000,
  },
  admission: {
    load: () => import('./admission/admission.mjs'),
    section: () => import('./admission/section.mjs'),
    counted: 'objects',
    count: 2000,
  },
  fixes: {
    load: () => import('./fixes/fixes.mjs'),
    section: () => import('./fixes/section.mjs'),
    counted: 'fixes',
    count: 200,
  },
  yaml: {
    load: () => import('./yaml/yaml.mjs'),
    section: () => import('./yaml/section.mjs'),
    counted: 'texts',
    count: 50_000,
  },
  // Nothing in it is random, so nothing is counted.
  live: {
    load: () => import('./live/live.mjs'),
    section: () => import('./live/section.mjs'),
  },
  peers: {
    load: () => import('./peers/peers.mjs'),
    section: () => import('./peers/section.mjs'),
  },
};
