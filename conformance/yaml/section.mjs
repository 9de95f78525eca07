// What docs/conformance.md says of the reading of YAML.
import { EXOTIC, FEATURES } from '../generators/yaml/features.mjs';

export function section({ seed, texts, characters, kubectl, istiod, codes, differences, features }) {
  const all = Object.values(differences).reduce((sum, number) => sum + number, 0);
  const row = (words, outcome) => `| ${words} | ${kubectl[outcome]} | ${istiod[outcome]} |`;
  return `## YAML

${texts} random texts (seed ${seed}, ${Math.round(characters / texts)} characters on average) were read as manifests by the library and by kubectl's own code (\`k8s.io/cli-runtime\`, \`k8s.io/apimachinery\`, \`sigs.k8s.io/yaml\`), and as a mesh config's text by the library and as istiod does (\`sigs.k8s.io/yaml\`). A quarter holds only what real manifests hold; the others are as YAML allows, as it hardly does, JSON, and real manifests with random edits.

| | kubectl | istiod |
|---|---|---|
${row('equal values', 'equal')}
${row('both refuse the text', 'both refuse')}
${row('taken by them, refused by the library with a documented code', 'refused')}
${row('read by chance (keys that are one in JSON), refused by the library', 'unsteady')}
| **differences** | **${all - istiod.difference}** | **${istiod.difference}** |

What the library refuses although kubectl takes it has one of the codes that [admission.md](admission.md#what-kubectl-takes-and-is-refused-here) lists for that; no text without a feature marked * was refused so, but where a key stands twice.

| code | texts |
|---|---|
${Object.entries(codes).sort().map(([code, number]) => `| ${code} | ${number} |`).join('\n')}

How many texts had each feature, how many of them were read as kubectl and as istiod do with equal values, and how many the library alone refused as manifests:

| feature | texts | as kubectl | as istiod | refused | a key twice |
|---|---|---|---|---|---|
${Object.entries(features).map(([name, { texts: number, equal, asIstiod, refused, twice }]) => `| ${name}${FEATURES[name] === EXOTIC ? ' *' : ''} | ${number} | ${equal} | ${asIstiod} | ${refused} | ${twice} |`).join('\n')}
`;
}
