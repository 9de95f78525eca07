import { Shape, shape } from '../objects/shape';

/** Reads a YAML text; throws on what is none. */
export type ParseYaml = (text: string) => unknown;

/** The mapping in a text that istiod reads into a message of its API; an empty one where it would refuse the text as no YAML. */
export function mappingIn(written: string, parseYaml: ParseYaml): Shape {
  try {
    return shape(parseYaml(written));
  } catch {
    return {};
  }
}

/** istiod takes a field's name in YAML and its name in the proto, `trustDomain` and `trust_domain`; of both, that in YAML. */
export function byYamlNames(fields: Shape): Shape {
  const yamlName = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return { ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [yamlName(name), value])), ...fields };
}
