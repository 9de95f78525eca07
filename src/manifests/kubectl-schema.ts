import * as yaml from 'js-yaml';
import { float, integer, NULLS, WORDS } from './scalars';

/**
 * Plain scalars as kubectl reads them, which is YAML 1.1 as Go's yaml.v2 knows it: `yes` and `on` are true, 0777 is
 * octal, 1_000 is a number, a date is a string, base 60 is not known.
 */
export const KUBECTL_SCHEMA = yaml.FAILSAFE_SCHEMA.extend({
  implicit: [
    scalar('tag:yaml.org,2002:null', (text) => text === null || NULLS.includes(text), () => null),
    scalar('tag:yaml.org,2002:bool', (text) => WORDS.has(text), (text) => WORDS.get(text)),
    scalar('tag:yaml.org,2002:int', (text) => integer(text) !== undefined, integer),
    scalar('tag:yaml.org,2002:float', (text) => float(text) !== undefined, float),
    new yaml.Type('tag:yaml.org,2002:merge', { kind: 'scalar', resolve: (text) => text === '<<' }),
  ],
  explicit: [
    scalar('tag:yaml.org,2002:binary', (text) => typeof text === 'string', (text) => Buffer.from(text, 'base64').toString('utf8')),
    scalar('tag:yaml.org,2002:timestamp', (text) => typeof text === 'string', (text) => text),
    ...(['scalar', 'sequence', 'mapping'] as const).map((kind) => new yaml.Type('!', { kind, multi: true, construct: (data) => data })),
  ],
});

function scalar(tag: string, resolve: (text: string) => boolean, construct: (text: string) => unknown): yaml.Type {
  return new yaml.Type(tag, { kind: 'scalar', resolve, construct });
}
