// What docs/conformance.md says of the reading of YAML.
import type { YamlFacts } from './tally';
import type { Outcome } from './verdict';
import { EXOTIC, FEATURE_NAMES, FEATURES } from '../generators/yaml/features';

export function section({ modules, seed, texts, characters, kubectl, istiod, codes, features }: YamlFacts): string {
  const row = (words: string, outcome: Outcome) => `| ${words} | ${kubectl[outcome]} | ${istiod[outcome]} |`;
  const versions = Object.entries(modules).map(([name, version]) => `\`${name} ${version}\``).join(', ');
  return `## YAML

${texts} random texts (seed ${seed}, ${Math.round(characters / texts)} characters on average) were read as manifests by the library and by kubectl's own code, and as a mesh config's text by the library and as istiod reads it (${versions}). A quarter of the texts holds only what real manifests hold; others are as YAML allows, as it hardly does, JSON, and real manifests with random edits.

| | kubectl | istiod |
|---|---|---|
${row('equal values', 'equal')}
${row('both refuse the text', 'both refuse')}
${row('taken by them, refused by the library with a documented code', 'refused')}
${row('read by chance (two keys that are one in JSON), refused by the library', 'unsteady')}
${row('**differences**', 'difference')}

istiod reads only the first document of a mesh config, silently; the library refuses a text that has several.

What the library refuses although kubectl takes it has one of the codes that [admission.md](admission.md#what-kubectl-takes-and-is-refused-here) lists for that. But where a key stands twice, no text was refused so that had no feature marked *.

| code | texts |
|---|---|
${Object.entries(codes).sort().map(([code, number]) => `| ${code} | ${number} |`).join('\n')}

How many texts had each feature, how many of those were read with equal values as manifests and as a mesh config, and how many kubectl alone took:

| feature | texts | as kubectl | as istiod | refused | a key twice |
|---|---|---|---|---|---|
${rowsOf(features).join('\n')}
`;
}

/** Facts that an older run recorded may lack a feature. */
function rowsOf(features: YamlFacts['features']): string[] {
  return FEATURE_NAMES.filter((name) => name in features).map((name) => {
    const { texts, equal, asIstiod, refused, twice } = features[name];
    return `| ${name}${FEATURES[name] === EXOTIC ? ' *' : ''} | ${texts} | ${equal} | ${asIstiod} | ${refused} | ${twice} |`;
  });
}
